"""How correlations stand: what is held, what it waits for, what was let go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from brandwacht.engines.detection.correlations import Correlation
from brandwacht.engines.detection.judging import Judge, Number
from brandwacht.engines.detection.spans import Group, Stretch


@dataclass(frozen=True, slots=True)
class CorrelationState:
    """How it stands with a correlation.

    groups, records  what is held now
    evictions        groups let go for lack of room that could still have counted
    expired          groups let go for lack of room that could not
    dropped          records let go because their group had too many
    late             records that came too late to be put beside the newer ones of their group
    incomplete       events that lack a field it groups by or counts
    untimed          events without a time
    absorbed         records that belong to a match that was told already
    newest           time of the newest record taken in
    lag              how far that is behind the newest event that any correlation took in
    """

    title: str
    groups: int
    records: int
    evictions: int
    expired: int
    dropped: int
    late: int
    incomplete: int
    untimed: int
    absorbed: int
    newest: datetime | None
    lag: timedelta | None


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """A group that may still make a correlation true.

    group        the values that its records have in common, by field
    records      how many records are held, from `first` to `last`
    number       what the condition is about (a count, a sum), over the records of the timespan that ends at `last`
    rules        the ids of the rules seen in that timespan, in the order of the correlation
    until        until when the oldest of those counts, or, when `whole`, when the window is judged
    whole        whether it is judged when its window is over, and not at each record
    """

    group: dict[str, str]
    records: int
    number: Number
    first: datetime
    last: datetime
    rules: tuple[str, ...]
    until: datetime
    whole: bool


def opened(correlation: Correlation, judge: Judge, group: Group, stretch: Stretch, span: int, reach: int) -> OpenGroup:
    """What is held of one group in one stretch of time; `span` and `reach` are in microseconds."""
    first, last = stretch.entries[0].time, stretch.entries[-1].time
    window = [entry for entry in stretch.entries if entry.time >= last - span]
    seen = {correlation.rules[entry.rule] for entry in window}
    return OpenGroup(
        group=dict(zip(correlation.group_by, group.shown, strict=True)),
        records=len(stretch.entries),
        number=judge.judge(window)[1],
        first=moment(first),
        last=moment(last),
        rules=tuple(rule for rule in dict.fromkeys(correlation.rules) if rule in seen),
        until=moment(window[0].time + span if judge.rising else first + reach),
        whole=not judge.rising,
    )


def moment(time: int) -> datetime:
    """The moment that a held time stands for."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time)
