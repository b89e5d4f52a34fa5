"""How much hangs on one node: which nodes fail when a single other one fails and stays away.

Computed on the engine's ``Logic``, which asks all questions "what if only X fails?" at once, without time: buffers run
out sooner or later. The engine's ``dependents`` answers one such question with the times.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from brandwacht.engines.cascade import Map
from brandwacht.engines.cascade.logic import Logic


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
    logic = Logic.of(network)
    wanted = list(targets)
    hits = {key: _others(logic, key, logic.hurt[logic.number[key]]) for key in wanted}
    downs = {key: _others(logic, key, logic.down[logic.number[key]]) for key in wanted}
    return Weights(hits, downs, _heaviest(hits, downs))


def _others(logic: Logic, key: str, origins: int) -> tuple[str, ...]:
    return tuple(origin.key for origin in logic.named(origins) if origin.kind == "node" and origin.key != key)


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
