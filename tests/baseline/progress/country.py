"""A few regions with answers, and what they release."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from brandwacht.baseline.models import AnswerChange, AnswerState, ControlAnswer, GovernmentAnswer, Snapshot
from brandwacht.baseline.progress.content import content, mark
from brandwacht.baseline.queries.progress import draft_of, find_moment
from brandwacht.baseline.services.progress import release, save_draft
from brandwacht.engines.norms import load_framework
from brandwacht.engines.norms.progress import load_dataset
from brandwacht.network.actor import Actor
from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from tests.world import NOW, acting, actor, organisation, person

LAST, BEFORE = "2026-2", "2026-1"
"""The moment that is reported on at ``tests.world.NOW``, and the one before it."""


def answered(owner: Organisation, met: int, at: datetime = NOW - timedelta(days=400)) -> None:
    """The first ``met`` controls of the norm are met, the others are not."""
    with every_owner():
        for number, control in enumerate(load_framework("bio2-1.3").controls):
            state = AnswerState.MET if number < met else AnswerState.NOT_MET
            facts = {"control": control.number, "state": state, "answered_at": at, "answered_by": "test"}
            ControlAnswer(organisation=owner, **facts).save()
            AnswerChange(organisation=owner, **facts).save()


def government_met(owner: Organisation, at: datetime = NOW - timedelta(days=400)) -> None:
    """Every government measure is met."""
    facts = {"organisation": owner, "state": AnswerState.MET, "answered_at": at, "answered_by": "test"}
    with every_owner():
        GovernmentAnswer.objects.bulk_create(
            GovernmentAnswer(control=control.number, number=measure.number, **facts)
            for control in load_framework("bio2-1.3").controls
            for measure in control.active_measures
        )


@contextmanager
def ciso(owner: Organisation, now: datetime = NOW) -> Iterator[Actor]:
    """A CISO of this organisation, in scope."""
    with acting(actor(person(owner, Role.CISO, name=f"CISO {owner.code}"), owner, now)) as me:
        yield me


def report(me: Actor, *, bodies: Sequence[str] = ("regios",), moment: str = "", why: str = "", **said: Any) -> Snapshot:
    """Write and release a report."""
    at = find_moment(me, moment)
    knots = said.pop("bottlenecks", [])
    if said or knots or draft_of(me, at) is None:
        save_draft(me, at, said=said, explained={"fase": "Zo staat het"}, bottlenecks=knots)
    shown = content(me, load_dataset(), at, draft_of(me, at))
    return release(me, at, bodies=bodies, seen=mark(shown), why=why)


def country(*codes: str) -> list[Organisation]:
    """These regions, NIPV and POI."""
    organisation("NIPV", "instituut")
    organisation("POI", "landelijk")
    return [organisation(code) for code in codes]
