"""Who falls by whose loss alone: the map as pure logic, without time.

Every node carries the origins whose failure for good brings it down, as the bits of one integer; the sets grow along
the requirements until nothing changes. That asks all questions "what if only X fails?" at once. Buffers, restart and
repair do not count: an outage that lasts long enough outlasts every buffer, and the end state of a run with one
outage that never ends is exactly this least fixed point (decision 5). A requirement with a coupling of 0 is never
felt and is left out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from .layout import circles
from .model import Map

OriginKind = Literal["node", "common"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where trouble starts: a node that goes down by itself, or a common cause that strikes all its members."""

    kind: OriginKind
    key: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A requirement as numbers: `to_fail` lost providers make it fail, `to_show` (if any) lost ones show; see model.

    `stops`: whether its failure brings the node down; else it degrades it.
    """

    index: int
    providers: tuple[int, ...]
    to_fail: int
    to_show: int | None
    stops: bool


class Logic:
    """A map as logic. `origins` are the nodes in order of the map, then the common causes; bit i stands for number i.

    `down[n]` holds the origins whose failure alone brings node number n down, `hurt[n]` those that leave it down or
    degraded; each node is among its own.
    """

    def __init__(self, network: Map) -> None:
        self.network = network
        self.keys = [node.key for node in network.nodes]
        self.number = {key: index for index, key in enumerate(self.keys)}
        self.origins: tuple[Origin, ...] = (
            *(Origin("node", key) for key in self.keys),
            *(Origin("common", cause.key) for cause in network.common_causes),
        )
        self.place = {origin: index for index, origin in enumerate(self.origins)}
        self.full = (1 << len(self.origins)) - 1
        self.own = [1 << index for index in range(len(self.keys))]
        self.struck: list[tuple[int, ...]] = [(index,) for index in range(len(self.keys))]
        for bit, cause in enumerate(network.common_causes, start=len(self.keys)):
            self.struck.append(tuple(self.number[key] for key in cause.members))
            for member in self.struck[-1]:
                self.own[member] |= 1 << bit
        self.rules: list[list[Rule]] = [[] for _ in self.keys]
        self.serves: list[list[int]] = [[] for _ in self.keys]
        for index, need in enumerate(network.requirements):
            if need.coupling <= 0:
                continue
            count = len(need.providers)
            owner = self.number[need.node]
            providers = tuple(self.number[key] for key in need.providers)
            to_show = count - need.degraded_at + 1 if need.degraded_at else None
            self.rules[owner].append(Rule(index, providers, count - need.needed + 1, to_show, need.effect == "down"))
            for provider in providers:
                if owner not in self.serves[provider]:
                    self.serves[provider].append(owner)
        # Providers first, so that on a map without circles one pass is enough.
        self.circles = [[self.number[key] for key in circle] for circle in circles(network)]
        # By node, the bits of all in its circle; 0 where it stands in none.
        self.circle_of = [0] * len(self.keys)
        for circle in self.circles:
            if len(circle) > 1:
                together = sum(1 << node for node in circle)
                for node in circle:
                    self.circle_of[node] = together

    @classmethod
    def of(cls, network: Map) -> Logic:
        """The logic of this map, made once."""
        if network._logic is None:
            object.__setattr__(network, "_logic", cls(network))
        found: Logic = network._logic
        return found

    @cached_property
    def down(self) -> list[int]:
        """By node number, the origins that bring it down."""
        sets = list(self.own)
        self.grow(sets, (node for circle in self.circles for node in circle))
        return sets

    @cached_property
    def hurt(self) -> list[int]:
        """By node number, the origins that leave it worse than up."""
        sets = list(self.down)
        self.grow_hurt(sets, self.down, (node for circle in self.circles for node in circle))
        return sets

    def fails(self, rule: Rule, down: Sequence[int]) -> int:
        """The origins that make this requirement fail, when the nodes fall by `down`."""
        return at_least([down[provider] for provider in rule.providers], rule.to_fail)

    def grow(self, sets: list[int], nodes: Iterable[int], *, within: Collection[int] | None = None) -> set[int]:
        """Let the sets of what brings each node down grow to the least fixed point above what they are.

        `nodes` are looked at first. With `within` only those nodes change, whatever leans on them. Gives what changed.
        """

        def look(node: int) -> int:
            found = sets[node]
            for rule in self.rules[node]:
                if rule.stops:
                    found |= self.fails(rule, sets)
            return found

        return self._settle(sets, nodes, within, look)

    def grow_hurt(
        self, sets: list[int], down: Sequence[int], nodes: Iterable[int], *, within: Collection[int] | None = None
    ) -> set[int]:
        """As `grow`, for the sets of what leaves each node worse than up, which hold at least those of `down`."""

        def look(node: int) -> int:
            found = sets[node] | down[node]
            for rule in self.rules[node]:
                found |= self.fails(rule, sets)
                if rule.to_show is not None:
                    found |= at_least([down[provider] for provider in rule.providers], rule.to_show)
            return found

        return self._settle(sets, nodes, within, look)

    def _settle(
        self, sets: list[int], nodes: Iterable[int], within: Collection[int] | None, look: Callable[[int], int]
    ) -> set[int]:
        changed: set[int] = set()
        queue = deque(nodes)
        waiting = set(queue)
        while queue:
            node = queue.popleft()
            waiting.discard(node)
            found = look(node)
            if found != sets[node]:
                sets[node] = found
                changed.add(node)
                for after in self.serves[node]:
                    if after not in waiting and (within is None or after in within):
                        waiting.add(after)
                        queue.append(after)
        return changed

    def named(self, bits: int) -> tuple[Origin, ...]:
        """The origins of a set, in their order."""
        return tuple(self.origins[index] for index in members(bits))


def at_least(sets: Sequence[int], wanted: int) -> int:
    """The bits that are on in at least `wanted` (1 or more) of the sets."""
    if wanted == 1:
        union = 0
        for each in sets:
            union |= each
        return union
    if wanted == len(sets):
        common = sets[0]
        for each in sets:
            common &= each
        return common
    reached = [-1] + [0] * wanted
    for each in sets:
        for level in range(wanted, 0, -1):
            reached[level] |= reached[level - 1] & each
    return reached[wanted]


def members(bits: int) -> Iterator[int]:
    """The places of the bits that are on, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
