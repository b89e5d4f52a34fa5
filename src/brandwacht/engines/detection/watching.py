"""One correlation being watched: its groups, and what it lets go. What counts is told in `correlating`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice, product
from math import isfinite
from typing import Any, Final, NamedTuple

from brandwacht.engines.detection.atoms import texts_of
from brandwacht.engines.detection.correlations import METRICS, TEMPORAL, Correlation
from brandwacht.engines.detection.judging import Entry, Judge, Number, Record
from brandwacht.engines.detection.spans import FOREVER, MAX_STRETCHES, Found, Group, Stretch
from brandwacht.engines.detection.standing import CorrelationState, OpenGroup, moment, opened

MAX_RECORDS: Final = 50
"""Records that a match names: the oldest and the newest half of this."""
MAX_VALUES: Final = 64
"""Values of one field, and groups of one event, that are taken into account."""
MAX_TEXT: Final = 512
"""Longer values are held as their beginning and their fingerprint."""

Key = tuple[str, ...]
_COUNTERS: Final = ("evictions", "expired", "dropped", "late", "incomplete", "untimed", "absorbed")


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be held: groups per correlation, records per group, and records in all.

    A group holds more than `group_records` where its correlation must count further.
    """

    groups: int = 10_000
    group_records: int = 10_000
    records: int = 200_000


@dataclass(slots=True)
class Room:
    """How many records all correlations together hold."""

    held: int = 0


class Signal(NamedTuple):
    """Something that counts: a match of `rule_id` at `time`, its fields, and what it rests on.

    `whole` says that it is a match of a correlation, which counts by itself; signals of one event count together.
    """

    rule_id: str
    time: int
    lookup: Callable[[str], object]
    records: tuple[Record, ...]
    total: int
    whole: bool


class Outcome(NamedTuple):
    """A match of a correlation, in the times and records that are held."""

    shown: tuple[str, ...]
    number: Number
    first: int
    last: int
    records: tuple[Record, ...]
    total: int
    carry: dict[str, list[str]]

    def signal(self, correlation: Correlation) -> Signal:
        """This match as something that counts for another correlation."""
        fields: dict[str, object] = {**self.carry, **dict(zip(correlation.group_by, self.shown, strict=True))}
        return Signal(correlation.id, self.last, fields.get, self.records, self.total, whole=True)


class Watch:
    """One correlation with its groups, those touched longest ago first.

    `lateness` is in microseconds; `outer` are the correlations that rest on this one.
    """

    def __init__(
        self, correlation: Correlation, outer: Sequence[Correlation], lateness: int, limits: Limits, room: Room
    ) -> None:
        self.correlation = correlation
        self._judge = Judge(correlation)
        self._span = correlation.seconds * 1_000_000
        self._reach = self._span + lateness
        self.delay = 0 if self._judge.rising else self._reach
        """How long after its newest record a match may be told, in the time of the events."""
        self._limits = limits
        self._room = room
        most = max((number for _, number in correlation.checks), default=0)
        self._most = limits.group_records if correlation.kind in METRICS else max(limits.group_records, int(most) + 1)
        names = {name: _names(name, item, correlation.id) for item in outer for name in (*item.group_by, *item.fields)}
        self._carry = tuple(dict.fromkeys(name for found in names.values() for name in found))
        self._groups: dict[Key, Group] = {}
        self._newest: int | None = None
        self.held = 0
        """Records held."""
        self.evictions = self.expired = self.dropped = self.late = 0
        self.incomplete = self.untimed = self.absorbed = 0

    def take(self, signals: Sequence[Signal]) -> Iterator[Outcome]:
        """Take in what happened at one event; gives the matches that come of it."""
        counted: set[Key] = set()
        for signal in signals:
            values = self._values(signal)
            groups = None if values is None else self._group_of(signal)
            if values is None or groups is None:
                self.incomplete += 1
                continue
            entry = Entry(
                signal.time,
                self.correlation.rules.index(signal.rule_id),
                values,
                signal.records,
                signal.total,
                {name: texts for name in self._carry if (texts := _texts(signal, (name,)))},
            )
            self._newest = entry.time if self._newest is None else max(entry.time, self._newest)
            for key, shown in groups.items():
                if self.correlation.kind in TEMPORAL or signal.whole or key not in counted:
                    yield from self._enter(key, shown, entry)
                if not signal.whole:
                    counted.add(key)

    def settle(self, now: int) -> Iterator[Outcome]:
        """Judge the windows that are complete at `now`, and let go of groups that have nothing left."""
        if self._judge.rising:
            return
        for key, group in list(self._groups.items()):
            for stretch in group.stretches:
                yield from self._settle(group, stretch, now)
            group.stretches = [stretch for stretch in group.stretches if stretch.entries]
            if not group.stretches:
                del self._groups[key]

    def evict(self) -> Iterator[Outcome]:
        """Let go of the group that was touched longest ago; what can be judged of it is judged."""
        key = next(iter(self._groups))
        group = self._groups.pop(key)
        if self._newest is not None and group.newest >= self._newest - self._span:
            self.evictions += 1
        else:
            self.expired += 1
        for stretch in group.stretches:
            yield from self._let_go(group, stretch)

    def state(self, newest: int | None) -> CorrelationState:
        """How it stands, when the newest event of all is at `newest`."""
        mine = self._newest
        return CorrelationState(
            title=self.correlation.title,
            groups=len(self._groups),
            records=self.held,
            newest=None if mine is None else moment(mine),
            lag=None if mine is None or newest is None else timedelta(microseconds=max(0, newest - mine)),
            **{name: getattr(self, name) for name in _COUNTERS},
        )

    @property
    def waits(self) -> bool:
        """Whether it can only be judged of a window that is over: then time itself must be told."""
        return not self._judge.rising

    def open_groups(self, most: int) -> list[OpenGroup]:
        """The groups that hold records, those with the most records first."""
        held = [(group, item) for group in self._groups.values() for item in group.stretches if item.entries]
        held.sort(key=lambda pair: (-len(pair[1].entries), -pair[1].newest))
        return [opened(self.correlation, self._judge, *pair, self._span, self._reach) for pair in held[:most]]

    def to_json(self) -> dict[str, Any]:
        """What is held, as plain JSON."""
        return {
            "meaning": self._meaning(),
            "newest": self._newest,
            "counters": {name: getattr(self, name) for name in _COUNTERS},
            "groups": [
                [
                    list(key),
                    list(group.shown),
                    [
                        {
                            "newest": item.newest,
                            "claims": item.claims,
                            "entries": [list(entry) for entry in item.entries],
                        }
                        for item in group.stretches
                    ],
                ]
                for key, group in self._groups.items()
            ],
        }

    def fits(self, data: object) -> bool:
        """Whether what `to_json` wrote is of a correlation with the same meaning."""
        return isinstance(data, dict) and data.get("meaning") == self._meaning()

    def read(self, data: Mapping[str, Any]) -> tuple[dict[Key, Group], int | None, dict[str, int]]:
        """What `to_json` wrote, for `take_over`. Raises the errors of odd data."""
        groups = {
            tuple(map(str, key)): Group(
                tuple(map(str, shown)),
                (
                    Stretch(int(item["newest"]), map(_entry, item["entries"]), [(a, b) for a, b in item["claims"]])
                    for item in stretches
                ),
            )
            for key, shown, stretches in data["groups"]
        }
        width = len(self.correlation.group_by)
        if any(len(key) != width or len(group.shown) != width or not group.stretches for key, group in groups.items()):
            raise ValueError("groups of another correlation")
        counters = {name: int(data["counters"][name]) for name in _COUNTERS}
        return groups, None if data["newest"] is None else int(data["newest"]), counters

    def take_over(self, held: tuple[dict[Key, Group], int | None, dict[str, int]]) -> None:
        """Go on from what `read` gave."""
        self._groups, self._newest, counters = held
        self._hold(sum(group.size for group in self._groups.values()) - self.held)
        for name, value in counters.items():
            setattr(self, name, value)

    def _hold(self, more: int) -> None:
        self.held += more
        self._room.held += more

    def _enter(self, key: Key, shown: tuple[str, ...], entry: Entry) -> Iterator[Outcome]:
        group = self._groups.pop(key, None) or Group(shown)
        self._groups[key] = group
        known = bool(group.stretches)
        stretch = group.stretch_for(entry.time, self._reach)
        if known and not stretch.entries and not stretch.claims and entry.time < group.newest:
            self.late += 1
        before = len(stretch.entries)
        if not self._judge.rising:
            stretch.hold(entry)
            self._hold(1)
            for item in group.stretches:
                yield from self._settle(group, item, stretch.newest if item is stretch else entry.time)
            group.stretches = [item for item in group.stretches if item.entries]
        elif stretch.is_claimed(entry.time):
            self.absorbed += 1
            stretch.newest = max(stretch.newest, entry.time)
        else:
            found = stretch.add(entry, self._judge, self._span, self._reach)
            self._hold(len(stretch.entries) - before)
            if found is not None:
                yield self._outcome(group, found)
        if len(stretch.entries) > self._most:
            stretch.drop_oldest(self._judge)
            self._hold(-1)
            self.dropped += 1
        if len(group.stretches) > MAX_STRETCHES:
            yield from self._let_go(group, group.stretches.pop(0))
        if len(self._groups) > self._limits.groups:
            yield from self.evict()

    def _settle(self, group: Group, stretch: Stretch, now: int) -> Iterator[Outcome]:
        before = len(stretch.entries)
        found = list(stretch.settle(now, self._judge, self._span, self._reach))
        self._hold(len(stretch.entries) - before)
        for item in found:
            yield self._outcome(group, item)

    def _let_go(self, group: Group, stretch: Stretch) -> Iterator[Outcome]:
        if not self._judge.rising:
            yield from self._settle(group, stretch, FOREVER)
        self._hold(-len(stretch.entries))

    def _outcome(self, group: Group, found: Found) -> Outcome:
        entries = found.entries
        records = [record for entry in entries for record in entry.records]
        if len(records) > MAX_RECORDS:
            records = records[: MAX_RECORDS // 2] + records[-MAX_RECORDS // 2 :]
        carry = {
            name: list(
                islice(dict.fromkeys(text for entry in entries for text in entry.carry.get(name, ())), MAX_VALUES)
            )
            for name in self._carry
        }
        return Outcome(
            shown=group.shown,
            number=found.number,
            first=entries[0].time,
            last=entries[-1].time,
            records=tuple(records),
            total=sum(entry.total for entry in entries),
            carry={name: texts for name, texts in carry.items() if texts},
        )

    def _group_of(self, signal: Signal) -> dict[Key, tuple[str, ...]] | None:
        """The groups of a signal, with their values as they were written; None when a field is not there."""
        found: list[list[str]] = []
        for name in self.correlation.group_by:
            texts = _texts(signal, _names(name, self.correlation, signal.rule_id))
            if not texts:
                return None
            found.append(texts)
        groups: dict[Key, tuple[str, ...]] = {}
        for shown in islice(product(*found), MAX_VALUES):
            groups.setdefault(tuple(text.lower() for text in shown), shown)
        return groups

    def _values(self, signal: Signal) -> tuple[str | Number, ...] | None:
        """What is counted or calculated with; None when it is not there."""
        correlation = self.correlation
        found = [_texts(signal, _names(name, correlation, signal.rule_id)) for name in correlation.fields]
        if not all(found):
            return None
        if correlation.kind in METRICS:
            return tuple(number for text in found[0] if (number := _number(text)) is not None) or None
        if not found:
            return ()
        return tuple({"\x1f".join(parts).lower(): None for parts in islice(product(*found), MAX_VALUES)})

    def _meaning(self) -> str:
        """A fingerprint of what the correlation means, so that what was held for another meaning is not used."""
        about = self.correlation.to_json()
        told = ("kind", "rules", "group_by", "aliases", "seconds", "checks", "terms", "fields", "percentile")
        text = json.dumps([about[name] for name in told] + [list(self._carry)], sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _names(name: str, correlation: Correlation, rule_id: str) -> Sequence[str]:
    return correlation.aliases.get(name, {}).get(rule_id) or (name,)


def _texts(signal: Signal, names: Iterable[str]) -> list[str]:
    """The values of the first of these fields that is there."""
    for name in names:
        texts = [_short(text) for text in islice(texts_of(signal.lookup(name)), MAX_VALUES)]
        if texts:
            return texts
    return []


def _short(text: str) -> str:
    if len(text) <= MAX_TEXT:
        return text
    return text[: MAX_TEXT // 2] + "…" + hashlib.sha256(text.lower().encode("utf-8", "replace")).hexdigest()


def _number(text: str) -> Number | None:
    try:
        return int(text) if len(text) < MAX_TEXT // 2 else None
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _entry(row: Sequence[Any]) -> Entry:
    time, rule, values, records, total, carry = row
    if not all(isinstance(value, (str, int, float)) for value in values):
        raise ValueError("values that can not be counted")
    return Entry(
        int(time),
        int(rule),
        tuple(values),
        tuple((str(source), int(number), int(at), str(rule_id)) for source, number, at, rule_id in records),
        int(total),
        {str(name): [str(text) for text in texts] for name, texts in carry.items()},
    )
