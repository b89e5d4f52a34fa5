"""A peilmoment of 25 regions: one releases on the page, the others did, and the bureau sees who has not reported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from brandwacht.engines.norms.progress import load_dataset, moments
from brandwacht.network.roles import Role
from brandwacht.network.services import people
from brandwacht.network.services.seed import seed_organisations
from brandwacht.site.demo import progress
from brandwacht.site.demo.stage import PASSWORD, REGION, Stage
from tests.journeys.steps import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
CISO, BUREAU = "ciso.peilmoment@demo.example", "bureau.peilmoment@demo.example"


@pytest.fixture
def visitor(
    transactional_db: None, live_server: Any, context: Any, page: Any, accessible: Callable[[Any], None], settings: Any
) -> Visitor:
    """A CISO and the programme bureau with a browser; every region but a few has released its report."""
    now = timezone.now()
    stage = Stage(now, seed_organisations())
    since = timezone.localdate(now - timedelta(days=400))
    for code, email, role in ((REGION, CISO, Role.CISO), ("NIPV", BUREAU, Role.PROGRAMME)):
        with stage.as_system(code) as actor:
            people.assign(actor, email, "Robin Peil (demo)", role, since, password=PASSWORD)
    for _line in progress.fill(stage):
        pass
    settings.DEMO = True
    settings.SITE_URL = live_server.url
    return Visitor(context, page, live_server.url, accessible)


def test_a_peilmoment_of_25_regions(visitor: Visitor) -> None:
    who, page = visitor, visitor.page
    moment = moments(load_dataset(), timezone.localdate())[-1]
    who.log_in(CISO)

    # Fill in; nothing goes out yet.
    who.open("/basis/voortgang")
    who.sees(moment.key, "er gaat nog niets weg", "bewijs gaat nooit mee")
    who.look("voortgang-invullen")
    page.get_by_label("In welke fase is uw organisatie?").select_option("uitvoeren")
    page.get_by_label("Hoeveel fte is er nu voor informatieveiligheid?").fill("0,2")
    page.locator("#id_kind-1").select_option("mensen")
    page.locator("#id_text-1").fill("Eén dag per week is te weinig")
    who.press("Bewaar en bekijk wat er gaat")

    # Exactly what goes, and to whom.
    who.sees("Dit is precies wat er gaat", "0,2 fte", "Eén dag per week is te weinig", "BAC-IV")
    who.look("voortgang-vrijgeven")
    who.press("Onderteken en geef vrij")
    who.sees("Zij verandert niet meer", "De handtekening klopt", "Eén dag per week is te weinig")
    who.look("voortgang-momentopname")
    who.picture("voortgang-momentopname")
    address = page.url

    # The bureau: who has not reported, what is weakest, and a joint theme of what several share.
    who.log_in(BUREAU)
    who.press("Voortgang regio's", role="link")
    who.sees("23 van 26 organisaties", "3 organisaties rapporteerden nog niet", "Fryslân", "Zeeland")
    who.look("landelijk-beeld")
    who.picture("landelijk-beeld", whole=True)
    page.goto(address)
    who.sees("Eén dag per week is te weinig", "De handtekening klopt")
    assert page.get_by_role("link", name="Maak een nieuwe versie").count() == 0
    who.open("/basis/landelijk/themas")
    page.get_by_label("Hoe heet het thema?").fill("Samen een CISO")
    page.get_by_label("Te weinig mensen of tijd").check()
    who.press("Maak het thema")
    who.press("Publiceer voor alle regio’s")
    who.look("gezamenlijk-thema")

    who.log_in(CISO)
    who.open("/basis/landelijk/themas")
    who.sees("Samen een CISO", "loopt")
