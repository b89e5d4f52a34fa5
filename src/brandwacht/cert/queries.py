"""Reads of the CERT, already restricted to what the actor may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Min, Q, QuerySet

from brandwacht.cert.models import Incident, IncidentAsset, IncidentClock, IncidentEntry, IncidentState
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import visible

SEE = "cert.incident.see"


def incidents(actor: Actor) -> QuerySet[Incident]:
    """All incidents that the actor may see, newest first."""
    return Incident.objects.filter(visible(actor, SEE)).select_related("organisation").order_by("-opened_at", "-pk")


def running(actor: Actor) -> QuerySet[Incident]:
    """The incidents that are not closed."""
    return incidents(actor).exclude(state=IncidentState.CLOSED)


def with_first_deadline(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """Adds ``first_due``: the first legal clock that still runs."""
    return rows.annotate(first_due=Min("clocks__due", filter=Q(clocks__done_at__isnull=True)))


def incident(actor: Actor, public_id: Any) -> Incident:
    """One incident; raises ``NotFound``."""
    found = incidents(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Story:
    """What belongs to one incident: its lines newest first, its clocks by due moment, and what is hit."""

    entries: Sequence[IncidentEntry]
    clocks: Sequence[IncidentClock]
    assets: Sequence[IncidentAsset]

    @property
    def open_clocks(self) -> list[IncidentClock]:
        """The clocks that still run."""
        return [clock for clock in self.clocks if clock.done_at is None]


def story(found: Incident) -> Story:
    """Everything that hangs on an incident that the actor was already allowed to see; three queries."""
    return Story(
        list(IncidentEntry.objects.filter(incident=found).order_by("-at", "-pk")[:200]),
        list(IncidentClock.objects.filter(incident=found).order_by("due")),
        list(IncidentAsset.objects.filter(incident=found).select_related("node").order_by("node__name")),
    )


def open_clocks(actor: Actor) -> QuerySet[IncidentClock]:
    """The legal clocks that run, first due first, over all incidents that the actor may see."""
    return (
        IncidentClock.objects.filter(visible(actor, SEE), done_at__isnull=True, provisional=False)
        .exclude(incident__state=IncidentState.CLOSED)
        .select_related("incident")
        .order_by("due")
    )


def by_refs(actor: Actor, refs: Sequence[Any]) -> dict[Any, Incident]:
    """The incidents with these public ids that the actor may see, by public id."""
    return {i.public_id: i for i in incidents(actor).filter(public_id__in=refs)}


def open_clock_count(actor: Actor) -> int:
    """How many legal clocks run for the organisations that the actor works for; at most 99."""
    clocks = IncidentClock.objects.filter(visible(actor, SEE), done_at__isnull=True, provisional=False)
    return clocks.order_by()[:99].count()


def of_node(actor: Actor, node_id: int) -> QuerySet[Incident]:
    """The incidents in which a node of the register was hit."""
    return incidents(actor).filter(assets__node_id=node_id)
