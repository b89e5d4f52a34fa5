"""What a look back looks for in stored events: a rule, a list of indicators, or a correlation that remembers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from brandwacht.engines.detection import Correlation, CorrelationMatch, Correlator, Event, Match, Matcher, Rule
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation
from brandwacht.soc.models import IndicatorList, LookBack, RuleKind, SigmaRule
from brandwacht.soc.services.correlations import LIMITS, as_match
from brandwacht.soc.services.rule_relations import MOST, related_texts
from brandwacht.soc.services.rule_text import check
from brandwacht.soc.services.rulebook import revived, revived_correlation
from brandwacht.soc.services.stored import StoredRow
from brandwacht.soc.services.watchlists import Watchlists, watched


class Hit(NamedTuple):
    """Something that was found: when, on which host, and why. ``event`` is None of what rests on several."""

    time: datetime
    host: str
    matches: Sequence[Match]
    event: Event | None


class Finder:
    """Finds what each event tells by itself; ``match`` gives that by position in a batch."""

    def __init__(self, match: Callable[[Sequence[Event]], Mapping[int, Sequence[Match]]]) -> None:
        self._match = match

    def find(self, batch: Sequence[tuple[StoredRow, Event]]) -> Iterator[Hit]:
        """What is found in these events, in their order."""
        for position, matches in sorted(self._match([event for _stored, event in batch]).items()):
            stored, event = batch[position]
            yield Hit(stored.time, event.host, matches, event)

    def close(self, until: datetime) -> Iterator[Hit]:
        """What is known at ``until``, when all events up to then were given."""
        yield from ()


class Together(Finder):
    """Finds when a correlation becomes true; it must get the events in order of time, and remembers as the watch does.

    ``basis`` are the rules and correlations that it rests on.
    """

    def __init__(self, correlation: Correlation, basis: Sequence[Rule | Correlation]) -> None:
        rules = [each for each in basis if isinstance(each, Rule)]
        super().__init__(matches_of(rules))
        self._wanted = correlation.id
        inner = [each for each in basis if isinstance(each, Correlation)]
        self._correlator = Correlator([*inner, correlation], rules, limits=LIMITS)

    @property
    def let_go(self) -> bool:
        """Whether there was too much to remember, so that something may not have been found."""
        return any(state.evictions or state.dropped for state in self._correlator.state().values())

    def find(self, batch: Sequence[tuple[StoredRow, Event]]) -> Iterator[Hit]:
        """When the correlation became true on these events."""
        for hit in super().find(batch):
            if hit.event is not None:
                # The host goes along as the source of a record, for that is what is told of it.
                yield from self._told(self._correlator.feed(hit.event, hit.matches, hit.host))

    def close(self, until: datetime) -> Iterator[Hit]:
        """What of the windows that are over at ``until`` is true."""
        yield from self._told(self._correlator.advance(until))

    def _told(self, found: Sequence[CorrelationMatch]) -> Iterator[Hit]:
        for each in found:
            if each.rule_id == self._wanted:
                yield Hit(each.last, each.records[-1].source, [as_match(each)], None)


def matches_of(rules: Sequence[Rule]) -> Callable[[Sequence[Event]], Mapping[int, Sequence[Match]]]:
    """What these rules match in events, by position."""
    matcher = Matcher(list(rules))
    return lambda events: {position: found for position, event in enumerate(events) if (found := matcher.match(event))}


def finder_of(row: LookBack, home: Organisation) -> Finder | None:
    """What is looked for at this organisation; ``None`` when the label of the list forbids it there.

    Raises ``Refused`` when the rule, or one that it rests on, can not be used.
    """
    if row.rule_id is not None:
        return finder_of_rule(row)
    held = watched(IndicatorList.objects.get(pk=row.indicators_id), home.pk)
    return Finder(Watchlists([held]).match) if held else None


def finder_of_rule(row: LookBack) -> Finder:
    """What finds the rule of a look back, as its text was when that was asked. Raises ``Refused``."""
    rule = SigmaRule.objects.get(pk=row.rule_id)
    related = related_texts(rule.organisation_id, [row.text]) if rule.kind == RuleKind.CORRELATION else ()
    tried = check(row.text, related=related).rule
    if tried is None and row.text == rule.source:  # one of several in a file
        tried = revived(rule) or revived_correlation(rule)
    if tried is None:
        raise Refused(_("Deze regel is niet te gebruiken, dus ook niet te proberen."))
    if isinstance(tried, Rule):
        return Finder(matches_of([tried]))
    return Together(tried, _basis(rule.organisation_id, tried))


def _basis(owner_id: int, correlation: Correlation) -> list[Rule | Correlation]:
    """What a correlation rests on, whether that is in use or not; at most ``MOST``. Raises ``Refused``."""
    found: dict[str, Rule | Correlation] = {}
    waiting = set(correlation.rules) - {correlation.id}
    while waiting:
        rows = SigmaRule.objects.filter(organisation_id=owner_id, rule_id__in=waiting)
        made = {row.rule_id: revived(row) or revived_correlation(row) for row in rows[:MOST]}
        usable = {rule_id: each for rule_id, each in made.items() if each is not None}
        if lost := waiting - usable.keys():
            raise Refused(_("Dit verband rust op een regel die niet te gebruiken is: %(rule)s.") % {"rule": min(lost)})
        found |= usable
        if len(found) > MOST:
            raise Refused(_("Dit verband rust op te veel regels om het te proberen."))
        inner = {name for each in usable.values() if isinstance(each, Correlation) for name in each.rules}
        waiting = inner - found.keys() - {correlation.id}
    return list(found.values())
