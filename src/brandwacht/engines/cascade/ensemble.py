"""Monte Carlo: many runs in which things fail by chance, on random numbers that others can share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from .chance import FOREVER, RUNS_AT_ONCE, STRIKE
from .compiled import Kernel, current
from .draws import WORD, scramble
from .flat import LONGEST, Desk, Flat
from .many import Floats, Played, collected, played
from .model import INTERESTS, CommonCause, Interest, InvalidOutage, Map, Node, Outage, check_outages
from .records import DOWN, KEY0, KEY1, NEED
from .spread import Spread, SpreadKind

MINUTES_PER_YEAR = 525_600
_AT_ONCE = 1024 * RUNS_AT_ONCE
_GIVEN = 1 << 31  # addresses of draws for outages that were given


@dataclass(frozen=True, eq=False)
class Ensemble(Played):
    """What the runs of Monte Carlo found; see `Played`. Every run is a window of `horizon` minutes."""

    seed: int

    def exceedance(self, interest: Interest | None = None, region: str | None = None) -> tuple[Floats, Floats]:
        """The loss-exceedance curve: impact points, ascending, and the share of runs with at least that many.

        Of one interest or of all added up, of one region or of all. Without losses both are empty.
        """
        points = self.impact if region is None else self.region_impact(region)
        losses = points.sum(axis=1) if interest is None else points[:, INTERESTS.index(interest)]
        found, first = np.unique(np.sort(losses), return_index=True)
        shares = (self.runs - first) / self.runs
        return found[found > 0], shares[found > 0]

    @property
    def windows_per_year(self) -> float:
        """How many runs make a year: impact per run times this is impact per year."""
        return MINUTES_PER_YEAR / self.horizon


def monte_carlo(
    network: Map,
    *,
    runs: int,
    seed: int,
    horizon: int = 4320,
    outages: Iterable[Outage] = (),
    kernel: Kernel | None = None,
) -> Ensemble:
    """`runs` runs of `horizon` minutes; raises `InvalidOutage`.

    Without `outages` nodes and common causes fail at their own rates. With them just these happen, in every run, and
    nothing else fails; one without a duration lasts as long as its node's `repair_spread` draws. In both a requirement
    is felt in the share of the runs that its coupling says.

    Every draw has an address: the seed, the run, and the key of what it is about (for a requirement, node and label).
    So changing, adding or removing something leaves all draws about other things as they were, and the difference
    between two ensembles with one seed is that of the change, with little noise. The first runs of a longer ensemble
    are those of a shorter one.
    """
    outages = tuple(outages)
    check_outages(network, outages, horizon)
    if runs < 1:
        raise InvalidOutage("De uitval is niet door te rekenen:", [f"Er zijn {runs} runs gevraagd; neem er 1 of meer."])
    flat = Flat.of(network)
    desk = Desk(flat, kernel or current())  # of its own, since it gets the keys of this seed
    _set_keys(desk, seed)
    happens = _Given(desk, outages, seed) if outages else _Chance(desk, horizon, seed)
    parts = []
    for first in range(0, runs, _AT_ONCE):
        end = min(first + _AT_ONCE, runs)
        numbers, starts = happens.between(first, end)
        for rows in played(desk, numbers, starts, horizon, first):
            rows[:, 0] += first
            parts.append(rows)
    return Ensemble(network, horizon, runs, *collected(parts), seed)


def _keys(names: Sequence[str], seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The keys of draws, two words each, for these names and this seed."""
    digests = b"".join(blake2b(name.encode(), digest_size=8).digest() for name in names)
    words = np.frombuffer(digests, dtype=">u4").astype(np.int64).reshape(-1, 2)
    start = blake2b(str(seed).encode(), digest_size=8).digest()
    left, right = int.from_bytes(start[:4], "big"), int.from_bytes(start[4:], "big")
    return scramble(left, right, words[:, 0], words[:, 1])


def _set_keys(desk: Desk, seed: int) -> None:
    names = [f"requirement\0{need.node}\0{need.label}" for need in desk.flat.requirements]
    k0, k1 = _keys(names, seed)
    desk.needs[KEY0::NEED], desk.needs[KEY1::NEED] = desk.kernel.ints(k0.tolist()), desk.kernel.ints(k1.tolist())


def _repair(item: Node | CommonCause) -> tuple[int, tuple[float, float, float]]:
    """The kind and numbers of a repair time, as `chance.failures` takes them."""
    spread = item.repair_spread
    if spread is None and isinstance(item, Node) and item.repair is not None:
        spread = Spread("fixed", mode=min(item.repair, LONGEST))
    if spread is None:
        return FOREVER, (0.0, 0.0, 0.0)
    return get_args(SpreadKind).index(spread.kind), (float(spread.low), float(spread.mode), float(spread.high))


class _Chance:
    """Nodes and common causes that fail at their own rates."""

    def __init__(self, desk: Desk, horizon: int, seed: int) -> None:
        flat, self.kernel, self.horizon = desk.flat, desk.kernel, min(horizon, LONGEST)
        network = flat.network
        nodes = [node for node in network.nodes if node.failures_per_year > 0]
        causes = [cause for cause in network.common_causes if cause.failures_per_year > 0]
        k0, k1 = _keys([f"node\0{node.key}" for node in nodes] + [f"cause\0{cause.key}" for cause in causes], seed)
        items: list[Node | CommonCause] = [*nodes, *causes]
        repairs = [_repair(item) for item in items]
        rates = [item.failures_per_year / MINUTES_PER_YEAR for item in items]
        self.given: tuple[Any, ...] = (
            self.kernel.longs(k0.tolist()),
            self.kernel.longs(k1.tolist()),
            self.kernel.floats(rates),
            self.kernel.longs([kind for kind, _ in repairs]),
            self.kernel.floats([number for _, numbers in repairs for number in numbers]),
        )
        members = [[flat.number[node.key]] for node in nodes]
        members += [[flat.number[key] for key in cause.members] for cause in causes]
        self.members = np.array([number for each in members for number in each], dtype=np.int64)
        self.counts = np.array([len(each) for each in members], dtype=np.int64)
        self.room = 4096

    def between(self, first: int, end: int) -> tuple[Any, Any]:
        """The outages of the runs from `first` up to `end`, and where those of each run start; see `kernel.batch`."""
        while True:
            found = self.kernel.int_room(self.room)
            length = self.kernel.failures(*self.given, self.horizon, first, end, found)
            if length >= 0:
                break
            self.room *= 4
        rows = np.array(found[:length], dtype=np.int64).reshape(-1, STRIKE)
        rows = rows[np.argsort(rows[:, 0], kind="stable")]
        counts = self.counts[rows[:, 1]]
        rows_at = np.repeat(np.arange(len(rows)), counts)
        # The place of a member among all members: where its cause starts, and how many came before it in this row.
        starts = np.cumsum(self.counts) - self.counts
        offset = np.arange(len(rows_at)) - np.repeat(np.cumsum(counts) - counts, counts)
        outages = np.empty((len(rows_at), 4), np.int64)
        outages[:, 0] = self.members[starts[rows[rows_at, 1]] + offset]
        outages[:, 1] = DOWN
        outages[:, 2:] = rows[rows_at, 2:]
        per_run = np.bincount(rows[rows_at, 0] - first, minlength=end - first)
        return outages.ravel(), np.concatenate([[0], np.cumsum(per_run)])


class _Given:
    """The same outages in every run; those without a duration draw it where their node has a spread."""

    def __init__(self, desk: Desk, outages: Sequence[Outage], seed: int) -> None:
        self.outages = outages
        network = desk.flat.network
        self.nodes = [network.node(outage.node) for outage in outages]
        self.fixed = [desk.flat.outage(outage) for outage in outages]
        self.k0, self.k1 = _keys([f"node\0{node.key}" for node in self.nodes], seed)
        self.number, self.flat = desk.flat.number, desk.flat

    def between(self, first: int, end: int) -> tuple[Any, Any]:
        """As that of `_Chance`."""
        columns = []
        for place, (outage, node, fixed) in enumerate(zip(self.outages, self.nodes, self.fixed, strict=True)):
            if outage.duration is None and node.repair_spread is not None:
                runs = np.arange(first, end)
                drawn, _ = scramble(int(self.k0[place]), int(self.k1[place]), runs & WORD, _GIVEN + place)
                shares = ((drawn + 0.5) / 2**32).tolist()
                lasts = np.array([node.repair_spread.sample(share) for share in shares])
                start = min(outage.start, LONGEST)
                whole = self.flat.outage(Outage(outage.node, outage.start, 1, outage.state))
                row = np.tile(np.array(whole), (end - first, 1))
                row[:, 3] = np.minimum(start + lasts, LONGEST)
                columns.append(row)
            elif fixed:
                columns.append(np.tile(np.array(fixed), (end - first, 1)))
        if not columns:
            return np.zeros(0, np.int64), np.zeros(end - first + 1, np.int64)
        stacked = np.stack(columns, axis=1).reshape(-1, 4)
        return stacked.ravel(), np.arange(end - first + 1) * len(columns)
