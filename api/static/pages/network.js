// A network where the server placed it: select, filter, colour, expand. Every choice goes into the address.

import { drawnInBulk, MANY } from "./lines.js";
import { keep, savePng, when } from "./save.js";

const data = JSON.parse(document.getElementById("data").textContent);
const panel = document.getElementById("panel");
const asked = new URL(location.href).searchParams;
const hidden = new Set((asked.get("hide") || "").split(",").filter(Boolean));
const explorer = data.name === "neighbourhood";

const stub = (more) => ({
  id: more.id, kind: more.kind, more: true, label: `+${more.count}`, title: more.text, x: more.x, y: more.y,
  shape: "circle", margin: 7, borderWidth: 1, shapeProperties: { borderDashes: [3, 3] },
  color: { background: "#ffffff", border: "#b4bdc6", highlight: { background: "#ffffff", border: "#1c2733" }, hover: { background: "#f5f6f8", border: "#1c2733" } },
  font: { color: "#55626f", size: 11, vadjust: 0, strokeWidth: 0 },
});
const spoke = (more) => ({ id: `${more.id}~`, from: more.at, to: more.id, kind: more.kind, dashes: [3, 4], color: { color: "#d5dce2" }, title: more.text });
// Where there are many lines, the white ring that sets a node off from them takes a third of the time of drawing.
const many = data.edges.length > MANY;
const ringed = (node) => !many || node.mark;
const nodes = new vis.DataSet([...data.nodes.map((node) => (ringed(node) ? node : { ...node, borderWidth: 0 })), ...data.more.map(stub)]);
const edges = new vis.DataSet([...data.edges, ...data.more.map(spoke)]);
const shown = (node) => !hidden.has(node.kind);
const nodeView = new vis.DataView(nodes, { filter: shown });
const edgeView = new vis.DataView(edges, { filter: (edge) => shown(nodes.get(edge.from)) && shown(nodes.get(edge.to)) });

const place = document.getElementById("picture");
const network = new vis.Network(place, { nodes: nodeView, edges: edgeView }, { ...data.options, interaction: { ...data.options.interaction, hideEdgesOnDrag: many } });
if (many) {
  const usual = data.options.edges;
  drawnInBulk(network, () => edgeView.get({ filter: (edge) => !edge.hidden }).map(({ from, to, color = usual.color, width = usual.width, dashes = [] }) => ({ colour: color.color, width, dashes, start: nodes.get(from), end: nodes.get(to) })));
}
const READABLE = 0.8;
const fit = (animated) => network.fit({ animation: animated ? { duration: 200 } : false, maxZoomLevel: 1.25 });
const centre = () => {
  const middle = data.nodes.find((node) => node.mark === "middle");
  network.moveTo({ position: middle ? { x: middle.x, y: middle.y } : { x: 0, y: 0 }, scale: READABLE, animation: { duration: 200 } });
};

// Nodes can be seen and names read, however far away they are. Where not all have room, those that matter most keep theirs:
// what is marked, then what is tied to most. The others come back as one draws nearer.
const ties = new Map();
for (const edge of data.edges) for (const end of [edge.from, edge.to]) ties.set(end, (ties.get(end) || 0) + 1);
const weight = (node) => (node.mark ? 1e6 : 0) + node.size * 100 + (ties.get(node.id) || 0);
const inOrder = data.name === "territory" ? [] : [...data.nodes].sort((a, b) => weight(b) - weight(a));
const named = new Map(data.nodes.map((node) => [node.id, true]));
const LETTER = 12;
let letters = LETTER;
const thin = () => {
  const scale = network.getScale();
  const size = scale < READABLE ? LETTER / scale : LETTER;
  const sized = document.querySelector("[data-size]");
  const own = !sized || !sized.value;
  const taken = [];
  const changed = [];
  for (const node of inOrder) {
    if (hidden.has(node.kind)) continue;
    const lines = Math.min(3, Math.ceil((node.label.length * LETTER) / 108));
    const width = Math.min(108, node.label.length * LETTER) + 6;
    const x = node.x * scale;
    const radius = Math.max(node.size, (node.mark ? 6.5 : ringed(node) ? 4 : 3) / scale);
    const y = (node.y + radius) * scale;
    const box = [x - width / 2, y, x + width / 2, y + lines * (LETTER + 3)];
    const free = scale >= READABLE || !taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
    if (free) taken.push(box);
    if (free !== named.get(node.id) || size !== letters) changed.push({ id: node.id, ...(own ? { size: radius } : {}), label: free ? node.label : "", font: { ...node.font, size: free ? size : LETTER }, widthConstraint: { maximum: 108 * Math.max(1, size / LETTER) } });
    named.set(node.id, free);
  }
  letters = size;
  if (changed.length) nodes.update(changed);
};
let waits = 0;
network.on("zoom", () => {
  clearTimeout(waits);
  waits = setTimeout(thin, 120);
});
network.on("animationFinished", thin);
fit(false);
network.once("afterDrawing", () => {
  fit(false);
  thin();
  fit(false); // with the names as large as they are now
  place.dataset.drawn = "true";
});

// The legend is the filter.
for (const button of document.querySelectorAll("[data-kind]")) {
  const kind = button.dataset.kind;
  const say = () => button.setAttribute("aria-pressed", String(!hidden.has(kind)));
  say();
  button.addEventListener("click", () => {
    if (!hidden.delete(kind)) hidden.add(kind);
    say();
    thin();
    nodeView.refresh();
    edgeView.refresh();
    keep("hide", [...hidden].join(","));
  });
}

// Colour by a code list, size by a number.
const byColour = document.querySelector("[data-colour]");
const bySize = document.querySelector("[data-size]");
const words = document.querySelector("[data-by]");
const redraw = () => {
  const colours = byColour && data.colour_by.find((each) => each.heading === byColour.value);
  const sizes = bySize && data.size_by.find((each) => each.heading === bySize.value);
  const colourOf = Object.fromEntries(colours ? colours.legend.map((line) => [line.word, line.colour]) : []);
  nodes.update(data.nodes.map((node) => {
    const colour = colours ? colourOf[colours.words[node.id]] || colours.unknown : null;
    const own = colour ? { ...node.color, background: colour, highlight: { ...node.color.highlight, background: colour }, hover: { ...node.color.hover, background: colour } } : node.color;
    const size = sizes ? sizes.sizes[node.id] || 5 : node.size;
    return { id: node.id, color: own, size };
  }));
  words.hidden = !colours;
  words.replaceChildren(...(colours ? colours.legend.map((line) => {
    const entry = document.createElement("span");
    const sign = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    sign.setAttribute("viewBox", "-6 -6 12 12");
    sign.setAttribute("class", "sign");
    const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    dot.setAttribute("r", "5");
    dot.setAttribute("fill", line.colour);
    sign.append(dot);
    entry.append(sign, `${line.word} ${line.count}`);
    return entry;
  }) : []));
};
for (const [select, name] of [[byColour, "colour"], [bySize, "size"]]) {
  if (!select) continue;
  if ([...select.options].some((option) => option.value === asked.get(name))) select.value = asked.get(name);
  select.addEventListener("change", () => {
    keep(name, select.value);
    redraw();
  });
}
if (asked.get("colour") || asked.get("size")) redraw();

// What is selected is told beside the picture. A person's key stands in no address: what is known is told at once.
const tell = async (node) => {
  if (node.kind === "Person") {
    const card = document.createElement("section");
    card.className = "card panel";
    const heading = document.createElement("h2");
    const name = document.createElement("span");
    const kind = document.createElement("span");
    name.textContent = node.name;
    kind.className = "more";
    kind.textContent = `${node.heading}（已遮盖）`;
    heading.append(name, kind);
    card.append(heading);
    panel.replaceChildren(card);
    return;
  }
  const address = new URL(panel.dataset.detail, location.href);
  address.searchParams.set("node", node.id);
  const answer = await fetch(address);
  // Areas above the scope, and categories, have no panel of their own.
  if (!answer.ok) return;
  panel.innerHTML = await answer.text();
  const open = panel.querySelector("[data-open]");
  if (open) open.hidden = !explorer || node.mark === "middle" || (asked.get("open") || "").split(",").includes(node.id);
};
const go = (values) => {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(values)) {
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
  }
  location.assign(address);
};
const more = (name, key) => [...new Set([...(asked.get(name) || "").split(",").filter(Boolean), key])].join(",");

network.on("selectNode", ({ nodes: [key] }) => {
  const node = nodes.get(key);
  if (node.more) go({ more: more("more", key) });
  else tell(node);
});
network.on("doubleClick", ({ nodes: [key] }) => {
  const node = key && nodes.get(key);
  if (!node || node.more || node.kind === "Person" || node.kind === "Category") return;
  const address = new URL(location.href);
  for (const name of ["start", "end", "open", "more", "q", "depth"]) address.searchParams.delete(name);
  address.pathname = "/network";
  address.searchParams.set("node", key);
  location.assign(address);
});
panel.addEventListener("click", (event) => {
  const button = event.target.closest("[data-open]");
  if (button && explorer) go({ open: more("open", button.dataset.open) });
});

when("[data-fit]", () => fit(true));
when("[data-centre]", centre);
when("[data-zoom]", (event) => {
  const factor = Number(event.currentTarget.dataset.zoom);
  network.moveTo({ scale: network.getScale() * factor, animation: { duration: 120 } });
});
when("[data-png]", () => savePng(place.querySelector("canvas"), `${data.name}.png`));
addEventListener("resize", () => {
  fit(false);
  thin();
});

// Where a node, or the circle of a kind, stands on the screen, for those who look for it without eyes: tests.
place.at = (key) => network.canvasToDOM(nodes.get(key));
