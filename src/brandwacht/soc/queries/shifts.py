"""Shifts of the watch: the running one, the history, and what happened in one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import visible
from brandwacht.network.queries import capped_count
from brandwacht.soc.models import (
    Alert,
    AlertQuestion,
    AlertState,
    Disposition,
    Escalation,
    Severity,
    ShiftItem,
    WatchShift,
)
from brandwacht.soc.queries.alerts import YES_OPEN, alerts

ITEMS_MOST: Final = 60
"""So many open alerts are handed over one by one, the most serious first; of the rest only the number is told."""


@dataclass(frozen=True, slots=True)
class ShiftFigures:
    """What happened in a stretch of time, over what the actor may see; severity "midden" or higher.

    ``dispositions`` counts what was closed by disposition; ``open`` what is open at the end, ``waiting`` of those that
    nobody confirmed. Counts of what is open stop at ``network.queries.CAP`` + 1.
    """

    came: int
    critical: int
    dispositions: dict[str, int]
    incidents: int
    handed_over: int
    not_taken: int
    open: int
    waiting: int
    questions_late: int

    @property
    def closed(self) -> int:
        """How many were closed."""
        return sum(self.dispositions.values())


def shifts(actor: Actor) -> QuerySet[WatchShift]:
    """The shifts at the actor's organisation; order them by ``("-started_at", "-id")``."""
    rows: QuerySet[WatchShift] = WatchShift.objects.filter(visible(actor, "soc.shift"))
    return rows.select_related("person", "handed_to")


def shift(actor: Actor, public_id: Any) -> WatchShift:
    """One shift; raises ``NotFound``."""
    found = shifts(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def running_shift(actor: Actor) -> WatchShift | None:
    """The actor's own shift, when one runs."""
    return shifts(actor).filter(person_id=actor.user_id, ended_at__isnull=True).first()


def waiting_hand_over(actor: Actor) -> WatchShift | None:
    """The shift that was handed to the actor and that the actor did not take over yet: the latest one."""
    rows = shifts(actor).filter(handed_to_id=actor.user_id, ended_at__isnull=False, acknowledged_at__isnull=True)
    return rows.order_by("-ended_at", "-pk").first()


def figures(actor: Actor, since: datetime, until: datetime) -> ShiftFigures:
    """What happened from ``since`` up to ``until``, and what is open now. Six queries."""
    seen = Alert.objects.filter(visible(actor, "soc.alert.see"), severity__gte=Severity.MEDIUM)
    came = seen.filter(opened_at__gte=since, opened_at__lt=until).aggregate(
        all=Count("pk"), critical=Count("pk", filter=Q(severity=Severity.CRITICAL))
    )
    closed = seen.filter(closed_at__gte=since, closed_at__lt=until).values_list("disposition").annotate(n=Count("pk"))
    escalated = Escalation.objects.filter(visible(actor, "soc.alert.see"))
    sent = escalated.filter(sent_at__gte=since, sent_at__lt=until).aggregate(
        all=Count("pk"), waits=Count("pk", filter=Q(acknowledged_at__isnull=True))
    )
    running = seen.filter(**YES_OPEN)
    late = AlertQuestion.objects.filter(
        visible(actor, "soc.alert.see"), answered_at__isnull=True, due__lt=until, alert__open=True
    )
    incidents = seen.filter(state=AlertState.INCIDENT, escalated_at__gte=since, escalated_at__lt=until)
    return ShiftFigures(
        came=came["all"],
        critical=came["critical"],
        dispositions={key: n for key, n in closed if key in Disposition.values},
        incidents=capped_count(incidents),
        handed_over=sent["all"],
        not_taken=sent["waits"],
        open=capped_count(running),
        waiting=capped_count(running.filter(waiting=True)),
        questions_late=capped_count(late),
    )


def open_alerts(actor: Actor) -> list[Alert]:
    """The open alerts of severity "midden" or higher, the most serious first; at most ``ITEMS_MOST``."""
    rows = alerts(actor).filter(**YES_OPEN, severity__gte=Severity.MEDIUM).select_related("holder")
    return list(rows.order_by("-severity", "-last_seen", "-pk")[:ITEMS_MOST])


@dataclass(frozen=True, slots=True)
class HandedOver:
    """An alert that a shift handed over, as it stands now; ``alert`` is ``None`` when the actor may not see it."""

    item: ShiftItem
    alert: Alert | None = field(default=None)


def handed_over(actor: Actor, of: WatchShift) -> list[HandedOver]:
    """What a shift handed over, the most serious first; alerts of a mandate that ended are no longer told."""
    items = list(ShiftItem.objects.filter(visible(actor, "soc.shift"), shift=of).order_by("pk"))
    rows = alerts(actor).filter(public_id__in=[item.alert_ref for item in items]).select_related("holder")
    found = {row.public_id: row for row in rows}
    return [HandedOver(item, found.get(item.alert_ref)) for item in items]
