"""A threat under a pseudonym: one region reports it, another recognises it, and the CERT knows."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.management import call_command

from tests.journeys.steps import Visitor

pytestmark = pytest.mark.django_db(transaction=True)

REPORTER, REPORTER_NAME, REPORTER_HOME = "ciso@demo.example", "Noor de Wit", "Rotterdam-Rijnmond"
MEMBER, LEAD, STRANGER = "isac@demo.example", "cert@demo.example", "buitenstaander@demo.example"
TITLE = "Nagemaakte inlogpagina van de meldkamer"


def test_a_threat_under_a_pseudonym_is_recognised_elsewhere(visitor: Visitor) -> None:
    page = visitor.page

    visitor.log_in(REPORTER)
    visitor.open("/delen/dreigingen/nieuw?soort=phishing")
    page.get_by_label("Meld dit onder een pseudoniem").check()
    page.get_by_label("Titel").fill(TITLE)
    page.get_by_label("Wat is er aan de hand?").fill(
        "Een mail vraagt om opnieuw in te loggen op een nagemaakte pagina."
    )
    page.get_by_label("Kenmerken").fill("hxxps://inloggen[.]example/meldkamer")
    page.locator("input[name=tlp][value=AMBER]").check()
    page.locator("input[name=pap][value=AMBER]").check()
    visitor.press("Sla op en kijk na")
    visitor.sees("De kring ziet als bron", "Uw naam en uw organisatie staan er niet bij", "gaan dit lezen")
    visitor.look("dreiging-deel")
    visitor.press("Deel nu")
    visitor.sees("De dreiging is gedeeld", TITLE)
    address = page.url.removeprefix(visitor.root)
    mail.outbox.clear()
    call_command("db_worker", batch=True, verbosity=0, worker_id="proef")

    # Another region hears that there is something, finds it, and says that it saw the same.
    about = [each for each in mail.outbox if address in each.body]
    assert any(MEMBER in each.to for each in about)
    for each in about:
        for secret in (TITLE, REPORTER_NAME, REPORTER_HOME, "inloggen"):
            assert secret not in each.subject + each.body
    visitor.log_in(MEMBER)
    visitor.open("/delen/dreigingen")
    visitor.press(TITLE, role="link")
    visitor.sees("pseudoniem", "inloggen[.]example", "Nog niemand meldde dit bij zichzelf")
    assert REPORTER_NAME not in page.content()
    visitor.press("Bij ons gezien")
    visitor.sees("uw organisatie zag dit vandaag")
    visitor.look("dreiging-gezien")

    # The CERT reads what was reported and that it was seen, and does not learn who wrote it.
    visitor.log_in(LEAD)
    visitor.open(address)
    visitor.sees(TITLE, "pseudoniem", "1 of 2")
    assert REPORTER_NAME not in page.content()
    visitor.look("dreiging-cert")

    # The writer can still change it; a stranger finds nothing, by that address neither.
    visitor.log_in(REPORTER)
    visitor.open(address)
    assert page.get_by_role("link", name="Wijzig").count()
    visitor.log_in(STRANGER)
    assert page.request.get(visitor.root + address).status in (403, 404)
