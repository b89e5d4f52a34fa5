"""What a map costs in a year: the figure by which failures are ranked and measures compared."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from brandwacht.engines.cascade import (
    DowntimeLoss,
    Interest,
    Loss,
    Map,
    Scales,
    Scenario,
    ScenarioLoss,
    each_once,
    yearly_failures,
)

DEGRADED: Final = 0.25
"""What an hour of faltering counts of an hour of standing still, where no impact is filled in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk(Scenario):
    """A scenario that an adviser kept, with how often it may happen."""

    key: str
    name: str


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

    def loss(self, scenarios: Sequence[Scenario]) -> Loss:
        """What these scenarios cost a map in a year."""
        if self.points:
            return ScenarioLoss(scenarios, self.weights)
        minutes = DowntimeLoss(scenarios, self.vital, DEGRADED)
        return lambda network: minutes(network) / 60

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

    def risks(self, network: Map) -> list[Scenario]:
        """What may happen on this map."""
        own = [*yearly_failures(network), *self.scenarios]
        return own or each_once(network)

    def __call__(self, network: Map) -> float:
        found = self.measure.loss(self.risks(network))(network)
        self.tell()
        return found
