"""Correlations over a stream of matches: `Correlator(correlations, rules).feed(event, matches)`.

What counts (Sigma correlation rules specification 2; what it leaves open is decided here):

- **Time** is the time in the events. An event without a time can not be placed and is counted as `untimed`.
- **A window** slides: it is the timespan that ends at a record, both ends included. A condition that more records can
  only make true (gt, gte; all rules seen) is judged at every record, in the windows that this record is in. Any other
  condition (lt, lte, eq, neq, ranges with an upper limit, averages and percentiles, `not` in a condition) can only be
  judged of a window that is complete: it begins at the oldest record that was in no window yet, and is judged when a
  record of the same group lies so far beyond its end that nothing more is expected in it, at `advance`, or at `finish`.
- **One match per window**: after a match, all records in the timespan from its oldest record belong to that match.
  Later ones start anew. An attack that goes on is thus told once per timespan and group, not once per event.
- **Order**: `temporal_ordered` asks for the order of the rules; what happened at the same moment is in order. Of an
  extended condition the rules that it asks for must come in the order in which it names them.
- **Late events**: records may come in any order. None is judged without its neighbours as long as no event is later
  than `lateness` behind the newest of its group. What is further away starts a stretch of its own (counted as `late`
  when it is older), which lives beside the newer: a wrong clock, or a file of years ago, hides nothing.
- **Groups** are the values of the group-by fields, without regard to case as everywhere in Sigma. A list in a field is
  in the group of each of its values. An event that lacks one of the fields is in no group (counted as `incomplete`):
  values that are not there are not the same. The same holds for the field that is counted or calculated with.
- **An event counts once** per correlation and group, whatever number of its rules it matches; for the temporal types
  it counts for each of its rules. A metric is calculated over all numbers in the field; a percentile is the smallest
  number that so many percent of the numbers do not exceed.
- **Correlations on correlations**: a match of the inner one counts at the time of its newest record. Its fields are
  its group, and for other fields all values that its records had.
- **Memory** is bounded: groups per correlation, records per group, and records in all. Beyond that what was touched
  longest ago goes: `evictions` when it could still have counted, `expired` when it could not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from brandwacht.engines.detection.correlations import Correlation, OutdatedForm, describe_correlation, silent_ids
from brandwacht.engines.detection.events import Event
from brandwacht.engines.detection.explaining import Match
from brandwacht.engines.detection.judging import Number, Record
from brandwacht.engines.detection.logsources import LogSources, everything
from brandwacht.engines.detection.rules import Rule
from brandwacht.engines.detection.spans import FOREVER
from brandwacht.engines.detection.standing import CorrelationState, OpenGroup, moment
from brandwacht.engines.detection.watching import Limits, Outcome, Room, Signal, Watch

FORM: Final = 1
"""Version of the JSON form of the state."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class RecordRef(NamedTuple):
    """A record that a match rests on: its source as given, its number there, its time, and the rule that it matched."""

    source: str
    number: int
    time: datetime
    rule_id: str


@dataclass(frozen=True, slots=True)
class CorrelationMatch:
    """A correlation that became true for one group.

    `number` is what its condition is about (a count, a sum, an average), `because` the condition as a Dutch sentence,
    `first` and `last` the times of the oldest and newest record. `records` has at most `watching.MAX_RECORDS` of them,
    the oldest and the newest; `total` counts all.
    """

    rule_id: str
    title: str
    level: str
    tags: tuple[str, ...]
    group: dict[str, str]
    number: Number
    first: datetime
    last: datetime
    records: tuple[RecordRef, ...] = field(repr=False)
    total: int
    because: str = ""


class Correlator:
    """Watches correlations over events and their matches. Not for use by several threads at once; one per process.

    `rules` are the rules that the correlations rest on, by which the fields of events get the names that these rules
    know them by; a rule that is not there is taken to use the names in the event. `lateness` is how far behind the
    newest event of its group an event may come without changing anything. `silent` are the ids whose matches are no
    alert by themselves; correlations among them are not told either.
    """

    def __init__(
        self,
        correlations: Sequence[Correlation],
        rules: Iterable[Rule],
        logsources: LogSources | None = None,
        *,
        lateness: timedelta = timedelta(minutes=5),
        limits: Limits | None = None,
    ) -> None:
        self.silent = silent_ids(correlations)
        self._limits = limits or Limits()
        self._room = Room()
        ordered = _inner_first(correlations)
        outer: dict[str, list[Correlation]] = defaultdict(list)
        for correlation in ordered:
            for rule_id in dict.fromkeys(correlation.rules):
                outer[rule_id].append(correlation)
        delays: dict[str, int] = {}
        self._watches: list[Watch] = []
        for correlation in ordered:
            behind = max((delays.get(rule_id, 0) for rule_id in correlation.rules), default=0)
            watch = Watch(
                correlation, outer.get(correlation.id, ()), lateness // _MICROSECOND + behind, self._limits, self._room
            )
            delays[correlation.id] = behind + watch.delay
            self._watches.append(watch)
        self._places = {watch.correlation.id: place for place, watch in enumerate(self._watches)}
        self._listening = {
            rule_id: tuple(self._places[item.id] for item in listening) for rule_id, listening in outer.items()
        }
        table = logsources or everything()
        self._views = {rule.id: table.places(rule.logsource) for rule in rules if rule.id in self._listening}
        self._newest: int | None = None

    @property
    def listens_to(self) -> frozenset[str]:
        """The ids of the rules whose matches it needs; to feed it others costs nothing and does nothing."""
        return frozenset(self._listening)

    def feed(self, event: Event, matches: Iterable[Match], source: str = "") -> list[CorrelationMatch]:
        """Take in an event from `source` with its matches; returns the correlations that it makes true."""
        heard = [match.rule_id for match in matches if match.rule_id in self._listening]
        if not heard:
            return []
        if event.time is None:
            for place in {place for rule_id in heard for place in self._listening[rule_id]}:
                self._watches[place].untimed += 1
            return []
        time = (event.time - _EPOCH) // _MICROSECOND
        self._newest = time if self._newest is None else max(time, self._newest)
        signals: dict[int, list[Signal]] = {}
        for rule_id in dict.fromkeys(heard):
            record: Record = (source, event.number, time, rule_id)
            signal = Signal(rule_id, time, self._reader(rule_id, event), (record,), 1, whole=False)
            for place in self._listening[rule_id]:
                signals.setdefault(place, []).append(signal)
        found = self._spread(signals)
        return found + self._keep_within_limits()

    def advance(self, now: datetime) -> list[CorrelationMatch]:
        """Judge the windows that are complete when the time of the events is `now`.

        For conditions that need a whole window; without it such a window waits for the next event of its group. `now`
        should be trusted: an event with a wrong clock is no reason to call a window complete.
        """
        return self._settle((now - _EPOCH) // _MICROSECOND)

    def finish(self) -> list[CorrelationMatch]:
        """Judge the windows that are open still; for the end of files to which nothing will be added."""
        return self._settle(FOREVER)

    def state(self) -> dict[str, CorrelationState]:
        """What is held and what was let go, per id of a correlation."""
        return {watch.correlation.id: watch.state(self._newest) for watch in self._watches}

    @property
    def waits(self) -> bool:
        """Whether any of the correlations needs `advance`: it is judged when its window is over."""
        return any(watch.waits for watch in self._watches)

    def open_groups(self, correlation_id: str, most: int = 50) -> list[OpenGroup]:
        """What one correlation holds that may still make it true, those with the most records first."""
        return self._watches[self._places[correlation_id]].open_groups(most)

    def to_json(self) -> dict[str, Any]:
        """All that is held, as plain JSON: with it a restart neither loses nor repeats a match."""
        return {
            "form": FORM,
            "newest": self._newest,
            "correlations": {watch.correlation.id: watch.to_json() for watch in self._watches},
        }

    def restore(self, data: Mapping[str, Any]) -> tuple[str, ...]:
        """Take over what `to_json` wrote, and return the ids of the correlations that start anew.

        Those are the new ones, and those whose meaning changed. Raises `OutdatedForm`, with nothing taken over, when
        this version can not read it.
        """
        if data.get("form") != FORM:
            raise OutdatedForm(f"form {data.get('form')!r} is not {FORM}")
        try:
            stored = data["correlations"]
            held = {
                watch.correlation.id: watch.read(stored[watch.correlation.id])
                for watch in self._watches
                if watch.fits(stored.get(watch.correlation.id))
            }
            newest = None if data["newest"] is None else int(data["newest"])
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise OutdatedForm(f"no state of a correlator: {error!r}") from error
        for watch in self._watches:
            if watch.correlation.id in held:
                watch.take_over(held[watch.correlation.id])
        self._newest = newest
        return tuple(watch.correlation.id for watch in self._watches if watch.correlation.id not in held)

    @classmethod
    def from_json(
        cls,
        data: Mapping[str, Any],
        correlations: Sequence[Correlation],
        rules: Iterable[Rule],
        logsources: LogSources | None = None,
        *,
        lateness: timedelta = timedelta(minutes=5),
        limits: Limits | None = None,
    ) -> Correlator:
        """A correlator that goes on where the one that wrote `data` stopped; see `restore`."""
        made = cls(correlations, rules, logsources, lateness=lateness, limits=limits)
        made.restore(data)
        return made

    def _reader(self, rule_id: str, event: Event) -> Callable[[str], object]:
        """The fields of `event` by the names that the rule knows them by."""
        for place in self._views.get(rule_id, ()):
            if place.fields and place.covers(event.origin.log, event.event_id):
                return place.view(event)
        return event.lookup

    def _spread(self, signals: dict[int, list[Signal]]) -> list[CorrelationMatch]:
        """Let the correlations take in what is for them, inner ones first, and pass on what comes of it."""
        told: list[CorrelationMatch] = []
        while signals:
            place = min(signals)
            watch = self._watches[place]
            for outcome in watch.take(signals.pop(place)):
                self._pass_on(watch, outcome, signals, told)
        return told

    def _pass_on(
        self, watch: Watch, outcome: Outcome, signals: dict[int, list[Signal]], told: list[CorrelationMatch]
    ) -> None:
        correlation = watch.correlation
        if correlation.id not in self.silent:
            told.append(_match(correlation, outcome))
        for place in self._listening.get(correlation.id, ()):
            signals.setdefault(place, []).append(outcome.signal(correlation))

    def _settle(self, now: int) -> list[CorrelationMatch]:
        told: list[CorrelationMatch] = []
        for watch in self._watches:
            signals: dict[int, list[Signal]] = {}
            for outcome in watch.settle(now):
                self._pass_on(watch, outcome, signals, told)
            told += self._spread(signals)
        return told + self._keep_within_limits()

    def _keep_within_limits(self) -> list[CorrelationMatch]:
        told: list[CorrelationMatch] = []
        while self._room.held > self._limits.records:
            watch = max(self._watches, key=lambda item: item.held)
            signals: dict[int, list[Signal]] = {}
            for outcome in watch.evict():
                self._pass_on(watch, outcome, signals, told)
            told += self._spread(signals)
        return told


def _match(correlation: Correlation, outcome: Outcome) -> CorrelationMatch:
    return CorrelationMatch(
        rule_id=correlation.id,
        title=correlation.title,
        level=correlation.level,
        tags=correlation.tags,
        group=dict(zip(correlation.group_by, outcome.shown, strict=True)),
        number=outcome.number,
        first=moment(outcome.first),
        last=moment(outcome.last),
        records=tuple(RecordRef(source, number, moment(time), rule) for source, number, time, rule in outcome.records),
        total=outcome.total,
        because=describe_correlation(correlation),
    )


def _inner_first(correlations: Sequence[Correlation]) -> list[Correlation]:
    """The correlations with those that others rest on before those others."""
    by_id = {correlation.id: correlation for correlation in correlations}
    done: dict[str, Correlation] = {}

    def place(correlation: Correlation) -> Iterator[Correlation]:
        waiting = [correlation]
        while waiting:
            current = waiting[-1]
            inner = [by_id[rule] for rule in current.rules if rule in by_id and rule not in done]
            if inner:
                waiting.extend(inner)
            else:
                waiting.pop()
                if current.id not in done:
                    done[current.id] = current
                    yield current

    return [item for correlation in correlations for item in place(correlation)]
