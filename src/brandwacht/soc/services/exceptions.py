"""Exceptions at work: which match is known behaviour, and counting what was covered.

Deciding about exceptions (propose, approve, end) stands in ``exception_cases``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import F
from django.utils import timezone

from brandwacht.engines.detection import Event, Match
from brandwacht.engines.detection.events import MISSING
from brandwacht.network.models import Node, NodeName
from brandwacht.network.services.register import log_name
from brandwacht.soc.entities import entities_of
from brandwacht.soc.models import AlertException, CoveredMatch, EntityKind, ExceptionState, How, Subject
from brandwacht.soc.services.counting import Tallies
from brandwacht.soc.services.kept_events import Found, storable

LONGEST: Final = 4000
"""Characters of a value that a pattern looks at."""
SAMPLE_VALUES: Final = 10
ENTITY_OF: Final[Mapping[str, str]] = {Subject.USER: EntityKind.USER, Subject.ADDRESS: EntityKind.ADDRESS}


@dataclass(slots=True)
class Exceptions:
    """The exceptions of one owner that work at one moment; ``names`` are the log names of their assets, by asset."""

    by_rule: dict[str, list[AlertException]] = field(default_factory=lambda: defaultdict(list))
    by_technique: dict[str, list[AlertException]] = field(default_factory=lambda: defaultdict(list))
    names: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def load(cls, owner_id: int, now: datetime) -> Exceptions:
        """Those that are approved, not ended and not run out at ``now``."""
        rows = AlertException.objects.filter(
            organisation_id=owner_id, state=ExceptionState.APPROVED, expires_at__gt=now
        )
        return cls.of(owner_id, rows.order_by("pk"))

    @classmethod
    def of(cls, owner_id: int, rows: Iterable[AlertException]) -> Exceptions:
        """Just these, whether or not they work yet: for a preview."""
        found = cls()
        for row in rows:
            (found.by_rule[row.rule_id] if row.rule_id else found.by_technique[row.technique]).append(row)
            if row.asset_id is not None:
                found.names[row.asset_id] = set()
        if found.names:
            names = NodeName.objects.filter(organisation_id=owner_id, node_id__in=list(found.names))
            for node_id, value in names.values_list("node_id", "value"):
                found.names[node_id].add(value)
        return found

    def __bool__(self) -> bool:
        return bool(self.by_rule or self.by_technique)

    def covers(self, match: Match, event: Event, host: str, asset_id: int | None = None) -> AlertException | None:
        """The exception that this match of this event on this host fits; ``None`` when it must be filed.

        ``asset_id`` is the primary key of the host's asset; without it the host must have exactly a name of the asset.
        """
        for row in self._about(match):
            if row.asset_id is not None:
                here = log_name(host) in self.names[row.asset_id] if asset_id is None else row.asset_id == asset_id
                if not here:
                    continue
            if fits(row, event):
                return row
        return None

    def _about(self, match: Match) -> list[AlertException]:
        found = list(self.by_rule.get(match.rule_id, ()))
        if self.by_technique:
            for tag in match.tags:
                number = tag.removeprefix("attack.").upper()
                for each in dict.fromkeys((number, number.split(".")[0])):
                    found += self.by_technique.get(each, ())
        return found


def fits(row: AlertException, event: Event) -> bool:
    """Whether the event has the user, address or value that the exception names, if it names one."""
    if not row.subject:
        return True
    if row.subject == Subject.FIELD:
        value = event.lookup(row.field)
        values = value if isinstance(value, list) else [value]
        texts = [str(each) for each in values if each is not None and each is not MISSING]
    else:
        texts = [entity.value for entity in entities_of(event) if entity.kind == ENTITY_OF[row.subject]]
    return any(compare(row.how, row.value, text) for text in texts)


def compare(how: str, wanted: str, text: str) -> bool:
    """Whether a text is, begins with, or fits what is wanted; case never counts."""
    wanted, text = wanted.casefold(), text.casefold()
    if how == How.PREFIX:
        return text.startswith(wanted)
    if how == How.WILDCARD:
        return glob(wanted, text[:LONGEST])
    return text == wanted


def glob(pattern: str, text: str) -> bool:
    """Whether the whole text fits a pattern of ``*`` and ``?``, in at most pattern times text steps."""
    at = place = 0
    star, back = -1, 0
    while place < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, back = at, place
            at += 1
        elif at < len(pattern) and pattern[at] in ("?", text[place]):
            at, place = at + 1, place + 1
        elif star >= 0:
            back += 1
            at, place = star + 1, back
        else:
            return False
    return not pattern[at:].strip("*")


def sift(
    owner_id: int, rows: Sequence[Found], asset_of: Callable[[Event], Node], tallies: Tallies, now: datetime
) -> list[Found]:
    """The events with the matches that must be filed; what exceptions cover is counted with them."""
    exceptions = Exceptions.load(owner_id, now)
    if not exceptions:
        return list(rows)
    left: list[Found] = []
    covered: dict[tuple[int, int, str], list[tuple[Found, Match]]] = defaultdict(list)
    by_pk: dict[int, AlertException] = {}
    for row in rows:
        stay = []
        for match in row.matches:
            exception = exceptions.covers(match, row.event, row.event.host, asset_of(row.event).pk)
            if exception is None:
                stay.append(match)
            else:
                by_pk[exception.pk] = exception
                covered[exception.pk, asset_of(row.event).pk, match.rule_id].append((row, match))
                tallies.covered(match)
        if stay:
            left.append(row if len(stay) == len(row.matches) else Found(row.event, row.time, stay))
    _count(owner_id, by_pk, covered, now)
    return left


def _count(
    owner_id: int,
    exceptions: Mapping[int, AlertException],
    covered: Mapping[tuple[int, int, str], list[tuple[Found, Match]]],
    now: datetime,
) -> None:
    today = timezone.localdate(now)
    stored = {
        (row.exception_id, row.asset_id, row.rule_id): row
        for row in CoveredMatch.objects.filter(exception_id__in=list(exceptions), day=today)
    }
    total: dict[int, int] = defaultdict(int)
    last: dict[int, datetime] = {}
    for key, found in covered.items():
        pk, asset_id, rule_id = key
        times = [each.time for each, _match in found]
        row = stored.get(key) or CoveredMatch(
            organisation_id=owner_id, exception=exceptions[pk], asset_id=asset_id, rule_id=rule_id, day=today,
            first_seen=min(times), last_seen=max(times),
        )  # fmt: skip
        row.count += len(found)
        row.first_seen, row.last_seen = min(row.first_seen, *times), max(row.last_seen, *times)
        match = found[-1][1]
        row.rule_title, row.sample = match.title[:255], _sample(match)
        row.save()
        total[pk] += len(found)
        last[pk] = max(*times, last.get(pk, times[0]))
    for pk, number in total.items():
        latest = max(last[pk], exceptions[pk].covered_last or last[pk])
        AlertException.objects.filter(pk=pk).update(covered=F("covered") + number, covered_last=latest)


def _sample(match: Match) -> dict[str, Any]:
    return {str(storable(name))[:120]: storable(value) for name, value in list(match.matched.items())[:SAMPLE_VALUES]}
