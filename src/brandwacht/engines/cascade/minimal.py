"""The smallest sets of failures that bring a node down, or that hurt it."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from .logic import Logic, Origin, members
from .model import Failure, Map


@dataclass(frozen=True, slots=True)
class MinimalSets:
    """What makes `node` down, or at least degraded when that was asked (`state`).

    `singles` do so alone, `pairs` two together of which neither does so alone. Exact and complete, in order of the map,
    for failures of nodes and common causes that outlast every buffer. The node's own failure is left out, since it
    says nothing.
    """

    node: str
    singles: tuple[Origin, ...]
    pairs: tuple[tuple[Origin, Origin], ...]
    state: Failure = "down"


def minimal_sets(network: Map, node: str, size: Literal[1, 2] = 2, *, state: Failure = "down") -> MinimalSets:
    """The minimal sets of at most `size` failures that make `node` down or, for the state degraded, worse than up.

    Many processes are made to falter on and never go down; for those ask for degraded. KeyError for an unknown node.
    """
    return minimal_sets_of(network, [node], size, state=state)[node]


def minimal_sets_of(
    network: Map, nodes: Iterable[str], size: Literal[1, 2] = 2, *, state: Failure = "down"
) -> dict[str, MinimalSets]:
    """As `minimal_sets`, for several nodes of one map; they share the preparation."""
    logic = Logic.of(network)
    sets = logic.down if state == "down" else logic.hurt
    found = {}
    for key in nodes:
        target = logic.number[network.node(key).key]
        pairs = _pairs(logic, target, state) if size == 2 else ()
        found[key] = MinimalSets(key, logic.named(sets[target] & ~(1 << target)), pairs, state)
    return found


def _pairs(logic: Logic, target: int, state: Failure) -> tuple[tuple[Origin, Origin], ...]:
    """With each origin failed in turn, the origins that then hit the target, though neither does so alone."""
    upstream = _upstream(logic, target, state)
    if state == "down":
        alone = logic.down[target]
        second = _Second(logic, target, upstream, ~alone)
    else:
        alone = logic.hurt[target]
        second = _SecondHurt(logic, target, upstream, ~alone)
    pairs = []
    for origin in second.origins:
        for other in members(second.given(origin) & ~alone & -(2 << origin)):
            pairs.append((logic.origins[origin], logic.origins[other]))
    return tuple(pairs)


class _Second:
    """What brings the target down, given that one origin has failed; only `wanted` origins are looked at."""

    def __init__(self, logic: Logic, target: int, upstream: set[int], wanted: int) -> None:
        self.logic = logic
        self.target = target
        self.upstream = upstream
        self.falls = self._by_origin(logic.down, wanted)
        self.origins = sorted(self.falls)

    def _by_origin(self, sets: list[int], wanted: int) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for node in sorted(self.upstream):
            for origin in members(sets[node] & wanted):
                found.setdefault(origin, []).append(node)
        return found

    def given(self, origin: int) -> int:
        return self._down(origin)[0][self.target]

    def _down(self, origin: int) -> tuple[list[int], set[int]]:
        """What brings every node down then, and for which nodes that is news."""
        down = list(self.logic.down)
        fallen = self.falls.get(origin, [])
        for node in fallen:
            down[node] = self.logic.full
        return down, {*fallen, *self.logic.grow(down, self._leaning(fallen), within=self.upstream)}

    def _leaning(self, nodes: Iterable[int]) -> list[int]:
        return list(
            dict.fromkeys(after for node in nodes for after in self.logic.serves[node] if after in self.upstream)
        )


class _SecondHurt(_Second):
    """The same for what leaves the target worse than up."""

    def __init__(self, logic: Logic, target: int, upstream: set[int], wanted: int) -> None:
        super().__init__(logic, target, upstream, wanted)
        self.suffers = self._by_origin(logic.hurt, wanted)
        self.origins = sorted(self.suffers)  # what falls suffers

    def given(self, origin: int) -> int:
        down, news = self._down(origin)
        hurt = list(self.logic.hurt)
        suffering = self.suffers[origin]
        for node in suffering:
            hurt[node] = self.logic.full
        look = [*news, *self._leaning([*news, *suffering])]
        self.logic.grow_hurt(hurt, down, dict.fromkeys(look), within=self.upstream)
        return hurt[self.target]


def _upstream(logic: Logic, target: int, state: Failure) -> set[int]:
    """The target and all that it leans on, directly or through others, as far as that can bring it to this state."""
    found = {target}
    queue = deque([target])
    while queue:
        for rule in logic.rules[queue.popleft()]:
            for provider in rule.providers:
                if (rule.stops or state == "degraded") and provider not in found:
                    found.add(provider)
                    queue.append(provider)
    return found
