"""Places for the nodes of a map: sectors as rows, columns by depth."""

from collections import defaultdict
from collections.abc import Iterator

from .model import Map


def layout(network: Map) -> dict[str, tuple[int, int]]:
    """Grid places (column, line) of every node; no two nodes share a place, columns and lines count from 0.

    Column: the longest chain of providers below the node; nodes that depend on each other in a circle share one.
    Line: sectors in alphabetical order get a band of lines each; within a band and column the nodes stand in the
    order of their providers' lines, so that most edges run flat. Linear in nodes and edges, but for sorting.
    """
    column = _columns(network)
    cells: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for node in sorted(network.nodes, key=lambda node: node.key):
        cells[node.sector, column[node.key]].append(node.key)
    first_line: dict[str, int] = {}
    line = 0
    for sector in sorted({node.sector for node in network.nodes}):
        first_line[sector] = line
        line += max(len(keys) for (of, _), keys in cells.items() if of == sector)

    places: dict[str, tuple[int, int]] = {}

    def providers_line(key: str) -> float:
        lines = [places[found][1] for need in network.needs(key) for found in need.providers if found in places]
        return sum(lines) / len(lines) if lines else 0.0

    for sector, depth in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        ordered = sorted(cells[sector, depth], key=lambda key: (providers_line(key), key))
        for offset, key in enumerate(ordered):
            places[key] = (depth, first_line[sector] + offset)
    return places


def _columns(network: Map) -> dict[str, int]:
    columns: dict[str, int] = {}
    for circle in circles(network):
        members = set(circle)
        below = [
            columns[provider]
            for key in circle
            for need in network.needs(key)
            for provider in need.providers
            if provider not in members
        ]
        columns.update(dict.fromkeys(circle, max(below, default=-1) + 1))
    return columns


def circles(network: Map) -> Iterator[list[str]]:
    """The strongly connected components, providers before those who depend on them.

    Tarjan, SIAM Journal on Computing 1 (1972), with an own stack: deep maps would exhaust Python's.
    """
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    unassigned: dict[str, None] = {}
    work: list[tuple[str, Iterator[str]]] = []

    def enter(key: str) -> None:
        order[key] = low[key] = len(order)
        unassigned[key] = None
        work.append((key, iter([found for need in network.needs(key) for found in need.providers])))

    for root in network.nodes:
        if root.key not in order:
            enter(root.key)
        while work:
            key, providers = work[-1]
            for provider in providers:
                if provider not in order:
                    enter(provider)
                    break
                if provider in unassigned:
                    low[key] = min(low[key], order[provider])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[key])
                if low[key] == order[key]:
                    circle: list[str] = []
                    while not circle or circle[-1] != key:
                        circle.append(unassigned.popitem()[0])
                    yield circle
