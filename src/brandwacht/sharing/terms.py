"""How long there is to answer a notice, from `data/meldingen.yaml`: to acknowledge it, and to mend what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml
from django.utils import timezone

from brandwacht.engines.intel.advisories import Urgency

SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Span:
    """So many hours, days or working days (Monday to Friday; holidays count as working days)."""

    unit: str
    count: int

    def after(self, moment: datetime) -> datetime:
        """When it is over: hours to the minute, days at their last minute in local time."""
        if self.unit == "uren":
            return moment + timedelta(hours=self.count)
        day = timezone.localdate(moment)
        left = self.count
        while left:
            day += timedelta(days=1)
            left -= self.unit == "dagen" or day.weekday() < SATURDAY
        return timezone.make_aware(datetime.combine(day, time(23, 59)))


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one urgency, and what they rest on (Dutch)."""

    acknowledge: Span
    repair: Span
    source: str


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """All terms by urgency; ``exploited_is_urgent``: what is used in attacks is urgent, whoever wrote it."""

    terms: dict[Urgency, Terms]
    exploited_is_urgent: bool


@cache
def notice_rules() -> NoticeRules:
    """The rules of the data file."""
    text = resources.files("brandwacht.sharing").joinpath("data/meldingen.yaml").read_text(encoding="utf-8")
    found = yaml.safe_load(text)
    terms = {
        Urgency(key): Terms(_span(row["bevestigen"]), _span(row["herstellen"]), " ".join(row["bron"].split()))
        for key, row in found["termijnen"].items()
    }
    return NoticeRules(terms, found["urgent_bij_misbruik"])


def _span(row: dict[str, Any]) -> Span:
    ((unit, count),) = row.items()
    if unit not in ("uren", "dagen", "werkdagen"):
        raise ValueError(f"meldingen.yaml: {unit} is geen eenheid van tijd.")
    return Span(unit, int(count))
