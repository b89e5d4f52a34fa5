"""Which single nodes weigh most: one order, whoever asks and however it was reckoned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from brandwacht.engines.cascade import Outage, Scales, Simulator
from brandwacht.engines.cascade.criticality import own_time
from brandwacht.engines.cascade.losses import losses_of, weighted
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.reckoning.weights import Weights
from brandwacht.riskmap.reckoning.worth import Yardstick, yardstick

HORIZON: Final = 4320
"""Minutes that a failure lasts of which nobody filled in how long its repair takes."""
PLAYED: Final = 20
"""So many nodes are played at most while somebody waits for a page."""


@dataclass(frozen=True, slots=True)
class Point:
    """A node that hurts vital processes by failing alone: how many, how many of those stop, and what is felt first.

    ``lasts``: minutes that the failure lasts; None when unknown, and then ``HORIZON`` is taken. ``loss`` is the weight
    of that one failure (see ``worth.Yardstick``).
    """

    key: str
    name: str
    public_id: UUID
    lasts: int | None
    hurts: int
    stops: int
    soonest: str
    minutes: int
    loss: float


def order(hurts: int, minutes: int | None, loss: float, name: str) -> tuple[int, int, float, str]:
    """To sort by: the most vital processes hit first, then the soonest, then the greatest loss, then by name."""
    return -hurts, HORIZON if minutes is None else minutes, -loss, name


def points(
    register: Register, weights: Weights, scales: Scales, ranking: Sequence[Mapping[str, Any]] | None, most: int = 5
) -> list[Point]:
    """The nodes that weigh most, in ``order``.

    ``ranking`` is that of the weak spots of this very map, when it was reckoned. Without it the likeliest nodes are
    played here: exact as long as no more than ``PLAYED`` of them may hit equally many.
    """
    if ranking is not None:
        return [_kept(register, row) for row in ranking if row["ref"] and row["hurts"]][:most]
    simulator, measure = Simulator(register.network), yardstick(register.network, register.vital, scales)
    found: list[Point] = []
    # Ordered by what each hits when it stays away, which is the most that it can hit.
    for key, bound, _stops in weights.heaviest[:PLAYED]:
        if len(found) >= most and bound < found[most - 1].hurts:
            break
        point = _played(register, key, simulator, measure)
        if point is not None:
            found.append(point)
            found.sort(key=lambda each: order(each.hurts, each.minutes, each.loss, each.name))
    return found[:most]


def _kept(register: Register, row: Mapping[str, Any]) -> Point:
    key = row["key"].removeprefix("node ")
    return Point(
        key, register.network.node(key).name, register.places[key].public_id, row["lasts"], row["hurts"], row["stops"],
        row["first"], row["minutes"], row["loss"],
    )  # fmt: skip


def _played(register: Register, key: str, simulator: Simulator, measure: Yardstick) -> Point | None:
    """What this node's own failure does; None when that is over before any vital process feels it."""
    network, node = register.network, register.network.node(key)
    lasts = own_time(node)
    run = simulator.run([Outage(key, 0, HORIZON if lasts is None else lasts)], HORIZON)
    others = [each for each in register.vital if each != key]
    hits = sorted((minute, each) for each in others if (minute := run.first_hit(each)) is not None)
    if not hits:
        return None
    times = [run.downtime(each) for each in register.vital]
    loss = (
        weighted(losses_of(run), measure.weights)
        if measure.points
        else measure.hours(sum(degraded for degraded, _down in times), sum(down for _degraded, down in times))
    )
    return Point(
        key, node.name, register.places[key].public_id, lasts, len(hits),
        sum(run.first_down(each) is not None for _minute, each in hits), network.node(hits[0][1]).name, hits[0][0],
        round(loss, 4),
    )  # fmt: skip
