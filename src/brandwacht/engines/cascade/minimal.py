"""The smallest sets of failures that bring a node down."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from .logic import Logic, Origin, members
from .model import Map


@dataclass(frozen=True, slots=True)
class MinimalSets:
    """What brings `node` down: alone (`singles`), or two together of which neither does so alone (`pairs`).

    Exact and complete, in order of the map, for failures of nodes and common causes that outlast every buffer. The
    node's own failure is left out, since it says nothing.
    """

    node: str
    singles: tuple[Origin, ...]
    pairs: tuple[tuple[Origin, Origin], ...]


def minimal_sets(network: Map, node: str, size: Literal[1, 2] = 2) -> MinimalSets:
    """The minimal sets of at most `size` failures that bring `node` down. KeyError for an unknown node."""
    return minimal_sets_of(network, [node], size)[node]


def minimal_sets_of(network: Map, nodes: Iterable[str], size: Literal[1, 2] = 2) -> dict[str, MinimalSets]:
    """As `minimal_sets`, for several nodes of one map; they share the preparation."""
    logic = Logic(network)
    found = {}
    for key in nodes:
        target = logic.number[network.node(key).key]
        singles = logic.down[target] & ~(1 << target)
        pairs = _pairs(logic, target) if size == 2 else ()
        found[key] = MinimalSets(key, logic.named(singles), pairs)
    return found


def _pairs(logic: Logic, target: int) -> tuple[tuple[Origin, Origin], ...]:
    """With each origin failed in turn, the origins that then bring the target down, though neither does so alone."""
    upstream = _upstream(logic, target)
    alone = logic.down[target]
    falls: dict[int, list[int]] = {}
    for node in upstream:
        for origin in members(logic.down[node] & ~alone):
            falls.setdefault(origin, []).append(node)
    pairs = []
    for origin in sorted(falls):
        for other in members(_second(logic, target, upstream, falls[origin]) & ~alone & -(2 << origin)):
            pairs.append((logic.origins[origin], logic.origins[other]))
    return tuple(pairs)


def _second(logic: Logic, target: int, upstream: set[int], fallen: Iterable[int]) -> int:
    """The origins that bring the target down, now that `fallen` are down."""
    down = list(logic.down)
    for node in fallen:
        down[node] = logic.full
    after = dict.fromkeys(each for node in fallen for each in logic.serves[node] if each in upstream)
    logic.grow(down, [each for each in after if down[each] != logic.full], within=upstream)
    return down[target]


def _upstream(logic: Logic, target: int) -> set[int]:
    """The target and all that it leans on, directly or through others."""
    found = {target}
    queue = deque([target])
    while queue:
        for rule in logic.rules[queue.popleft()]:
            for provider in rule.providers:
                if rule.stops and provider not in found:
                    found.add(provider)
                    queue.append(provider)
    return found
