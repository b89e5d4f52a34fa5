"""How much hangs on one node: which nodes fail when a single other one fails and stays away.

Every node carries the set of those whose loss alone hurts it, as the bits of one integer; the sets grow along the
requirements until nothing changes. That asks all questions "what if only X fails?" at once, without time: buffers run
out sooner or later. The engine's ``dependents`` answers one such question with the times.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from brandwacht.engines.cascade import Map


@dataclass(frozen=True, slots=True)
class Weights:
    """For a set of target nodes: ``hits`` and ``downs`` hold per target the keys whose loss alone hurts or stops it.

    The target itself is not among them. ``heaviest`` orders the keys by how many targets they hurt.
    """

    hits: Mapping[str, tuple[str, ...]]
    downs: Mapping[str, tuple[str, ...]]
    heaviest: tuple[tuple[str, int, int], ...]
    """(key, targets that it hurts, targets that it stops), heaviest first; keys that hurt nothing are left out."""


def weigh(network: Map, targets: Iterable[str]) -> Weights:
    """Who hurts which of ``targets`` by failing alone."""
    keys = [node.key for node in network.nodes]
    bit = {key: 1 << index for index, key in enumerate(keys)}
    down, hurt = dict(bit), dict(bit)
    queue = deque(keys)
    waiting = set(keys)
    while queue:
        key = queue.popleft()
        waiting.discard(key)
        stops, hurts = down[key], hurt[key]
        for need in network.needs(key):
            count = len(need.providers)
            unwell = [hurt[provider] for provider in need.providers]
            gone = [down[provider] for provider in need.providers]
            hurts |= _at_least(unwell, count - need.needed + 1)
            if need.degraded_at:
                hurts |= _at_least(gone, count - need.degraded_at + 1)
            if need.effect == "down":
                stops |= _at_least(gone, count - need.needed + 1)
        hurts |= stops
        if (stops, hurts) != (down[key], hurt[key]):
            down[key], hurt[key] = stops, hurts
            for dependent in network.serves(key):
                if dependent not in waiting:
                    waiting.add(dependent)
                    queue.append(dependent)
    wanted = list(targets)
    hits = {key: _names(hurt[key] & ~bit[key], keys) for key in wanted}
    downs = {key: _names(down[key] & ~bit[key], keys) for key in wanted}
    return Weights(hits, downs, _heaviest(hits, downs))


def _at_least(sets: Sequence[int], wanted: int) -> int:
    """The bits that are on in at least ``wanted`` of the sets."""
    if wanted == 1:
        union = 0
        for each in sets:
            union |= each
        return union
    reached = [-1] + [0] * wanted
    for each in sets:
        for level in range(wanted, 0, -1):
            reached[level] |= reached[level - 1] & each
    return reached[wanted]


def _names(bits: int, keys: Sequence[str]) -> tuple[str, ...]:
    found = []
    while bits:
        lowest = bits & -bits
        found.append(keys[lowest.bit_length() - 1])
        bits ^= lowest
    return tuple(found)


def _heaviest(
    hits: Mapping[str, tuple[str, ...]], downs: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, int, int], ...]:
    hurt: dict[str, int] = {}
    stopped: dict[str, int] = {}
    for causes in hits.values():
        for key in causes:
            hurt[key] = hurt.get(key, 0) + 1
    for causes in downs.values():
        for key in causes:
            stopped[key] = stopped.get(key, 0) + 1
    found = [(key, count, stopped.get(key, 0)) for key, count in hurt.items()]
    return tuple(sorted(found, key=lambda each: (-each[1], -each[2], each[0])))
