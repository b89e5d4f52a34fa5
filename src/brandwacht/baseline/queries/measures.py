"""Reads of the measures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, QuerySet

from brandwacht.baseline.models import FRAMEWORK, Measure, MeasureState, MeasureStep, RhythmDone
from brandwacht.baseline.queries.answers import SEE
from brandwacht.network import queries as network
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import User
from brandwacht.network.policy import visible

SHOWN = 10
"""So many measures stand on the page of a control."""
YEAR: Final = timedelta(days=365)


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


@dataclass(frozen=True, slots=True)
class Cycle:
    """How the measures of an organisation stand in the PDCA cycle, and what moved in the past year.

    ``states`` counts the measures by state (key of ``MeasureState``), ``late`` those that are late, ``moved`` those
    that were changed or went a step after they were made, ``tasks`` the fixed tasks of the norm that were done.
    ``open`` are the measures that are not done, with their costs, first due first.
    """

    states: Mapping[str, int]
    late: int
    moved: int
    tasks: int
    open: Sequence[Measure]


def cycle(actor: Actor) -> Cycle:
    """The cycle of the actor's own organisation. Two queries."""
    since = actor.now - YEAR
    own = measures(actor).filter(organisation_id=actor.organisation_id).select_related(None).select_related("costs")
    later = MeasureStep.objects.filter(measure=OuterRef("pk"), at__gt=OuterRef("created_at"), at__gte=since)
    rows = list(own.annotate(later=Exists(later)).defer("description"))
    states = Counter(row.state for row in rows)
    tasks = RhythmDone.objects.filter(visible(actor, SEE), organisation_id=actor.organisation_id)
    done = tasks.filter(framework=FRAMEWORK, done_on__gte=actor.today - YEAR).values("number").distinct().count()
    return Cycle(
        states={state.value: states[state.value] for state in MeasureState},
        late=sum(row.due < actor.today and row.state != MeasureState.DONE for row in rows),
        moved=sum(row.later for row in rows),
        tasks=done,
        open=[row for row in rows if row.state != MeasureState.DONE],
    )


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
