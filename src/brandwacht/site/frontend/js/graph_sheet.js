// A big graph on a sheet of its own: bands, lines, nodes and names in a few strokes for each look. Cytoscape would style
// and draw thousands of nodes one by one; here it only knows where they are, for zooming, walking and pointing.
import { HEIGHT, FONT, wrapped } from "./graph_look.js";
import { NODE_WIDTH } from "./graph_place.js";
import { STATES } from "./states.js";

const LINES = {
  plain: ["#c3ccd3", 1],
  hit: ["rgb(122 12 55 / 45%)", 1.2],
  way: ["#15212a", 5],
};
const RINGS = { way: ["#15212a", 4], chosen: ["#0b57a4", 6] };
const READABLE = 7; // pixels of a letter
const LETTER = 13;
const ROW = 14;
const CUT = { "round-rectangle": 3, "cut-rectangle": 8, octagon: 14 };

function outline(pen, { x, y }, shape, more = 0) {
  const [left, right] = [x - NODE_WIDTH / 2 - more, x + NODE_WIDTH / 2 + more];
  const [top, bottom] = [y - HEIGHT / 2 - more, y + HEIGHT / 2 + more];
  const cut = CUT[shape];
  pen.moveTo(left + cut, top);
  pen.lineTo(right - cut, top);
  pen.lineTo(right, top + cut);
  pen.lineTo(right, bottom - cut);
  pen.lineTo(right - cut, bottom);
  pen.lineTo(left + cut, bottom);
  pen.lineTo(left, bottom - cut);
  pen.lineTo(left, top + cut);
  pen.closePath();
}

/** `lanes` as of graph_place.js; `states` gives the state per id that holds now, without those that are "ok". */
export function startSheet(cy, data, lanes, states) {
  const under = document.createElement("canvas");
  under.className = "bw-graph__under";
  cy.container().prepend(under);
  const pen = under.getContext("2d");
  const at = new Map(data.nodes.map((node, index) => [node.id, index]));
  const away = new Uint8Array(data.nodes.length);
  const around = data.nodes.map(() => [[], []]); // needs and serves, as places in nodes
  for (const [source, target] of data.edges) {
    around[target][0].push(source);
    around[source][1].push(target);
  }
  const names = data.nodes.map((node) => wrapped(node.label));
  let marks = { edges: [], way: [], chosen: [] };
  let asked = 0;
  const stateOf = (node) => states().get(node.id) ?? "ok";
  const isIll = (place) => ["down", "degraded"].includes(stateOf(data.nodes[place]));

  function strokeLines(view, zoom, look, edges) {
    const [colour, wide] = LINES[look];
    pen.beginPath();
    for (const [source, target] of edges) {
      const [from, to] = [data.nodes[source], data.nodes[target]];
      if (away[source] || away[target]) continue;
      if (Math.max(from.x, to.x) < view.x1 || Math.min(from.x, to.x) > view.x2) continue;
      if (Math.max(from.y, to.y) < view.y1 || Math.min(from.y, to.y) > view.y2) continue;
      pen.moveTo(from.x, from.y);
      pen.lineTo(to.x, to.y);
    }
    pen.strokeStyle = colour;
    pen.lineWidth = wide / Math.min(1, zoom);
    pen.stroke();
  }

  function drawNodes(shown, zoom) {
    const groups = new Map();
    for (const node of shown) {
      const key = `${stateOf(node)} ${node.vital ? 4 : 2}`;
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(node);
    }
    for (const [key, nodes] of groups) {
      const [state, border] = key.split(" ");
      const look = STATES[state];
      pen.beginPath();
      for (const node of nodes) outline(pen, node, look.shape);
      pen.fillStyle = look.fill;
      pen.fill();
      pen.strokeStyle = look.line;
      pen.lineWidth = Number(border);
      pen.setLineDash(look.dash === "dashed" ? [6, 4] : []);
      pen.stroke();
      pen.setLineDash([]);
    }
    for (const [name, [colour, wide]] of Object.entries(RINGS)) {
      pen.beginPath();
      for (const place of marks[name]) if (!away[place]) outline(pen, data.nodes[place], "round-rectangle", 4 + wide / 2);
      pen.strokeStyle = colour;
      pen.lineWidth = wide;
      pen.stroke();
    }
    if (LETTER * zoom < READABLE) return;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (const node of shown) {
      const rows = names[at.get(node.id)];
      pen.font = `${node.vital ? 700 : 400} ${LETTER}px ${FONT}`;
      pen.fillStyle = STATES[stateOf(node)].ink;
      rows.forEach((row, place) => pen.fillText(row, node.x, node.y + (place - (rows.length - 1) / 2) * ROW));
    }
  }

  function draw() {
    asked = 0;
    const { clientWidth: width, clientHeight: height } = cy.container();
    const ratio = window.devicePixelRatio || 1;
    if (under.width !== Math.round(width * ratio) || under.height !== Math.round(height * ratio)) {
      [under.width, under.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    }
    const zoom = cy.zoom();
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.setTransform(ratio * zoom, 0, 0, ratio * zoom, ratio * cy.pan().x, ratio * cy.pan().y);
    pen.fillStyle = "#f2f5f6";
    for (const lane of lanes) {
      if (lane.away) continue;
      pen.fillRect(lane.position.x - lane.data.width / 2, lane.position.y - lane.data.height / 2, lane.data.width, lane.data.height);
    }
    const view = cy.extent();
    strokeLines(view, zoom, "plain", data.edges);
    const ill = data.nodes.map((node, place) => isIll(place));
    strokeLines(view, zoom, "hit", data.edges.filter(([source, target]) => ill[source] && ill[target]));
    strokeLines(view, zoom, "way", marks.edges);
    const [wide, high] = [NODE_WIDTH / 2, HEIGHT / 2];
    const inView = ({ x, y }) => x + wide > view.x1 && x - wide < view.x2 && y + high > view.y1 && y - high < view.y2;
    drawNodes(data.nodes.filter((node, place) => !away[place] && inView(node)), zoom);
  }
  const ask = () => (asked ||= requestAnimationFrame(draw));
  cy.on("viewport resize", ask);
  document.fonts.ready.then(ask);
  ask();

  return {
    /** Draw what holds now. */
    renew: ask,
    /** What a node leans on and what leans on it, as nodes of the data. */
    around: (id) => around[at.get(id)].map((places) => places.map((place) => data.nodes[place])),
    /** Which nodes are shown: those for which `test(node)` holds. */
    show(test, laneTest) {
      data.nodes.forEach((node, index) => (away[index] = test(node) ? 0 : 1));
      for (const lane of lanes) lane.away = !laneTest(lane);
      ask();
    },
    /** What stands out: the chosen node, the nodes on the way to it, and lines as pairs of ids. */
    mark(chosen, way, pairs) {
      const places = (ids) => ids.map((id) => at.get(id)).filter((place) => place !== undefined);
      marks = { chosen: places([chosen]), way: places(way), edges: pairs.map(places).filter((pair) => pair.length === 2) };
      ask();
    },
    seen: () => data.edges.filter(([source, target]) => !away[source] && !away[target]),
  };
}
