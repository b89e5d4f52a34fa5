"""The first hour: from a handful of answers to a plan, which comes out by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.baseline.first_hour import CHOICES, FIND_OUT, PROVE, STEP, first_plan, first_questions
from brandwacht.baseline.models import ControlAnswer, Said
from brandwacht.baseline.services import answer_control
from brandwacht.baseline.services.beginning import begin
from brandwacht.baseline.services.first_plan import begin_key
from brandwacht.network.errors import Refused
from brandwacht.network.models import Action, ActionState
from brandwacht.network.roles import Role
from tests.network.faces import log_in
from tests.world import NOW, acting, actor, organisation, person

NUMBERS = [asked.control.number for asked in first_questions()]
TODAY = NOW.date()


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*NUMBERS, "9.99"]), st.sampled_from(CHOICES)))
def test_one_step_for_each_answer_and_each_fits_an_action(said: dict[str, Said]) -> None:
    plan = first_plan(said, TODAY)
    assert [step.number for step in plan] == [number for number in NUMBERS if number in said]
    for step in plan:
        assert step.kind == {Said.YES: PROVE, Said.UNKNOWN: FIND_OUT}.get(said[step.number], STEP)
        assert 1 <= step.risk <= 4
        assert 0 < step.minutes <= 120
        assert TODAY < step.due <= TODAY + timedelta(days=60)
        assert len(step.title) <= 200


def test_a_no_weighs_more_than_half_a_yes_and_that_more_than_a_yes() -> None:
    for number in NUMBERS:
        no, partly, yes = (first_plan({number: said}, TODAY)[0].risk for said in (Said.NO, Said.PARTLY, Said.YES))
        assert no > partly >= yes


@pytest.mark.django_db
def test_from_nothing_to_a_plan(client: Client) -> None:
    region = organisation("VR17")
    ciso = person(region, Role.CISO)
    log_in(client, ciso)
    assert "Begin hier: het eerste uur" in client.get("/").content.decode()
    assert client.get(reverse("baseline:begin")).content.decode().count("<fieldset") == len(NUMBERS)
    assert client.post(reverse("baseline:begin"), {}).status_code == 422
    assert client.post(reverse("baseline:begin"), {"v-8-13": "misschien"}).status_code == 422
    assert client.post(reverse("baseline:begin"), {"v-8-13": "nee"}).status_code == 422
    choices = dict(zip(NUMBERS, ["nee", "deels", "weet_niet", "ja", "nee", "nee", "nee", "nee"], strict=True))
    data = {f"v-{number.replace('.', '-')}": choice for number, choice in choices.items()}
    page = client.post(reverse("baseline:begin"), data, follow=True).content.decode()
    assert "Uw plan staat klaar: 8 acties erbij." in page
    assert page.count("bw-todo__title") == 7
    assert "Begin hier" not in page
    assert page.index("Laat één back-up terugzetten") < page.index("Zet een tweede stap aan")
    assert "Vraag het een collega" in page
    with acting(actor(ciso, region)) as me:
        assert ControlAnswer.objects.count() == 7  # who does not know has not answered
        done = Action.objects.filter(state=ActionState.DONE).values_list("key", flat=True)
        answer_control(me, NUMBERS[2], state="deels", reason="Nagevraagd.")
        answer_control(me, NUMBERS[0], state="voldoet", reason="Getest.")
        assert {begin_key(FIND_OUT, NUMBERS[2]), begin_key(STEP, NUMBERS[0])} <= set(done.all())
        begin(me, {NUMBERS[0]: Said.NO})  # what was answered stays answered
        assert ControlAnswer.objects.get(control=NUMBERS[0]).state == "voldoet"
        with pytest.raises(Refused):
            begin(me, {})


@pytest.mark.django_db
def test_only_a_ciso_of_who_carries_the_norm_is_led_here(client: Client) -> None:
    for code, kind, role in (("GM0599", "gemeente", Role.CISO), ("VR17", "veiligheidsregio", Role.RISK_ADVISER)):
        page = log_in(client, person(organisation(code, kind), role)).get("/").content.decode()
        assert "Begin hier" not in page
