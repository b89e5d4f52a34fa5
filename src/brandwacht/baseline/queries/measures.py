"""Reads of the measures."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from brandwacht.baseline.models import Measure, MeasureState, MeasureStep
from brandwacht.baseline.queries.answers import SEE
from brandwacht.network import queries as network
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import User
from brandwacht.network.policy import visible

SHOWN = 10
"""So many measures stand on the page of a control."""


def measures(actor: Actor) -> QuerySet[Measure]:
    """All measures that the actor may see, first due first."""
    return Measure.objects.filter(visible(actor, SEE)).select_related("organisation").order_by("due", "pk")


def measures_of(actor: Actor, number: str) -> list[Measure]:
    """The first measures of the actor's own organisation at one control: open ones first; one more than are shown."""
    rows = measures(actor).filter(organisation_id=actor.organisation_id, control=number)
    return list(rows.order_by(F("done_at").asc(nulls_first=True), "due", "pk")[: SHOWN + 1])


def open_measures(actor: Actor) -> QuerySet[Measure]:
    """Those that are not done."""
    return measures(actor).exclude(state=MeasureState.DONE)


def for_board(actor: Actor) -> QuerySet[Measure]:
    """Open measures that ask for a decision of the board."""
    return open_measures(actor).filter(for_board=True)


def overdue(rows: QuerySet[Measure], actor: Actor) -> QuerySet[Measure]:
    """Those of ``rows`` that are not done and whose day has passed."""
    return rows.filter(due__lt=actor.today).exclude(state=MeasureState.DONE)


def measure(actor: Actor, public_id: Any) -> Measure:
    """One measure; raises ``NotFound``."""
    found = measures(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def steps(found: Measure) -> list[MeasureStep]:
    """The story of a measure that the actor was already allowed to see, newest first."""
    return list(MeasureStep.objects.filter(measure=found).order_by("-at", "-pk")[:100])


def colleagues(actor: Actor) -> list[User]:
    """The people who hold a role at the actor's organisation now, by name: those who can own a measure."""
    return network.colleagues(actor, "baseline.owners.see")
