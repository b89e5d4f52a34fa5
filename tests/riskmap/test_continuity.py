"""Continuity plans: the map counts with what tests showed, says what is only claimed, and asks for old tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied, Refused
from brandwacht.network.models import Action, ActionState, Node, Organisation, Requirement
from brandwacht.network.roles import Role
from brandwacht.riskmap import mapping
from brandwacht.riskmap.models import ContinuityPlan
from brandwacht.riskmap.register import continuity
from brandwacht.riskmap.register.continuity import PlanDraft
from tests.world import NOW, acting, acting_system, actor, person

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
PAPER = PlanDraft("Papier", "Kaarten en portofoon", "Hoofd meldkamer", 240)


@pytest.fixture
def me(region: Organisation) -> Iterator[Actor]:
    with acting_system(region) as found:
        yield found


def plan(me: Actor, draft: PlanDraft = PAPER) -> ContinuityPlan:
    return continuity.save_plan(me, Node.objects.get(key="alarm").public_id, draft)


def buffers(me: Actor, now: Actor | None = None) -> dict[str, tuple[int, int, str]]:
    register = mapping.load(now or me, me.organisation_id)
    counted = {need.label: need.autonomy for need in register.network.needs("alarm")}
    found = {a.label: (a.minutes, a.claimed, a.basis) for a in register.autonomies if a.node == "alarm"}
    assert all(counted[label] == minutes for label, (minutes, _claimed, _basis) in found.items())
    return found


def test_a_buffer_is_claimed_until_a_test_shows_it(me: Actor) -> None:
    row = plan(me)
    assert buffers(me) == {"Koppeling (papier)": (240, 240, "claimed")}
    continuity.note_test(me, row.public_id, TODAY, 90)
    # The plan is for all that the process needs, so it covers the call too.
    assert buffers(me) == {"Koppeling (papier)": (90, 240, "tested"), "Oproep": (90, 0, "tested")}


def test_a_test_shows_no_more_than_the_plan_is_for(me: Actor) -> None:
    row = plan(me, PlanDraft("Kort", "x", "y", 30))
    continuity.note_test(me, row.public_id, TODAY, 500)
    assert buffers(me)["Koppeling (papier)"] == (30, 240, "tested")


def test_a_plan_for_one_need_goes_before_one_for_all(me: Actor) -> None:
    call = Requirement.objects.get(label="Oproep")
    for draft, minutes in ((PAPER, 60), (PlanDraft("Sirene", "x", "y", 200, requirement=call.public_id), 120)):
        continuity.note_test(me, plan(me, draft).public_id, TODAY, minutes)
    assert buffers(me) == {"Koppeling (papier)": (60, 240, "tested"), "Oproep": (120, 0, "tested")}


def test_the_newest_test_counts_whatever_the_order_of_writing(me: Actor) -> None:
    row = plan(me)
    continuity.note_test(me, row.public_id, TODAY - timedelta(days=10), 0, "Niemand kon de kaarten vinden.")
    assert buffers(me)["Koppeling (papier)"] == (0, 240, "tested")
    continuity.note_test(me, row.public_id, TODAY - timedelta(days=400), 200)
    assert buffers(me)["Koppeling (papier)"][0] == 0


def test_an_old_test_is_named_as_such_and_still_counts(me: Actor) -> None:
    row = plan(me)
    continuity.note_test(me, row.public_id, TODAY - timedelta(days=364), 90)
    assert buffers(me)["Koppeling (papier)"][2] == "tested"
    later = me.at(NOW + timedelta(days=5))
    assert buffers(me, later)["Koppeling (papier)"] == (90, 240, "expired")


def test_deze_week_asks_for_a_test_that_is_due_and_ends_when_it_was_done(me: Actor) -> None:
    row = plan(me)
    assert not Action.objects.exists()  # ninety days are left
    soon = me.at(NOW + timedelta(days=100))
    assert continuity.remind(soon.now) == "1 test(s) gevraagd"
    asked = Action.objects.get()
    assert (asked.state, asked.role) == (ActionState.OPEN, Role.CRISIS_ADVISER)
    assert continuity.remind(soon.now) == "1 test(s) gevraagd"
    assert Action.objects.count() == 1
    continuity.note_test(soon, row.public_id, soon.today, 100)
    asked.refresh_from_db()
    assert asked.state == ActionState.DONE
    assert continuity.remind(soon.now) == ""
    continuity.remind(soon.now + timedelta(days=340))
    asked.refresh_from_db()
    assert asked.state == ActionState.OPEN


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 30), 12, date(2027, 11, 30)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)
def test_months_are_counted_on_the_calendar(me: Actor, day: date, months: int, due: date) -> None:
    row = plan(me, PlanDraft("Papier", "x", "y", 60, test_months=months))
    continuity.note_test(me.at(NOW + timedelta(days=3000)), row.public_id, day, 60)
    row.refresh_from_db()
    assert row.test_due == due


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (PlanDraft(" ", "x", "y", 60), "name"),
        (PlanDraft("x", " ", "y", 60), "fallback"),
        (PlanDraft("x", "x", " ", 60), "owner_name"),
        (PlanDraft("x", "x", "y", 0), "autonomy"),
        (PlanDraft("x", "x", "y", 60, 0), "test_months"),
        (PlanDraft("x", "x", "y", 60, 12, "00000000-0000-0000-0000-000000000000"), "requirement"),
    ],
)
def test_a_plan_that_says_too_little_is_refused(me: Actor, draft: PlanDraft, field: str) -> None:
    with pytest.raises(Refused) as refused:
        plan(me, draft)
    assert refused.value.field == field
    assert not ContinuityPlan.objects.exists()


def test_a_test_of_tomorrow_is_refused(me: Actor) -> None:
    row = plan(me)
    with pytest.raises(Refused, match="nog niet geweest"):
        continuity.note_test(me, row.public_id, TODAY + timedelta(days=1), 5)
    continuity.remove_plan(me, row.public_id)
    assert buffers(me) == {"Koppeling (papier)": (240, 240, "claimed")}


def test_a_mayor_writes_no_plan(region: Organisation, me: Actor) -> None:
    with acting(actor(person(region, Role.MAYOR), region)) as mayor, pytest.raises(Denied):
        plan(mayor)
