// The cascade as a picture that moves: sectors as lanes, time as a slider. The page holds a JSON script with
// { nodes: [{id,label,sector,kind,x,y,vital}], edges: [{source,target}], changes: [{minute,node,state}], end }.
// The table twin in the page says the same; the picture adds seeing it happen.
import cytoscape from "cytoscape";

// Colour, shape and word together carry a state.
const STATES = {
  ok: { fill: "#ffffff", line: "#57656f", ink: "#15212a", shape: "round-rectangle", dash: "solid" },
  buffer: { fill: "#fcf4d9", line: "#8a6a00", ink: "#15212a", shape: "round-rectangle", dash: "dashed" },
  degraded: { fill: "#f7d3bd", line: "#b23c00", ink: "#15212a", shape: "cut-rectangle", dash: "solid" },
  down: { fill: "#7a0c37", line: "#7a0c37", ink: "#ffffff", shape: "octagon", dash: "solid" },
};
const ROW_HEIGHT = 58;
const LANE_GAP = 34;
const COLUMN_WIDTH = 216;
const NODE_WIDTH = 172;
const READABLE_ZOOM = 0.66;
const MARGIN = 14;

/** State per node at a minute: the last change up to then. */
export function statesAt(changes, minute) {
  const states = new Map();
  for (const change of changes) {
    if (change.minute <= minute) states.set(change.node, change.state);
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

/** Positions: given x and y, or else a lane per sector and a column per step away from a source. */
function place(data) {
  const lanes = [...new Set(data.nodes.map((node) => node.sector))];
  const depth = new Map(data.nodes.map((node) => [node.id, 0]));
  for (let round = 0; round < data.nodes.length; round += 1) {
    let moved = false;
    for (const edge of data.edges) {
      const next = depth.get(edge.source) + 1;
      if (next > depth.get(edge.target) && next < data.nodes.length) {
        depth.set(edge.target, next);
        moved = true;
      }
    }
    if (!moved) break;
  }
  let top = 0;
  const placed = [];
  for (const sector of lanes) {
    const taken = new Map();
    for (const node of data.nodes.filter((node) => node.sector === sector)) {
      const column = depth.get(node.id);
      const row = taken.get(column) ?? 0;
      taken.set(column, row + 1);
      const given = Number.isFinite(node.x) && Number.isFinite(node.y);
      placed.push(given ? { ...node } : { ...node, x: column * COLUMN_WIDTH, y: top + row * ROW_HEIGHT });
    }
    top += Math.max(...taken.values()) * ROW_HEIGHT + LANE_GAP;
  }
  return { lanes, placed };
}

/** A band behind the nodes of each sector, with the sector's name at its left. */
function laneBands(lanes, placed) {
  const xs = placed.map((node) => node.x);
  const left = Math.min(...xs) - NODE_WIDTH / 2 - 16;
  const right = Math.max(...xs) + NODE_WIDTH / 2 + 16;
  return lanes.map((sector) => {
    const ys = placed.filter((node) => node.sector === sector).map((node) => node.y);
    const low = Math.min(...ys) - ROW_HEIGHT / 2 - 4;
    const high = Math.max(...ys) + ROW_HEIGHT / 2 + 4;
    return {
      data: { id: `lane:${sector}`, shown: sector, lane: true, width: right - left, height: high - low },
      position: { x: (left + right) / 2, y: (low + high) / 2 },
    };
  });
}

function style() {
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
        "font-family": "Atkinson Hyperlegible Next Variable, sans-serif",
        "font-size": 13,
        height: 44,
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
        "font-size": 14,
        "font-weight": 700,
        height: "data(height)",
        shape: "rectangle",
        "text-halign": "left",
        "text-margin-x": -10,
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
        "line-color": "#9aa7b0",
        "target-arrow-color": "#9aa7b0",
        "target-arrow-shape": "triangle",
        width: 1.6,
      },
    },
    { selector: "edge.hit", style: { "line-color": "#7a0c37", "target-arrow-color": "#7a0c37", width: 2.6 } },
  ];
}

function fillLegend(list) {
  const marks = {
    ok: '<rect x="2" y="3" width="18" height="10" rx="2"/>',
    buffer: '<rect x="2" y="3" width="18" height="10" rx="2" stroke-dasharray="3 2"/>',
    degraded: '<path d="M5 3h12l3 3v4l-3 3H5l-3-3V6z"/>',
    down: '<path d="M7 1h8l5 5v4l-5 5H7l-5-5V6z"/>',
  };
  for (const [name, mark] of Object.entries(marks)) {
    const item = document.createElement("li");
    const look = STATES[name];
    item.innerHTML = `<svg viewBox="0 0 22 16" fill="${look.fill}" stroke="${look.line}" stroke-width="1.8" aria-hidden="true">${mark}</svg>`;
    item.append(list.dataset[name]);
    list.append(item);
  }
}

export function drawGraph(box) {
  const data = JSON.parse(document.getElementById(box.dataset.bwGraph).textContent);
  const find = (name) => box.querySelector(`[data-bw-graph-${name}]`);
  const [slider, play, now, said, png] = ["time", "play", "now", "said", "png"].map(find);
  const legend = box.querySelector(".bw-graph__legend");
  const changes = [...data.changes].sort((a, b) => a.minute - b.minute);
  const labels = new Map(data.nodes.map((node) => [node.id, node.label]));
  const words = legend.dataset;
  const { lanes, placed } = place(data);

  box.hidden = false;
  fillLegend(legend);
  const cy = cytoscape({
    container: box.querySelector(".bw-graph__canvas"),
    elements: [
      ...laneBands(lanes, placed).map((lane) => ({ ...lane, selectable: false })),
      ...placed.map((node) => ({
        data: { ...node, shown: node.label },
        position: { x: node.x, y: node.y },
        classes: "ok",
      })),
      ...data.edges.map((edge) => ({ data: { source: edge.source, target: edge.target } })),
    ],
    layout: { name: "preset" },
    style: style(),
    autoungrabify: true,
    boxSelectionEnabled: false,
    userZoomingEnabled: false,
  });

  function show(minute) {
    const states = statesAt(changes, minute);
    cy.batch(() => {
      cy.nodes("[!lane]").forEach((node) => {
        const state = states.get(node.id()) ?? "ok";
        node.classes(state);
        node.data("shown", state === "ok" ? node.data("label") : `${node.data("label")}\n${words[state]}`);
      });
      cy.edges().forEach((edge) => edge.toggleClass("hit", ["down", "degraded"].includes(states.get(edge.source().id()))));
    });
    now.textContent = duration(minute);
    slider.setAttribute("aria-valuetext", duration(minute));
    return states;
  }

  function speak(minute) {
    const latest = changes.filter((change) => change.minute <= minute).at(-1);
    said.textContent = latest ? `${duration(minute)}: ${labels.get(latest.node)} ${words[latest.state]}` : duration(minute);
  }

  // Playing goes from change to change: between them nothing happens, and waiting for it explains nothing.
  const stops = [...new Set([0, ...changes.map((change) => change.minute), data.end])];
  let timer = null;
  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = play.dataset.play;
  }
  function go(minute) {
    slider.value = minute;
    show(minute);
    speak(minute);
  }
  play.addEventListener("click", () => {
    if (timer) return stop();
    if (Number(slider.value) >= data.end) go(0);
    play.textContent = play.dataset.pause;
    timer = setInterval(() => {
      const next = stops.find((minute) => minute > Number(slider.value));
      if (next === undefined) return stop();
      go(next);
    }, 1200);
  });
  slider.addEventListener("input", () => {
    stop();
    show(Number(slider.value));
  });
  slider.addEventListener("change", () => speak(Number(slider.value)));
  png.addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(cy.png({ output: "blob", full: true, scale: 2, bg: "#ffffff" }));
    link.download = png.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  // The picture is as wide as the page and as high as it then needs. On a phone the whole would be too small to read:
  // the letters stay readable, the picture starts at the left and can be dragged.
  const whole = cy.elements().boundingBox();
  function fit() {
    const canvas = cy.container();
    const wide = (canvas.clientWidth - 2 * MARGIN) / whole.w;
    const zoom = Math.min(1.2, window.matchMedia("print").matches ? wide : Math.max(wide, READABLE_ZOOM));
    canvas.style.blockSize = `${Math.round(whole.h * zoom + 2 * MARGIN)}px`;
    cy.resize();
    cy.viewport({ zoom, pan: { x: MARGIN - whole.x1 * zoom, y: MARGIN - whole.y1 * zoom } });
  }
  show(Number(slider.value));
  fit();
  new ResizeObserver(fit).observe(cy.container());
}

function ready() {
  for (const box of document.querySelectorAll("[data-bw-graph]")) drawGraph(box);
}
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
else ready();
