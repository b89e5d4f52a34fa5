"""How sure we still are of an indicator: from who gave it, who saw it, who found it false, and how long ago.

The formula of decay is that of MISP (Mokaddem, Wagener, Dulaunoy and others, "Taxonomy driven indicator scoring in MISP
threat intelligence platforms", 2018): a base score falls to nothing at the end of its life,

    score(t) = base x (1 - (t / life) ^ (1 / speed))          0 at and after t = life

with t the time since it was last seen. `life` says when it is worth nothing, `speed` (1 is a straight line; lower stays
high first, higher falls fast) follows from how quickly such things change hands. Ours is what others' judgement does to
the base:

    base = trust x 100 x (1 + seen) / (1 + seen + 2 x false)

where `trust` is that in the source (0 to 1), `seen` the organisations that saw it and did not take that back, and
`false` those that say it is no sign of anything. Each organisation counts once, with its latest word; a false positive
weighs twice, since an alarm on nothing costs everybody. Only a sighting moves the clock; a false positive never does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from .indicators import Kind


class Opinion(StrEnum):
    """What an organisation says of an indicator."""

    SEEN = "seen"
    FALSE = "false"


@dataclass(frozen=True, slots=True)
class Word:
    """One report: who (an opaque key), when (with a time zone) and what."""

    by: str
    at: datetime
    opinion: Opinion


@dataclass(frozen=True, slots=True)
class Decay:
    """How a kind of indicator ages: `life` until it is worth nothing, and `speed` (above 0)."""

    life: timedelta
    speed: float

    def __post_init__(self) -> None:
        if self.life <= timedelta(0) or self.speed <= 0:
            raise ValueError("De levensduur en de snelheid van verval zijn groter dan nul.")


AGING: Final[dict[Kind, Decay]] = {
    Kind.IPV4: Decay(timedelta(days=60), 1.5),
    Kind.IPV6: Decay(timedelta(days=60), 1.5),
    Kind.URL: Decay(timedelta(days=90), 1.5),
    Kind.DOMAIN: Decay(timedelta(days=180), 1.0),
    Kind.EMAIL: Decay(timedelta(days=180), 1.0),
    Kind.MD5: Decay(timedelta(days=730), 0.5),
    Kind.SHA1: Decay(timedelta(days=730), 0.5),
    Kind.SHA256: Decay(timedelta(days=730), 0.5),
}
"""Our own choice: an address changes hands in weeks, a name in months; a file stays what it is."""

USEFUL: Final = 20
"""Below this an indicator is not worth watching any more."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure we are, 0 to 100, and what it rests on."""

    score: int
    base: float
    seen: int
    false: int
    last: datetime

    @property
    def useful(self) -> bool:
        """Whether it is still worth watching."""
        return self.score >= USEFUL

    @property
    def sentence(self) -> str:
        """In Dutch, fit to show."""
        seen = "één organisatie zag dit" if self.seen == 1 else f"{self.seen} organisaties zagen dit"
        false = "één vond het vals alarm" if self.false == 1 else f"{self.false} vonden het vals alarm"
        return f"Betrouwbaarheid {self.score} van 100: {seen}, {false}."


def confidence(
    kind: Kind, *, trust: float, given: datetime, words: Iterable[Word], now: datetime, decay: Decay | None = None
) -> Confidence:
    """How sure we are at `now` of an indicator that was given at `given` by a source with this `trust` (0 to 1).

    Words after `now` do not count yet. Raises ValueError for a trust outside 0 to 1.
    """
    if not 0 <= trust <= 1:
        raise ValueError("Het vertrouwen in een bron ligt tussen 0 en 1.")
    latest: dict[str, Word] = {}
    for word in sorted(words, key=lambda each: (each.at, each.opinion is Opinion.SEEN)):
        if word.at <= now:
            latest[word.by] = word
    seen = [word for word in latest.values() if word.opinion is Opinion.SEEN]
    false = len(latest) - len(seen)
    last = max([given, *(word.at for word in seen)])
    base = trust * 100 * ((1 + len(seen)) / (1 + len(seen) + 2 * false))
    aging = decay or AGING[kind]
    age = max(now - last, timedelta(0)) / aging.life
    left = 0.0 if age >= 1 else 1 - age ** (1 / aging.speed)
    return Confidence(round(base * left), base, len(seen), false, last)
