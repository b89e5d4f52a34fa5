"""Measures: made with an owner and a date, moved step by step, and followed in the action register."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from brandwacht.baseline import queries
from brandwacht.baseline.models import Measure, MeasureState
from brandwacht.baseline.services import change_measure, make_measure, move_measure
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import Action, ActionState
from brandwacht.network.policy import decide, visible
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from tests.world import NOW, acting, actor, organisation, person

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 15)


def make(me, **given):
    plain = {"title": "Logs aansluiten", "control": "8.15", "owner_name": "Team beheer", "due": DUE}
    return make_measure(me, **(plain | given))


def test_a_measure_of_a_colleague_is_on_their_list():
    region = organisation("VR17")
    colleague = person(region, Role.PROCESS_OWNER, name="Daan")
    incident = uuid4()
    with acting(actor(person(region, Role.CISO, name="Noor"), region)) as me:
        measure = make(me, owner_name="", owner_id=colleague.pk, cost=9000, for_board=True, incident_ref=incident)
        assert (measure.owner_name, measure.created_by, measure.state) == ("Daan", "Noor", MeasureState.PLAN)
        assert (measure.incident_ref, measure.cost, measure.for_board) == (incident, 9000, True)
        action = Action.objects.get(key=f"maatregel:{measure.public_id}")
        assert (action.owner_id, action.title, action.risk) == (colleague.pk, "Logs aansluiten", 3)
        assert action.path == f"/basis/maatregelen/{measure.public_id}"
        assert action.due.isoformat() == "2026-12-15T22:59:00+00:00"
        assert list(queries.for_board(me)) == [measure]


def test_a_typed_name_leaves_the_action_with_the_ciso():
    region = organisation("VR17")
    with acting(actor(person(region, Role.RISK_ADVISER), region)) as me:
        measure = make(me, owner_name="Team beheer", control="")
        with every_owner():
            action = Action.objects.get(key=f"maatregel:{measure.public_id}")
        assert (action.owner_id, action.role, action.why) == (None, Role.CISO, "")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"control": "9.99"}, "control"),
        ({"owner_name": " "}, "owner"),
        ({"due": None}, "due"),
        ({"due": date(2026, 11, 22)}, "due"),
        ({"cost": -1}, "cost"),
        ({"cost": 10**11}, "cost"),
        ({"for_board": True}, "cost"),
    ],
)
def test_what_is_missing_is_refused_on_its_field(given, field):
    region = organisation("VR17")
    with acting(actor(person(region, Role.CISO), region)) as me:
        with pytest.raises(Refused) as refused:
            make(me, **given)
        assert refused.value.field == field
        assert not Measure.objects.exists()


def test_somebody_of_another_organisation_can_not_own_a_measure():
    region, other = organisation("VR17"), organisation("VR15")
    stranger = person(other, Role.CISO)
    with acting(actor(person(region, Role.CISO), region)) as me:
        with pytest.raises(Refused, match="geen rol bij uw organisatie"):
            make(me, owner_id=stranger.pk)
        assert stranger not in queries.colleagues(me)


@pytest.mark.parametrize("role", [Role.PROCESS_OWNER, Role.LINE_MANAGER, Role.BOARD, Role.SOC_ANALYST, Role.COUNCILLOR])
def test_others_make_no_measures(role):
    region = organisation("VR17")
    with acting(actor(person(region, role), region)) as me, pytest.raises(Denied):
        make(me)


def test_step_by_step_and_back():
    region = organisation("VR17")
    with acting(actor(person(region, Role.CISO), region)) as me:
        measure = make(me)
        with pytest.raises(Refused, match="stap voor stap"):
            move_measure(me, measure.public_id, "act")
        for hour, state in enumerate(("do", "check", "act"), start=1):
            move_measure(me.at(NOW + timedelta(hours=hour)), measure.public_id, state, note=f"naar {state}")
        measure.refresh_from_db()
        action = Action.objects.get(key=f"maatregel:{measure.public_id}")
        assert (measure.state, measure.done_at) == (MeasureState.DONE, NOW + timedelta(hours=3))
        assert action.state == ActionState.DONE
        assert not queries.open_measures(me).exists()
        move_measure(me.at(NOW + timedelta(hours=4)), measure.public_id, "check")
        measure.refresh_from_db()
        action.refresh_from_db()
        assert (measure.done_at, action.state) == (None, ActionState.OPEN)
        assert [s.state for s in queries.steps(measure)] == ["check", "act", "check", "do", "plan"]
        assert queries.steps(measure)[1].note == "naar act"


def test_a_line_manager_moves_their_own_measure_only():
    region = organisation("VR17")
    manager = person(region, Role.LINE_MANAGER)
    with acting(actor(person(region, Role.CISO), region)) as ciso:
        mine, other = make(ciso, owner_id=manager.pk), make(ciso)
    with acting(actor(manager, region)) as me:
        assert move_measure(me, mine.public_id, "do").state == MeasureState.DO
        with pytest.raises(Denied, match="iemand anders"):
            move_measure(me, other.public_id, "do")


def test_another_region_finds_nothing():
    region, other = organisation("VR17"), organisation("VR15")
    with acting(actor(person(region, Role.CISO), region)) as ciso:
        measure = make(ciso)
    with acting(actor(person(other, Role.CISO), other)) as stranger:
        assert not queries.measures(stranger).exists()
        for attempt in (
            lambda: queries.measure(stranger, measure.public_id),
            lambda: move_measure(stranger, measure.public_id, "do"),
            lambda: change_measure(stranger, measure.public_id, title="x", owner_name="y", due=DUE),
        ):
            with pytest.raises(NotFound):
                attempt()


def test_a_change_is_told_and_moves_the_action():
    region = organisation("VR17")
    with acting(actor(person(region, Role.CISO), region)) as me:
        measure = make(me)
        same = {"title": measure.title, "owner_name": measure.owner_name}
        change_measure(me, measure.public_id, due=date(2027, 2, 1), cost=500, **same)
        assert queries.steps(measure)[0].note == (
            "Klaar vóór: 15 december 2026 wordt 1 februari 2027. Kosten: onbekend wordt € 500."
        )
        assert Action.objects.get(key=f"maatregel:{measure.public_id}").due.date() == date(2027, 2, 1)
        change_measure(me, measure.public_id, due=date(2027, 2, 1), cost=500, **same)
        assert len(queries.steps(measure)) == 2


def test_a_date_that_has_passed_may_stay_but_not_come():
    region = organisation("VR17")
    with acting(actor(person(region, Role.CISO), region)) as me:
        measure = make(me.at(NOW - timedelta(days=30)), due=date(2026, 11, 1))
        same = {"owner_name": measure.owner_name}
        change_measure(me, measure.public_id, title="Anders", due=date(2026, 11, 1), **same)
        with pytest.raises(Refused, match="na vandaag"):
            change_measure(me, measure.public_id, title="Anders", due=date(2026, 11, 2), **same)
        assert list(queries.overdue(queries.measures(me), me)) == [measure]


@pytest.mark.parametrize("role", list(Role))
def test_decide_and_visible_agree(role):
    region, other = organisation("VR17"), organisation("VR15")
    me = actor(person(region, role), region)
    with every_owner():
        for owner, user in ((region, me.user_id), (region, None), (other, me.user_id)):
            Measure(
                organisation=owner, title="x", owner_id=user, owner_name="x", due=DUE, created_at=NOW, created_by="x"
            ).save()
        rows = list(Measure.objects.all())
        for action in ("baseline.see", "baseline.answer", "baseline.measure.make", "baseline.measure.update"):
            seen = set(Measure.objects.filter(visible(me, action)).values_list("pk", flat=True))
            assert seen == {row.pk for row in rows if decide(me, action, row)}, action
