"""What one failure costs: every node and common cause taken down in turn (N-1), the dearest first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .logic import Origin
from .losses import Loss, losses_of, weighted
from .measures import LowerRate, Measure, apply
from .model import Interest, Map, Outage
from .run import Run
from .simulate import Simulator
from .spread import Spread

HORIZON = 4320


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
    found = []
    for single in _singles(network):
        origin, minutes, rate = single.origin, single.lasts if lasts is None else lasts, single.per_year
        run = single.play(minutes, horizon)
        losses = losses_of(run)
        loss = weighted(losses, weights)
        first, hurts, stops, degraded, down = _on_vital(run, origin, wanted)
        found.append(Criticality(origin, minutes, hurts, stops, first, degraded, down, losses, loss, rate, rate * loss))
    # Python's sort is stable, so equals keep the order of the map.
    return sorted(found, key=lambda each: (-each.loss, -each.down, -each.degraded, -len(each.stops), -len(each.hurts)))


def saved_without(network: Map, loss: Loss, origins: Iterable[Origin] | None = None) -> list[tuple[Origin, float]]:
    """What the loss of the map would be less if each of these failed no more, the most first (of equals as given).

    This ranks by all that chance does, when the loss is Monte Carlo's: failures that meet, repair times and couplings.
    All origins that ever fail, unless `origins` names some. Plays the map once for each.
    """
    failing = [each.origin for each in _singles(network) if each.per_year]
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
        return sum(
            each.per_year * weighted(losses_of(each.play(each.lasts, self.horizon)), self.weights)
            for each in _singles(network)
            if each.per_year
        )


@dataclass(frozen=True, slots=True)
class _Single:
    """One origin, ready to fail: how long that lasts by itself (None: to the horizon) and how often it comes."""

    origin: Origin
    struck: tuple[str, ...]
    lasts: int | None
    per_year: float
    simulator: Simulator

    def play(self, minutes: int | None, horizon: int) -> Run:
        time = horizon if minutes is None else minutes
        return self.simulator.run([Outage(key, 0, time) for key in self.struck], horizon)


def _singles(network: Map) -> Iterator[_Single]:
    simulator = Simulator(network)
    for node in network.nodes:
        lasts = node.repair if node.repair_spread is None else _usual(node.repair_spread)
        yield _Single(Origin("node", node.key), (node.key,), lasts, node.failures_per_year, simulator)
    for cause in network.common_causes:
        lasts = None if cause.repair_spread is None else _usual(cause.repair_spread)
        yield _Single(Origin("common", cause.key), cause.members, lasts, cause.failures_per_year, simulator)


def _usual(spread: Spread) -> int:
    """The time that half of a spread stays below."""
    return spread.sample(0.5)


def _on_vital(
    run: Run, origin: Origin, vital: Sequence[str]
) -> tuple[int | None, tuple[str, ...], tuple[str, ...], int, int]:
    hits: list[tuple[int, str]] = []
    degraded = down = 0
    for key in vital:
        minute = run.first_hit(key)
        if minute is None:
            continue
        one, other = run.downtime(key)
        degraded, down = degraded + one, down + other
        if origin != Origin("node", key):
            hits.append((minute, key))
    hits.sort()
    stops = sorted((minute, key) for _, key in hits if (minute := run.first_down(key)) is not None)
    return (
        hits[0][0] if hits else None,
        tuple(key for _, key in hits),
        tuple(key for _, key in stops),
        degraded,
        down,
    )
