// How the graph looks, and the same look as an SVG file.
import { NODE_WIDTH } from "./graph_place.js";
import { STATES } from "./states.js";

const FONT = "Atkinson Hyperlegible Next Variable, sans-serif";
const HEIGHT = 44;

/** The style sheet of cytoscape; `big`: thin straight lines without arrow heads, so that thousands draw fast. */
export function style(big) {
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
  const arrows = big
    ? { "curve-style": "haystack", "haystack-radius": 0 }
    : { "arrow-scale": 1.1, "curve-style": "bezier", "target-arrow-color": "#9aa7b0", "target-arrow-shape": "triangle" };
  return [
    {
      selector: "node",
      style: {
        "border-width": 2,
        "font-family": FONT,
        "font-size": 13,
        height: HEIGHT,
        label: "data(shown)",
        "min-zoomed-font-size": big ? 7 : 0,
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
        "font-size": "data(letter)",
        "font-weight": 700,
        height: "data(height)",
        "min-zoomed-font-size": 0,
        shape: "rectangle",
        "text-halign": "left",
        "text-margin-x": -10,
        "text-max-width": 2000,
        width: "data(width)",
        "z-index-compare": "manual",
        "z-index": 0,
      },
    },
    { selector: "edge", style: { ...arrows, events: "no", "line-color": "#9aa7b0", width: 1.6 } },
    { selector: "edge.hit", style: { "line-color": "#7a0c37", "target-arrow-color": "#7a0c37", width: 2.6 } },
    { selector: "edge.way", style: { "line-color": "#15212a", "target-arrow-color": "#15212a", width: 6, "z-index": 9 } },
    { selector: "node.way", style: { "outline-color": "#15212a", "outline-offset": 4, "outline-width": 4 } },
    { selector: "node.chosen", style: { "outline-color": "#0b57a4", "outline-offset": 4, "outline-width": 6 } },
    { selector: ".away", style: { display: "none" } },
  ];
}

const text = (value) => value.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** What is shown as an SVG file that looks right by itself. */
export function asSvg(cy, title) {
  const box = cy.elements(":visible").boundingBox();
  const parts = [];
  cy.nodes("[?lane]:visible").forEach((lane) => {
    const at = lane.boundingBox({ includeLabels: false });
    parts.push(
      `<rect x="${at.x1}" y="${at.y1}" width="${at.w}" height="${at.h}" fill="#f2f5f6"/>`,
      `<text x="${at.x1 + 6}" y="${at.y1 - 6}" font-size="16" font-weight="700" fill="#3b4a55">${text(lane.data("shown"))}</text>`,
    );
  });
  cy.edges(":visible").forEach((edge) => {
    const [from, to] = [edge.source().position(), edge.target().position()];
    const look = edge.hasClass("hit") ? 'stroke="#7a0c37" stroke-width="2.6"' : 'stroke="#9aa7b0" stroke-width="1.4"';
    parts.push(`<path d="M${from.x} ${from.y}L${to.x} ${to.y}" ${look}/>`);
  });
  cy.nodes("[!lane]:visible").forEach((node) => {
    const { x, y } = node.position();
    const look = STATES[Object.keys(STATES).find((name) => node.hasClass(name)) ?? "ok"];
    const [left, top] = [x - NODE_WIDTH / 2, y - HEIGHT / 2];
    const dash = look.dash === "dashed" ? ' stroke-dasharray="6 4"' : "";
    const lines = wrapped(node.data("shown"));
    parts.push(
      `<rect x="${left}" y="${top}" width="${NODE_WIDTH}" height="${HEIGHT}" rx="4" fill="${look.fill}" stroke="${look.line}" stroke-width="${node.data("vital") ? 4 : 2}"${dash}/>`,
      ...lines.map(
        (line, index) =>
          `<text x="${x}" y="${y + 4 + (index - (lines.length - 1) / 2) * 14}" text-anchor="middle" fill="${look.ink}">${text(line)}</text>`,
      ),
    );
  });
  const view = `${box.x1 - 20} ${box.y1 - 30} ${box.w + 40} ${box.h + 50}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${view}" width="${box.w + 40}" height="${box.h + 50}" font-family="${FONT}" font-size="12"><title>${text(title)}</title><rect x="${box.x1 - 20}" y="${box.y1 - 30}" width="100%" height="100%" fill="#ffffff"/>${parts.join("")}</svg>`;
}

/** Lines of about 26 characters, three at most. */
function wrapped(label) {
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
