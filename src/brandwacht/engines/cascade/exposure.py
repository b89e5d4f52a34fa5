"""Who depends on a node, and how long each can do without it."""

from collections import deque
from dataclasses import dataclass

from .model import Map, Outage, State
from .simulate import simulate


@dataclass(frozen=True, slots=True)
class Exposure:
    """One node that depends on the node asked about.

    `hops`: the fewest dependencies between them. `minutes_until`: when it is first no longer up, should the node go
    down and stay down; None when its alternatives carry it. `minutes_until_down`: the same for down. `state`: the
    worst it comes to. `path`: keys from the node asked about to this one, along which it fails (or, when it does not
    fail, the shortest way).
    """

    node: str
    hops: int
    minutes_until: int | None
    minutes_until_down: int | None
    state: State
    path: tuple[str, ...]


def dependents(network: Map, node: str) -> list[Exposure]:
    """Every node that depends on `node`, directly or through others; the first to fail comes first.

    Computed by taking `node` down for good and letting every buffer run out. KeyError for an unknown node.
    """
    ways = _shortest_ways(network, node)
    # One outage that never ends only makes things worse, so all is still once every buffer could have run out.
    horizon = 1 + sum(requirement.autonomy for requirement in network.requirements)
    run = simulate(network, [Outage(node, 0, horizon)], horizon)
    found = []
    for key, way in ways.items():
        path = run.path(key)
        state = run.of(key)[-1].after if path else "up"
        through = tuple(change.node for change in path) or way
        found.append(Exposure(key, len(way) - 1, run.first_hit(key), run.first_down(key), state, through))
    return sorted(found, key=_urgency)


def _urgency(exposure: Exposure) -> tuple[float, float, int, str]:
    def minutes(value: int | None) -> float:
        return float("inf") if value is None else value

    return minutes(exposure.minutes_until), minutes(exposure.minutes_until_down), exposure.hops, exposure.node


def _shortest_ways(network: Map, start: str) -> dict[str, tuple[str, ...]]:
    ways: dict[str, tuple[str, ...]] = {network.node(start).key: (start,)}
    queue = deque([start])
    while queue:
        key = queue.popleft()
        for dependent in network.serves(key):
            if dependent not in ways:
                ways[dependent] = (*ways[key], dependent)
                queue.append(dependent)
    del ways[start]
    return ways
