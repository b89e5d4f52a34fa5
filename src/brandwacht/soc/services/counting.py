"""What each rule did by day, for the page that shows which rules make noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from brandwacht.engines.detection import Match
from brandwacht.soc.models import RuleDay, Severity
from brandwacht.soc.services.rules import LEVELS


@dataclass(slots=True)
class _Tally:
    title: str
    level: int
    attack: list[str]
    matches: int = 0
    covered: int = 0
    alerts: int = 0


class Tallies:
    """The counts of one batch, by rule."""

    def __init__(self, attack: Mapping[str, tuple[str, ...]]) -> None:
        self._attack = attack
        self._rules: dict[str, _Tally] = {}

    def _of(self, match: Match) -> _Tally:
        tally = self._rules.get(match.rule_id)
        if tally is None:
            level = LEVELS.get(match.level, Severity.MEDIUM)
            techniques = list(self._attack.get(match.rule_id, ()))
            tally = self._rules[match.rule_id] = _Tally(match.title[:255], level, techniques)
        return tally

    def matched(self, match: Match) -> None:
        """A match that was filed."""
        self._of(match).matches += 1

    def covered(self, match: Match) -> None:
        """A match that an exception took."""
        self._of(match).covered += 1

    def opened(self, match: Match) -> None:
        """The rule is new in an alert."""
        self._of(match).alerts += 1

    def write(self, owner_id: int, now: datetime) -> None:
        """Add the counts to those of today; the caller holds the owner (``stories.hold``)."""
        today = timezone.localdate(now)
        stored = {
            row.rule_id: row
            for row in RuleDay.objects.filter(organisation_id=owner_id, day=today, rule_id__in=list(self._rules))
        }
        fresh = []
        for rule_id, tally in self._rules.items():
            row = stored.get(rule_id) or RuleDay(organisation_id=owner_id, rule_id=rule_id, day=today)
            row.title, row.level, row.attack = tally.title, tally.level, tally.attack
            row.matches += tally.matches
            row.covered += tally.covered
            row.alerts += tally.alerts
            if row.pk is None:
                fresh.append(row)
            else:
                row.save()
        RuleDay.objects.bulk_create(fresh, batch_size=200)
