"""Which buffers a run drew on, and whether they held: who worked on thanks to a UPS, fuel, stock or paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from brandwacht.engines.cascade import Requirement, Run, State


@dataclass(frozen=True, slots=True)
class Reserve:
    """A buffer in use: from ``start`` until ``end`` (not included), of the ``autonomy`` minutes that there were.

    ``held`` says that it lasted until the requirement was met again or the run ended.
    """

    node: str
    requirement: str
    start: int
    end: int
    autonomy: int
    held: bool


def reserves(run: Run) -> Iterator[Reserve]:
    """Every time that a buffer was in use, in order of its start."""
    network = run.network
    states: dict[str, State] = {}
    since: dict[Requirement, int] = {}
    found: list[Reserve] = []

    def close(need: Requirement, now: int) -> None:
        start = since.pop(need)
        # Supply that returns in the very minute in which the buffer ends is in time.
        held = now - start <= need.autonomy
        found.append(Reserve(need.node, need.label, start, min(now, start + need.autonomy), need.autonomy, held))

    for minute, changes in groupby(run.changes, key=lambda change: change.minute):
        touched: dict[Requirement, None] = {}
        for change in changes:
            states[change.node] = change.after
            for dependent in network.serves(change.node):
                for need in network.needs(dependent):
                    if need.autonomy and change.node in need.providers:
                        touched[need] = None
        for need in touched:
            if _short(need, states):
                since.setdefault(need, minute)
            elif need in since:
                close(need, minute)
    for need in list(since):
        close(need, run.horizon)
    return iter(sorted(found, key=lambda each: (each.start, each.end, each.node, each.requirement)))


def _short(need: Requirement, states: dict[str, State]) -> bool:
    of_providers = [states.get(key, "up") for key in need.providers]
    working = sum(state != "down" for state in of_providers)
    in_order = sum(state == "up" for state in of_providers)
    return in_order < need.needed or working < (need.degraded_at or 0)
