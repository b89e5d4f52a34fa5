"""Continuity plans and their tests: the buffers of the map come from what a test showed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.forms import day_after
from brandwacht.network.models import Node, Requirement
from brandwacht.network.periodic import Job
from brandwacht.network.policy import visible
from brandwacht.network.roles import Role
from brandwacht.network.services import actions
from brandwacht.network.tenancy import every_owner
from brandwacht.network.usecase import use_case
from brandwacht.riskmap.models import ContinuityPlan, ContinuityTest

FIRST_TEST = timedelta(days=90)
"""A new plan is tested within this time."""
AHEAD = timedelta(days=30)
"""So long before a test is due, the action asks for it."""
EFFORT = 120
MOST_MINUTES = 527_040
MOST_MONTHS = 60


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A plan to be. ``requirement`` is the public id of the need it covers; ``None`` is all that the node needs."""

    name: str
    fallback: str
    owner_name: str
    autonomy: int
    test_months: int = 12
    requirement: Any = None


def plans(actor: Actor) -> QuerySet[ContinuityPlan]:
    """The plans that the actor may see, those whose test is due first at the top."""
    rows = ContinuityPlan.objects.filter(visible(actor, "riskmap.see")).select_related("node", "requirement")
    return rows.order_by("test_due", "name", "pk")


def plan(actor: Actor, public_id: Any) -> ContinuityPlan:
    """One plan with its tests; ``NotFound`` when it is not there for this actor."""
    found = plans(actor).select_related("organisation").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def save_plan(actor: Actor, node_id: Any, draft: PlanDraft, public_id: Any = None) -> ContinuityPlan:
    """Add a plan to a node, or change the one with ``public_id``."""
    with use_case(actor, "riskmap.plan") as case:
        node = case.get(Node, node_id, see="register.see")
        row = ContinuityPlan(organisation_id=node.organisation_id, node=node)
        if public_id is None:
            row.test_due = actor.today + FIRST_TEST
        else:
            row = case.get(ContinuityPlan, public_id, see="riskmap.see")
        if row.node_id != node.pk:
            raise Refused(_("Dit plan hoort bij een ander onderdeel."))
        _check(draft)
        row.requirement = None
        if draft.requirement:
            row.requirement = Requirement.objects.filter(node=node, public_id=draft.requirement).first()
            if row.requirement is None:
                raise Refused(_("Deze afhankelijkheid is er niet meer."), "requirement")
        row.name, row.fallback, row.owner_name = draft.name.strip(), draft.fallback.strip(), draft.owner_name.strip()
        row.autonomy, row.test_months = draft.autonomy, draft.test_months
        _settle_due(row)
        row.save()
        case.audit(row, {"plan": row.name, "onderdeel": node.key, "buffer in minuten": row.autonomy})
        _ask(row, actor.now)
    return row


def _check(draft: PlanDraft) -> None:
    for name, text, ask in (
        ("name", draft.name, _("Geef het plan een naam.")),
        ("fallback", draft.fallback, _("Schrijf op hoe het werk doorgaat zonder, bijvoorbeeld op papier.")),
        ("owner_name", draft.owner_name, _("Schrijf op wie over dit plan gaat.")),
    ):
        if not text.strip():
            raise Refused(ask, name)
    if not 0 < draft.autonomy <= MOST_MINUTES:
        raise Refused(_("Vul in hoeveel minuten dit is vol te houden: 1 tot en met een jaar."), "autonomy")
    if not 1 <= draft.test_months <= MOST_MONTHS:
        raise Refused(_("Kies 1 tot en met 60 maanden."), "test_months")


def note_test(actor: Actor, public_id: Any, held_on: date, minutes: int, learned: str = "") -> ContinuityTest:
    """Write down a test: ``minutes`` is how long the fallback held. The newest test counts."""
    with use_case(actor, "riskmap.plan") as case:
        row = case.get(ContinuityPlan, public_id, see="riskmap.see")
        if held_on > actor.today:
            raise Refused(_("Deze dag is nog niet geweest. Leg een test vast als hij gedaan is."), "held_on")
        if not 0 <= minutes <= MOST_MINUTES:
            raise Refused(_("Vul in hoeveel minuten het in de test volgehouden is; 0 als het niet lukte."), "minutes")
        test = ContinuityTest(
            organisation_id=row.organisation_id, plan=row, held_on=held_on, minutes=minutes, learned=learned.strip(),
            noted_at=actor.now, noted_by=actor.name,
        )  # fmt: skip
        test.save()
        newest = row.tests.order_by("held_on", "pk").last() or test
        row.tested_on, row.tested_minutes = newest.held_on, newest.minutes
        _settle_due(row)
        row.save()
        case.audit(row, {"plan": row.name, "test": held_on.isoformat(), "volgehouden in minuten": minutes})
        actions.complete(row.organisation_id, _key(row), actor)
        _ask(row, actor.now)
    return test


def remove_plan(actor: Actor, public_id: Any) -> ContinuityPlan:
    """Remove a plan with its tests; the map counts with what the register claims again."""
    with use_case(actor, "riskmap.plan") as case:
        row = case.get(ContinuityPlan, public_id, see="riskmap.see")
        case.audit(row, {"plan": row.name, "weggehaald": True})
        actions.complete(row.organisation_id, _key(row), actor)
        row.delete()
    return row


def _settle_due(row: ContinuityPlan) -> None:
    if row.tested_on is not None:
        row.test_due = _months_after(row.tested_on, row.test_months)


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def _key(row: ContinuityPlan) -> str:
    return f"riskmap.plan.{row.public_id}"


def _ask(row: ContinuityPlan, now: datetime) -> bool:
    """Ask for a test when it is due soon; returns whether it did."""
    if row.test_due is None or row.test_due > timezone.localdate(now) + AHEAD:
        return False
    why = _("Zonder een geldige test weet niemand of de buffer op de risicokaart klopt.")
    title = _("Test het continuïteitsplan “%(name)s”") % {"name": row.name}
    todo = actions.Todo(
        _key(row), title[:200], "riskmap", reverse("riskmap:plan", args=[row.public_id]), why,
        role=Role.CRISIS_ADVISER, risk=3, effort=EFFORT, due=day_after(row.test_due),
    )  # fmt: skip
    actions.put(row.organisation_id, todo, now)
    return True


def remind(now: datetime) -> str:
    """Ask for every test that is due soon or too late. Periodic work."""
    with every_owner():
        rows = ContinuityPlan.objects.filter(test_due__lte=timezone.localdate(now) + AHEAD).order_by("pk")
        asked = sum(_ask(row, now) for row in rows)
    return _("%(n)d test(s) gevraagd") % {"n": asked} if asked else ""


TESTS_DUE = Job("riskmap-continuiteitstests", "dag", remind)
