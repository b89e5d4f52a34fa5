"""What one failure costs: every node and common cause taken down in turn (N-1), the dearest first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .logic import Logic, Origin
from .losses import losses_of, weighted
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
    simulator = Simulator(network)
    logic = Logic(network)
    rates = [
        *(node.failures_per_year for node in network.nodes),
        *(cause.failures_per_year for cause in network.common_causes),
    ]
    found = []
    for origin, struck, rate in zip(logic.origins, logic.struck, rates, strict=True):
        minutes = own_time(network, origin) if lasts is None else lasts
        time = horizon if minutes is None else minutes
        run = simulator.run([Outage(logic.keys[number], 0, time) for number in struck], horizon)
        losses = losses_of(run)
        loss = weighted(losses, weights)
        first, hurts, stops, degraded, down = _on_vital(run, origin, wanted)
        found.append(Criticality(origin, minutes, hurts, stops, first, degraded, down, losses, loss, rate, rate * loss))
    # Python's sort is stable, so equals keep the order of the map.
    return sorted(found, key=lambda each: (-each.loss, -each.down, -each.degraded, -len(each.stops), -len(each.hurts)))


def own_time(network: Map, origin: Origin) -> int | None:
    """Minutes that a failure of this origin lasts by itself; None: to the horizon."""
    spread: Spread | None
    if origin.kind == "common":
        spread = next(cause.repair_spread for cause in network.common_causes if cause.key == origin.key)
        return spread.sample(0.5) if spread else None
    node = network.node(origin.key)
    return node.repair_spread.sample(0.5) if node.repair_spread else node.repair


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
