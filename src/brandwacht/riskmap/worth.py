"""What a map costs in a year: the figure by which failures are ranked and measures compared."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from brandwacht.engines.cascade import Interest, Map, Node, Outage, Scales, Simulator, Spread, losses_of, weighted
from brandwacht.engines.cascade.run import Run

HORIZON: Final = 4320
"""Minutes that a failure is followed: 72 hours."""
DEGRADED: Final = 0.25
"""What an hour of faltering counts of an hour of standing still, where no impact is filled in."""


@dataclass(frozen=True, slots=True)
class Risk:
    """Something that may happen ``per_year`` times a year: outages, with a name and where it came from.

    ``kind``: "node" (fails by itself), "common" (a common cause strikes) or "scenario" (kept by an adviser).
    """

    kind: str
    key: str
    name: str
    outages: tuple[Outage, ...]
    per_year: float
    horizon: int = HORIZON


def rated(network: Map) -> list[Risk]:
    """The nodes and common causes of which somebody filled in how often they fail, each for its own repair time."""
    found = [_alone(node, node.failures_per_year) for node in network.nodes if node.failures_per_year > 0]
    for cause in network.common_causes:
        if cause.failures_per_year > 0:
            lasts = _lasts(None, cause.repair_spread)
            outages = tuple(Outage(key, 0, lasts) for key in cause.members)
            found.append(Risk("common", cause.key, cause.name, outages, cause.failures_per_year))
    return found


def single(network: Map) -> list[Risk]:
    """Every node failing once a year: for a map on which nobody filled in how often anything fails."""
    return [_alone(node, 1.0) for node in network.nodes]


def _alone(node: Node, per_year: float) -> Risk:
    return Risk("node", node.key, node.name, (Outage(node.key, 0, _lasts(node.repair, node.repair_spread)),), per_year)


def _lasts(repair: int | None, spread: Spread | None) -> int:
    """As the engine ranks failures: of a spread the time that half stay below, else the repair time, else all along."""
    if spread is not None:
        return spread.sample(0.5)
    return HORIZON if repair is None else repair


def yearly_rate(scales: Scales, likelihood: str) -> float:
    """How often a year something of this class of likelihood happens: the middle of the class, by logarithm."""
    limits = [each.limit for each in scales.likelihoods]
    place = "ABCDE".index(likelihood)
    low = limits[place] or limits[1] ** 2 / limits[2]
    high = limits[place + 1] if place < 4 else 0.95
    return -math.log1p(-math.sqrt(low * high)) / scales.years


@dataclass(frozen=True, slots=True)
class Yardstick:
    """In what a loss is told. ``points``: impact points by the weights of the scales; else hours of vital processes."""

    points: bool
    vital: tuple[str, ...]
    weights: Mapping[Interest, float]

    def of(self, run: Run) -> float:
        """The loss of one run."""
        if self.points:
            return weighted(losses_of(run), self.weights)
        minutes = [run.downtime(key) for key in self.vital]
        return self.hours(sum(degraded for degraded, _down in minutes), sum(down for _degraded, down in minutes))

    @staticmethod
    def hours(degraded: int, down: int) -> float:
        """Minutes of vital processes together as hours of standing still."""
        return (down + DEGRADED * degraded) / 60


def yardstick(network: Map, vital: Sequence[str], scales: Scales) -> Yardstick:
    """Points when somebody filled in what an outage costs; else hours that vital processes stand still."""
    points = any(node.impact for node in network.nodes)
    return Yardstick(points, tuple(vital), {each.key: each.weight for each in scales.interests})


class MapLoss:
    """The expected loss of a map in a year: of what fails by itself on that very map, and of given scenarios.

    A ``Loss`` of the engine without chance in it. ``tell`` is called after every map, for progress.
    """

    def __init__(self, measure: Yardstick, scenarios: Sequence[Risk], tell: Callable[[], None] = lambda: None) -> None:
        self.measure = measure
        self.scenarios = tuple(scenarios)
        self.tell = tell

    def risks(self, network: Map) -> list[Risk]:
        """What may happen on this map."""
        own = [*rated(network), *self.scenarios]
        return own or single(network)

    def __call__(self, network: Map) -> float:
        simulator = Simulator(network)
        total = 0.0
        for risk in self.risks(network):
            total += risk.per_year * self.measure.of(simulator.run(risk.outages, risk.horizon))
        self.tell()
        return total
