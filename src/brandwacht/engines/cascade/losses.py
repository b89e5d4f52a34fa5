"""What a cascade costs: impact points per vital interest, and one figure to compare maps by."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .model import INTERESTS, Interest, Map, Outage
from .run import Run
from .simulate import Simulator

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


@dataclass(frozen=True, slots=True)
class ScenarioLoss:
    """Expected points a year of chosen scenarios (a `Loss`).

    Blind to measures that make failures rarer or part a common cause, since the scenarios are given.
    """

    scenarios: Sequence[Scenario]
    weights: Mapping[Interest, float] | None = None

    def __call__(self, network: Map) -> float:
        simulator = Simulator(network)
        return sum(
            each.per_year * weighted(losses_of(simulator.run(each.outages, each.horizon)), self.weights)
            for each in self.scenarios
        )


@dataclass(frozen=True, slots=True)
class DowntimeLoss:
    """Minutes that chosen nodes are down in chosen scenarios, a degraded minute counting as `degraded` (a `Loss`).

    For maps on which nobody has filled in impact yet.
    """

    scenarios: Sequence[Scenario]
    nodes: Iterable[str]
    degraded: float = 0.25

    def __call__(self, network: Map) -> float:
        simulator = Simulator(network)
        total = 0.0
        for each in self.scenarios:
            run = simulator.run(each.outages, each.horizon)
            for node in self.nodes:
                degraded, down = run.downtime(node)
                total += each.per_year * (down + self.degraded * degraded)
        return total
