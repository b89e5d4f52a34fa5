"""The outcome of a run as it is kept: complete in itself, so that it can be read when the register has moved on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from brandwacht.engines.cascade import CauseKind, Run, State
from brandwacht.riskmap.cascades.reserves import Reserve, reserves
from brandwacht.riskmap.mapping import Register


@dataclass(frozen=True, slots=True)
class Part:
    """A node as it was when the run was made; ``kind`` is "process", "service" or "asset"."""

    key: str
    name: str
    sector: str
    kind: str
    vital: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A change of one node: the engine's ``Change``, flat. ``since`` is when its requirement was first not met."""

    minute: int
    node: str
    before: State
    after: State
    cause: CauseKind
    since: int
    requirement: str
    providers: tuple[str, ...]

    @property
    def worse(self) -> bool:
        """Whether the node fails, or fails further."""
        return self.after == "down" or self.before == "up"


@dataclass(frozen=True)
class Outcome:
    """What a run found within ``horizon`` minutes.

    ``parts`` holds only the nodes that take part, by key; ``size`` is the number of nodes on the map; ``problems``
    names requirements that were left out because they are half filled in.
    """

    horizon: int
    size: int
    parts: Mapping[str, Part]
    steps: tuple[Step, ...]
    reserves: tuple[Reserve, ...]
    problems: tuple[str, ...]

    @cached_property
    def by_node(self) -> Mapping[str, list[Step]]:
        """The steps of every node that changed, in order of time."""
        found: defaultdict[str, list[Step]] = defaultdict(list)
        for step in self.steps:
            found[step.node].append(step)
        return dict(found)

    def of(self, key: str) -> list[Step]:
        """The steps of one node, in order of time; none when it did not change."""
        return self.by_node.get(key, [])

    def first(self) -> dict[str, Step]:
        """Per node its first step: when it was hit, and through what. In order of time."""
        found: dict[str, Step] = {}
        for step in self.steps:
            found.setdefault(step.node, step)
        return found

    def first_down(self) -> dict[str, Step]:
        """Per node the step in which it first went down; nodes that never did are left out."""
        found: dict[str, Step] = {}
        for step in self.steps:
            if step.after == "down":
                found.setdefault(step.node, step)
        return found

    def outages(self) -> set[str]:
        """Keys of the nodes that failed by themselves."""
        return {step.node for step in self.steps if step.cause == "outage"}

    def to_json(self) -> dict[str, Any]:
        """Plain values for the ``result`` of a ``CascadeRun``; rows are lists in the order of the fields."""
        return {
            "horizon": self.horizon,
            "size": self.size,
            "parts": [list(asdict(part).values()) for part in self.parts.values()],
            "steps": [list(asdict(step).values()) for step in self.steps],
            "reserves": [list(asdict(reserve).values()) for reserve in self.reserves],
            "problems": list(self.problems),
        }


def outcome(register: Register, run: Run) -> Outcome:
    """The run with the facts of the nodes that take part in it."""
    steps = tuple(
        Step(c.minute, c.node, c.before, c.after, c.cause.kind, c.cause.since, c.cause.requirement, c.cause.providers)
        for c in run.changes
    )
    kept = tuple(reserves(run))
    keys = dict.fromkeys([*(s.node for s in steps), *(r.node for r in kept), *(p for s in steps for p in s.providers)])
    parts = {}
    for key in keys:
        node = register.network.node(key)
        parts[key] = Part(key, node.name, node.sector, node.kind, register.places[key].vital)
    return Outcome(run.horizon, len(register.network.nodes), parts, steps, kept, register.problems)


def from_json(result: Mapping[str, Any]) -> Outcome:
    """The outcome that ``to_json`` wrote."""
    parts = [Part(*row) for row in result["parts"]]
    return Outcome(
        horizon=result["horizon"],
        size=result["size"],
        parts={part.key: part for part in parts},
        steps=tuple(Step(*[*row[:7], tuple(row[7])]) for row in result["steps"]),
        reserves=tuple(Reserve(*row) for row in result["reserves"]),
        problems=tuple(result["problems"]),
    )
