"""One honest figure out of many answers: what it is, what it rests on and how old that is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from .answers import Answer
from .framework import Framework
from .states import State, lesser


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """The figure for one theme: `percent` over `applicable` controls, of which `based_on` have an answer."""

    percent: int
    applicable: int
    based_on: int


@dataclass(frozen=True, slots=True)
class Score:
    """The figure, a Dutch word for it, and what it rests on.

    `controls` counts all controls, `applicable` those that apply, `based_on` those with an answer (of any kind).
    `oldest` is the day of the oldest answer that counts. The others are control numbers in the order of the norm:
    `expired` evidence that ran out; `unproven` "voldoet" without any evidence; `accepted` a risk that was accepted;
    `unjudged` an answer that claims something while design, existence and operation were not looked at; `held_back`
    an answer of which less holds than it says; `unseen` evidence that counts and that nobody looked at.
    """

    percent: int
    word: str
    controls: int
    applicable: int
    based_on: int
    oldest: date | None
    expired: tuple[str, ...]
    unproven: tuple[str, ...]
    accepted: tuple[str, ...]
    by_theme: Mapping[str, ThemeScore]
    unjudged: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()


def score(framework: Framework, answers: Iterable[Answer], today: date) -> Score:
    """Score a framework as it stood on `today`.

    Of each control the latest answer up to and including today counts (of two on one day, the later in the sequence),
    so that a past date gives the figure of then. Let A be the controls not answered "niet van toepassing":

        percent = floor(100 * sum of v(c) over A / number of controls in A), and 0 when A is empty

        v(c) = 1    "voldoet" holds, with evidence that still counts or without any evidence (then in `unproven`)
               1/2  "deels" holds: it was answered, or it is all that findings and evidence allow (`Answer.holds`)
               0    "voldoet niet" holds, "geaccepteerd" (an accepted risk is still a risk), and no answer

    It is rounded down, so 100 means that everything is met. A better answer on one control never lowers it.
    Raises UnknownControl for an answer on a control that the framework does not have.
    """
    latest = _latest(framework, answers, today)
    given = {number: answer for number, answer in latest.items() if answer.state is not State.UNANSWERED}
    in_order = [given[control.number] for control in framework.controls if control.number in given]
    stands = [(answer, answer.stand(today)) for answer in in_order]
    total = _part(framework, [control.number for control in framework.controls], given, today)
    return Score(
        percent=total.percent,
        word=_word(total),
        controls=len(framework.controls),
        applicable=total.applicable,
        based_on=total.based_on,
        oldest=min((answer.answered_on for answer in in_order), default=None),
        expired=tuple(answer.control for answer, now in stands if now.expired),
        unproven=tuple(
            answer.control for answer, now in stands if answer.state is State.MET and not now.proven and not now.expired
        ),
        accepted=tuple(answer.control for answer in in_order if answer.state is State.ACCEPTED),
        by_theme={
            theme: _part(framework, [c.number for c in framework.controls if c.theme == theme], given, today)
            for theme in framework.themes
        },
        unjudged=tuple(
            answer.control
            for answer in in_order
            if answer.state in (State.MET, State.PARTLY) and not answer.judgement.judged
        ),
        held_back=tuple(answer.control for answer, now in stands if lesser(answer.state, now.most) is not answer.state),
        unseen=tuple(answer.control for answer, now in stands if now.unseen),
    )


def percent_of(answer: Answer | None, today: date) -> int:
    """What one answer counts for on `today`, from 0 to 100; 0 for no answer and for one that does not apply."""
    return int(100 * _value(answer, today))


def _latest(framework: Framework, answers: Iterable[Answer], today: date) -> dict[str, Answer]:
    latest: dict[str, Answer] = {}
    for answer in answers:
        number = framework.control(answer.control).number
        if answer.answered_on <= today and (number not in latest or answer.answered_on >= latest[number].answered_on):
            latest[number] = answer
    return latest


def _part(framework: Framework, numbers: Sequence[str], given: Mapping[str, Answer], today: date) -> ThemeScore:
    answers = [given.get(number) for number in numbers]
    counted = [answer for answer in answers if answer is None or answer.state is not State.NOT_APPLICABLE]
    total = sum((_value(answer, today) for answer in counted), Fraction(0))
    return ThemeScore(
        percent=int(100 * total / len(counted)) if counted else 0,
        applicable=len(counted),
        based_on=sum(answer is not None for answer in answers),
    )


def _value(answer: Answer | None, today: date) -> Fraction:
    if answer is None:
        return Fraction(0)
    return _VALUES.get(answer.holds(today), Fraction(0))


def _word(total: ThemeScore) -> str:
    if total.based_on == 0:
        return "nog geen antwoorden"
    if total.applicable == 0:
        return "niets van toepassing"
    return next(word for least, word in _WORDS if total.percent >= least)


_VALUES: Final = {State.MET: Fraction(1), State.PARTLY: Fraction(1, 2)}
_WORDS: Final = ((100, "op orde"), (80, "bijna op orde"), (50, "op weg"), (1, "veel te doen"), (0, "nog niets op orde"))
