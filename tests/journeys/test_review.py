"""A peer review, from the invitation to access that is closed: two people, each at their own region."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from brandwacht.baseline.services import answer_control
from brandwacht.network.roles import Role
from brandwacht.network.services import people
from brandwacht.network.services.seed import seed_organisations
from brandwacht.site.demo.stage import PASSWORD, Stage
from tests.journeys.steps import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
HOME, NEIGHBOUR = "VR17", "VR15"
CISO, REVIEWER = "ciso.toets@demo.example", "toetser@demo.example"


@pytest.fixture
def visitor(
    transactional_db: None, live_server: Any, context: Any, page: Any, accessible: Callable[[Any], None], settings: Any
) -> Visitor:
    """A CISO with two answers, and a reviewer at another region."""
    now = timezone.now()
    stage = Stage(now, seed_organisations())
    for code, email, name, role in (
        (HOME, CISO, "Noor de Wit (demo)", Role.CISO), (NEIGHBOUR, REVIEWER, "Tess Mulder (demo)", Role.REVIEWER),
    ):  # fmt: skip
        with stage.as_system(code) as actor:
            people.assign(actor, email, name, role, timezone.localdate(now), password=PASSWORD)
    with stage.as_person(CISO, HOME) as me:
        until = me.today + timedelta(days=90)
        answer_control(me, "8.13", state="voldoet", reason="Elke nacht", evidence="Zaak 12", evidence_valid_to=until)
        answer_control(me, "8.15", state="deels", reason="Nog niet overal")
    settings.DEMO = True  # its people come in nowhere else
    settings.SITE_URL = live_server.url
    return Visitor(context, page, live_server.url, accessible)


def test_a_peer_review_from_invitation_to_closed_access(visitor: Visitor) -> None:
    page = visitor.page
    visitor.log_in(CISO)
    visitor.open("/basis/toetsing")
    visitor.press("Nieuwe toetsing", role="link")
    page.get_by_label("Naam van de toetsing").fill("Toetsing back-up en logging")
    page.get_by_label("Wie vraagt u?").select_option(NEIGHBOUR)
    page.get_by_label("Met de hand gekozen").check()
    page.get_by_text("Kies de vragen met de hand").click()
    for number in ("8.13", "8.15"):
        page.locator(f"input[name=numbers][value='{number}']").check()
    visitor.press("Verstuur de uitnodiging")
    visitor.sees("Uitgenodigd", "nog dicht", "Wacht op antwoord")
    address = page.url.removeprefix(visitor.root)

    visitor.log_in(REVIEWER)
    visitor.open("/basis/toetsing")
    visitor.sees("Wat u bij anderen toetst")
    visitor.open(address)
    visitor.press("Akkoord met deze steekproef")
    visitor.sees("Afgesproken")

    visitor.log_in(CISO)
    visitor.open(address)
    visitor.press("Open het dossier")
    visitor.sees("Loopt", "Voldoet deels")

    visitor.log_in(REVIEWER)
    for number, state, why in (
        ("8.13", "Voldoet deels", "Terugzetten is nooit geoefend"),
        ("8.15", "Voldoet deels", ""),
    ):
        visitor.open(f"{address}/vraag/{number}")
        page.get_by_label(state, exact=True).check()
        page.get_by_label("Waarom?").fill(why)
        page.get_by_role("button", name="Bewaar dit oordeel").click()
        page.wait_for_load_state()
    visitor.open(f"{address}/vraag/8.13")
    visitor.sees("Zaak 12", "Anders dan het eerste oordeel")
    page.get_by_text("Noem een verbeterpunt").click()
    page.get_by_label("Wat moet beter?").fill("Oefen het terugzetten")
    visitor.press("Bewaar dit verbeterpunt")
    page.get_by_label("Uw bericht").fill("Is er een draaiboek?")
    visitor.press("Verstuur")
    visitor.look("toetsing-vraag")
    visitor.open(address)
    visitor.press("Geef het oordeel", role="link")
    page.get_by_label("Voldoet, met punten die beter moeten").check()
    page.get_by_label("Waarop berust dat?").fill("Opzet goed, oefenen kan beter.")
    visitor.press("Geef dit oordeel")
    visitor.sees("Oordeel gegeven")

    visitor.log_in(CISO)
    visitor.open(address)
    visitor.look("toetsing")
    visitor.press("Maak er maatregelen van", role="link")
    page.get_by_label("Of iemand zonder account: de naam").fill("Team beheer")
    visitor.press("Maak deze maatregelen")
    visitor.sees("Hier is een maatregel van gemaakt")
    visitor.press("Afsluiten", role="link")
    page.get_by_label("Uw reactie").fill("Mee eens.")
    visitor.press("Sluit de toetsing af")
    visitor.sees("Afgesloten", "Mee eens.")
    visitor.open(f"{address}/verslag")
    visitor.look("toetsing-verslag")
    visitor.open("/basis/toetsing")
    visitor.sees("gehouden in Brandwacht", "Voldoet, met punten die beter moeten")

    visitor.log_in(REVIEWER)
    for path in (address, f"{address}/vraag/8.13", f"{address}/verslag", f"{address}/oordelen.csv"):
        assert page.request.get(visitor.root + path).status in (403, 404), path
