"""Whether the records in one window make a correlation true, and the number that decided it."""

from __future__ import annotations

import operator
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from math import ceil, fsum
from statistics import median
from typing import Final, NamedTuple

from brandwacht.engines.detection.correlations import METRICS, TEMPORAL, Correlation

Record = tuple[str, int, int, str]
"""(source, number in that source, time in microseconds since 1970, id of the rule that matched)."""
Number = int | float

_COMPARE: Final[dict[str, Callable[[Number, Number], bool]]] = {
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "eq": operator.eq,
    "neq": operator.ne,
}


class Entry(NamedTuple):
    """One thing that counts for a correlation: a matched event, or a match of a correlation that it rests on.

    `rule` is the place of its rule in the correlation, `values` what is counted or calculated with, `records` (bounded)
    and `total` what it rests on itself, `carry` the values of fields that correlations further on group by.
    """

    time: int
    rule: int
    values: tuple[str | Number, ...]
    records: tuple[Record, ...]
    total: int
    carry: dict[str, list[str]]


class Judge:
    """The condition of one correlation.

    It is `rising` when more records in a window can only make it true, never false again: then it can be judged at each
    record. All others (upper limits, equality, averages, what must not happen) can only be judged of a whole window.
    """

    def __init__(self, correlation: Correlation) -> None:
        self._kind = correlation.kind
        self._checks = [(_COMPARE[op], number) for op, number in correlation.checks]
        self._percentile = correlation.percentile or 50
        places = {rule: place for place, rule in reversed(list(enumerate(correlation.rules)))}
        self._order = tuple(places[rule] for rule in correlation.rules)
        self._terms = [
            (tuple(places[rule] for rule in seen), frozenset(places[rule] for rule in unseen))
            for seen, unseen in correlation.terms
        ]
        upwards = all(op in ("gt", "gte") for op, _ in correlation.checks)
        growing = self._kind not in METRICS or self._kind == "value_sum"
        self.rising = upwards and growing and not any(unseen for _, unseen in self._terms)
        # Fewer rules than all in order can be enough: only then is it of interest how many there are.
        self._partly = not self._terms and (not self.rising or self._hold(len(self._order) - 1))
        self._lasts = {seen[-1] for seen, _ in self._terms if seen} or {self._order[-1]}

    def marks(self, entry: Entry) -> tuple[str | Number, ...]:
        """What of an entry is counted once however often it occurs."""
        if self._kind in TEMPORAL:
            return (entry.rule,)
        return entry.values if self._kind == "value_count" else ()

    def weight(self, entry: Entry) -> int:
        """What an entry can add to a sum at most."""
        if self._kind != "value_sum":
            return 0
        return sum(ceil(value) for value in entry.values if not isinstance(value, str) and value > 0)

    def possible(self, size: int, marks: Counter[str | Number], weight: int) -> bool:
        """False when no window within these entries (their number, marks and weight) can be true. For rising ones."""
        if self._terms:
            return any(all(place in marks for place in seen) for seen, _ in self._terms)
        if self._kind == "value_sum":
            return self._hold(weight)
        if self._kind == "temporal_ordered":  # which may name a rule twice
            return self._hold(sum(place in marks for place in self._order))
        return self._hold(size if self._kind == "event_count" else len(marks))

    def completes(self, entry: Entry) -> bool:
        """False when this entry, later than all others, can not be what makes a rising correlation true."""
        if self._kind != "temporal_ordered" or self._partly:
            return True
        return entry.rule in self._lasts

    def judge(self, entries: Sequence[Entry]) -> tuple[bool, Number]:
        """Whether it is true of a window with these entries (one or more, by time), and its number."""
        if self._terms:
            seen = {entry.rule for entry in entries}
            return any(self._term(term, seen, entries) for term in self._terms), len(seen)
        number = self._measure(entries)
        return self._hold(number), number

    def _hold(self, number: Number) -> bool:
        return all(compare(number, limit) for compare, limit in self._checks)

    def _term(self, term: tuple[tuple[int, ...], frozenset[int]], seen: set[int], entries: Sequence[Entry]) -> bool:
        wanted, unwanted = term
        if unwanted & seen or not seen.issuperset(wanted):
            return False
        return self._kind == "temporal" or _in_order(wanted, entries)

    def _measure(self, entries: Sequence[Entry]) -> Number:
        match self._kind:
            case "event_count":
                return len(entries)
            case "value_count":
                return len({value for entry in entries for value in entry.values})
            case "temporal":
                return len({entry.rule for entry in entries})
            case "temporal_ordered":
                whole = _in_order(self._order, entries)
                return len(self._order) if whole else _longest_chain(self._order, entries) if self._partly else 0
        numbers = sorted(value for entry in entries for value in entry.values if not isinstance(value, str))
        match self._kind:
            case "value_sum":
                return _tidy(fsum(numbers))
            case "value_avg":
                return _tidy(fsum(numbers) / len(numbers))
            case "value_median":
                return median(numbers)
        return numbers[ceil(len(numbers) * self._percentile / 100) - 1]


def _in_order(order: Sequence[int], entries: Sequence[Entry]) -> bool:
    """Whether all of `order` occur in that order. What happened at the same moment is taken to be in order."""
    times: dict[int, list[int]] = {}
    for entry in entries:
        times.setdefault(entry.rule, []).append(entry.time)
    used: Counter[int] = Counter()
    now = entries[0].time
    for rule in order:
        mine = times.get(rule, [])
        place = max(bisect_left(mine, now), used[rule])
        if place == len(mine):
            return False
        now, used[rule] = mine[place], place + 1
    return True


def _longest_chain(order: Sequence[int], entries: Sequence[Entry]) -> int:
    """How many of `order` occur in that order at most."""
    best = [0] * (len(order) + 1)
    for entry in sorted(entries, key=lambda entry: (entry.time, entry.rule)):
        for place in range(len(order), 0, -1):
            if order[place - 1] == entry.rule:
                best[place] = max(best[place], 1 + max(best[:place]))
    return max(best)


def _tidy(number: float) -> Number:
    return int(number) if number.is_integer() else number
