// Search, a filter by sector, zooming and walking through a picture that is bigger than its window.
const STEP = 80;

/**
 * `bands` are the lanes of the sectors, `sheet` that of a big picture or null, `choose(id)` tells of a node; below
 * the zoom `readable` the picture starts around where it begins instead of as a whole.
 */
export function startExploring(box, cy, data, { bands, sheet, choose, readable, margin }) {
  const find = (name) => box.querySelector(`[data-bw-graph-${name}]`);
  const canvas = cy.container();
  const middle = () => ({ x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 });
  const zoom = (factor, at = middle()) => cy.zoom({ level: cy.zoom() * factor, renderedPosition: at });
  const whole = () => cy.fit(cy.elements().not(".away"), margin);
  let only = "";

  // The names of the sectors stay at the edge of the window, wherever one is in the picture.
  const names = bands.map((lane) => {
    const name = Object.assign(document.createElement("span"), { textContent: lane.data.shown, className: "bw-graph__lane" });
    canvas.append(name);
    return [lane, name];
  });
  const putNames = () => {
    for (const [lane, name] of names) {
      const half = (lane.data.height / 2) * cy.zoom();
      const y = lane.position.y * cy.zoom() + cy.pan().y;
      const top = Math.max(y - half - 14, 2); // for the most part above the lane, beside what stands in it
      name.hidden = (only && lane.data.shown !== only) || top + 18 > Math.min(y + half, canvas.clientHeight);
      name.style.insetBlockStart = `${top}px`;
    }
  };
  cy.on("viewport", putNames);

  find("in").addEventListener("click", () => zoom(1.4));
  find("out").addEventListener("click", () => zoom(1 / 1.4));
  find("whole").addEventListener("click", whole);
  // The wheel scrolls the page; with Ctrl it zooms, as in a map.
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const { left, top } = canvas.getBoundingClientRect();
      zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, { x: event.clientX - left, y: event.clientY - top });
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

  const sector = find("sector");
  const around = new Map(data.nodes.map((node) => [node.id, new Set()]));
  for (const [source, target] of data.edges) {
    around.get(data.nodes[source].id).add(data.nodes[target].sector);
    around.get(data.nodes[target].id).add(data.nodes[source].sector);
  }
  /** Only this sector, with what is directly connected to it; "" shows all. */
  function filter(name) {
    if (name === only) return;
    only = name;
    const stays = (node) => !name || node.sector === name || around.get(node.id).has(name);
    cy.batch(() => {
      for (const node of data.nodes) {
        const shown = cy.getElementById(node.id);
        if (shown.hasClass("away") === stays(node)) shown.toggleClass("away", !stays(node));
      }
      for (const lane of bands) cy.getElementById(lane.data.id).toggleClass("away", Boolean(name) && lane.data.shown !== name);
    });
    sheet?.show(stays, (lane) => !name || lane.data.shown === name);
    putNames();
  }

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
    sector.value = "";
    filter("");
    const at = cy.getElementById(node.id).position();
    cy.viewport({ zoom: 1, pan: { x: middle().x - at.x, y: middle().y - at.y } });
    choose(node.id);
  });
  const list = document.getElementById(search.getAttribute("list"));
  list.append(...data.nodes.map((node) => Object.assign(document.createElement("option"), { value: node.label })));

  for (const name of [...new Set(data.nodes.map((node) => node.sector))].sort()) {
    if (name) sector.append(Object.assign(document.createElement("option"), { value: name, textContent: name }));
  }
  sector.addEventListener("change", () => {
    filter(sector.value);
    whole();
  });
  sector.value = data.sector ?? "";
  filter(sector.value);
  const begins = data.changes.find((change) => change.state === "down" || change.state === "degraded")?.node ?? "";
  const within = (least, wanted, most) => Math.min(most, Math.max(least, wanted));
  /** As much as stays readable: around where it begins, or from the left when nothing happens. */
  function startReadable() {
    const all = cy.elements().not(".away").boundingBox();
    const at = cy.getElementById(begins).position() ?? { x: all.x1, y: all.y1 };
    const pan = (from, to, place, half) => {
      const most = margin - from * readable;
      return within(Math.min(most, 2 * half - margin - to * readable), half - place * readable, most);
    };
    const { x, y } = middle();
    cy.viewport({ zoom: readable, pan: { x: pan(all.x1, all.x2, at.x, x), y: pan(all.y1, all.y2, at.y, y) } });
  }
  function start() {
    cy.resize();
    whole();
    putNames();
    if (cy.zoom() < readable) startReadable();
  }
  start();
  // A window that becomes wider or narrower shows the picture as it began.
  let width = canvas.clientWidth;
  new ResizeObserver(() => {
    if (canvas.clientWidth === width) return;
    width = canvas.clientWidth;
    start();
  }).observe(canvas);
}
