"""An adviser goes from weak spots to a budget and a risk plan, and reckons over the border."""

from __future__ import annotations

import pytest

from tests.journeys.steps import DESKTOP, Visitor

pytestmark = pytest.mark.django_db(transaction=True)
CISO = "ciso@demo.example"


def test_from_weak_spots_to_a_plan(visitor: Visitor) -> None:
    who, page = visitor, visitor.page
    who.log_in(CISO)

    who.open("/risicokaart/zwakke-plekken")
    who.sees("Reserves die er geen zijn", "Waardoor een vitaal proces stilvalt")
    who.look("zwakke-plekken")

    who.open("/risicokaart/maatregelen")
    who.sees("Samen doorgerekend scheelt dit", "Alle maatregelen")
    who.look("maatregelen")
    who.open("/risicokaart/maatregelen/nieuw")
    who.look("maatregel")

    who.open("/risicokaart/risicodiagram")
    who.sees("Hoe waarschijnlijk is elk scenario?")
    who.look("risicodiagram")
    who.open("/risicokaart/schalen")
    who.sees("te bevestigen")
    who.look("schalen")

    page.set_viewport_size(DESKTOP)
    who.open("/risicokaart/risicoplan")
    who.look("risicoplannen")
    who.press("Maak het plan")
    who.sees("Het risicoplan is gemaakt", "Wat er veranderd is")
    who.look("risicoplan")
    with page.expect_download() as caught:
        page.get_by_role("link", name="Download (PDF)").click()
    assert caught.value.path().read_bytes().startswith(b"%PDF-1.7")

    who.open("/risicokaart/over-de-grens")
    who.sees("Netstroom Haaglanden (demo)", "Netstroom van de buren")
    who.look("over-de-grens")
    who.press("Reken door over de grens", role="link")
    page.get_by_label("Wat valt uit?").fill("net-noord")
    who.look("over-de-grens-reken")
    who.press("Reken door")
    who.sees("Over de grens", "blijft werken")
    who.look("over-de-grens-uitkomst")
