// The own region as a map, without tiles of anybody: areas from the organisation's own boundaries, and what stands in
// them with its state at a minute. The page holds a JSON script with { areas: [{code,name,polygons}], spots:
// [{name,at,areas,nodes}], changes, minute, end }. The table twin in the page says the same.
import L from "leaflet";
import { sentence, startPlay } from "./play.js";
import { STATES, WORST, fillLegend, statesAt } from "./states.js";

const SCALE = 100000;
const WIDE = 48; // so near to each other, marks of 44 by 32 can not be pressed apart
const HIGH = 36;

/** A flat list of steps as [latitude, longitude] in degrees. */
function ring(flat) {
  const points = [];
  let [x, y] = [0, 0];
  for (let i = 0; i < flat.length; i += 2) {
    x += flat[i];
    y += flat[i + 1];
    points.push([y / SCALE, x / SCALE]);
  }
  return points;
}

function icon(state, count) {
  const look = STATES[state];
  const html = `<svg viewBox="0 0 22 16" fill="${look.fill}" stroke="${look.line}" stroke-width="1.5" aria-hidden="true">${look.svg}<text x="11" y="11" text-anchor="middle" font-size="7.5" font-weight="700" fill="${look.ink}" stroke="none">${count}</text></svg>`;
  return L.divIcon({ className: "bw-map__spot", html, iconSize: [44, 32] });
}

function drawMap(box) {
  const data = JSON.parse(document.getElementById(box.dataset.bwMap).textContent);
  const legend = box.querySelector(".bw-graph__legend");
  const about = box.querySelector("[data-bw-graph-about]");
  const words = { ...legend.dataset, ...about.dataset };
  const names = new Map(data.spots.flatMap((spot) => spot.nodes.map((node) => [node.id, node.label])));
  data.changes.sort((a, b) => a.minute - b.minute);
  const changes = data.changes.filter((change) => names.has(change.node));
  box.hidden = false;
  fillLegend(legend);

  const map = L.map(box.querySelector(".bw-map__canvas"), {
    attributionControl: false,
    scrollWheelZoom: false,
    zoomControl: false,
    zoomSnap: 0.25,
    maxZoom: 16,
  });
  L.control.zoom({ zoomInTitle: words.zoomin, zoomOutTitle: words.zoomout }).addTo(map);
  const areas = new Map();
  for (const area of data.areas) {
    const shape = L.polygon(area.polygons.map((polygon) => polygon.map(ring)), { className: "bw-map__area", weight: 1.5 });
    const tip = document.createElement("span"); // a text would be taken for HTML
    tip.textContent = area.name;
    shape.bindTooltip(tip, { sticky: true });
    areas.set(area.code, shape.addTo(map));
  }
  let states = new Map();
  let open = null;
  let groups = [];
  const worst = (nodes) => WORST[Math.min(...nodes.map((node) => WORST.indexOf(states.get(node.id) ?? "ok")))];

  /** One mark for the places that lie too near to each other to be pressed apart at this zoom. */
  function group() {
    for (const { mark } of groups) mark.remove();
    groups = [];
    for (const spot of data.spots) {
      const at = map.latLngToLayerPoint(spot.at);
      const near = groups.find((each) => Math.abs(each.at.x - at.x) < WIDE && Math.abs(each.at.y - at.y) < HIGH);
      if (near) {
        near.name += `, ${spot.name}`;
        near.nodes = [...near.nodes, ...spot.nodes];
      } else groups.push({ at, name: spot.name, nodes: spot.nodes, where: spot.at, state: "" });
    }
    for (const each of groups) {
      each.mark = L.marker(each.where, { icon: icon("ok", each.nodes.length), keyboard: true }).addTo(map);
      each.mark.on("click", () => tell(each));
      each.mark.on("keydown", ({ originalEvent }) => {
        if (originalEvent.key !== "Enter" && originalEvent.key !== " ") return;
        originalEvent.preventDefault();
        tell(each);
      });
    }
    colour();
  }
  function colour() {
    for (const each of groups) {
      const state = worst(each.nodes);
      if (each.state === state) continue;
      each.state = state;
      each.mark.setIcon(icon(state, each.nodes.length));
      each.mark.getElement().setAttribute("aria-label", `${each.name}, ${each.nodes.length} ${words.count}: ${words[state]}`);
    }
  }
  const all = L.featureGroup([...areas.values(), ...data.spots.map((spot) => L.marker(spot.at))]);
  if (all.getLayers().length) map.fitBounds(all.getBounds().pad(0.03), { maxZoom: 12 });
  group();
  map.on("zoomend", group);

  function tell(spot) {
    open = spot;
    const title = document.createElement("p");
    title.append(Object.assign(document.createElement("strong"), { textContent: spot.name }));
    const list = document.createElement("ul");
    const rank = (node) => WORST.indexOf(states.get(node.id) ?? "ok");
    for (const node of [...spot.nodes].sort((a, b) => rank(a) - rank(b))) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = words.node.replace("00000000-0000-0000-0000-000000000000", node.ref);
      link.textContent = node.label;
      item.append(link, `: ${words[states.get(node.id) ?? "ok"]}`);
      list.append(item);
    }
    about.replaceChildren(title, list);
    about.hidden = false;
  }

  function show(minute) {
    states = statesAt(changes, minute);
    const inArea = new Map();
    for (const spot of data.spots) for (const code of spot.areas) inArea.set(code, worst(spot.nodes));
    colour();
    for (const [code, shape] of areas) {
      const look = STATES[inArea.get(code) ?? "ok"];
      const calm = !inArea.has(code) || look === STATES.ok;
      shape.setStyle({ color: "#57656f", fillColor: calm ? "#eef2f4" : look.fill, fillOpacity: calm ? 1 : 0.55 });
    }
    if (open) tell(open);
  }
  startPlay(box, { changes, end: data.end }, show, (minute) => sentence(changes, names, words, minute));
}

function ready() {
  for (const box of document.querySelectorAll("[data-bw-map]")) drawMap(box);
}
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
else ready();
