// A map or a cascade as a picture that moves: sectors as lanes, time as a slider. The page holds a JSON script with
// { nodes: [{id,label,sector,kind,vital, x,y,ref}], edges: [[source, target]] as places in nodes,
//   changes: [{minute,node,state}], causes: [{minute,node,state,providers,need}], end, sector }.
// The table twin in the page says the same; the picture adds seeing it happen.
import cytoscape from "cytoscape";
import { causePath, tell } from "./graph_about.js";
import { asSvg, style } from "./graph_look.js";
import { laneBands, place } from "./graph_place.js";
import { sentence, startPlay } from "./play.js";
import { fillLegend, save, statesAt } from "./states.js";

const READABLE_ZOOM = 0.66;
const MARGIN = 14;
const BIG = 300;
const STEP = 80;

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

  box.hidden = false;
  fillLegend(legend);
  const cy = cytoscape({
    container: canvas,
    elements: [
      ...laneBands(lanes, placed).map((lane) => ({ ...lane, selectable: false })),
      ...placed.map((node) => ({
        data: { ...node, shown: node.label },
        position: { x: node.x, y: node.y },
        classes: "ok",
      })),
      ...data.edges.map(([source, target]) => ({
        data: { source: data.nodes[source].id, target: data.nodes[target].id },
      })),
    ],
    layout: { name: "preset" },
    style: style(big),
    autoungrabify: true,
    boxSelectionEnabled: false,
    hideEdgesOnViewport: big,
    maxZoom: 2.5,
    minZoom: 0.02,
    pixelRatio: big ? 1 : "auto",
    userZoomingEnabled: explore && window.matchMedia("(pointer: coarse)").matches,
  });
  box.bwGraph = cy; // for whoever looks from outside: tests and measurements

  let states = new Map();
  let minuteShown = 0;
  let chosen = null;
  const ill = (state) => state === "down" || state === "degraded";

  function show(minute) {
    const wanted = statesAt(data.changes, minute);
    minuteShown = minute;
    cy.batch(() => {
      for (const key of new Set([...states.keys(), ...wanted.keys()])) {
        const [was, state] = [states.get(key) ?? "ok", wanted.get(key) ?? "ok"];
        if (was === state) continue;
        const node = cy.getElementById(key);
        if (node.empty()) continue;
        node.removeClass(was).addClass(state);
        node.data("shown", state === "ok" ? node.data("label") : `${node.data("label")}\n${words[state]}`);
        if (ill(was) !== ill(state)) node.outgoers("edge").toggleClass("hit", ill(state));
      }
    });
    states = wanted;
    if (chosen) choose(chosen);
  }

  function choose(node) {
    chosen = node;
    const path = causePath(data.causes ?? [], node.id(), minuteShown);
    const onPath = new Set(path.map((step) => step.node));
    cy.batch(() => {
      cy.elements(".way, .chosen").removeClass("way chosen");
      node.addClass("chosen");
      for (const step of path) {
        cy.getElementById(step.node).addClass("way");
        for (const provider of step.providers) {
          if (!onPath.has(provider)) continue;
          cy.getElementById(provider).edgesTo(cy.getElementById(step.node)).addClass("way");
        }
      }
    });
    const about = find("about");
    if (!about) return;
    const around = (nodes) => [...new Set(nodes.map((each) => each.data("label")))];
    tell(about, { ...words, ...about.dataset }, node.data(), words[states.get(node.id()) ?? "ok"], path,
      around(node.incomers("node")), around(node.outgoers("node")), labels);
  }
  cy.on("tap", "node[!lane]", (event) => choose(event.target));

  startPlay(box, data, show, (minute) => sentence(data.changes, labels, words, minute));
  find("png").addEventListener("click", (event) => {
    const most = Math.min(2, 8000 / Math.max(1, cy.elements().boundingBox().w));
    save(cy.png({ output: "blob", full: true, scale: most, bg: "#ffffff" }), event.currentTarget.dataset.name);
  });
  find("svg")?.addEventListener("click", (event) => {
    const blob = new Blob([asSvg(cy, data.title)], { type: "image/svg+xml" });
    save(blob, event.currentTarget.dataset.name);
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
  if (explore) startExploring(box, cy, data, choose);
  else {
    fit();
    new ResizeObserver(fit).observe(canvas);
  }
}

/** Search, a filter by sector, zooming and walking through a picture that is bigger than its window. */
function startExploring(box, cy, data, choose) {
  const find = (name) => box.querySelector(`[data-bw-graph-${name}]`);
  const canvas = cy.container();
  const middle = () => ({ x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 });
  const zoom = (factor, at = middle()) => cy.zoom({ level: cy.zoom() * factor, renderedPosition: at });
  const whole = () => cy.fit(cy.elements(":visible"), MARGIN);

  const letters = () => {
    const size = Math.max(14, Math.min(260, 13 / cy.zoom()));
    cy.batch(() => cy.nodes("[?lane]").forEach((lane) => lane.data("letter", size)));
  };
  cy.on("zoom", letters);

  find("in").addEventListener("click", () => zoom(1.4));
  find("out").addEventListener("click", () => zoom(1 / 1.4));
  find("whole").addEventListener("click", whole);
  // The wheel scrolls the page; with Ctrl it zooms, as in a map.
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, { x: event.offsetX, y: event.offsetY });
    },
    { passive: false },
  );
  canvas.addEventListener("keydown", (event) => {
    const act = {
      ArrowLeft: () => cy.panBy({ x: STEP, y: 0 }),
      ArrowRight: () => cy.panBy({ x: -STEP, y: 0 }),
      ArrowUp: () => cy.panBy({ x: 0, y: STEP }),
      ArrowDown: () => cy.panBy({ x: 0, y: -STEP }),
      "+": () => zoom(1.4),
      "-": () => zoom(1 / 1.4),
      0: whole,
    }[event.key];
    if (!act || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act();
  });

  const search = find("search");
  search.addEventListener("change", () => {
    const wanted = search.value.trim().toLowerCase();
    if (!wanted) return;
    const fits = (test) => data.nodes.find((node) => test(node.label.toLowerCase()));
    const node = fits((label) => label === wanted) ?? fits((label) => label.includes(wanted));
    if (!node) {
      find("said").textContent = search.dataset.none;
      return;
    }
    const found = cy.getElementById(node.id);
    filter("");
    sector.value = "";
    cy.viewport({ zoom: 1, pan: { x: middle().x - found.position().x, y: middle().y - found.position().y } });
    choose(found);
  });
  const list = document.getElementById(search.getAttribute("list"));
  list.append(...data.nodes.map((node) => Object.assign(document.createElement("option"), { value: node.label })));

  const sector = find("sector");
  function filter(name) {
    cy.batch(() => {
      cy.elements().removeClass("away");
      if (!name) return;
      const core = cy.nodes("[!lane]").filter((node) => node.data("sector") === name);
      const stay = core.union(core.neighborhood("node"));
      cy.nodes().not(stay).addClass("away");
      cy.getElementById(`lane:${name}`).removeClass("away");
    });
  }
  for (const name of [...new Set(data.nodes.map((node) => node.sector))].sort()) {
    if (name) sector.append(Object.assign(document.createElement("option"), { value: name, textContent: name }));
  }
  sector.addEventListener("change", () => {
    filter(sector.value);
    whole();
  });
  sector.value = data.sector ?? "";
  filter(sector.value);
  whole();
  letters();
  if (cy.zoom() < READABLE_ZOOM && data.nodes.length <= BIG) {
    const around = cy.elements(":visible").boundingBox();
    cy.viewport({ zoom: READABLE_ZOOM, pan: { x: MARGIN - around.x1 * READABLE_ZOOM, y: MARGIN - around.y1 * READABLE_ZOOM } });
  }
}

function ready() {
  for (const box of document.querySelectorAll("[data-bw-graph]")) drawGraph(box);
}
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
else ready();
