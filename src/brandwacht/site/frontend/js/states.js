// What a node can be on a map or in a graph, how that looks, and which of it holds at a minute.

// Colour, shape and word together carry a state. `svg` draws the shape in a box of 22 by 16.
export const STATES = {
  ok: {
    fill: "#ffffff",
    line: "#57656f",
    ink: "#15212a",
    shape: "round-rectangle",
    dash: "solid",
    svg: '<rect x="2" y="3" width="18" height="10" rx="2"/>',
  },
  buffer: {
    fill: "#fcf4d9",
    line: "#8a6a00",
    ink: "#15212a",
    shape: "round-rectangle",
    dash: "dashed",
    svg: '<rect x="2" y="3" width="18" height="10" rx="2" stroke-dasharray="3 2"/>',
  },
  degraded: {
    fill: "#f7d3bd",
    line: "#b23c00",
    ink: "#15212a",
    shape: "cut-rectangle",
    dash: "solid",
    svg: '<path d="M5 3h12l3 3v4l-3 3H5l-3-3V6z"/>',
  },
  down: {
    fill: "#7a0c37",
    line: "#7a0c37",
    ink: "#ffffff",
    shape: "octagon",
    dash: "solid",
    svg: '<path d="M7 1h8l5 5v4l-5 5H7l-5-5V6z"/>',
  },
};
export const WORST = ["down", "degraded", "buffer", "ok"];

/** State per node at a minute: the last change up to then. `changes` are in order of time. */
export function statesAt(changes, minute) {
  const states = new Map();
  for (const change of changes) {
    if (change.minute > minute) break;
    states.set(change.node, change.state);
  }
  return states;
}

/** Minutes as "2 uur 30 minuten"; days stay hours here. */
export function duration(total) {
  const hours = Math.floor(total / 60);
  const minutes = total % 60;
  const parts = [];
  if (hours) parts.push(`${hours} uur`);
  if (minutes || !hours) parts.push(`${minutes} ${minutes === 1 ? "minuut" : "minuten"}`);
  return parts.join(" ");
}

/** A list with every state, its mark and its word; the words stand in the list's data attributes. */
export function fillLegend(list) {
  for (const [name, look] of Object.entries(STATES)) {
    if (!list.dataset[name]) continue;
    const item = document.createElement("li");
    item.innerHTML = `<svg viewBox="0 0 22 16" fill="${look.fill}" stroke="${look.line}" stroke-width="1.8" aria-hidden="true">${look.svg}</svg>`;
    item.append(list.dataset[name]);
    list.append(item);
  }
}

/** A file for the reader, from a blob. */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
