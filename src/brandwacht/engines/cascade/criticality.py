"""What one failure costs: every node and common cause taken down in turn (N-1), the dearest first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .logic import Origin
from .losses import Loss, Scenario, ScenarioLoss, weighted
from .many import play_many
from .measures import LowerRate, Measure, apply
from .model import INTERESTS, Interest, Map, Node, Outage
from .run import Run
from .simulate import Simulator
from .spread import Spread

HORIZON = 4320
_InTime = tuple[int | None, tuple[str, ...], tuple[str, ...]]
_NOTHING: _InTime = (None, (), ())


@dataclass(frozen=True, slots=True)
class Criticality:
    """What it costs when `origin` goes down at minute 0 for `lasts` minutes (None: to the horizon), by itself.

    `hurts` and `stops`: the other vital nodes that get worse than up, and those of them that go down, in order of
    time. `first`: the minute in which the first of those is hit. `degraded` and `down`: minutes of all vital nodes
    together. `losses`: impact points per interest of all nodes, `loss` their weighted sum. `per_year`: how often it
    happens by the map, `expected` the loss a year that this makes: a first estimate, as if failures never met.
    """

    origin: Origin
    lasts: int | None
    hurts: tuple[str, ...]
    stops: tuple[str, ...]
    first: int | None
    degraded: int
    down: int
    losses: Mapping[Interest, float]
    loss: float
    per_year: float
    expected: float


def criticalities(
    network: Map,
    vital: Iterable[str],
    *,
    horizon: int = HORIZON,
    lasts: int | None = None,
    weights: Mapping[Interest, float] | None = None,
) -> list[Criticality]:
    """Every node and common cause by what its failure alone costs: impact first, then minutes of vital nodes.

    Each lasts as long as its own repair takes (of a spread, the time that half of them stay below), else to the
    horizon; `lasts` sets one time for all, which compares places in the map rather than repairs. KeyError for an
    unknown vital node. Origins that cost nothing come last, in order of the map.
    """
    wanted = [network.node(key).key for key in vital]
    singles = _singles(network, lasts)
    played = play_many(network, [each.outages(horizon) for each in singles], horizon)
    watched = np.isin(played.node, [index for index, node in enumerate(network.nodes) if node.key in set(wanted)])
    degraded, down = (
        np.bincount(played.run[watched], minutes[watched], len(singles)) for minutes in (played.degraded, played.down)
    )
    simulator = Simulator(network)
    found = []
    for index, (single, points) in enumerate(zip(singles, played.impact.tolist(), strict=True)):
        first, hurts, stops = _NOTHING
        if degraded[index] or down[index]:
            first, hurts, stops = _in_time(simulator.run(single.outages(horizon), horizon), single.origin, wanted)
        losses = dict(zip(INTERESTS, points, strict=True))
        loss = weighted(losses, weights)
        found.append(
            Criticality(
                single.origin, single.lasts, hurts, stops, first, int(degraded[index]), int(down[index]),
                losses, loss, single.per_year, single.per_year * loss,
            )
        )  # fmt: skip
    # Python's sort is stable, so equals keep the order of the map.
    return sorted(found, key=lambda each: (-each.loss, -each.down, -each.degraded, -len(each.stops), -len(each.hurts)))


def saved_without(network: Map, loss: Loss, origins: Iterable[Origin] | None = None) -> list[tuple[Origin, float]]:
    """What the loss of the map would be less if each of these failed no more, the most first (of equals as given).

    This ranks by all that chance does, when the loss is Monte Carlo's: failures that meet, repair times and couplings.
    All origins that ever fail, unless `origins` names some. Plays the map once for each.
    """
    failing = [each.origin for each in _singles(network, None) if each.per_year]
    base = loss(network)
    found = []
    for origin in failing if origins is None else origins:
        without = apply(network, [Measure("", "", (LowerRate(origin, 0.0),))])
        found.append((origin, base - loss(without)))
    return sorted(found, key=lambda each: -each[1])


@dataclass(frozen=True, slots=True)
class YearlyLoss:
    """Expected points a year, failure by failure: how often each comes times what it costs (a `Loss`).

    Sees every kind of measure and has no noise, since nothing is drawn. What failures that meet do together, and the
    spread of repair times and couplings, is for Monte Carlo.
    """

    weights: Mapping[Interest, float] | None = None
    horizon: int = HORIZON

    def __call__(self, network: Map) -> float:
        return ScenarioLoss(yearly_failures(network, self.horizon), self.weights)(network)


def yearly_failures(network: Map, horizon: int = HORIZON) -> list[Scenario]:
    """Every node and common cause that fails by itself, as often and as long as the map says."""
    return [each.scenario(horizon) for each in _singles(network, None) if each.per_year]


def each_once(network: Map, horizon: int = HORIZON) -> list[Scenario]:
    """Every node failing once a year for its own time: for a map that does not say how often anything fails."""
    nodes = (each for each in _singles(network, None) if each.origin.kind == "node")
    return [replace(each.scenario(horizon), per_year=1.0) for each in nodes]


@dataclass(frozen=True, slots=True)
class _Single:
    """One origin, ready to fail: how long that lasts (None: to the horizon) and how often it comes."""

    origin: Origin
    struck: tuple[str, ...]
    lasts: int | None
    per_year: float

    def outages(self, horizon: int) -> list[Outage]:
        return [Outage(key, 0, horizon if self.lasts is None else self.lasts) for key in self.struck]

    def scenario(self, horizon: int) -> Scenario:
        return Scenario(tuple(self.outages(horizon)), self.per_year, horizon)


def _singles(network: Map, lasts: int | None) -> list[_Single]:
    """Every origin, nodes first; each lasts `lasts`, else its own time."""
    found = []
    for node in network.nodes:
        time = own_time(node) if lasts is None else lasts
        found.append(_Single(Origin("node", node.key), (node.key,), time, node.failures_per_year))
    for cause in network.common_causes:
        own = None if cause.repair_spread is None else _usual(cause.repair_spread)
        time = own if lasts is None else lasts
        found.append(_Single(Origin("common", cause.key), cause.members, time, cause.failures_per_year))
    return found


def own_time(node: Node) -> int | None:
    """Minutes that a failure of this node lasts: of a spread the time that half stays below; None when unknown."""
    return node.repair if node.repair_spread is None else _usual(node.repair_spread)


def _usual(spread: Spread) -> int:
    """The time that half of a spread stays below."""
    return spread.sample(0.5)


def _in_time(run: Run, origin: Origin, vital: Sequence[str]) -> _InTime:
    """When the first other vital node is hit, and which are hit and which go down, in order of time."""
    others = [key for key in vital if origin != Origin("node", key)]
    hits = sorted((minute, key) for key in others if (minute := run.first_hit(key)) is not None)
    stops = sorted((minute, key) for _, key in hits if (minute := run.first_down(key)) is not None)
    return hits[0][0] if hits else None, tuple(key for _, key in hits), tuple(key for _, key in stops)
