"""Figures of the watch from the times of its alerts: pure functions over rows that a query took.

Every figure says what it rests on (``n``). The 90th percentile and the median are those of the nearest rank: the value
below or at which that share of the values lies; no value is made up between two others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Times:
    """How long one alert took, and whose it is: minutes per span in the order of ``KINDS``, ``None`` without an end."""

    owner_id: int
    minutes: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A span between two times of an alert (names of its fields): a key, its name and what it measures."""

    key: str
    name: Text
    about: Text
    begin: str
    end: str


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle value and the 90th percentile in minutes over ``n`` values; ``None`` without any."""

    n: int
    median: float | None
    p90: float | None


KINDS: Final = (
    Kind(
        "detectie",
        _("Ontdekken"),
        _("Van het vroegste spoor tot de melding (in het Engels: mean time to detect, MTTD)"),
        "first_seen",
        "opened_at",
    ),
    Kind(
        "binnen",
        _("Binnenkomen"),
        _("Van het vroegste spoor tot de gebeurtenis hier binnen was"),
        "first_seen",
        "received_at",
    ),
    Kind(
        "regel",
        _("Herkennen"),
        _("Van binnenkomen tot de melding"),
        "received_at",
        "opened_at",
    ),
    Kind(
        "bevestigen",
        _("Bevestigen"),
        _("Van de melding tot iemand haar onderzoekt (mean time to acknowledge, MTTA)"),
        "opened_at",
        "acknowledged_at",
    ),
    Kind(
        "oordeel",
        _("Oordelen"),
        _("Van de melding tot het oordeel"),
        "opened_at",
        "triaged_at",
    ),
    Kind(
        "overdragen",
        _("Overdragen"),
        _("Van de melding tot de overdracht of het incident"),
        "opened_at",
        "escalated_at",
    ),
    Kind(
        "sluiten",
        _("Afhandelen"),
        _("Van de melding tot zij gesloten is (mean time to respond, MTTR)"),
        "opened_at",
        "closed_at",
    ),
)
HEADLINES: Final = ("detectie", "bevestigen", "sluiten")


def kind(key: str) -> Kind:
    """The span with this key."""
    return next(each for each in KINDS if each.key == key)


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value of the nearest rank: the smallest one at or below which ``share`` (0 to 1) of the values lies."""
    if not values:
        return None
    return _ranked(sorted(values), share)


def _ranked(ordered: Sequence[float], share: float) -> float:
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def spread(rows: Iterable[Times], of: Kind) -> Spread:
    """The spread of one span over the alerts that have both times. A clock that ran ahead counts as zero."""
    at = KINDS.index(of)
    values = sorted(max(0.0, value) for row in rows if (value := row.minutes[at]) is not None)
    return Spread(len(values), _ranked(values, 0.5), _ranked(values, 0.9)) if values else Spread(0, None, None)


class Spreads(dict[str, Spread]):
    """The spread of every span by key, each reckoned when it is asked for: a page shows few of all there are."""

    def __init__(self, rows: Sequence[Times]) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, key: str) -> Spread:
        self[key] = spread(self._rows, kind(key))
        return self[key]


def by_owner(rows: Iterable[Times]) -> dict[int, list[Times]]:
    """The alerts of each organisation."""
    found: dict[int, list[Times]] = {}
    for row in rows:
        found.setdefault(row.owner_id, []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class Verdicts:
    """How many alerts were judged how."""

    true: int = 0
    false: int = 0
    benign: int = 0
    undecided: int = 0

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> Verdicts:
        """From counts by disposition."""
        return cls(
            counts.get("echt", 0), counts.get("vals", 0), counts.get("onschuldig", 0), counts.get("onbeslist", 0)
        )

    @classmethod
    def sum(cls, parts: Iterable[Verdicts]) -> Verdicts:
        """All of these together."""
        every = list(parts)
        return cls(
            sum(each.true for each in every),
            sum(each.false for each in every),
            sum(each.benign for each in every),
            sum(each.undecided for each in every),
        )

    @property
    def judged(self) -> int:
        """With a verdict that says something: "onbeslist" does not count."""
        return self.true + self.false + self.benign

    @property
    def false_percent(self) -> float | None:
        """The share of false alarms among what was judged, in percent."""
        return 100 * self.false / self.judged if self.judged else None

    @property
    def precision(self) -> float | None:
        """The share of what was judged in which the rule was right, harmless or not, in percent."""
        return 100 * (self.true + self.benign) / self.judged if self.judged else None

    @property
    def true_percent(self) -> float | None:
        """The share of what was judged in which something was really wrong, in percent."""
        return 100 * self.true / self.judged if self.judged else None
