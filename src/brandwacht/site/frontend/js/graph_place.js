// Where nodes stand, and the bands of their sectors behind them.
export const ROW_HEIGHT = 58;
const LANE_GAP = 52;
/** Room above the nodes of a band for the name of its sector. */
const LANE_HEAD = 22;
const COLUMN_WIDTH = 216;
export const NODE_WIDTH = 172;

/** Positions: given x and y, or else a lane per sector and a column per step away from a source. */
export function place(data) {
  const lanes = [...new Set(data.nodes.map((node) => node.sector))];
  if (data.nodes.every((node) => Number.isFinite(node.x) && Number.isFinite(node.y))) {
    return { lanes, placed: data.nodes };
  }
  const depth = data.nodes.map(() => 0);
  for (let round = 0; round < data.nodes.length; round += 1) {
    let moved = false;
    for (const [source, target] of data.edges) {
      const next = depth[source] + 1;
      if (next > depth[target] && next < data.nodes.length) {
        depth[target] = next;
        moved = true;
      }
    }
    if (!moved) break;
  }
  let top = 0;
  const placed = [];
  for (const sector of lanes) {
    const taken = new Map();
    data.nodes.forEach((node, index) => {
      if (node.sector !== sector) return;
      const row = taken.get(depth[index]) ?? 0;
      taken.set(depth[index], row + 1);
      placed.push({ ...node, x: depth[index] * COLUMN_WIDTH, y: top + row * ROW_HEIGHT });
    });
    top += Math.max(...taken.values()) * ROW_HEIGHT + LANE_GAP;
  }
  return { lanes, placed };
}

/** A band behind the nodes of each sector, with the sector's name. */
export function laneBands(lanes, placed) {
  let [left, right] = [Infinity, -Infinity];
  const ends = new Map(lanes.map((sector) => [sector, [Infinity, -Infinity]]));
  for (const node of placed) {
    left = Math.min(left, node.x - NODE_WIDTH / 2 - 16);
    right = Math.max(right, node.x + NODE_WIDTH / 2 + 16);
    const end = ends.get(node.sector);
    end[0] = Math.min(end[0], node.y - ROW_HEIGHT / 2 - LANE_HEAD);
    end[1] = Math.max(end[1], node.y + ROW_HEIGHT / 2 + 4);
  }
  return lanes.map((sector) => {
    const [low, high] = ends.get(sector);
    return {
      data: { id: `lane:${sector}`, shown: sector, lane: true, width: right - left, height: high - low },
      position: { x: (left + right) / 2, y: (low + high) / 2 },
    };
  });
}
