"""A search as a value: what people fill in, kept as JSON with a run or under a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.network.errors import Refused
from brandwacht.soc.store.conditions import OR, WITHOUT_VALUE, Line

PERIODS: Final = {
    "uur": (gettext_lazy("Laatste uur"), timedelta(hours=1)),
    "dag": (gettext_lazy("Laatste 24 uur"), timedelta(days=1)),
    "week": (gettext_lazy("Laatste 7 dagen"), timedelta(days=7)),
    "maand": (gettext_lazy("Laatste 30 dagen"), timedelta(days=30)),
    "kwartaal": (gettext_lazy("Laatste 90 dagen"), timedelta(days=90)),
}
OWN: Final = "eigen"
"""The period that somebody chose by its first and last moment."""
WORDS: Final = {
    "is": gettext_lazy("is"),
    "is_niet": gettext_lazy("is niet"),
    "bevat": gettext_lazy("bevat"),
    "bevat_niet": gettext_lazy("bevat niet"),
    "begint": gettext_lazy("begint met"),
    "eindigt": gettext_lazy("eindigt op"),
    "patroon": gettext_lazy("past op patroon"),
    "groter": gettext_lazy("groter of later dan"),
    "kleiner": gettext_lazy("kleiner of eerder dan"),
    "netwerk": gettext_lazy("ligt in netwerk"),
    "bestaat": gettext_lazy("is gevuld"),
    "ontbreekt": gettext_lazy("is leeg"),
}
"""The operators of ``store.conditions`` in words."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to search: lines over fields, or SQL. ``source`` and ``kind`` are parts of names, "" for all of them."""

    lines: tuple[Line, ...] = ()
    sql: str = ""
    period: str = "week"
    since: datetime | None = None
    until: datetime | None = None
    source: str = ""
    kind: str = ""

    def span(self, now: datetime) -> tuple[datetime, datetime]:
        """The first moment, and the one after the last. Raises ``Refused`` (field "van") when there is nothing between.

        A period up to now also takes what a clock that runs ahead dated a little later.
        """
        if self.period in PERIODS:
            return now - PERIODS[self.period][1], now + timedelta(hours=1)
        if self.since is None or self.until is None:
            raise Refused(_("Vul bij een eigen periode het begin en het eind in."), "van")
        if self.since >= self.until:
            raise Refused(_("Het begin van de periode ligt na het eind. Draai ze om."), "van")
        return self.since, self.until

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "lines": [[line.joiner, line.field, line.operator, line.value] for line in self.lines],
            "sql": self.sql,
            "period": self.period,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "source": self.source,
            "kind": self.kind,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Query:
        """As it was kept."""
        return cls(
            lines=tuple(Line(*line) for line in kept.get("lines", ())),
            sql=kept.get("sql", ""),
            period=kept.get("period", "week"),
            since=parse_datetime(kept["since"]) if kept.get("since") else None,
            until=parse_datetime(kept["until"]) if kept.get("until") else None,
            source=kept.get("source", ""),
            kind=kept.get("kind", ""),
        )


def title_of(query: Query) -> str:
    """A search in one line, at most 300 characters."""
    if query.sql:
        return " ".join(query.sql.split())[:300]
    text = ""
    for line in query.lines:
        value = "" if line.operator in WITHOUT_VALUE else f" {line.value.strip()}"
        joiner = (_(" of ") if line.joiner == OR else _(" en ")) if text else ""
        text += f"{joiner}{line.field} {WORDS.get(line.operator, line.operator)}{value}"
    return (text or _("Alle gebeurtenissen"))[:300]
