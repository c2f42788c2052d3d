// Dropping files on the form, and saying which files are chosen before they travel.

const form = document.querySelector("[data-upload]");
const input = form.querySelector("input[type=file]");
const zone = form.querySelector("[data-drop]");
const chosen = form.querySelector("[data-chosen]");
const largest = Number(form.dataset.largest);

const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

const show = () => {
  const files = [...input.files];
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const lines = files.slice(0, 10).map((file) => `${file.name}　${size(file.size)}`);
  if (files.length > 10) lines.push(`…… 共 ${files.length} 个文件`);
  const tooLarge = total > largest;
  if (tooLarge) lines.push(`合计 ${size(total)}，超过 ${size(largest)}；请分几次上传`);
  input.setCustomValidity(tooLarge ? "文件太大，请分几次上传" : "");
  chosen.replaceChildren(
    ...lines.map((line, index) => {
      const item = document.createElement("li");
      item.textContent = line;
      item.classList.toggle("warn", tooLarge && index === lines.length - 1);
      return item;
    }),
  );
};

input.addEventListener("change", show);
for (const name of ["dragenter", "dragover"]) {
  zone.addEventListener(name, (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
}
for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
zone.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length) {
    input.files = event.dataTransfer.files;
    show();
  }
});
form.addEventListener("submit", () => {
  form.querySelector("button").textContent = "正在上传…";
});
