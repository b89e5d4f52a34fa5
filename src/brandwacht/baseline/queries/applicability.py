"""Reads of what applies: government measures, the levels of the processes, and the annex of exceptions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from brandwacht.baseline.models import FRAMEWORK, AnswerState, GovernmentAnswer, ProcessLevel
from brandwacht.baseline.queries.answers import SEE, ControlRow, answers_of, require_see
from brandwacht.baseline.queries.grounds import grounds
from brandwacht.baseline.weighing import heaviest
from brandwacht.engines import norms
from brandwacht.network import queries as network
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Node, NodeKind
from brandwacht.network.policy import visible


def government_answers(
    actor: Actor, owner_id: int, controls: Iterable[str] | None = None
) -> dict[str, GovernmentAnswer]:
    """The present answer to each government measure that has one, by its number."""
    rows = GovernmentAnswer.objects.filter(visible(actor, SEE), organisation_id=owner_id, framework=FRAMEWORK)
    if controls is not None:
        rows = rows.filter(control__in=list(controls))
    return {row.number: row for row in rows.order_by("answered_at", "pk")}


@dataclass(frozen=True, slots=True)
class GovernmentRow:
    """A government measure of a control with what was answered."""

    measure: norms.GovernmentMeasure
    answer: norms.GovernmentAnswer | None

    @property
    def state(self) -> AnswerState:
        """The answer in a word."""
        return AnswerState(self.answer.state) if self.answer else AnswerState.OPEN


def government_rows(row: ControlRow) -> list[GovernmentRow]:
    """The active government measures of one control, with what was answered."""
    said = {answer.number: answer for answer in row.government}
    return [GovernmentRow(measure, said.get(measure.number)) for measure in row.control.active_measures]


@dataclass(frozen=True, slots=True)
class GovernmentTask(GovernmentRow):
    """A government measure with its control, whether that applies, and how much it weighs (`weighing.risk`)."""

    control: norms.Control
    applies: bool

    @property
    def state(self) -> AnswerState:
        """The answer in a word; of a control that does not apply nothing is asked."""
        return super(GovernmentTask, self).state if self.applies else AnswerState.NOT_APPLICABLE


def government_tasks(actor: Actor) -> list[GovernmentTask]:
    """All active government measures with the own answers, heaviest control first. Raises ``Denied``. Two queries."""
    require_see(actor, actor.organisation_id)
    out = set(
        answers_of(actor, actor.organisation_id)
        .filter(state=AnswerState.NOT_APPLICABLE)
        .values_list("control", flat=True)
    )
    said = {number: _given(row) for number, row in government_answers(actor, actor.organisation_id).items()}
    return [
        GovernmentTask(measure, said.get(measure.number), control, control.number not in out)
        for control in heaviest(list(norms.load_framework(FRAMEWORK).controls))
        for measure in control.active_measures
    ]


def _given(row: GovernmentAnswer) -> norms.GovernmentAnswer:
    state = norms.State(row.state)
    return norms.GovernmentAnswer(row.number, state, timezone.localdate(row.answered_at), row.reason)


# --- processes -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """A process with the level that was decided last, if any."""

    process: Node
    level: ProcessLevel | None


def processes(actor: Actor) -> QuerySet[Node]:
    """The processes of the actor's own organisation; those of a draft are left out. Raises ``Denied``."""
    require_see(actor, actor.organisation_id)
    return _own_processes(actor)


def with_levels(actor: Actor, nodes: Iterable[Node]) -> list[ProcessRow]:
    """These processes with the level that was decided last."""
    found = list(nodes)
    rows = _levels(actor).filter(process_ref__in=[node.public_id for node in found])
    levels = {level.process_ref: level for level in rows.order_by("decided_at", "pk")}
    return [ProcessRow(node, levels.get(node.public_id)) for node in found]


def without_level(actor: Actor) -> QuerySet[Node]:
    """The processes of the own organisation of which no level was decided."""
    return processes(actor).exclude(public_id__in=_levels(actor).values("process_ref"))


def process(actor: Actor, public_id: Any) -> Node:
    """One process of the actor's own organisation; raises ``NotFound``."""
    found: Node | None = _own_processes(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def levels_of(actor: Actor, process_ref: Any) -> list[ProcessLevel]:
    """What was decided about one process, the last first, at most twenty."""
    return list(_levels(actor).filter(process_ref=process_ref).order_by("-decided_at", "-pk")[:20])


def _levels(actor: Actor) -> QuerySet[ProcessLevel]:
    return ProcessLevel.objects.filter(visible(actor, SEE), organisation_id=actor.organisation_id)


def _own_processes(actor: Actor) -> QuerySet[Node]:
    return (
        network.nodes(actor)
        .filter(organisation_id=actor.organisation_id, kind=NodeKind.PROCESS, draft=False)
        .order_by("name", "pk")
    )


# --- exceptions ----------------------------------------------------------------------------------------------------


def annex(actor: Actor, owner_id: int) -> norms.Annex:
    """The annex of exceptions of an organisation as it stands. Raises ``Denied``. Three queries."""
    require_see(actor, owner_id)
    framework = norms.load_framework(FRAMEWORK)
    resting = grounds(actor, owner_id)
    rows = answers_of(actor, owner_id).filter(state__in=(AnswerState.ACCEPTED, AnswerState.NOT_APPLICABLE))
    answers = [resting.answer(framework.control(row.control), row, actor.today) for row in rows]
    said = [answer for control in resting.government for answer in resting.government_on(control, actor.today)]
    return norms.exceptions(framework, answers, said, actor.today)
