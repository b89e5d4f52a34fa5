"""Many runs on one map at once: minutes degraded and down per node, and every node failing alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compiled import Kernel, current
from .flat import LONGEST, Desk, Flat
from .model import INTERESTS, Map, Outage, check_outages

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
_RECORD = 4  # numbers of `kernel.batch`
_ROOM = 1 << 20


def played(desk: Desk, outages: Any, runs: Any, horizon: int, chance: int = -1) -> Iterator[Ints]:
    """Rows of run, node, minutes degraded and minutes down, for every node that was not up; see `kernel.batch`."""
    outages, runs, first = desk.kernel.ints(outages), desk.kernel.longs(runs), 0
    most = _RECORD * len(desk.flat.keys)  # of one run
    found = desk.kernel.int_room(min(max(most, _ROOM), most * (len(runs) - 1)))
    while first < len(runs) - 1:
        began = first
        first, length = desk.kernel.batch(
            desk.nodes, desk.needs, desk.links, desk.lists, desk.heap, outages, runs, min(horizon, LONGEST),
            chance, first, found,
        )  # fmt: skip
        if length:
            yield np.array(found[:length], dtype=np.int32).reshape(-1, _RECORD)
        if first == began:
            desk.grow()


def impacts(network: Map) -> Floats:
    """Impact points per minute, by node, interest and level (degraded, down)."""
    points = np.zeros((len(network.nodes), len(INTERESTS), 2))
    for number, node in enumerate(network.nodes):
        for impact in node.impact:
            points[number, INTERESTS.index(impact.interest)] = impact.degraded / 60, impact.down / 60
    return points


@dataclass(frozen=True, eq=False)
class Played:
    """What many runs found, without when and why.

    Row i says that node `node[i]` (its place on the map) was degraded and down for so many minutes in run `run[i]`.
    Rows are in order of runs. A node that stayed up in a run has no row there.
    """

    network: Map
    horizon: int
    runs: int
    run: Ints
    node: Ints
    degraded: Ints
    down: Ints

    def minutes(self, key: str) -> tuple[Ints, Ints]:
        """Minutes degraded and down of one node, by run. KeyError for an unknown node."""
        return self.minutes_of([key])[key]

    def minutes_of(self, keys: Iterable[str]) -> dict[str, tuple[Ints, Ints]]:
        """Minutes degraded and down of each of these nodes, by run. KeyError for an unknown node.

        All rows are gone through once, however many nodes are asked for.
        """
        number = Flat.of(self.network).number
        wanted = {key: number[key] for key in keys}
        inside = np.flatnonzero(np.isin(self.node, list(wanted.values())))
        inside = inside[np.argsort(self.node[inside], kind="stable")]
        nodes = self.node[inside]
        found = {}
        for key, place in wanted.items():
            rows = inside[np.searchsorted(nodes, place) : np.searchsorted(nodes, place, side="right")]
            degraded, down = np.zeros(self.runs, np.int32), np.zeros(self.runs, np.int32)
            degraded[self.run[rows]], down[self.run[rows]] = self.degraded[rows], self.down[rows]
            found[key] = degraded, down
        return found

    @cached_property
    def downtime(self) -> Ints:
        """Minutes by run, node and level (degraded, down). Large: 80 MB for 10,000 runs of 1,000 nodes."""
        found = np.zeros((self.runs, len(self.network.nodes), 2), np.int32)
        found[self.run, self.node, 0], found[self.run, self.node, 1] = self.degraded, self.down
        return found

    @cached_property
    def mean_minutes(self) -> Floats:
        """Mean minutes by node and level (degraded, down)."""
        size = len(self.network.nodes)
        sums = [np.bincount(self.node, each, size) for each in (self.degraded, self.down)]
        return np.stack(sums, axis=1) / max(self.runs, 1)

    @cached_property
    def impact(self) -> Floats:
        """Impact points by run and interest (in the order of `INTERESTS`)."""
        return self._impact(self.run, self.runs)

    @cached_property
    def node_impact(self) -> Floats:
        """Mean impact points by node and interest."""
        found: Floats = np.einsum("nil,nl->ni", impacts(self.network), self.mean_minutes)
        return found

    def region_impact(self, region: str) -> Floats:
        """As `impact`, of the nodes in this region alone."""
        inside = np.array([node.region == region for node in self.network.nodes], dtype=bool)
        return self._impact(self.run, self.runs, inside)

    def _impact(self, by: Ints, size: int, inside: NDArray[np.bool_] | None = None) -> Floats:
        points = impacts(self.network)
        if inside is not None:
            points[~inside] = 0
        found = np.zeros((size, len(INTERESTS)))
        for number in range(len(INTERESTS)):
            if points[:, number].any():
                each = points[self.node, number, 0] * self.degraded + points[self.node, number, 1] * self.down
                found[:, number] = np.bincount(by, each, size)
        return found


def play_many(
    network: Map, cases: Iterable[Iterable[Outage]], horizon: int = 4320, kernel: Kernel | None = None
) -> Played:
    """One deterministic run per case; raises `InvalidOutage`. As `simulate`, but it keeps minutes only."""
    flat = Flat.of(network)
    numbers: list[int] = []
    runs = [0]
    for case in cases:
        outages = tuple(case)
        check_outages(network, outages, horizon)
        for outage in outages:
            numbers += flat.outage(outage)
        runs.append(len(numbers) // 4)
    return _play(flat, numbers, runs, horizon, kernel)


def _play(
    flat: Flat, outages: Sequence[int] | Ints, runs: Sequence[int], horizon: int, kernel: Kernel | None
) -> Played:
    desk = flat.desk(kernel or current())
    found = collected(played(desk, outages, runs, horizon))
    flat.give_back(desk)
    return Played(flat.network, horizon, len(runs) - 1, *found)


def collected(parts: Iterable[Ints]) -> tuple[Ints, Ints, Ints, Ints]:
    """The four columns of all rows."""
    rows = np.concatenate([np.zeros((0, _RECORD), np.int32), *parts])
    run, node, degraded, down = (np.ascontiguousarray(column) for column in rows.T)
    return run, node, degraded, down


@dataclass(frozen=True, eq=False)
class Alone:
    """Every node failing alone: what falls with it. Arrays are by the node that fails, in the order of the map.

    `degraded` and `down` count the other nodes that are at worst degraded, or down at some time; `minutes` adds up
    their time by level; `impact` is that of all nodes, the one that fails included, by interest. `hits` tells, for the
    nodes that were watched, which nodes hurt them by failing alone: rows of the node that fails, minutes degraded and
    minutes down.
    """

    network: Map
    horizon: int
    degraded: Ints
    down: Ints
    minutes: NDArray[np.int64]
    impact: Floats
    hits: Mapping[str, Ints]


def each_alone(
    network: Map,
    *,
    duration: int | None = None,
    horizon: int = 4320,
    watch: Iterable[str] = (),
    kernel: Kernel | None = None,
) -> Alone:
    """Take every node down alone (N-1), for `duration` minutes or to the horizon, and play what follows.

    Adds up while it plays, so that memory does not grow with what falls. KeyError for an unknown node to watch.
    """
    flat = Flat.of(network)
    size = len(flat.keys)
    watched = {flat.number[key]: key for key in watch}
    check_outages(network, [Outage(key, 0, duration) for key in flat.keys[:1]], horizon)
    outages = np.zeros((size, 4), np.int64)
    outages[:, 0], outages[:, 1], outages[:, 3] = np.arange(size), 2, LONGEST if duration is None else duration
    degraded, down, minutes = np.zeros(size, np.int32), np.zeros(size, np.int32), np.zeros((size, 2), np.int64)
    impact, points = np.zeros((size, len(INTERESTS))), impacts(network)
    costly = [number for number in range(len(INTERESTS)) if points[:, number].any()]
    hits: dict[int, list[Ints]] = {number: [] for number in watched}
    desk = flat.desk(kernel or current())
    for rows in played(desk, outages.ravel(), np.arange(size + 1), horizon):
        for number in costly:
            each = points[rows[:, 1], number, 0] * rows[:, 2] + points[rows[:, 1], number, 1] * rows[:, 3]
            impact[:, number] += np.bincount(rows[:, 0], each, size)
        rows = rows[rows[:, 0] != rows[:, 1]]
        down += np.bincount(rows[rows[:, 3] > 0, 0], minlength=size).astype(np.int32)
        degraded += np.bincount(rows[rows[:, 3] == 0, 0], minlength=size).astype(np.int32)
        for level in range(2):
            minutes[:, level] += np.bincount(rows[:, 0], rows[:, 2 + level], size).astype(np.int64)
        for number, parts in hits.items():
            parts.append(rows[rows[:, 1] == number][:, [0, 2, 3]])
    flat.give_back(desk)
    found = {key: np.concatenate([np.zeros((0, 3), np.int32), *hits[number]]) for number, key in watched.items()}
    return Alone(network, horizon, degraded, down, minutes, impact, found)
