// A map or a cascade as a picture that moves: sectors as lanes, time as a slider. The page holds a JSON script with
// { nodes: [{id,label,sector,kind,vital, x,y,ref}], edges: [[source, target]] as places in nodes,
//   changes: [{minute,node,state}], causes: [{minute,node,state,providers,need}], end, sector }.
// The table twin in the page says the same; the picture adds seeing it happen.
import cytoscape from "cytoscape";
import { causePath, tell } from "./graph_about.js";
import { startExploring } from "./graph_explore.js";
import { UNSEEN, asPng, asSvg, style } from "./graph_look.js";
import { laneBands, place } from "./graph_place.js";
import { startSheet } from "./graph_sheet.js";
import { sentence, startPlay } from "./play.js";
import { fillLegend, save, statesAt } from "./states.js";

const READABLE_ZOOM = 0.66;
const MARGIN = 14;
const BIG = 300;

export function drawGraph(box) {
  const data = JSON.parse(document.getElementById(box.dataset.bwGraph).textContent);
  const find = (name) => box.querySelector(`[data-bw-graph-${name}]`);
  const legend = box.querySelector(".bw-graph__legend");
  const canvas = box.querySelector(".bw-graph__canvas");
  const explore = box.hasAttribute("data-bw-graph-explore");
  const big = data.nodes.length > BIG;
  data.changes.sort((a, b) => a.minute - b.minute);
  const labels = new Map(data.nodes.map((node) => [node.id, node.label]));
  const words = legend.dataset;
  const { lanes, placed } = place(data);
  const bands = laneBands(lanes, placed);

  box.hidden = false;
  fillLegend(legend);
  const cy = cytoscape({
    container: canvas,
    elements: [
      ...(big ? [] : bands.map((lane) => ({ ...lane, selectable: false }))),
      ...placed.map((node) => ({
        data: { id: node.id, label: node.label, shown: node.label, vital: node.vital, sector: node.sector },
        position: { x: node.x, y: node.y },
        classes: "ok",
      })),
      ...(big ? [] : data.edges).map(([source, target]) => ({
        data: { source: data.nodes[source].id, target: data.nodes[target].id },
      })),
    ],
    layout: { name: "preset" },
    style: big ? UNSEEN : style(explore),
    autoungrabify: true,
    boxSelectionEnabled: false,
    maxZoom: 2.5,
    minZoom: 0.02,
    pixelRatio: big ? 1 : "auto",
    userZoomingEnabled: explore && window.matchMedia("(pointer: coarse)").matches,
  });
  box.bwGraph = cy; // for whoever looks from outside: tests and measurements

  let states = new Map();
  const sheet = big ? startSheet(cy, data, bands, () => states) : null;
  let minuteShown = 0;
  let chosen = null;
  const ill = (state) => state === "down" || state === "degraded";

  function show(minute) {
    minuteShown = minute;
    if (big) {
      states = statesAt(data.changes, minute);
      sheet.renew();
    } else turn(statesAt(data.changes, minute));
    if (chosen) choose(chosen);
  }

  function turn(wanted) {
    cy.batch(() => {
      for (const key of new Set([...states.keys(), ...wanted.keys()])) {
        const [was, state] = [states.get(key) ?? "ok", wanted.get(key) ?? "ok"];
        if (was === state) continue;
        const node = cy.getElementById(key);
        if (node.empty()) continue;
        node.classes(`${state}${node.hasClass("away") ? " away" : ""}`);
        node.data("shown", state === "ok" ? node.data("label") : `${node.data("label")}\n${words[state]}`);
        if (ill(was) !== ill(state)) node.outgoers("edge").toggleClass("hit", ill(state));
      }
    });
    states = wanted;
  }

  const unique = (names) => [...new Set(names)];

  /** Make a node and the way to it stand out; the names of what it needs and of what needs it. */
  function markOnGraph(id, path, steps) {
    const node = cy.getElementById(id);
    cy.batch(() => {
      cy.elements(".way, .chosen").removeClass("way chosen");
      node.addClass("chosen");
      for (const step of path) cy.getElementById(step.node).addClass("way");
      for (const [from, to] of steps) cy.getElementById(from).edgesTo(cy.getElementById(to)).addClass("way");
    });
    return [node.incomers("node"), node.outgoers("node")].map((nodes) => unique(nodes.map((each) => each.data("label"))));
  }

  function markOnSheet(id, path, steps) {
    const [from, to] = sheet.around(id);
    const direct = [...from.map((each) => [each.id, id]), ...to.map((each) => [id, each.id])];
    sheet.mark(id, path.map((step) => step.node), steps.length ? steps : direct);
    return [from, to].map((nodes) => unique(nodes.map((each) => each.label)));
  }

  function choose(id) {
    chosen = id;
    const path = causePath(data.causes ?? [], id, minuteShown);
    const onPath = new Set(path.map((step) => step.node));
    const steps = path.flatMap((step) => step.providers.filter((key) => onPath.has(key)).map((key) => [key, step.node]));
    const [needs, serves] = (big ? markOnSheet : markOnGraph)(id, path, steps);
    const about = find("about");
    if (!about) return;
    const facts = data.nodes.find((each) => each.id === id);
    tell(about, { ...words, ...about.dataset }, facts, words[states.get(id) ?? "ok"], path, needs, serves, labels);
  }
  cy.on("tap", "node[!lane]", (event) => choose(event.target.id()));

  startPlay(box, data, show, (minute) => sentence(data.changes, labels, words, minute));
  const drawing = () => asSvg(cy, data, bands, states, sheet);
  find("png").addEventListener("click", async (event) => {
    const { name } = event.currentTarget.dataset;
    if (big) save(await asPng(drawing()), name);
    else save(cy.png({ output: "blob", full: true, scale: 2, bg: "#ffffff" }), name);
  });
  find("svg")?.addEventListener("click", (event) => {
    save(new Blob([drawing()], { type: "image/svg+xml" }), event.currentTarget.dataset.name);
  });

  // The picture is as wide as the page and as high as it then needs. On a phone the whole would be too small to read:
  // the letters stay readable, the picture starts at the left and can be dragged.
  const whole = cy.elements().boundingBox();
  function fit() {
    const wide = (canvas.clientWidth - 2 * MARGIN) / whole.w;
    const zoom = Math.min(1.2, window.matchMedia("print").matches ? wide : Math.max(wide, READABLE_ZOOM));
    canvas.style.blockSize = `${Math.round(whole.h * zoom + 2 * MARGIN)}px`;
    cy.resize();
    cy.viewport({ zoom, pan: { x: MARGIN - whole.x1 * zoom, y: MARGIN - whole.y1 * zoom } });
  }
  if (explore) startExploring(box, cy, data, { bands, sheet, choose, readable: big ? 0 : READABLE_ZOOM, margin: MARGIN });
  else {
    fit();
    new ResizeObserver(fit).observe(canvas);
  }
}

function ready() {
  for (const box of document.querySelectorAll("[data-bw-graph]")) drawGraph(box);
}
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
else ready();
