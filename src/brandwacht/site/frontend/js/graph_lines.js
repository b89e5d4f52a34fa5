// The lines and bands of a big graph, on a canvas of their own under the nodes: thousands of straight lines in three
// strokes, where cytoscape would style and draw each by itself.
const LOOKS = {
  plain: ["#c3ccd3", 1],
  hit: ["rgb(122 12 55 / 45%)", 1.2],
  way: ["#15212a", 5],
};

export function startLines(cy, data, lanes) {
  const under = document.createElement("canvas");
  under.className = "bw-graph__under";
  cy.container().prepend(under);
  const at = new Map(data.nodes.map((node, index) => [node.id, index]));
  const away = new Uint8Array(data.nodes.length);
  const ill = new Uint8Array(data.nodes.length);
  const around = data.nodes.map(() => [[], []]); // needs and serves, as places in nodes
  for (const [source, target] of data.edges) {
    around[target][0].push(source);
    around[source][1].push(target);
  }
  let way = [];
  let asked = 0;

  function draw() {
    asked = 0;
    const { clientWidth: width, clientHeight: height } = cy.container();
    const ratio = window.devicePixelRatio || 1;
    if (under.width !== width * ratio || under.height !== height * ratio) {
      [under.width, under.height] = [width * ratio, height * ratio];
    }
    const pen = under.getContext("2d");
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
    const stroke = (look, edges) => {
      const [colour, wide] = LOOKS[look];
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
    };
    const hit = data.edges.filter(([source, target]) => ill[source] && ill[target]);
    stroke("plain", data.edges);
    stroke("hit", hit);
    stroke("way", way);
  }
  const ask = () => (asked ||= requestAnimationFrame(draw));
  cy.on("viewport resize", ask);
  ask();

  return {
    /** What a node leans on and what leans on it, as nodes of the data. */
    around: (id) => around[at.get(id)].map((places) => places.map((place) => data.nodes[place])),
    setIll(id, value) {
      if (at.has(id)) ill[at.get(id)] = value ? 1 : 0;
      ask();
    },
    /** Which nodes are shown: those for which `test(node)` holds. */
    show(test, laneTest) {
      data.nodes.forEach((node, index) => (away[index] = test(node) ? 0 : 1));
      for (const lane of lanes) lane.away = !laneTest(lane);
      ask();
    },
    /** The lines that stand out: pairs of ids. */
    setWay(pairs) {
      way = pairs.map(([source, target]) => [at.get(source), at.get(target)]).filter(([a, b]) => a !== undefined && b !== undefined);
      ask();
    },
    hit: () => data.edges.map(([source, target]) => Boolean(ill[source] && ill[target])),
    seen: () => data.edges.filter(([source, target]) => !away[source] && !away[target]),
  };
}
