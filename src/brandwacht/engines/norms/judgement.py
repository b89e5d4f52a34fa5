"""How a control is judged: design, existence and operation, a maturity level, and the evidence under them.

An answer says what an organisation claims; a judgement says what was found and what can be shown. When the evidence
runs out, operation drops by itself: nobody has seen it work lately. The state that then still holds is what the score
counts, so there is one figure and not two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from .states import Finding, State


@dataclass(frozen=True, slots=True)
class Maturity:
    """A maturity level: its number, a name of one or two words, and what one sees there. The words are our own."""

    level: int
    name: str
    text: str


MATURITY: Final = (
    Maturity(0, "Niets", "Dit gebeurt niet."),
    Maturity(1, "Toevallig", "Het gebeurt als iemand eraan denkt. Er is niets afgesproken."),
    Maturity(2, "Uit ervaring", "Het gebeurt meestal zo, door dezelfde mensen. Er staat weinig op papier."),
    Maturity(3, "Vastgelegd", "Het staat op papier, de mensen die het aangaat weten het en werken zo."),
    Maturity(4, "Gemeten", "U meet of het werkt, en stuurt bij als het niet werkt."),
    Maturity(5, "Steeds beter", "U zoekt zelf wat beter kan, en leert van incidenten en van anderen."),
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence. `valid_from` and `valid_to` are the first and last day on which it counts.

    `received_on` is the day on which the organisation got it, `added_on` the day on which it was added: before that
    day nobody knew of it. `seen_by` looked at it on `seen_on`. `sha256` is hexadecimal, empty without a document.
    From `withdrawn_on` it counts no longer; what is withdrawn on the day it was added was a mistake, and never was.
    """

    title: str
    valid_from: date
    valid_to: date
    received_on: date
    added_on: date = date.min
    sha256: str = ""
    seen_by: str = ""
    seen_on: date | None = None
    withdrawn_on: date | None = None

    def known(self, today: date) -> bool:
        """Whether it was there on this day, counting or not."""
        return self.added_on <= today and (self.withdrawn_on is None or self.withdrawn_on > self.added_on)

    def counts(self, today: date) -> bool:
        """Whether it shows something on this day."""
        return self.known(today) and self.valid_from <= today and not self.ran_out(today)

    def ran_out(self, today: date) -> bool:
        """Whether it counted before this day and does not any more."""
        withdrawn = self.withdrawn_on is not None and self.withdrawn_on <= today
        return self.known(today) and (self.valid_to < today or withdrawn)

    def seen(self, today: date) -> bool:
        """Whether somebody had looked at it by this day."""
        return self.seen_on is not None and self.seen_on <= today


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found about one control. `maturity` is 0 to 5, None when nobody gave one.

    `unmet` are the numbers of government measures of the control that are answered with less than "voldoet".
    """

    design: Finding = Finding.UNSEEN
    existence: Finding = Finding.UNSEEN
    operation: Finding = Finding.UNSEEN
    maturity: int | None = None
    evidence: tuple[Evidence, ...] = ()
    unmet: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("design", "existence", "operation"):
            object.__setattr__(self, name, Finding(getattr(self, name)))  # so that a stored word will do
        if self.maturity is not None and not 0 <= self.maturity <= len(MATURITY) - 1:
            raise ValueError(f"maturity {self.maturity} is not from 0 to 5")

    @property
    def judged(self) -> bool:
        """Whether any of the three was looked at."""
        return any((self.design, self.existence, self.operation))


UNJUDGED: Final = Judgement()
"""Nothing was looked at and there is no evidence."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a judgement stands on a day, and on what that rests.

    `most` is the most that an answer may claim. `dropped` says that operation fell back because the evidence ran out,
    the last of it after `counted_until`. `rests_on` is the evidence that counts, the longest valid first; `oldest` the
    day on which the oldest of it was received; `seen_by` who looked at it, `unseen` how many pieces nobody did.
    """

    design: Finding
    existence: Finding
    operation: Finding
    maturity: int | None
    most: State
    dropped: bool
    counted_until: date | None
    rests_on: tuple[Evidence, ...]
    ran_out: tuple[Evidence, ...]
    oldest: date | None
    seen_by: tuple[str, ...]
    unseen: int

    @property
    def expired(self) -> bool:
        """Whether there was evidence and none of it counts any more."""
        return bool(self.ran_out) and not self.rests_on

    @property
    def until(self) -> date | None:
        """The last day on which there is, or was, evidence that counts; None without any."""
        return self.rests_on[0].valid_to if self.rests_on else self.counted_until

    @property
    def proven(self) -> bool:
        """Whether there is evidence that counts."""
        return bool(self.rests_on)


def stand(judgement: Judgement, today: date) -> Stand:
    """Where a judgement stands on `today`.

    When there was evidence and none of it counts any more, operation drops to "niet bekeken" (a "nee" stays: that was
    found), maturity to at most 3 (nothing is measured any more), and no more than "voldoet deels" may be claimed.
    """
    counting = sorted(
        (each for each in judgement.evidence if each.counts(today)), key=lambda each: each.valid_to, reverse=True
    )
    gone = tuple(each for each in judgement.evidence if each.ran_out(today))
    expired = bool(gone) and not counting
    operation = judgement.operation
    if expired and operation is not Finding.NO:
        operation = Finding.UNSEEN
    maturity = judgement.maturity
    return Stand(
        design=judgement.design,
        existence=judgement.existence,
        operation=operation,
        maturity=None if maturity is None else min(maturity, highest_maturity(judgement, operation)),
        most=_most(judgement, operation, expired),
        dropped=operation is not judgement.operation,
        counted_until=max((_last_day(each) for each in gone), default=None) if expired else None,
        rests_on=tuple(counting),
        ran_out=gone,
        oldest=min((each.received_on for each in counting), default=None),
        seen_by=tuple(dict.fromkeys(each.seen_by for each in counting if each.seen(today) and each.seen_by)),
        unseen=sum(not each.seen(today) for each in counting),
    )


def most_to_claim(judgement: Judgement) -> State:
    """The most that an answer may claim on these findings, evidence apart.

    - nothing was looked at: the answer stands on its own word ("voldoet"), and is named as not judged;
    - it does not exist, or nothing that was looked at is there at all, or maturity is 0: "voldoet niet";
    - all three are there: "voldoet"; anything else, also what was not looked at beside what was: "voldoet deels";
    - a government measure that is not met leaves at most "voldoet deels".
    """
    return _most(judgement, judgement.operation, expired=False)


def highest_maturity(judgement: Judgement, operation: Finding | None = None) -> int:
    """The highest level that the findings allow: 1 when it does not exist, 3 and up asks design, 4 and up operation."""
    works = judgement.operation if operation is None else operation
    if judgement.existence is Finding.NO:
        return 1
    if judgement.design is not Finding.YES:
        return 2
    return 5 if works is Finding.YES else 3


def _most(judgement: Judgement, operation: Finding, expired: bool) -> State:
    found = (judgement.design, judgement.existence, operation)
    if judgement.maturity == 0 or judgement.existence is Finding.NO:
        return State.NOT_MET
    if judgement.judged and not _anything(found):
        return State.NOT_MET
    whole = not judgement.judged or all(each is Finding.YES for each in found)
    return State.MET if whole and not expired and not judgement.unmet else State.PARTLY


def _anything(found: Sequence[Finding]) -> bool:
    return any(each in (Finding.YES, Finding.PARTLY) for each in found)


def _last_day(evidence: Evidence) -> date:
    if evidence.withdrawn_on is None:
        return evidence.valid_to
    return min(evidence.valid_to, date.fromordinal(evidence.withdrawn_on.toordinal() - 1))
