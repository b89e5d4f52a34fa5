"""The data of the moving picture of a whole map (``components/graph.html``): places, dependencies, changes, causes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from brandwacht.engines.cascade import Map, layout
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.pictures.cascade import causes
from brandwacht.riskmap.pictures.scenes import Scene
from brandwacht.riskmap.pictures.structure import part_of

COLUMN, ROW, BAND_GAP, DEPTH_GAP = 186, 56, 58, 40
"""Steps of the grid and the room between sectors and between depths, in units of frontend/js/graph.js."""
SHAPE = 1.6
"""So much wider than high the whole picture is made."""


def graph(register: Register, keys: Collection[str], scene: Scene, title: str) -> dict[str, Any]:
    """These nodes by depth from left to right, sectors as rows, playing the scene."""
    network = part_of(register.network, set(keys))
    places = spread(network)
    at = {node.key: index for index, node in enumerate(network.nodes)}
    pairs = dict.fromkeys((at[p], at[need.node]) for need in network.requirements for p in need.providers)
    return {
        "id": "graph-kaart",
        "title": title,
        "nodes": [
            {
                "id": node.key,
                "label": node.name,
                "sector": node.sector,
                "kind": node.kind,
                "vital": register.places[node.key].vital,
                "ref": str(register.places[node.key].public_id),
                "x": places[node.key][0],
                "y": places[node.key][1],
            }
            for node in network.nodes
        ],
        "edges": [list(pair) for pair in pairs],
        "changes": [change for change in scene.changes if change["node"] in at],
        "causes": causes(scene.outcome, at.keys()) if scene.outcome else [],
        "minute": scene.minute,
        "end": scene.end,
    }


def spread(network: Map) -> dict[str, tuple[int, int]]:
    """Places on the sheet from the engine's grid: what stands in one column of a sector is folded into several.

    The engine stacks all of a sector that is equally deep; of a big map that would be a tower. Bands get just so many
    lines that the whole is about ``SHAPE`` times as wide as high.
    """
    grid = layout(network)
    cells: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for key in sorted(grid, key=lambda key: grid[key][1]):
        cells[network.node(key).sector, grid[key][0]].append(key)
    sectors = sorted({sector for sector, _depth in cells})
    depths = sorted({depth for _sector, depth in cells})

    def folds(lines: int) -> dict[int, int]:
        return {
            depth: max(-(-len(keys) // lines) for (_sector, of), keys in cells.items() if of == depth)
            for depth in depths
        }

    def heights(lines: int) -> dict[str, int]:
        wide = folds(lines)
        return {
            sector: max(-(-len(keys) // wide[of]) for (each, of), keys in cells.items() if each == sector)
            for sector in sectors
        }

    tallest = max((len(keys) for keys in cells.values()), default=1)
    lines = next(
        (
            lines
            for lines in range(1, tallest)
            if sum(folds(lines).values()) * COLUMN + len(depths) * DEPTH_GAP
            <= SHAPE * (sum(heights(lines).values()) * ROW + len(sectors) * BAND_GAP)
        ),
        tallest,
    )
    wide, tall = folds(lines), heights(lines)
    left, x = {}, 0
    for depth in depths:
        left[depth] = x
        x += wide[depth] * COLUMN + DEPTH_GAP
    places: dict[str, tuple[int, int]] = {}
    y = 0
    for sector in sectors:
        for depth in depths:
            for number, key in enumerate(cells.get((sector, depth), ())):
                column, row = divmod(number, tall[sector])
                places[key] = (left[depth] + column * COLUMN, y + row * ROW)
        y += tall[sector] * ROW + BAND_GAP
    return places
