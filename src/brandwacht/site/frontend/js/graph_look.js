// How the graph looks, and the same look as an SVG file.
import { NODE_WIDTH } from "./graph_place.js";
import { STATES } from "./states.js";

export const FONT = "Atkinson Hyperlegible Next Variable, sans-serif";
export const HEIGHT = 44;

/** The style sheet of a big graph: what graph_sheet.js draws can be pointed at. */
export const UNSEEN = [
  { selector: "node", style: { height: HEIGHT, opacity: 0, shape: "rectangle", width: NODE_WIDTH } },
  { selector: ".away", style: { display: "none" } },
];

/** The style sheet of cytoscape. `named`: the names of sectors stand elsewhere. */
export function style(named) {
  const states = Object.entries(STATES).map(([name, look]) => ({
    selector: `node.${name}`,
    style: {
      "background-color": look.fill,
      "border-color": look.line,
      "border-style": look.dash,
      color: look.ink,
      shape: look.shape,
    },
  }));
  return [
    {
      selector: "node",
      style: {
        "border-width": 2,
        "font-family": FONT,
        "font-size": 13,
        height: HEIGHT,
        label: "data(shown)",
        "text-halign": "center",
        "text-max-width": NODE_WIDTH - 12,
        "text-valign": "center",
        "text-wrap": "wrap",
        width: NODE_WIDTH,
      },
    },
    ...states,
    { selector: "node[?vital]", style: { "border-width": 4, "font-weight": 700 } },
    {
      selector: "node[?lane]",
      style: {
        "background-color": "#f2f5f6",
        "border-width": 0,
        color: "#3b4a55",
        events: "no",
        "font-size": 14,
        "font-weight": 700,
        height: "data(height)",
        label: named ? "" : "data(shown)",
        shape: "rectangle",
        "text-halign": "left",
        "text-margin-x": -10,
        "text-max-width": 2000,
        width: "data(width)",
        "z-index-compare": "manual",
        "z-index": 0,
      },
    },
    {
      selector: "edge",
      style: {
        "arrow-scale": 1.1,
        "curve-style": "bezier",
        events: "no",
        "line-color": "#9aa7b0",
        "target-arrow-color": "#9aa7b0",
        "target-arrow-shape": "triangle",
        width: 1.6,
      },
    },
    { selector: "edge.hit", style: { "line-color": "#7a0c37", "target-arrow-color": "#7a0c37", width: 2.6 } },
    { selector: "edge.way", style: { "line-color": "#15212a", "target-arrow-color": "#15212a", width: 6, "z-index": 9 } },
    { selector: "node.way", style: { "outline-color": "#15212a", "outline-offset": 4, "outline-width": 4 } },
    { selector: "node.chosen", style: { "outline-color": "#0b57a4", "outline-offset": 4, "outline-width": 6 } },
    { selector: ".away", style: { display: "none" } },
  ];
}

const text = (value) => value.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** What is shown as an SVG file that looks right by itself. `sheet` as of graph_sheet.js, or null. */
export function asSvg(cy, data, bands, states, sheet) {
  const seen = new Set(cy.nodes("[!lane]").not(".away").map((node) => node.id()));
  const nodes = data.nodes.filter((node) => seen.has(node.id));
  const places = nodes.map((node) => cy.getElementById(node.id).position());
  const [xs, ys] = [places.map((at) => at.x), places.map((at) => at.y)];
  const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);
  const [x1, x2] = [least(xs) - NODE_WIDTH / 2 - 30, most(xs) + NODE_WIDTH / 2 + 30];
  const [y1, y2] = [least(ys) - HEIGHT / 2 - 40, most(ys) + HEIGHT / 2 + 30];
  const ill = (id) => ["down", "degraded"].includes(states.get(id));
  const sectors = new Set(nodes.map((node) => node.sector));
  const parts = bands
    .filter((lane) => sectors.has(lane.data.shown) && !lane.away)
    .flatMap(({ data: lane, position }) => {
      const [left, top] = [position.x - lane.width / 2, position.y - lane.height / 2];
      return [
        `<rect x="${left}" y="${top}" width="${lane.width}" height="${lane.height}" fill="#f2f5f6"/>`,
        `<text x="${left + 6}" y="${top - 5}" font-size="16" font-weight="700" fill="#3b4a55">${text(lane.shown)}</text>`,
      ];
    });
  for (const [source, target] of sheet ? sheet.seen() : data.edges) {
    const [from, to] = [data.nodes[source], data.nodes[target]];
    if (!seen.has(from.id) || !seen.has(to.id)) continue;
    const [a, b] = [cy.getElementById(from.id).position(), cy.getElementById(to.id).position()];
    const look = ill(from.id) && ill(to.id) ? 'stroke="#7a0c37" stroke-width="2.6"' : 'stroke="#9aa7b0" stroke-width="1.4"';
    parts.push(`<path d="M${a.x} ${a.y}L${b.x} ${b.y}" ${look}/>`);
  }
  nodes.forEach((node, index) => {
    const { x, y } = places[index];
    const look = STATES[states.get(node.id) ?? "ok"];
    const dash = look.dash === "dashed" ? ' stroke-dasharray="6 4"' : "";
    const rows = wrapped(cy.getElementById(node.id).data("shown"));
    parts.push(
      `<rect x="${x - NODE_WIDTH / 2}" y="${y - HEIGHT / 2}" width="${NODE_WIDTH}" height="${HEIGHT}" rx="4" fill="${look.fill}" stroke="${look.line}" stroke-width="${node.vital ? 4 : 2}"${dash}/>`,
      ...rows.map(
        (row, place) =>
          `<text x="${x}" y="${y + 4 + (place - (rows.length - 1) / 2) * 14}" text-anchor="middle" fill="${look.ink}">${text(row)}</text>`,
      ),
    );
  });
  const size = `width="${Math.round(x2 - x1)}" height="${Math.round(y2 - y1)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${x1} ${y1} ${x2 - x1} ${y2 - y1}" ${size} font-family="'Atkinson Hyperlegible Next Variable', sans-serif" font-size="12"><title>${text(data.title)}</title><rect x="${x1}" y="${y1}" width="100%" height="100%" fill="#ffffff"/>${parts.join("")}</svg>`;
}

const MOST_PIXELS = 4000;

/** An SVG text as PNG, at most so many pixels wide and high as a browser can draw. */
export async function asPng(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(1, MOST_PIXELS / image.width, MOST_PIXELS / image.height);
  const sheet = Object.assign(document.createElement("canvas"), {
    width: Math.round(image.width * scale),
    height: Math.round(image.height * scale),
  });
  sheet.getContext("2d").drawImage(image, 0, 0, sheet.width, sheet.height);
  return new Promise((done) => sheet.toBlob(done, "image/png"));
}

/** Lines of about 26 characters, three at most. */
export function wrapped(label) {
  const lines = [];
  for (const part of label.split("\n")) {
    let line = "";
    for (const word of part.split(" ")) {
      if (line && line.length + word.length > 25) {
        lines.push(line);
        line = word;
      } else line = line ? `${line} ${word}` : word;
    }
    lines.push(line);
  }
  return lines.slice(0, 3);
}
