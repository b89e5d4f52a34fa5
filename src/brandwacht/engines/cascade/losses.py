"""What a cascade costs: impact points per vital interest, and one figure to compare maps by."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .ensemble import monte_carlo
from .many import Floats, Played, play_many
from .model import INTERESTS, Interest, Map, Outage
from .run import Run

Loss = Callable[[Map], float]
"""One figure for a map, lower is better. Whatever chance is in it must be the same for every map."""


def losses_of(run: Run) -> dict[Interest, float]:
    """Impact points per interest that a run costs: hours of being degraded or down, times the points per hour."""
    losses = dict.fromkeys(INTERESTS, 0.0)
    for key in dict.fromkeys(change.node for change in run.changes):
        impacts = run.network.node(key).impact
        if impacts:
            degraded, down = run.downtime(key)
            for impact in impacts:
                losses[impact.interest] += (degraded * impact.degraded + down * impact.down) / 60
    return losses


def weighted(losses: Mapping[Interest, float], weights: Mapping[Interest, float] | None = None) -> float:
    """The points of all interests together; every interest counts once unless `weights` says how much."""
    return sum(points * (1.0 if weights is None else weights.get(interest, 0.0)) for interest, points in losses.items())


@dataclass(frozen=True, slots=True)
class Scenario:
    """What may happen: these outages, `per_year` times a year, looked at for `horizon` minutes."""

    outages: tuple[Outage, ...]
    per_year: float = 1.0
    horizon: int = 4320


def vector(weights: Mapping[Interest, float] | None) -> Floats:
    """The weights of `weighted`, in the order of `INTERESTS`."""
    return np.array([1.0 if weights is None else weights.get(interest, 0.0) for interest in INTERESTS])


@dataclass(frozen=True, slots=True)
class ScenarioLoss:
    """Expected points a year of chosen scenarios (a `Loss`).

    Blind to measures that make failures rarer or part a common cause, since the scenarios are given.
    """

    scenarios: Sequence[Scenario]
    weights: Mapping[Interest, float] | None = None

    def __call__(self, network: Map) -> float:
        return sum(
            float(rates @ played.impact @ vector(self.weights))
            for rates, played in play_scenarios(network, self.scenarios)
        )


@dataclass(frozen=True, slots=True)
class DowntimeLoss:
    """Minutes that chosen nodes are down in chosen scenarios, a degraded minute counting as `degraded` (a `Loss`).

    For maps on which nobody has filled in impact yet.
    """

    scenarios: Sequence[Scenario]
    nodes: Sequence[str]
    degraded: float = 0.25

    def __call__(self, network: Map) -> float:
        total = 0.0
        for rates, played in play_scenarios(network, self.scenarios):
            for degraded, down in played.minutes_of(self.nodes).values():
                total += float(rates @ (down + self.degraded * degraded))
        return total


def play_scenarios(network: Map, scenarios: Iterable[Scenario]) -> Iterator[tuple[Floats, Played]]:
    """Per horizon, how often its scenarios come (times a year) and what they do. Raises `InvalidOutage`."""
    by_horizon: dict[int, list[Scenario]] = {}
    for each in scenarios:
        by_horizon.setdefault(each.horizon, []).append(each)
    for horizon, found in by_horizon.items():
        yield np.array([each.per_year for each in found]), play_many(network, [each.outages for each in found], horizon)


@dataclass(frozen=True, slots=True)
class EnsembleLoss:
    """Mean points of a Monte Carlo ensemble (a `Loss`): a year, or of the given `outages` when there are any.

    Every map is played on the same random numbers, so that a difference is that of the map.
    """

    runs: int = 1000
    seed: int = 1
    horizon: int = 4320
    outages: Sequence[Outage] = ()
    weights: Mapping[Interest, float] | None = None

    def __call__(self, network: Map) -> float:
        ensemble = monte_carlo(network, runs=self.runs, seed=self.seed, horizon=self.horizon, outages=self.outages)
        mean = float(ensemble.impact.mean(axis=0) @ vector(self.weights))
        return mean if self.outages else mean * ensemble.windows_per_year
