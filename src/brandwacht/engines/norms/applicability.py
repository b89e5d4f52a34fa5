"""What applies, and what may be set aside: government measures, the level of a process, the annex of exceptions.

A government measure can be not applicable, with a reason; its risk is never accepted. Another control may be deviated
from with a risk analysis (an answer "geaccepteerd", see `check_answer`) and then stands in the annex of exceptions.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

import yaml

from .answers import Answer, RefusedByNorm
from .checks import Checker, InvalidFramework
from .framework import Control, Framework, GovernmentMeasure, UnknownControl
from .states import CLAIMS, State

REVIEW_DAYS: Final = 365
"""An exception or a reason for "niet van toepassing" older than this asks to be looked at again. Our own choice."""


# --- government measures -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GovernmentAnswer:
    """What an organisation says about one government measure; `number` such as 5.01.02."""

    number: str
    state: State
    answered_on: date
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", State(self.state))


def find_measure(framework: Framework, number: str) -> tuple[Control, GovernmentMeasure]:
    """The government measure with this number and its control. Raises UnknownControl."""
    for control in framework.controls:
        for measure in control.measures:
            if measure.number == number:
                return control, measure
    raise UnknownControl(
        f"{framework.title} {framework.version} heeft geen overheidsmaatregel met nummer ‘{number[:20]}’."
    )


def check_government_answer(framework: Framework, answer: GovernmentAnswer) -> None:
    """Let an answer on a government measure pass, or raise RefusedByNorm (UnknownControl for no such number).

    - a measure that asks nothing (dropped, moved, or none) is not answered;
    - its risk is never accepted, whatever the reason;
    - "niet van toepassing" asks for a reason.
    """
    _control, measure = find_measure(framework, answer.number)
    if not measure.active:
        moved = f" Hij staat nu onder {measure.moved_to}." if measure.moved_to else ""
        raise RefusedByNorm(f"Overheidsmaatregel {answer.number} vraagt niets meer.{moved}")
    if answer.state is State.ACCEPTED:
        raise RefusedByNorm(
            f"Overheidsmaatregel {answer.number} kunt u niet accepteren: elke overheidsorganisatie neemt deze "
            "maatregel. Kies ‘voldoet deels’ of ‘voldoet niet’ en plan een verbetering, of leg uit waarom de maatregel "
            "niet van toepassing is."
        )
    if answer.state is State.UNANSWERED:
        raise RefusedByNorm(f"Kies een antwoord bij overheidsmaatregel {answer.number}.")
    if answer.state is State.NOT_APPLICABLE and not answer.reason.strip():
        raise RefusedByNorm(
            f"Overheidsmaatregel {answer.number} is alleen ‘niet van toepassing’ als u schrijft waarom. Vul een "
            "reden in.",
            "reason",
        )


def unmet(control: Control, answers: Iterable[GovernmentAnswer]) -> tuple[str, ...]:
    """The active measures of a control that are answered with less than "voldoet", in the order of the norm.

    `answers` holds at most one answer for each measure; those on other controls are left out.
    """
    less = {each.number for each in answers if each.state in CLAIMS and each.state is not State.MET}
    return tuple(measure.number for measure in control.active_measures if measure.number in less)


def count_government(framework: Framework, out: Collection[str], answers: Iterable[GovernmentAnswer]) -> dict[str, int]:
    """How many active government measures stand how: open, met, partly, unmet and not_applicable.

    `out` are the controls that do not apply: nothing is asked of their measures, which count as not_applicable.
    `answers` holds at most one answer for each measure. The five add up to the number of active measures.
    """
    said = {each.number: each.state for each in answers}
    found = dict.fromkeys(_COUNTED.values(), 0)
    for control in framework.controls:
        for measure in control.active_measures:
            state = State.NOT_APPLICABLE if control.number in out else said.get(measure.number, State.UNANSWERED)
            found[_COUNTED[state]] += 1
    return found


_COUNTED: Final = {
    State.UNANSWERED: "open",
    State.MET: "met",
    State.PARTLY: "partly",
    State.NOT_MET: "unmet",
    State.NOT_APPLICABLE: "not_applicable",
}


# --- the level of a process ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer in the test: its key, its words, the level it leads to, and whether it asks for a risk analysis."""

    key: str
    text: str
    level: int
    analysis: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the test, with its choices from light to heavy."""

    key: str
    about: str
    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class LevelTest:
    """The test in one version: the questions by which a process gets BBN 1 or 2."""

    version: str
    source: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the test says: the level, whether a risk analysis is needed beside it, and the choices that decided it."""

    level: int
    analysis_needed: bool
    because: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a level asks of a process: controls, and the numbers of government measures.

    `heavier` are the controls that are asked of level 2 and not of level 1, or of which a measure is. Controls
    without a level in the norm are asked of every process.
    """

    controls: tuple[Control, ...]
    measures: tuple[str, ...]
    heavier: tuple[Control, ...]


@cache
def load_level_test() -> LevelTest:
    """The test that comes with Brandwacht."""
    text = resources.files(__package__).joinpath("data", "bbn-toets.yaml").read_text(encoding="utf-8")
    return parse_level_test(text, name="bbn-toets.yaml")


def parse_level_test(text: str, *, name: str) -> LevelTest:
    """Read a test from YAML text. Raises InvalidFramework with every error at once, each with its place."""
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidFramework(name, [f"geen leesbare YAML ({str(error).splitlines()[0]})."]) from None
    check = Checker()
    top = check.mapping(content, "het bestand", {"version", "source", "questions"})
    test = LevelTest(check.text(top, "version", ""), check.text(top, "source", ""), tuple(_questions(top, check)))
    if not test.questions:
        check.errors.append("er staan geen vragen in.")
    if check.errors:
        raise InvalidFramework(name, check.errors)
    return test


def _questions(top: Mapping[str, object], check: Checker) -> Iterable[Question]:
    for index, raw in enumerate(check.items(top, "questions", ""), start=1):
        place = f"vraag {index}"
        entry = check.mapping(raw, place, {"key", "about", "text", "choices"})
        choices = tuple(_choices(entry, place, check))
        if not choices:
            check.errors.append(f"{place}: er staan geen keuzes bij.")
        yield Question(
            check.text(entry, "key", place),
            check.text(entry, "about", place),
            check.text(entry, "text", place),
            choices,
        )


def _choices(entry: Mapping[str, object], place: str, check: Checker) -> Iterable[Choice]:
    for index, raw in enumerate(check.items(entry, "choices", place), start=1):
        here = f"{place}, keuze {index}"
        choice = check.mapping(raw, here, {"key", "text", "level", "analysis"})
        yield Choice(
            check.text(choice, "key", here),
            check.text(choice, "text", here),
            check.level(choice, "level", here) or 2,
            choice.get("analysis") is True,
        )


def judge_level(test: LevelTest, given: Mapping[str, str]) -> Outcome:
    """The level that follows from the choices by question. Raises RefusedByNorm when one is missing or unknown.

    The heaviest choice decides: a process is as strong as its weakest interest.
    """
    chosen = []
    for question in test.questions:
        choice = next((each for each in question.choices if each.key == given.get(question.key)), None)
        if choice is None:
            raise RefusedByNorm(f"Kies een antwoord bij ‘{question.about}’.", question.key)
        chosen.append(choice)
    level = max(choice.level for choice in chosen)
    needed = any(choice.analysis for choice in chosen)
    deciding = tuple(c for c in chosen if (c.analysis if needed else c.level == level))
    return Outcome(level, needed, deciding if level > 1 or needed else ())


def check_level(level: int, outcome: Outcome | None, risk_analysis: str, reason: str) -> None:
    """Let a level pass, or raise RefusedByNorm: without a test, or below its outcome, a risk analysis decides."""
    if level not in (1, 2):
        raise RefusedByNorm("Een proces vraagt niveau 1 of niveau 2.", "level")
    if outcome is not None and level >= outcome.level:
        return
    if not risk_analysis.strip() or not reason.strip():
        why = "Lager dan de toets" if outcome else "Een niveau zonder toets"
        raise RefusedByNorm(
            f"{why} kan alleen met een risicoanalyse. Schrijf op welke dat is, en waarom dit niveau genoeg is.",
            "note" if risk_analysis.strip() else "risk_analysis",
        )


def asked_of(framework: Framework, level: int) -> Asked:
    """What a framework with levels (BIO 1.04) asks of a process at this level."""
    controls = tuple(control for control in framework.controls if (control.bbn or 1) <= level)
    measures = tuple(
        measure.number for c in controls for measure in c.active_measures if (measure.bbn or c.bbn or 1) <= level
    )
    heavier = tuple(
        control
        for control in framework.controls
        if (control.bbn or 1) == 2 or any(measure.bbn == 2 for measure in control.active_measures)
    )
    return Asked(controls, measures, heavier if level == 2 else ())


# --- the annex of exceptions ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """One line of the annex: `number` is a control or, when it does not apply, perhaps a government measure."""

    number: str
    title: str
    reason: str
    risk_analysis: str
    decided_on: date
    review: bool


@dataclass(frozen=True, slots=True)
class Annex:
    """The annex of exceptions: the controls deviated from on a risk analysis, and what does not apply."""

    deviations: tuple[ExceptionRow, ...]
    not_applicable: tuple[ExceptionRow, ...]


def exceptions(
    framework: Framework, answers: Iterable[Answer], government: Iterable[GovernmentAnswer], today: date
) -> Annex:
    """The annex as it stands, in the order of the norm.

    `answers` and `government` hold the present answer of each control and measure, at most one each; of measures that
    ask nothing any more none is shown. A line asks for review when it was decided more than a year before `today`.
    """
    by_control = {answer.control: answer for answer in answers}
    by_measure = {answer.number: answer for answer in government}
    deviations: list[ExceptionRow] = []
    outside: list[ExceptionRow] = []
    for control in framework.controls:
        answer = by_control.get(control.number)
        if answer is not None and answer.state in (State.ACCEPTED, State.NOT_APPLICABLE):
            row = _row(control.number, control.title, answer.reason, answer.risk_analysis, answer.answered_on, today)
            (deviations if answer.state is State.ACCEPTED else outside).append(row)
        for measure in control.active_measures:
            said = by_measure.get(measure.number)
            if said is not None and said.state is State.NOT_APPLICABLE:
                outside.append(_row(measure.number, measure.title, said.reason, "", said.answered_on, today))
    return Annex(tuple(deviations), tuple(outside))


def _row(number: str, title: str, reason: str, analysis: str, on: date, today: date) -> ExceptionRow:
    return ExceptionRow(number, title, reason, analysis, on, review=(today - on).days > REVIEW_DAYS)
