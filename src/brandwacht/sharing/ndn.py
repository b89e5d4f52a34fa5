"""The national node as data and plain reckoning: agreements on what is told back, and how sure an indicator is.

Everything that others could see rests on numbers in steps: also the score, since from an exact one the number of
organisations that reported something could be reckoned back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any, Final
from uuid import UUID, uuid5

import yaml
from django.utils.translation import gettext as _

from brandwacht.engines.intel import Indicator, Kind
from brandwacht.engines.intel.decay import USEFUL, confidence
from brandwacht.engines.intel.decay import Opinion as Word
from brandwacht.engines.intel.decay import Word as Said
from brandwacht.sharing.steps import down, stepped

HIGH: Final = 70
FAIR: Final = 40


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is told back. ``where`` is "niemand", "sector" or "regio"; ``count`` "nooit", "vanaf" or "altijd"."""

    key: str
    name: str
    where: str
    count: str
    explanation: str


@dataclass(frozen=True, slots=True)
class NodeData:
    """``data/knooppunt.yaml``: agreements by key, the usual one, from how many organisations a number is told."""

    agreements: dict[str, Agreement]
    usual: str
    least: int
    trust: dict[str, int]
    sector: str


@cache
def node_data() -> NodeData:
    """The data file."""
    text = (files("brandwacht.sharing") / "data" / "knooppunt.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    rows = (
        Agreement(row["sleutel"], row["naam"], row["waar"], row["aantal"], row["uitleg"]) for row in data["afspraken"]
    )
    return NodeData(
        {row.key: row for row in rows}, data["standaard"], data["minstens"], data["vertrouwen"], data["sector"]
    )


def indicator_key(about: UUID, indicator: Indicator) -> UUID:
    """What hits and words on one value of one report or object point at; the value can not be read from it."""
    return uuid5(about, f"{indicator.kind}:{indicator.value}")


@dataclass(frozen=True, slots=True)
class Sure:
    """How sure an indicator is, 0 to 100, and the numbers of organisations that it rests on (exact: show in steps)."""

    score: int
    seen: int
    false: int

    @property
    def useful(self) -> bool:
        """Whether it is still worth watching for."""
        return self.score >= USEFUL

    @property
    def word(self) -> str:
        """The score in a word."""
        if self.score >= HIGH:
            return _("hoog")
        if self.score >= FAIR:
            return _("redelijk")
        return _("laag") if self.useful else _("te laag om te bewaken")

    @property
    def tone(self) -> str:
        """The tone of the badge that shows it."""
        return "good" if self.score >= FAIR else "warn" if self.useful else "done"

    @property
    def reason(self) -> str:
        """What it rests on, in steps."""
        said = []
        if self.seen:
            said.append(_("gezien door %(n)s organisaties") % {"n": stepped(self.seen)})
        if self.false:
            said.append(_("onterecht volgens %(n)s") % {"n": stepped(self.false)})
        return ", ".join(said) if said else _("nog niemand zag dit of noemde het onterecht")


Report = tuple[int, date, bool]
"""A member's word: who (primary key), on which day, and whether it was seen (else it was found to be nothing)."""


def how_sure(kind: str, trust: int, given: datetime, reports: Iterable[Report], now: datetime) -> Sure:
    """How sure an indicator is; each member counts once, with its latest word.

    The engine gets numbers in steps, and sightings as of the first of their month.
    """
    latest: dict[int, tuple[date, bool]] = {}
    for member, on, seen in sorted(reports, key=lambda each: (each[1], not each[2])):
        latest[member] = (on, seen)
    seen_on = [on for on, seen in latest.values() if seen]
    false = len(latest) - len(seen_on)
    month = datetime.combine(max(seen_on).replace(day=1), time(), UTC) if seen_on else given
    words = [Said(f"s{each}", min(max(month, given), now), Word.SEEN) for each in range(down(len(seen_on)))]
    words += [Said(f"f{each}", given, Word.FALSE) for each in range(down(false))]
    found = confidence(Kind(kind), trust=trust / 100, given=given, words=words, now=max(now, given))
    return Sure(found.score, len(seen_on), false)
