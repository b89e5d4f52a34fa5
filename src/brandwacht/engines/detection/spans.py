"""What a correlation holds of one group: records by time, and what of them was already told.

Everything goes by the time in the records; times are whole microseconds since 1970.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Final, NamedTuple

from brandwacht.engines.detection.judging import Entry, Judge, Number

MAX_STRETCHES: Final = 3
"""Stretches of time that are held per group at once."""
FOREVER: Final = 1 << 80
"""Later than any time."""

_time = attrgetter("time")


class Found(NamedTuple):
    """A window in which a correlation is true: its entries by time, and the number that decided it."""

    entries: tuple[Entry, ...]
    number: Number


class Stretch:
    """Records that lie close enough together in time to have to do with each other."""

    __slots__ = ("_marks", "_weight", "claims", "entries", "newest")

    def __init__(self, newest: int, entries: Iterable[Entry] = (), claims: Iterable[tuple[int, int]] = ()) -> None:
        self.newest = newest
        self.entries: list[Entry] = sorted(entries, key=_time)
        self.claims = list(claims)
        self._marks: Counter[str | Number] | None = None
        self._weight = 0

    def add(self, entry: Entry, judge: Judge, span: int, reach: int) -> Found | None:
        """Take in a record of a rising correlation, and judge the windows it is in that end at a record, oldest first.

        A record in the window of an earlier match belongs to that match, and counts no more.
        """
        self.newest = max(self.newest, entry.time)
        self._forget(self.newest - reach, judge)
        marks = self._count(judge)
        latest = not self.entries or entry.time > self.entries[-1].time
        insort(self.entries, entry, key=_time)
        marks.update(judge.marks(entry))
        self._weight += judge.weight(entry)
        if not judge.possible(len(self.entries), marks, self._weight) or (latest and not judge.completes(entry)):
            return None
        low = bisect_left(self.entries, entry.time, key=_time)
        high = bisect_right(self.entries, entry.time + span, key=_time)
        for end in sorted({item.time for item in self.entries[low:high]}):
            window = self._cut(end - span, end)
            true, number = judge.judge(self.entries[window])
            if true:
                found = Found(tuple(self.entries[window]), number)
                first = found.entries[0].time
                self.claims.append((first, first + span))
                self._remove(self._cut(first, first + span), judge)
                return found
        return None

    def is_claimed(self, time: int) -> bool:
        """Whether a record at this moment belongs to an earlier match."""
        return any(first <= time <= end for first, end in reversed(self.claims))

    def hold(self, entry: Entry) -> None:
        """Take in a record of a correlation that is judged per whole window."""
        self.newest = max(self.newest, entry.time)
        insort(self.entries, entry, key=_time)

    def settle(self, now: int, judge: Judge, span: int, reach: int) -> Iterator[Found]:
        """Judge and clear the windows that nothing more is expected in when the time is `now`.

        A window begins at the oldest record that is in no window yet.
        """
        while self.entries and self.entries[0].time + reach < now:
            window = self._cut(self.entries[0].time, self.entries[0].time + span)
            true, number = judge.judge(self.entries[window])
            found = Found(tuple(self.entries[window]), number)
            del self.entries[window]
            if true:
                yield found

    def drop_oldest(self, judge: Judge) -> None:
        """Let go of the oldest record."""
        self._remove(slice(0, 1), judge)

    def _cut(self, start: int, end: int) -> slice:
        return slice(bisect_left(self.entries, start, key=_time), bisect_right(self.entries, end, key=_time))

    def _count(self, judge: Judge) -> Counter[str | Number]:
        if self._marks is None:
            self._marks = Counter(mark for entry in self.entries for mark in judge.marks(entry))
            self._weight = sum(judge.weight(entry) for entry in self.entries)
        return self._marks

    def _forget(self, before: int, judge: Judge) -> None:
        if self.entries and self.entries[0].time < before:
            self._remove(slice(0, bisect_left(self.entries, before, key=_time)), judge)
        if self.claims and min(end for _, end in self.claims) < before:
            self.claims = [claim for claim in self.claims if claim[1] >= before]

    def _remove(self, part: slice, judge: Judge) -> None:
        if self._marks is not None:
            for entry in self.entries[part]:
                self._weight -= judge.weight(entry)
                for mark in judge.marks(entry):
                    self._marks[mark] -= 1
                    if not self._marks[mark]:
                        del self._marks[mark]
        del self.entries[part]


class Group:
    """The stretches of one group; `shown` are the values that its records have in common, as first seen."""

    __slots__ = ("shown", "stretches")

    def __init__(self, shown: tuple[str, ...], stretches: Iterable[Stretch] = ()) -> None:
        self.shown = shown
        self.stretches = list(stretches)

    @property
    def size(self) -> int:
        """The number of records held."""
        return sum(len(stretch.entries) for stretch in self.stretches)

    @property
    def newest(self) -> int:
        """The time of the newest record seen."""
        return max(stretch.newest for stretch in self.stretches)

    def stretch_for(self, time: int, reach: int) -> Stretch:
        """The stretch that a record of this time belongs to, touched last; a new one when it is far from all others.

        Stretches that grew towards each other become one. More than `MAX_STRETCHES` are the caller's to cut.
        """
        near = [item for item in self.stretches if item.newest - reach <= time <= item.newest + reach]
        if not near:
            stretch = Stretch(time)
        elif len(near) == 1:
            stretch = near[0]
        else:
            stretch = Stretch(
                max(item.newest for item in near),
                (entry for item in near for entry in item.entries),
                (claim for item in near for claim in item.claims),
            )
        self.stretches = [item for item in self.stretches if item not in near]
        self.stretches.append(stretch)
        return stretch
