"""What people did with alerts: the story, questions, steps, hand-overs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import visible
from brandwacht.soc.models import Alert, AlertEntry, AlertQuestion, Escalation, Receiver, StepDone
from brandwacht.soc.playbooks import Playbook, Step, playbooks_for

SEE = "soc.alert.see"
LINES = 400
"""So many lines of a story are shown, the latest ones."""


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of a playbook for one alert: what it says there, and who took it, if anybody did."""

    step: Step
    what: str
    done: StepDone | None


@dataclass(frozen=True, slots=True)
class PlaybookRow:
    """A playbook for one alert, the steps that remain first."""

    playbook: Playbook
    rows: tuple[StepRow, ...]

    @property
    def done(self) -> int:
        """How many steps were taken."""
        return sum(row.done is not None for row in self.rows)

    @property
    def left(self) -> tuple[StepRow, ...]:
        """The steps that remain."""
        return tuple(row for row in self.rows if row.done is None)

    @property
    def taken(self) -> tuple[StepRow, ...]:
        """The steps that were taken."""
        return tuple(row for row in self.rows if row.done is not None)


@dataclass(frozen=True, slots=True)
class Work:
    """All that people did with an alert: lines in time order, questions and hand-overs newest first, steps taken."""

    entries: Sequence[AlertEntry]
    questions: Sequence[AlertQuestion]
    escalations: Sequence[Escalation]
    steps: Mapping[tuple[str, str], StepDone]


def work_on(actor: Actor, of: Alert) -> Work:
    """What people did with an alert, the latest ``LINES`` lines of it. One query."""
    rows = AlertEntry.objects.filter(visible(actor, SEE), alert=of).order_by("-at", "-pk")
    newest = list(rows.select_related("question", "step", "escalation")[:LINES])
    questions = {entry.question.pk: entry.question for entry in newest if entry.question}
    escalations = {entry.escalation.pk: entry.escalation for entry in newest if entry.escalation}
    return Work(
        entries=newest[::-1],
        questions=sorted(questions.values(), key=lambda each: (each.asked_at, each.pk), reverse=True),
        escalations=sorted(escalations.values(), key=lambda each: (each.sent_at, each.pk), reverse=True),
        steps={(entry.step.playbook, entry.step.step): entry.step for entry in newest if entry.step},
    )


def playbooks(of: Alert, rule_ids: Iterable[str], steps: Mapping[tuple[str, str], StepDone]) -> list[PlaybookRow]:
    """The playbooks that fit an alert, the most telling first, with what was done (``Work.steps``)."""
    return [
        PlaybookRow(
            playbook,
            tuple(
                StepRow(step, step.what.replace("{middel}", of.asset.name), steps.get((playbook.key, step.key)))
                for step in playbook.steps
            ),
        )
        for playbook in playbooks_for(of.attack, list(rule_ids))
    ]


def escalations_of(actor: Actor, alert_ref: Any, owner_id: int) -> list[Escalation]:
    """The hand-overs of the alert with this public id, the newest first; for pages that know only the reference."""
    rows = Escalation.objects.filter(visible(actor, SEE), organisation_id=owner_id, alert__public_id=alert_ref)
    return list(rows.select_related("alert").order_by("-sent_at", "-pk"))


def latest_hand_overs(actor: Actor, of: Iterable[Alert]) -> dict[int, Escalation]:
    """The latest hand-over of each of these alerts that has one, by the alert's primary key. One query."""
    rows = Escalation.objects.filter(visible(actor, SEE), alert__in=[each.pk for each in of])
    return {each.alert_id: each for each in rows.defer("body", "receipt").order_by("sent_at", "pk")}


def taken_by_cert(alert_ref: Any, owner_id: int) -> tuple[str, datetime] | None:
    """Who of the CERT took the hand-over of this alert, and when; ``None`` when nobody did. In the scope at hand.

    For whoever may see the incident that came of the alert: it says who leads, and nothing of the alert itself.
    """
    taken = Escalation.objects.filter(
        organisation_id=owner_id, alert__public_id=alert_ref, receiver=Receiver.CERT, acknowledged_at__isnull=False
    )
    rows = taken.order_by("-acknowledged_at", "-pk").values_list("acknowledged_by", "acknowledged_at")
    found: tuple[str, datetime] | None = rows.first()
    return found


def escalation(actor: Actor, public_id: Any) -> Escalation:
    """One hand-over; raises ``NotFound``."""
    rows: QuerySet[Escalation] = Escalation.objects.filter(visible(actor, SEE), public_id=public_id)
    found = rows.select_related("alert__asset", "organisation").first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Marks:
    """What the queue shows of an alert's questions: the first term that runs, and whether an answer came."""

    due: datetime | None
    answered: bool


def marks(actor: Actor, alerts: Iterable[Alert]) -> dict[int, Marks]:
    """By primary key of an alert with questions, what the queue shows of them. One query."""
    found: dict[int, Marks] = {}
    open_ones = [alert.pk for alert in alerts if alert.open]
    rows = AlertQuestion.objects.filter(visible(actor, SEE), alert_id__in=open_ones).order_by("due")
    for alert_id, due, answered_at in rows.values_list("alert_id", "due", "answered_at"):
        before = found.get(alert_id, Marks(None, False))
        first = before.due or (due if answered_at is None else None)
        found[alert_id] = Marks(first, before.answered or answered_at is not None)
    return found
