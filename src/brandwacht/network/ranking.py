"""What to do first: a ranking of actions that can be told in one sentence. Pure: no database, the moment is given.

Each action gets points for its risk, for how near its deadline is, and for how little work it is. More points go
first. The tables below are our own judgement, and all that the order depends on. They are chosen so that what is late,
or due within a day, goes before everything that can wait longer than a week, whatever the risks: a term that has
passed can no longer be met.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.network import wording

SHOWN: Final = 7
"""More than seven things at once is no longer a list of what comes first."""

RISK: Final = {1: 10, 2: 20, 3: 35, 4: 50}
"""Points by risk, 1 (low) to 4 (critical)."""
RISK_WORDS: Final[dict[int, str | Promise]] = {
    1: gettext_lazy("het risico is klein"),
    2: gettext_lazy("het risico is gemiddeld"),
    3: gettext_lazy("het risico is groot"),
    4: gettext_lazy("het risico is heel groot"),
}
HOUR, DAY, WEEK, MONTH = timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=31)
NEAR: Final = ((HOUR, 75), (DAY, 60), (WEEK, 25), (MONTH, 10))
"""Points by time that is left: at most so long, so many points. What is late counts as the nearest."""
SHORT: Final = ((10, 8), (30, 5), (60, 2))
"""Points by work: at most so many minutes, so many points."""

SHORT_WORDS: Final[dict[int, str | Promise]] = {
    8: gettext_lazy("het is zo gedaan"),
    5: gettext_lazy("het kost hoogstens een half uur"),
    2: gettext_lazy("het kost hoogstens een uur"),
}


_R = TypeVar("_R")
"""What is ranked: it has ``risk`` from 1 to 4 (others count as the nearest), ``effort`` in minutes, and ``due``, a
moment or ``None``. Rows of the database have, and so has anything made for the purpose.
"""


@dataclass(frozen=True, slots=True)
class Ranked(Generic[_R]):
    """One action in its place: its points, and the sentence that says why it stands there."""

    thing: _R
    points: int
    why: str


def points(thing: Any, now: datetime) -> int:
    """The points of one thing: more risk, a nearer deadline and less work never give fewer."""
    return RISK[_risk(thing)] + _near(thing.due, now) + _short(thing.effort)


def rank(things: Iterable[_R], now: datetime, limit: int | None = SHOWN) -> list[Ranked[_R]]:
    """The first ``limit`` (all with ``None``): most points first, then the nearest deadline, the highest risk, the
    least work, and the order in which they came.
    """

    def key(thing: Any) -> tuple[int, bool, float, int, int]:
        due = thing.due.timestamp() if thing.due else 0.0
        return -points(thing, now), thing.due is None, due, -_risk(thing), thing.effort

    first: Sequence[_R] = sorted(things, key=key)[:limit]
    return [Ranked(thing, points(thing, now), why(thing, now)) for thing in first]


def why(thing: Any, now: datetime) -> str:
    """Why this one: the sentence under an action. It names what gave it points."""
    parts = [str(RISK_WORDS[_risk(thing)])]
    if thing.due and (when := _when(thing.due, now)):
        parts.insert(0, when)
    if given := _short(thing.effort):
        parts.append(str(SHORT_WORDS[given]))
    said = wording.listed(parts)
    return said[:1].upper() + said[1:] + "."


def _when(due: datetime, now: datetime) -> str:
    if due <= now:
        return _("dit had al klaar moeten zijn")
    if due - now <= HOUR:
        return _("dit moet binnen een uur klaar zijn")
    if due - now <= DAY:
        return _("dit moet binnen een dag klaar zijn")
    if due - now <= WEEK:
        return _("dit moet deze week klaar zijn") if _same_week(due, now) else _("dit moet binnen een week klaar zijn")
    return _("dit moet binnen een maand klaar zijn") if due - now <= MONTH else ""


def _same_week(due: datetime, now: datetime) -> bool:
    return wording.aware(due).isocalendar()[:2] == wording.aware(now).isocalendar()[:2]


def _risk(thing: Any) -> int:
    return min(max(thing.risk, min(RISK)), max(RISK))


def _near(due: datetime | None, now: datetime) -> int:
    if due is None:
        return 0
    return next((given for left, given in NEAR if due - now <= left), 0)


def _short(effort: int) -> int:
    return next((given for minutes, given in SHORT if effort <= minutes), 0)
