"""The first hour of a new CISO, from nothing to a plan for this week; and a line manager who answers on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from brandwacht.baseline.models import AskedQuestion, ControlAnswer, Evidence
from brandwacht.baseline.services import asking
from brandwacht.baseline.tasks import send
from brandwacht.network.roles import Role
from brandwacht.network.services import people
from brandwacht.network.services.seed import seed_organisations
from brandwacht.network.tenancy import every_owner
from brandwacht.site.demo.stage import PASSWORD, Stage
from tests.journeys.steps import DESKTOP, PHONE, Visitor

pytestmark = pytest.mark.django_db(transaction=True)
CODE, CISO = "VR09", "ciso.utrecht@demo.example"
PHOTO = b"\x89PNG\r\n\x1a\n een foto van het rooster"
SAID = ("Nee, nog niet", "Voor een deel", "Dat weet ik niet", "Ja, dat is geregeld", *["Nee, nog niet"] * 4)


@pytest.fixture
def stage(transactional_db: None) -> Stage:
    """A region that has nothing yet but a CISO, who came today."""
    now = timezone.now()
    stage = Stage(now, seed_organisations())
    with stage.as_system(CODE) as actor:
        people.assign(actor, CISO, "Noor de Wit (demo)", Role.CISO, actor.today, password=PASSWORD)
    return stage


@pytest.fixture
def visitor(
    stage: Stage, live_server: Any, context: Any, page: Any, accessible: Callable[[Any], None], settings: Any
) -> Visitor:
    settings.DEMO = True  # its people come in nowhere else
    settings.SITE_URL = live_server.url
    return Visitor(context, page, live_server.url, accessible)


def let_the_worker_mail() -> str:
    """The address in the mail about the last question."""
    with every_owner():
        question = AskedQuestion.objects.latest("pk")
    assert send(CODE, str(question.public_id), False, timezone.now) == "verstuurd"
    found = re.search(r"http\S+", mail.outbox[-1].body)
    assert found
    return found[0]


def test_the_first_hour(visitor: Visitor) -> None:
    who, page = visitor, visitor.page
    who.log_in(CISO)

    # Nothing there yet: the page says where to begin.
    who.sees("Begin hier: het eerste uur")
    who.press("Begin met de vragen", role="link")
    groups = page.locator("main form fieldset")
    assert groups.count() == len(SAID)
    for number, choice in enumerate(SAID):
        groups.nth(number).get_by_label(choice).check()
    who.picture("eerste-uur")

    # The plan comes out by itself, the riskiest first, and no more than seven.
    who.press("Maak mijn plan voor deze week")
    who.sees("Uw plan staat klaar", "Waarom deze:", "ongeveer 1 uur", "De rest: nog")
    assert page.locator(".bw-todo > li").count() == 7
    page.locator(".bw-todo > li").nth(1).get_by_text("Laat één back-up terugzetten").wait_for()
    who.picture("eerste-plan", whole=True)
    who.look("eerste-plan")

    # What she does not know, she asks somebody who does.
    row = page.locator(".bw-todo > li", has_text="Vraag na: Beheer van technische kwetsbaarheden")
    row.get_by_role("link", name="Vraag het een collega").click()
    page.get_by_label("Aan wie?").fill("Kees Bakker")
    page.get_by_label("E-mailadres").fill("k.bakker@lijn.example")
    who.press("Verstuur de vraag")
    who.sees("De vraag gaat naar Kees Bakker", "U wacht op antwoord")
    assert let_the_worker_mail().startswith(f"{who.root}/basis/vraag/open/")

    # Done from the page, and undone.
    page.goto(who.root)
    page.locator(".bw-todo > li").first.get_by_role("button", name="Gedaan").click()
    who.sees("is gedaan", "Ongedaan maken")
    who.press("Ongedaan maken")
    who.sees("staat weer bij uw acties")


def test_a_line_manager_on_a_phone(visitor: Visitor, stage: Stage) -> None:
    who, page = visitor, visitor.page
    with stage.as_person(CISO, CODE) as me:
        due = me.today + timedelta(days=9)
        question = asking.ask(
            me, "8.13", person="Kees Bakker", email="k.bakker@lijn.example", due=due,
            note="Het gaat om de roosters en de alarmering.",
        )  # fmt: skip
    address = let_the_worker_mail()

    # The link from the mail, on a phone: two presses and two sentences.
    page.set_viewport_size(PHONE)
    page.goto(address)
    who.sees("Eén vraag voor u", "ongeveer twee minuten", "geen account nodig")
    who.press("Bekijk de vraag")
    assert page.url == who.root + reverse("baseline:question")
    who.sees("Zijn er back-ups", "Het gaat om de roosters")
    page.get_by_label("Voor een deel").check()
    page.get_by_label("Hoe gaat dat bij u?").fill("Elke nacht een back-up. Terugzetten deden we nog nooit.")
    page.locator("input[type=file]").set_input_files(
        [{"name": "rooster.png", "mimeType": "image/png", "buffer": PHOTO}]
    )
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    who.picture("vraag-telefoon", whole=True)
    who.press("Verstuur mijn antwoord")
    who.sees("Dank u wel", "U hoeft niets meer te doen")
    page.goto(address)
    who.sees("Deze vraag is al beantwoord")

    # The CISO takes it over, with the photo as evidence.
    page.set_viewport_size(DESKTOP)
    who.log_in(CISO)
    who.sees("Beoordeel het antwoord van Kees Bakker op 8.13")
    who.press("Beoordeel het antwoord van Kees Bakker op 8.13", role="link")
    who.sees("Terugzetten deden we nog nooit.", "rooster.png")
    who.picture("antwoord-beoordelen", whole=True)
    who.look("antwoord-beoordelen")
    who.press("Bewaar als antwoord")
    who.sees("Het antwoord op vraag 8.13 is bewaard", "Volgens Kees Bakker", "rooster.png")
    with every_owner():
        assert ControlAnswer.objects.get().state == "deels"
        assert Evidence.objects.get().filename == "rooster.png"
        question.refresh_from_db()
        assert question.state == "overgenomen"
