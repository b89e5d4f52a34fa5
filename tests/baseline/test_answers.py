"""Answering the norm: who may, what the norm refuses, what is kept, and what it asks of people."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from brandwacht.baseline import queries
from brandwacht.baseline.models import AnswerChange, AnswerState, ControlAnswer
from brandwacht.baseline.services import answer_control
from brandwacht.baseline.services.answers import NEVER
from brandwacht.baseline.services.reminders import DAILY, NEVER_DONE, OPEN_QUESTIONS
from brandwacht.engines.norms import load_framework
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import Action, ActionState, AuditEntry
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from tests.world import NOW, acting, acting_system, actor, organisation, person

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
ALL = [control.number for control in load_framework("bio2-1.3").controls]


def test_the_ciso_answers_and_earlier_answers_stay():
    region = organisation("VR17")
    with acting(actor(person(region, Role.CISO, name="Noor"), region)) as me:
        answer_control(me.at(NOW - timedelta(days=90)), "8.13", state="voldoet_niet", reason="Nog nooit getest.")
        answer_control(
            me, "8.13", state="voldoet", reason=" Getest. ", evidence="Verslag 12", evidence_valid_to=date(2027, 11, 1)
        )
        row = queries.control_row(me, "8.13")
        assert (row.state, row.answer.reason, row.answer.answered_by) == (AnswerState.MET, "Getest.", "Noor")
        assert [c.state for c in queries.history(me, "8.13")] == ["voldoet", "voldoet_niet"]
        assert [c.answered_on for c in queries.history(me, "8.13")] == [TODAY, date(2026, 8, 24)]
        now, then = queries.standings(me, region.pk, [TODAY, date(2026, 9, 1)])
        assert (now.based_on, now.by_theme["technologisch"].percent) == (1, 2)
        assert (then.based_on, then.by_theme["technologisch"].percent) == (1, 0)
        assert queries.standing(me, region.pk, date(2026, 1, 1)).based_on == 0
        details = [e.detail for e in AuditEntry.objects.filter(action="baseline.answer").order_by("seq")]
        assert [(d["van"], d["naar"]) for d in details] == [
            ("onbeantwoord", "voldoet_niet"),
            ("voldoet_niet", "voldoet"),
        ]


@pytest.mark.parametrize(
    ("number", "given", "field", "words"),
    [
        ("8.13", {"state": "geaccepteerd", "reason": "Mag", "risk_analysis": "RA 1"}, "state", "niet accepteren"),
        ("8.06", {"state": "geaccepteerd", "reason": "Te duur"}, "risk_analysis", "risicoanalyse"),
        ("8.06", {"state": "geaccepteerd", "risk_analysis": "RA 1"}, "reason", "reden"),
        ("8.25", {"state": "niet_van_toepassing"}, "reason", "reden"),
        ("8.13", {"state": "onbeantwoord"}, "state", "Kies"),
        ("8.13", {"state": "misschien"}, "state", "Kies"),
        ("8.13", {"state": "voldoet", "evidence_valid_to": date(2027, 1, 1)}, "evidence", "waar het bewijs ligt"),
        ("8.13", {"state": "voldoet", "evidence": "Verslag"}, "evidence_valid_to", "tot wanneer"),
        (
            "8.13",
            {"state": "voldoet", "evidence": "Verslag", "evidence_valid_to": date(2026, 11, 21)},
            "evidence_valid_to",
            "telt al niet meer",
        ),
    ],
)
def test_what_can_not_be_answered_is_refused_on_its_field(number, given, field, words):
    region = organisation("VR17")
    with acting(actor(person(region, Role.CISO), region)) as me:
        with pytest.raises(Refused) as refused:
            answer_control(me, number, **given)
        assert refused.value.field == field
        assert words in refused.value.message
        assert not ControlAnswer.objects.exists()
        assert not AnswerChange.objects.exists()


def test_an_accepted_risk_with_reason_and_analysis_passes():
    region = organisation("VR17")
    with acting(actor(person(region, Role.CISO), region)) as me:
        answer_control(me, "8.06", state="geaccepteerd", reason="Te duur", risk_analysis="RA 2026-3")
        assert queries.standing(me, region.pk, TODAY).accepted == ("8.06",)


def test_evidence_counts_on_its_last_day():
    region = organisation("VR17")
    with acting(actor(person(region, Role.CISO), region)) as me:
        answer_control(me, "8.13", state="voldoet", evidence="Verslag", evidence_valid_to=TODAY)
        assert queries.control_row(me, "8.13").evidence == "verloopt"
        assert queries.control_row(me.at(NOW + timedelta(days=1)), "8.13").evidence == "verlopen"


@pytest.mark.parametrize("number", ["9.99", "", "8.13 ", "<script>"])
def test_a_number_that_the_norm_does_not_have(number):
    region = organisation("VR17")
    with acting(actor(person(region, Role.CISO), region)) as me, pytest.raises(NotFound):
        answer_control(me, number, state="voldoet")


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.CISO, Role.SYSTEM)])
def test_only_the_ciso_answers(role):
    region = organisation("VR17")
    with acting(actor(person(region, role), region)) as me:
        with pytest.raises(Denied) as denied:
            answer_control(me, "8.13", state="voldoet")
        assert "beantwoorden" in denied.value.decision.reason
    with every_owner():
        assert AuditEntry.objects.filter(organisation=region, action="baseline.answer", result="geweigerd").count() == 1


def test_what_somebody_else_answered_meanwhile_is_not_written_over():
    region = organisation("VR17")
    with acting(actor(person(region, Role.CISO, name="Eerste"), region)) as me:
        seen = answer_control(me, "8.13", state="deels").answered_at
        answer_control(me.at(NOW + timedelta(minutes=1)), "8.13", state="voldoet", seen=seen)
        for stale in (seen, NEVER):
            with pytest.raises(Refused, match="Eerste beantwoordde deze vraag terwijl u bezig was"):
                answer_control(me.at(NOW + timedelta(minutes=2)), "8.13", state="deels", seen=stale)
        assert queries.control_row(me, "8.13").state == AnswerState.MET


def test_expiring_evidence_asks_for_new_evidence_until_there_is_some():
    region = organisation("VR17")
    with acting(actor(person(region, Role.CISO), region)) as me:
        answer_control(me, "8.13", state="voldoet", evidence="Verslag", evidence_valid_to=TODAY + timedelta(days=30))
        action = Action.objects.get(key="bewijs:bio2-1.3:8.13")
        assert action.title == "Bewijs bij 8.13 verloopt: Back-up van informatie"
        assert "tot en met 22 december 2026" in action.why
        assert action.path == "/basis/8.13"
        assert (action.role, action.risk, action.state) == (Role.CISO, 3, ActionState.OPEN)
        answer_control(me, "8.13", state="voldoet", evidence="Nieuw", evidence_valid_to=TODAY + timedelta(days=31))
        action.refresh_from_db()
        assert action.state == ActionState.DONE


def test_open_questions_are_one_action_ranked_and_estimated():
    region = organisation("VR17")
    with acting(actor(person(region, Role.CISO), region)) as me:
        answer_control(me, "8.13", state="deels")
        action = Action.objects.get(key=OPEN_QUESTIONS)
        assert action.title == "Beantwoord 5 vragen van de BIO"
        assert action.effort == 50
        assert action.why.startswith("Er staan er nog 92 open. Begin met 5.24, ")
        assert action.due.date() == date(2026, 12, 31)
        for number in ALL:
            answer_control(me, number, state="deels")
        action.refresh_from_db()
        assert action.state == ActionState.DONE
        assert action.title == "Beantwoord 1 vraag van de BIO"


def test_the_daily_job_reaches_every_organisation_that_answers():
    region, other = organisation("VR17"), organisation("VR15")
    town, silent = organisation("GM0599", "gemeente"), organisation("GM0003", "gemeente")
    for owner in (region, town):
        with acting_system(owner, NOW - timedelta(days=100)) as me:
            answer_control(me, "8.13", state="voldoet", evidence="Verslag", evidence_valid_to=TODAY - timedelta(days=2))
    assert DAILY.run(NOW) == "2 bewijzen verlopen binnenkort, bij 3 organisaties nagelopen"
    assert DAILY.run(NOW) == "2 bewijzen verlopen binnenkort, bij 3 organisaties nagelopen"
    with every_owner():
        for owner in (region, town):
            action = Action.objects.get(organisation=owner, key="bewijs:bio2-1.3:8.13")
            assert action.title == "Bewijs bij 8.13 is verlopen: Back-up van informatie"
        assert set(Action.objects.filter(organisation=other).values_list("key", flat=True)) == {
            OPEN_QUESTIONS,
            NEVER_DONE,
        }
        assert not Action.objects.filter(organisation=silent).exists()


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 3, 31), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 9, 30), date(2026, 9, 30)),
        (date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_open_questions_are_due_at_the_end_of_the_quarter(today, last):
    from brandwacht.baseline.services.reminders import _quarter_end

    assert _quarter_end(today) == last
