"""Which rules can fire here: what rules ask for, held against what was seen in the logs.

A rule of which the log source never comes by, or that asks for a field that its log never has, is a blind spot and no
coverage. That is judged source by source: a field that one server sends is of no use to the events of another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from brandwacht.engines.detection.atoms import freeze, test_for
from brandwacht.engines.detection.compiling import Expression
from brandwacht.engines.detection.correlations import TEMPORAL, Correlation
from brandwacht.engines.detection.logsources import LogSources, Place, everything
from brandwacht.engines.detection.rules import Rule
from brandwacht.engines.detection.seen import Kind, SeenBySource, SeenFields, SeenShape, Source

Verdict = Literal["can_fire", "missing_fields", "unseen", "no_log_source"]
Needs = frozenset[str] | None
"""The fields that something asks for and that were never seen; None when nothing can make it true."""


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """Whether a rule or correlation can fire here.

    verdict     can_fire (on one source at least), missing_fields (see `missing`), unseen (no such events came by), or
                no_log_source (it is not known where events of its log source are found)
    events      how many events came by that it is about
    sampled     of how many of those the fields were looked at
    missing     the fewest fields, by their names in the events, that must appear before it can fire
    blocked_by  for a correlation: the ids of the rules it rests on that can not fire
    able        for a rule: the sources on which it can fire
    lacking     for a rule: per source that brings what it is about and on which it can not fire, what it lacks there
    """

    rule_id: str
    title: str
    verdict: Verdict
    events: int
    sampled: int
    missing: tuple[str, ...] = ()
    blocked_by: tuple[str, ...] = ()
    able: frozenset[Source] = frozenset()
    lacking: Mapping[Source, tuple[str, ...]] = field(default_factory=dict)

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
    seen: SeenFields | SeenBySource,
    correlations: Iterable[Correlation] = (),
    logsources: LogSources | None = None,
) -> list[RuleCoverage]:
    """Per rule, and then per correlation, whether it can fire on what was seen, of one source or of many.

    A rule is judged source by source; a correlation over all of them together, for what it rests on may come from
    several. It says "can fire" too readily rather than too rarely: of a field it looks whether it ever had a value, not
    which.
    """
    table = logsources or everything()
    covered = _Covered(seen if isinstance(seen, SeenBySource) else SeenBySource({"": seen}))
    waiting = list(correlations)
    basis = {rule_id for correlation in waiting for rule_id in correlation.rules}
    judged: dict[str, _Judged] = {}
    result: dict[str, RuleCoverage] = {}
    for rule in rules:
        made = _Judged(rule, table.places(rule.logsource), covered)
        result[rule.id] = made.coverage
        if rule.id in basis:
            judged[rule.id] = made
    while waiting:
        known = result.keys()
        ids = {correlation.id for correlation in waiting}
        ready = [item for item in waiting if not ids.difference(known).intersection(item.rules)] or waiting
        for correlation in ready:
            result[correlation.id] = _of_correlation(correlation, judged, result)
        waiting = [item for item in waiting if item.id not in result]
    return list(result.values())


class _Covered:
    """The kinds of log that each place covers, found once for all rules that look there."""

    def __init__(self, seen: SeenBySource) -> None:
        self._seen = seen
        self._known: dict[int, tuple[Place, list[tuple[Kind, Collection[SeenShape]]]]] = {}

    def by(self, place: Place) -> list[tuple[Kind, Collection[SeenShape]]]:
        """The kinds of log that come from this place, each with its shapes."""
        found = self._known.get(id(place))
        if found is None:
            # The place is kept, so that no other one gets its identity.
            found = place, [(kind, shapes) for kind, shapes in self._seen.kinds() if place.covers(*kind)]
            self._known[id(place)] = found
        return found[1]


class _Judged:
    """A rule held against what was seen: the kinds of log it is about, and what it lacks in each of them."""

    def __init__(self, rule: Rule, places: Sequence[Place], covered: _Covered) -> None:
        self.views: list[tuple[Place, SeenShape]] = []
        best: dict[int, tuple[SeenShape, frozenset[str]]] = {}
        for place in places:
            question = _Question(rule, place)
            for kind, shapes in covered.by(place):
                for shape in shapes:
                    needs = question.needs(kind, shape)
                    if needs is None:
                        break  # that is about the kind alone
                    if not needs:
                        self.views.append((place, shape))
                    known = best.get(id(shape))
                    if known is None or _fewest(known[1], needs) is needs:
                        best[id(shape)] = shape, needs
        able: set[Source] = set()
        for shape, needs in best.values():
            if not needs:
                able |= shape.sources
        lacking: dict[Source, frozenset[str]] = {}
        missing: Needs = None
        for shape, needs in best.values():
            if needs:
                missing = _fewest(missing, needs)
                for source in shape.sources - able:
                    lacking[source] = _fewest(lacking.get(source), needs) or needs
        verdict: Verdict = "can_fire" if able else "missing_fields"
        if not best:
            verdict = "unseen" if places else "no_log_source"
        self.coverage = RuleCoverage(
            rule_id=rule.id,
            title=rule.title,
            verdict=verdict,
            events=sum(shape.events for shape, _needs in best.values()),
            sampled=sum(shape.sampled for shape, _needs in best.values()),
            missing=() if able else tuple(sorted(missing or ())),
            able=frozenset(able),
            lacking={source: tuple(sorted(needs)) for source, needs in lacking.items()},
        )

    def lacks(self, options: Sequence[str]) -> Needs:
        """The field, when none of these names for it was ever seen where the rule can fire."""
        for place, shape in self.views:
            if any(place.fields.get(name, name) in shape.fields for name in options):
                return frozenset()
        return frozenset(options[:1])


class _Question:
    """What a rule asks of events from one place. The same answer is not sought twice: most sources are much alike."""

    def __init__(self, rule: Rule, place: Place) -> None:
        self._rule = rule
        self._place = place
        self._condition = place.narrow(rule.condition)
        names = _names_in(self._condition, rule.selections)
        self._names = frozenset(place.fields.get(name, name) for name in names)
        self._known: dict[tuple[Kind, frozenset[str], frozenset[str]], Needs] = {}

    def needs(self, kind: Kind, shape: SeenShape) -> Needs:
        """The fewest unseen fields without which the rule can not match events of this kind and shape."""
        filled, empty = self._names & shape.fields, self._names & shape.empty
        key = (kind, filled, empty)
        if key not in self._known:
            channel, number = kind
            constants = {"Channel": channel} | ({} if number is None else {"EventID": str(number)})
            asking = _Asking(self._rule, self._place, filled, empty, constants)
            self._known[key] = asking.needs(self._condition)
        return self._known[key]


def _names_in(node: Expression, selections: Mapping[str, Expression]) -> Iterator[str]:
    """The fields that an expression is about, by their names in the rule."""
    match node:
        case ["sel", str(name)]:
            yield from _names_in(selections[name], selections)
        case ["not" | "and" | "or", *parts]:
            for part in parts:
                yield from _names_in(part, selections)
        case ["ref", str(name), str(other), *_rest]:
            yield from (name, other)
        case [_, str(name), *_rest]:
            yield name


class _Asking:
    """What a rule asks for in one kind of log, of which these fields ever had a value or were there without one."""

    def __init__(
        self, rule: Rule, place: Place, filled: frozenset[str], empty: frozenset[str], constants: Mapping[str, str]
    ) -> None:
        self._selections = rule.selections
        self._place = place
        self._filled = filled
        self._empty = empty
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
        there = self._filled | self._empty if kind == "exists" else self._filled
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
