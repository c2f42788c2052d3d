// The frame of every page: search by keyboard, the pickers of area and day, printing, the token of writes.

const search = document.querySelector("[data-search]");

if (search) {
  const box = search.querySelector("input[type=search]");
  const list = search.querySelector("[role=listbox]");
  const options = () => [...list.querySelectorAll("[role=option]")];
  let marked = -1;

  const show = (open) => {
    list.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    if (!open) mark(-1);
  };
  const mark = (index) => {
    const all = options();
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    marked = index;
    if (index < 0) box.removeAttribute("aria-activedescendant");
    else {
      box.setAttribute("aria-activedescendant", all[index].id);
      all[index].scrollIntoView({ block: "nearest" });
    }
  };

  show(false);
  list.addEventListener("htmx:afterSwap", () => {
    show(box.value.trim() !== "" && list.children.length > 0);
    mark(options().length > 0 ? 0 : -1);
  });
  box.addEventListener("input", () => {
    if (box.value.trim() === "") show(false);
  });
  box.addEventListener("keydown", (event) => {
    const all = options();
    if (event.isComposing) return;
    if (event.key === "Escape") show(false);
    else if (event.key === "ArrowDown" && all.length) {
      if (list.hidden) show(true);
      mark((marked + 1) % all.length);
    } else if (event.key === "ArrowUp" && all.length) mark((marked - 1 + all.length) % all.length);
    else if (event.key === "Enter" && !list.hidden && marked >= 0) all[marked].click();
    else return;
    event.preventDefault();
  });
  box.addEventListener("focus", () => {
    if (list.children.length > 0 && box.value.trim() !== "") show(true);
  });
  document.addEventListener("click", (event) => {
    if (!search.contains(event.target)) show(false);
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest && event.target.closest("input, select, textarea, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  });
}

for (const popover of document.querySelectorAll("details[data-popover]")) {
  const close = () => popover.removeAttribute("open");
  document.addEventListener("click", (event) => {
    if (!popover.contains(event.target)) close();
  });
  popover.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close();
    popover.querySelector("summary").focus();
  });
}

for (const form of document.querySelectorAll("[data-day], [data-submit]")) {
  form.addEventListener("change", (event) => {
    if (event.target.checkValidity()) form.requestSubmit();
  });
}

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]");
  if (token) event.detail.headers["X-CSRFToken"] = token.content;
});
