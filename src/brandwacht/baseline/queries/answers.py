"""Reads of the answers to the norm, and the figure that they give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from brandwacht.baseline.models import (
    FRAMEWORK,
    AnswerChange,
    AnswerState,
    ControlAnswer,
    Evidence,
    Measure,
    MeasureState,
)
from brandwacht.baseline.queries.controls import find_control
from brandwacht.baseline.queries.grounds import SEE as SEE  # the rest of the room names it from here
from brandwacht.baseline.queries.grounds import Grounds, end_of, grounds
from brandwacht.baseline.weighing import risk
from brandwacht.engines.norms import (
    Answer,
    Control,
    GovernmentAnswer,
    Score,
    Stand,
    load_framework,
    score,
)
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied
from brandwacht.network.policy import Owner, decide, visible

EXPIRES_SOON = timedelta(days=30)


def require_see(actor: Actor, owner_id: int) -> None:
    """Raise ``Denied`` unless the actor may see the basis of this organisation."""
    decision = decide(actor, SEE, Owner(owner_id))
    if not decision:
        raise Denied(decision)


def standing(actor: Actor, owner_id: int, today: date) -> Score:
    """How an organisation stood on a day. Raises ``Denied``. Three queries."""
    return standings(actor, owner_id, [today])[0]


def standings(actor: Actor, owner_id: int, days: Sequence[date], resting: Grounds | None = None) -> list[Score]:
    """How an organisation stood on each of these days, from what was there on that day. Raises ``Denied``.

    Three queries, however many days; one with the ``grounds`` of this owner that were read already.
    """
    framework = load_framework(FRAMEWORK)
    given = answers_on(actor, owner_id, days, resting)
    return [score(framework, answers, day) for day, answers in zip(days, given, strict=True)]


_JUDGED = (
    "control", "state", "reason", "risk_analysis", "answered_at", "evidence_valid_to", "design", "existence",
    "operation", "maturity",
)  # fmt: skip
"""What an answer is made of; five years of them are read for a day."""


def answers_on(actor: Actor, owner_id: int, days: Sequence[date], resting: Grounds | None = None) -> list[list[Answer]]:
    """The answers as they were on each of these days, with findings and evidence, as the norm engine takes them.

    Of each control the latest up to and including the day. Raises ``Denied``. Three queries, however many days; one
    with the ``grounds`` of this owner that were read already.
    """
    require_see(actor, owner_id)
    framework = load_framework(FRAMEWORK)
    rows = AnswerChange.objects.filter(visible(actor, SEE), organisation_id=owner_id, framework=FRAMEWORK)
    given = list(rows.order_by("answered_at", "pk").only(*_JUDGED))
    resting = resting or grounds(actor, owner_id)
    found = []
    for day in days:
        end = end_of(day)
        latest = {row.control: row for row in given if row.answered_at <= end}
        found.append([resting.answer(framework.control(number), row, day) for number, row in latest.items()])
    return found


@dataclass(frozen=True, slots=True)
class Filters:
    """What to list. ``evidence`` keeps answers whose evidence has expired or expires within thirty days."""

    theme: str = ""
    state: str = ""
    text: str = ""
    with_measure: bool = False
    evidence: bool = False
    sort: str = ""


@dataclass(frozen=True, slots=True)
class ControlRow:
    """One control with the present answer, what that rests on, and the number of its open measures.

    ``state`` is what was answered, ``holds`` what still holds of it, ``stand`` where the judgement stands;
    ``government`` is what was said about the government measures, ``pieces`` the evidence as rows;
    ``answered`` (of one control on its own) are the numbers of all that have an answer.
    """

    control: Control
    answer: ControlAnswer | None
    measures_open: int
    today: date
    judged: Answer
    government: tuple[GovernmentAnswer, ...] = ()
    pieces: tuple[Evidence, ...] = ()
    answered: frozenset[str] = frozenset()
    state: AnswerState = field(init=False)
    holds: AnswerState = field(init=False)
    stand: Stand = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", AnswerState(self.judged.state))
        object.__setattr__(self, "holds", AnswerState(self.judged.holds(self.today)))
        object.__setattr__(self, "stand", self.judged.stand(self.today))

    @property
    def held_back(self) -> bool:
        """Whether less holds than what was answered."""
        return self.holds != self.state

    @property
    def risk(self) -> int:
        """From 1 to 4; see ``weighing``."""
        return risk(self.control, self.state)

    @property
    def evidence(self) -> str:
        """How the evidence stands: "" (none), "loopt", "verloopt" (within thirty days) or "verlopen"."""
        until = self.evidence_until
        if until is None:
            return ""
        if self.stand.expired:
            return "verlopen"
        return "verloopt" if until <= self.today + EXPIRES_SOON else "loopt"

    @property
    def evidence_until(self) -> date | None:
        """The last day on which there is, or was, evidence that counts; ``None`` when there is none."""
        return self.stand.until


_ACTION_FIRST = (
    AnswerState.NOT_MET,
    AnswerState.OPEN,
    AnswerState.PARTLY,
    AnswerState.ACCEPTED,
    AnswerState.MET,
    AnswerState.NOT_APPLICABLE,
)
SORTS: dict[str, Any] = {
    "number": lambda row: row.control.number,
    "state": lambda row: _ACTION_FIRST.index(row.holds),
    "risk": lambda row: row.risk,
    "evidence": lambda row: row.evidence_until or date.max,
    "answered": lambda row: row.answer.answered_on if row.answer else date.max,
    "measures": lambda row: row.measures_open,
}


def control_rows(
    actor: Actor, filters: Filters | None = None, owner_id: int | None = None, resting: Grounds | None = None
) -> list[ControlRow]:
    """Every control of the norm with what the organisation answered (default the actor's own). Raises ``Denied``.

    Four queries; two with the ``grounds`` of this owner that were read already. The norm itself is data in memory, so
    what is filtered here is its list of controls.
    """
    owner = actor.organisation_id if owner_id is None else owner_id
    require_see(actor, owner)
    answers = {a.control: a for a in answers_of(actor, owner)}
    open_measures = open_measures_by_control(actor, owner)
    resting = resting or grounds(actor, owner)
    rows = [
        _row(control, answers.get(control.number), open_measures.get(control.number, 0), actor.today, resting)
        for control in load_framework(FRAMEWORK).controls
    ]
    return narrow(rows, filters) if filters else rows


def _row(control: Control, answer: ControlAnswer | None, measures: int, today: date, resting: Grounds) -> ControlRow:
    said = tuple(resting.government_on(control.number, today))
    judged = resting.answer(control, answer, today)
    return ControlRow(control, answer, measures, today, judged, said, resting.pieces.get(control.number, ()))


def narrow(rows: Sequence[ControlRow], filters: Filters) -> list[ControlRow]:
    """Those of ``rows`` that the filters keep, in the order they ask for."""
    kept = [row for row in rows if _wanted(row, filters)]
    if key := SORTS.get(filters.sort.lstrip("-")):
        kept.sort(key=key, reverse=filters.sort.startswith("-"))
    return kept


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme of the norm: ``percent``, and how many of its ``total`` controls have an answer."""

    name: str
    percent: int
    change: int
    answered: int
    total: int


def themes(now: Score, before: Score | None = None) -> list[ThemeRow]:
    """The themes of a score in the norm's order, with the change since ``before`` when that rests on answers."""
    framework = load_framework(FRAMEWORK)
    return [
        ThemeRow(
            theme,
            part.percent,
            part.percent - before.by_theme[theme].percent if before and before.by_theme[theme].based_on else 0,
            part.based_on,
            sum(control.theme == theme for control in framework.controls),
        )
        for theme, part in now.by_theme.items()
    ]


def next_open(row: ControlRow) -> Control | None:
    """The first control after this one, going round, without an answer, from what ``control_row`` read with it."""
    done = {*row.answered, row.control.number}
    controls = load_framework(FRAMEWORK).controls
    at = controls.index(row.control)
    return next((c for c in (*controls[at:], *controls[:at]) if c.number not in done), None)


def answers_of(actor: Actor, owner_id: int) -> QuerySet[ControlAnswer]:
    """The present answers of an organisation that the actor may see."""
    return ControlAnswer.objects.filter(visible(actor, SEE), organisation_id=owner_id, framework=FRAMEWORK)


def control_row(actor: Actor, number: str) -> ControlRow:
    """One control of the actor's own organisation; raises ``Denied`` or ``NotFound``."""
    require_see(actor, actor.organisation_id)
    control = find_control(number)
    answers = {answer.control: answer for answer in answers_of(actor, actor.organisation_id)}
    resting = grounds(actor, actor.organisation_id, [number])
    row = _row(control, answers.get(number), 0, actor.today, resting)
    return replace(row, answered=frozenset(answers))


def open_measures_by_control(actor: Actor, owner_id: int, numbers: Sequence[str] | None = None) -> dict[str, int]:
    """How many measures run at each control (of these numbers, or of all that have one). One query."""
    rows = Measure.objects.filter(visible(actor, SEE), organisation_id=owner_id, framework=FRAMEWORK)
    rows = rows.exclude(state=MeasureState.DONE)
    if numbers is not None:
        rows = rows.filter(control__in=numbers)
    return dict(rows.order_by().values_list("control").annotate(n=Count("pk")))


def _wanted(row: ControlRow, filters: Filters) -> bool:
    control = row.control
    text = filters.text.casefold()
    return (
        (not filters.theme or control.theme == filters.theme)
        and (not filters.state or row.state == filters.state)
        and (not filters.with_measure or row.measures_open > 0)
        and (not filters.evidence or row.evidence in ("verloopt", "verlopen"))
        and (not text or any(text in part.casefold() for part in (control.number, control.title, control.question)))
    )


def history(actor: Actor, number: str) -> list[AnswerChange]:
    """The answers to one control of the actor's own organisation, newest first, at most fifty."""
    rows = AnswerChange.objects.filter(
        visible(actor, SEE), organisation_id=actor.organisation_id, framework=FRAMEWORK, control=number
    )
    return list(rows.order_by("-answered_at", "-pk")[:50])
