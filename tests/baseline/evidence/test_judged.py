"""The one figure: findings on the answer, evidence that runs out, and the figure of a past day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from brandwacht.baseline import queries
from brandwacht.baseline.models import AnswerChange, AnswerState, Evidence, GovernmentAnswer
from brandwacht.baseline.services import (
    add_evidence,
    answer_control,
    answer_government,
    withdraw_evidence,
)
from brandwacht.baseline.services.reminders import renew
from brandwacht.baseline.wording.evidence import rests_on
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.models import Action, ActionState
from brandwacht.network.roles import Role
from tests.world import NOW, acting, acting_system, actor, organisation, person

pytestmark = pytest.mark.django_db
WHOLE = {"design": "ja", "existence": "ja", "operation": "ja", "maturity": 4}
KEY = "bewijs:bio2-1.3:8.13"


@pytest.fixture
def region():
    return organisation("VR17")


@pytest.fixture
def me(region):
    with acting(actor(person(region, Role.CISO, name="N. de Wit"), region)) as ciso:
        yield ciso


def figure(me, days=0):
    return queries.standing(me, me.organisation_id, me.today + timedelta(days=days))


def test_the_figure_falls_back_by_itself_when_evidence_runs_out(me):
    answer_control(me, "8.13", state="voldoet", **WHOLE)
    add_evidence(me, "8.13", title="Hersteltest", where="zaak 1", valid_to=me.today + timedelta(days=40))
    assert (figure(me).held_back, figure(me).unproven) == ((), ())
    assert (figure(me, 41).expired, figure(me, 41).held_back) == (("8.13",), ("8.13",))
    assert figure(me, 41).percent < figure(me, 40).percent
    later = me.at(NOW + timedelta(days=41))
    row = queries.control_row(later, "8.13")
    assert (row.state, row.holds, row.evidence) == (AnswerState.MET, AnswerState.PARTLY, "verlopen")
    told = " ".join(rests_on(row))
    assert "U antwoordde ‘Voldoet’. Nu houdt stand: ‘Voldoet deels’." in told
    assert "telde tot en met 1 januari 2027. De werking staat daarom weer op ‘niet bekeken’." in told


def test_every_answer_says_on_what_it_rests_how_old_that_is_and_who_saw_it(me):
    answer_control(me, "8.13", state="voldoet", **WHOLE)
    assert rests_on(queries.control_row(me, "8.13")) == ["Dit berust op het woord van N. de Wit; er is geen bewijs."]
    add_evidence(me, "8.13", title="Hersteltest", where="zaak 1", received_on=me.today - timedelta(days=9))
    told = rests_on(queries.control_row(me, "8.13"))
    assert told == ["Dit berust op 1 bewijs. Het oudste is 9 dagen oud.", "Naar 1 bewijs heeft nog niemand gekeken."]


def test_a_past_day_keeps_the_figure_of_then(me):
    answer_control(me.at(NOW - timedelta(days=50)), "8.13", state="voldoet", **WHOLE)
    before = figure(me, -10)
    made = add_evidence(me, "8.13", title="Hersteltest", where="zaak 1", valid_from=me.today - timedelta(days=60))
    answer_government(me, "8.13.04", state="deels")
    withdraw_evidence(me.at(NOW + timedelta(days=3)), made.public_id, "Verkeerd verslag")
    assert figure(me, -10) == before
    assert (figure(me).held_back, figure(me, 2).expired, figure(me, 3).expired) == (("8.13",), (), ("8.13",))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"state": "voldoet", "design": "ja"}, "state"),
        ({"state": "deels", "design": "ja", "existence": "nee", "operation": "ja"}, "operation"),
        ({"state": "deels", "design": "ja", "maturity": 4}, "maturity"),
        ({"state": "deels", "maturity": 6}, "maturity"),
        ({"state": "deels", "design": "misschien"}, "design"),
        ({"state": "geaccepteerd", "reason": "duur", "risk_analysis": "RA-1"}, "state"),
    ],
)
def test_no_answer_claims_more_than_was_found(me, given, field):
    with pytest.raises(Refused) as refused:
        answer_control(me, "8.13", **given)
    assert refused.value.field == field
    assert not AnswerChange.objects.exists()


def test_a_government_measure_is_answered_and_holds_the_control_back(me):
    with pytest.raises(Refused, match="kunt u niet accepteren"):
        answer_government(me, "8.13.04", state="geaccepteerd", reason="te duur")
    with pytest.raises(Refused, match="Vul een reden in"):
        answer_government(me, "8.13.04", state="niet_van_toepassing")
    with pytest.raises(NotFound):
        answer_government(me, "9.99.99", state="voldoet")
    answer_government(me, "8.13.04", state="voldoet_niet")
    with pytest.raises(Refused, match=r"8\.13\.04 niet op orde"):
        answer_control(me, "8.13", state="voldoet")
    answer_government(me, "8.13.04", state="voldoet")
    answer_control(me, "8.13", state="voldoet")
    said = queries.government_answers(me, me.organisation_id)
    assert {number: row.state for number, row in said.items()} == {"8.13.04": "voldoet"}


def test_the_database_itself_knows_no_accepted_government_measure(me):
    row = GovernmentAnswer(
        organisation_id=me.organisation_id, control="8.13", number="8.13.04", state="geaccepteerd", answered_at=NOW,
        answered_by="x",
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_evidence_that_runs_out_asks_for_attention_until_it_is_renewed(me, region):
    answer_control(me, "8.13", state="voldoet")
    first = add_evidence(me, "8.13", title="Hersteltest", where="zaak 1", valid_to=me.today + timedelta(days=5))
    action = Action.objects.get(key=KEY)
    assert (action.state, "verloopt" in action.title) == (ActionState.OPEN, True)
    with acting_system(region, NOW + timedelta(days=6)) as system:
        assert renew(system) == 1
    assert "is verlopen" in Action.objects.get(key=KEY).title
    add_evidence(me.at(NOW + timedelta(days=6)), "8.13", title="Nieuwe test", where="zaak 2")
    assert Action.objects.get(key=KEY).state == ActionState.DONE
    assert Evidence.objects.get(pk=first.pk).withdrawn_at is None


def test_the_list_and_its_export_tell_what_still_holds(me):
    answer_control(me, "8.13", state="voldoet", **WHOLE)
    answer_government(me, "8.13.04", state="deels")
    rows = {row.control.number: row for row in queries.control_rows(me)}
    assert (rows["8.13"].holds, rows["8.13"].held_back, rows["5.01"].held_back) == (AnswerState.PARTLY, True, False)
