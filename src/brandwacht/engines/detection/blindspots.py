"""Which rules can fire here: what rules ask for, held against what was seen in the logs.

A rule of which the log source never comes by, or that asks for a field that its log never has, is a blind spot and no
coverage. What was seen is kept per kind of log (channel, or the name of the log, and event number) by `SeenFields`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from brandwacht.engines.detection.atoms import freeze, test_for
from brandwacht.engines.detection.compiling import Expression
from brandwacht.engines.detection.correlations import TEMPORAL, Correlation, OutdatedForm
from brandwacht.engines.detection.events import MISSING, Event
from brandwacht.engines.detection.logsources import LogSources, Place, everything
from brandwacht.engines.detection.rules import Rule

FORM: Final = 1
"""Version of the JSON form of what was seen."""
MAX_KINDS: Final = 4096
MAX_FIELDS: Final = 2048
MAX_NAMES: Final = 100_000
MAX_NAME: Final = 200
"""Kinds of log, fields per kind and fields in all that are kept, and the characters of a name: no rule asks for what is
longer."""

_ENVELOPE: Final = ("EventID", "Channel", "Provider_Name", "Computer")

Kind = tuple[str, int | None]
"""A channel or the name of a log, in lower case, and the event number."""
Verdict = Literal["can_fire", "missing_fields", "unseen", "no_log_source"]
Needs = frozenset[str] | None
"""The fields that something asks for and that were never seen; None when nothing can make it true."""


@dataclass(slots=True)
class SeenKind:
    """What was seen of one kind of log: how many events, of how many the fields were noted, and which.

    `fields` ever had a value; `empty` are those that were there without one.
    """

    events: int = 0
    sampled: int = 0
    fields: set[str] = field(default_factory=set)
    empty: set[str] = field(default_factory=set)

    def note(self, event: Event, room: int = MAX_NAMES) -> int:
        """Look at the fields of an event, and note at most `room` new ones; returns how many those were."""
        self.sampled += 1
        before = self.names
        envelope = {name: event.lookup(name) for name in _ENVELOPE}
        for fields in (event.fields, {name: value for name, value in envelope.items() if value is not MISSING}):
            for name, value in fields.items():
                known = self.empty if value is None or value == [] else self.fields
                if name not in known and len(known) < MAX_FIELDS and self.names - before < room and _usable(name):
                    known.add(name)
        return self.names - before

    @property
    def names(self) -> int:
        """How many names of fields are kept."""
        return len(self.fields) + len(self.empty)


class SeenFields:
    """Notes which fields events have: of the first `first` of a kind, and then of every `every`th.

    Of more than `kinds` kinds of log the rest is counted in `left_out` alone; more than `names` names of fields, over
    all kinds, are not noted.
    """

    def __init__(self, first: int = 200, every: int = 50, *, kinds: int = MAX_KINDS, names: int = MAX_NAMES) -> None:
        self.kinds: dict[Kind, SeenKind] = {}
        self.left_out = 0
        self._first = first
        self._every = every
        self._most_kinds = kinds
        self._room = names

    def add(self, event: Event) -> None:
        """Note an event."""
        kind = ((event.kind or event.channel).lower(), event.event_id)
        seen = self.kinds.get(kind)
        if seen is None:
            if len(self.kinds) >= self._most_kinds or not _usable(kind[0]):
                self.left_out += 1
                return
            seen = self.kinds[kind] = SeenKind()
        seen.events += 1
        if seen.events <= self._first or seen.events % self._every == 0:
            self._room -= seen.note(event, self._room)

    def tells_more_than(self, other: SeenFields) -> bool:
        """Whether a kind of log or a field was seen here that `other` does not know."""
        for kind, mine in self.kinds.items():
            known = other.kinds.get(kind)
            if known is None or not (mine.fields <= known.fields and mine.empty <= known.empty):
                return True
        return False

    def merge(self, other: SeenFields) -> None:
        """Add what another one saw, for instance in another process; the limits of this one hold."""
        self.left_out += other.left_out
        for kind, theirs in other.kinds.items():
            if kind in self.kinds or len(self.kinds) < self._most_kinds:
                mine = self.kinds.setdefault(kind, SeenKind())
                mine.events += theirs.events
                mine.sampled += theirs.sampled
                for known, names in ((mine.fields, theirs.fields), (mine.empty, theirs.empty)):
                    new = sorted(names - known)[: max(0, min(self._room, MAX_FIELDS - len(known)))]
                    known.update(new)
                    self._room -= len(new)
            else:
                self.left_out += theirs.events

    def to_json(self) -> dict[str, Any]:
        """What was seen, as plain JSON."""
        rows = [
            [channel, number, seen.events, seen.sampled, sorted(seen.fields), sorted(seen.empty)]
            for (channel, number), seen in sorted(self.kinds.items(), key=lambda item: str(item[0]))
        ]
        return {"form": FORM, "left_out": self.left_out, "kinds": rows}

    @classmethod
    def from_json(
        cls,
        data: Mapping[str, Any],
        first: int = 200,
        every: int = 50,
        *,
        kinds: int = MAX_KINDS,
        names: int = MAX_NAMES,
    ) -> SeenFields:
        """What `to_json` wrote. Raises `OutdatedForm` when this version can not read it."""
        if data.get("form") != FORM:
            raise OutdatedForm(f"form {data.get('form')!r} is not {FORM}")
        made = cls(first, every, kinds=kinds, names=names)
        try:
            made.left_out = int(data["left_out"])
            for channel, number, events, sampled, filled, empty in data["kinds"]:
                kind = SeenKind(int(events), int(sampled), set(map(str, filled)), set(map(str, empty)))
                made.kinds[str(channel), number] = kind
                made._room -= kind.names
        except (KeyError, TypeError, ValueError) as error:
            raise OutdatedForm(f"not what was seen: {error!r}") from error
        return made


def _usable(name: str) -> bool:
    """Whether a name can be kept: not endless, and without characters that a database refuses."""
    return len(name) <= MAX_NAME and name.isprintable()


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """Whether a rule or correlation can fire here.

    verdict     can_fire, missing_fields (see `missing`), unseen (no such events came by), or no_log_source (it is not
                known where events of its log source are found)
    events      how many events came by that it is about
    sampled     of how many of those the fields were looked at
    missing     the fewest fields, by their names in the events, that must appear before it can fire
    blocked_by  for a correlation: the ids of the rules it rests on that can not fire
    """

    rule_id: str
    title: str
    verdict: Verdict
    events: int
    sampled: int
    missing: tuple[str, ...] = ()
    blocked_by: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        """The verdict as a Dutch sentence."""
        match self.verdict:
            case "can_fire":
                return "Deze regel kan hier afgaan."
            case "unseen":
                return "Deze regel kan hier niet afgaan: zulke gebeurtenissen zijn nooit gezien."
            case "no_log_source":
                return "Deze regel kan hier niet afgaan: het is niet bekend waar zijn logbron te vinden is."
        if self.missing:
            return f"Deze regel kan hier niet afgaan: nooit gezien is {', '.join(self.missing)}."
        return "Dit verband kan hier niet afgaan: regels waar het op rust, kunnen niet afgaan."


def coverage(
    rules: Iterable[Rule],
    seen: SeenFields,
    correlations: Iterable[Correlation] = (),
    logsources: LogSources | None = None,
) -> list[RuleCoverage]:
    """Per rule, and then per correlation, whether it can fire on what was seen.

    It says "can fire" too readily rather than too rarely: of a field it looks whether it ever had a value, not which.
    """
    table = logsources or everything()
    judged = {rule.id: _Judged(rule, table.places(rule.logsource), seen) for rule in rules}
    result = {rule_id: item.coverage for rule_id, item in judged.items()}
    waiting = list(correlations)
    while waiting:
        known = result.keys()
        ids = {correlation.id for correlation in waiting}
        ready = [item for item in waiting if not ids.difference(known).intersection(item.rules)] or waiting
        for correlation in ready:
            result[correlation.id] = _of_correlation(correlation, judged, result)
        waiting = [item for item in waiting if item.id not in result]
    return list(result.values())


class _Judged:
    """A rule held against what was seen: the kinds of log it is about, and what it lacks in each of them."""

    def __init__(self, rule: Rule, places: Sequence[Place], seen: SeenFields) -> None:
        found: dict[Kind, Needs] = {}
        self.views: list[tuple[Place, SeenKind]] = []
        for (channel, number), kind in seen.kinds.items():
            for place in places:
                if not place.covers(channel, number):
                    continue
                constants = {"Channel": channel} | ({} if number is None else {"EventID": str(number)})
                needs = _Asking(rule, place, kind, constants).needs(place.narrow(rule.condition))
                if needs is not None:
                    found[channel, number] = _fewest(found.get((channel, number)), needs)
                    if not needs:
                        self.views.append((place, kind))
        best: Needs = None
        for needs in found.values():
            best = _fewest(best, needs)
        verdict: Verdict = "can_fire" if best == frozenset() else "missing_fields"
        if best is None:
            verdict = "unseen" if places else "no_log_source"
        self.coverage = RuleCoverage(
            rule_id=rule.id,
            title=rule.title,
            verdict=verdict,
            events=sum(seen.kinds[kind].events for kind in found),
            sampled=sum(seen.kinds[kind].sampled for kind in found),
            missing=tuple(sorted(best or ())),
        )

    def lacks(self, options: Sequence[str]) -> Needs:
        """The field, when none of these names for it was ever seen where the rule can fire."""
        for place, kind in self.views:
            if any(place.fields.get(name, name) in kind.fields for name in options):
                return frozenset()
        return frozenset(options[:1])


class _Asking:
    """What a rule asks for in one kind of log."""

    def __init__(self, rule: Rule, place: Place, kind: SeenKind, constants: Mapping[str, str]) -> None:
        self._selections = rule.selections
        self._place = place
        self._kind = kind
        self._constants = constants

    def needs(self, node: Expression, wanted: bool = True) -> Needs:
        """The fewest unseen fields without which `node` can not be true, or, when not `wanted`, not be false."""
        match node:
            case ["sel", str(name)]:
                return self.needs(self._selections[name], wanted)
            case ["not", part]:
                return self.needs(part, not wanted)
            case ["and" | "or" as op, *parts]:
                each = [self.needs(part, wanted) for part in parts]
                if (op == "and") is wanted:
                    return None if None in each else frozenset().union(*(item for item in each if item is not None))
                best: Needs = None
                for item in each:
                    best = _fewest(best, item)
                return best
        return self._atom(node, wanted)

    def _atom(self, atom: Expression, wanted: bool) -> Needs:
        kind, name = atom[0], atom[1]
        if name is None:
            return frozenset()
        if name in self._constants and kind != "ref":
            if name == "Channel" and (kind == "re" or atom[-1] is True) and kind != "exists":
                return frozenset()  # it is kept in lower case
            true = atom[2] if kind == "exists" else kind != "null" and test_for(freeze(atom))(self._constants[name])
            return frozenset() if bool(true) is wanted else None
        names = [self._place.fields.get(item, item) for item in ([name, atom[2]] if kind == "ref" else [name])]
        there = self._kind.fields | self._kind.empty if kind == "exists" else self._kind.fields
        unseen = frozenset(item for item in names if item not in there and item not in self._constants)
        # A field that is never there makes these true, and everything else false.
        true_without = kind == "null" or (kind == "exists" and not atom[2])
        return frozenset() if true_without is wanted else unseen


def _fewest(one: Needs, other: Needs) -> Needs:
    options = [item for item in (one, other) if item is not None]
    return min(options, key=lambda item: (len(item), sorted(item)), default=None)


def _of_correlation(
    correlation: Correlation, judged: Mapping[str, _Judged], known: Mapping[str, RuleCoverage]
) -> RuleCoverage:
    lacking: dict[str, frozenset[str]] = {}
    blocked = {rule: None for rule in correlation.rules if rule not in known or known[rule].verdict != "can_fire"}
    for rule in correlation.rules:
        if rule in judged and rule not in blocked:
            options = [
                correlation.aliases.get(name, {}).get(rule) or [name]
                for name in (*correlation.group_by, *correlation.fields)
            ]
            found = [judged[rule].lacks(names) or frozenset() for names in options]
            if missing := frozenset[str]().union(*found):
                lacking[rule] = missing
    able = {rule for rule in correlation.rules if rule not in blocked and rule not in lacking}
    rests_on = [known[rule] for rule in dict.fromkeys(correlation.rules) if rule in known]
    can_fire = _enough(correlation, able)
    return RuleCoverage(
        rule_id=correlation.id,
        title=correlation.title,
        verdict="can_fire" if can_fire else "missing_fields",
        events=sum(item.events for item in rests_on),
        sampled=sum(item.sampled for item in rests_on),
        missing=() if can_fire else tuple(sorted(frozenset[str]().union(*lacking.values()))),
        blocked_by=() if can_fire else tuple(blocked),
    )


def _enough(correlation: Correlation, able: set[str]) -> bool:
    """Whether a correlation can be true when only these of its rules match."""
    if correlation.terms:
        return any(able.issuperset(seen) and (seen or able) for seen, _ in correlation.terms)
    if correlation.kind not in TEMPORAL:
        return bool(able)
    most = sum(rule in able for rule in correlation.rules)
    least = max((number + (op == "gt") for op, number in correlation.checks if op in ("gt", "gte", "eq")), default=1)
    return most >= max(least, 1)
