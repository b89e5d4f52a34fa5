"""An advisory reaches only the regions that run the product: one answers, one is late, and the CERT sees both."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.models import AdvisoryNotice, SecurityAdvisory
from brandwacht.sharing.services import profile
from brandwacht.sharing.services.escalation import escalate_late
from brandwacht.sharing.services.matching import hold_advisories
from brandwacht.site.demo.sharing_notices import csaf
from brandwacht.site.demo.stage import Stage
from tests.journeys.steps import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
CERT, HOME, NEIGHBOUR = "cert@demo.example", "ciso@demo.example", "isac@demo.example"
OUTSIDER = "buitenstaander@demo.example"
TITLE = "Kwetsbaarheid in NetScaler Gateway (proef)"
ADVISORY = {
    "nummer": "PROEF-2026-0001", "titel": TITLE, "urgentie": "Urgent", "leverancier": "Citrix",
    "product": "NetScaler Gateway", "onder": "14.1.60", "cve": "CVE-2026-90001", "ernst": 9.3,
    "fout": "Geheugen lezen zonder inloggen", "wat": "Een aanvaller leest wat van anderen is. Verzonnen.",
    "herstel": "Installeer 14.1.60.",
}  # fmt: skip
RUNS = {"VR17": "14.1.20", "VR15": "14.1.8", "VR16": "13.1", "VR01": "14.1.66"}


def test_an_advisory_reaches_who_runs_the_product(visitor: Visitor, stage: Stage, tmp_path: Path) -> None:
    who, page = visitor, visitor.page
    for code, version in RUNS.items():
        with stage.as_system(code) as me:
            profile.add(me, {"product": "NetScaler Gateway", "vendor": "Citrix", "version": version})
    document = tmp_path / "proef.json"
    document.write_bytes(csaf(ADVISORY, stage.now - timedelta(hours=1)))
    broken = tmp_path / "kapot.json"
    broken.write_text('{"document": {}}', encoding="utf-8")

    # The CERT takes it in; what is broken is named, the other goes on.
    who.log_in(CERT)
    who.open("/delen/adviezen")
    who.press("Lees adviezen in", role="link")
    page.get_by_label("Adviezen", exact=True).set_input_files([str(document), str(broken)])
    who.press("Lees in")
    who.sees("kapot.json", "Dit is geen CSAF-advies")
    who.sees("1 nieuw")
    who.look("adviezen-inlezen")
    with every_owner():  # what the worker does, without all that the demo left for it
        taken = SecurityAdvisory.objects.get(key=ADVISORY["nummer"])
        hold_advisories(taken.organisation_id, [taken.public_id], stage.now)
        found = AdvisoryNotice.objects.filter(key=ADVISORY["nummer"])
        assert set(found.values_list("organisation__code", flat=True)) == {"VR17", "VR15", "VR16"}

    # One region reads why, acknowledges, and says how far it is.
    who.log_in(HOME)
    who.open("/")
    who.sees("Bekijk advies PROEF-2026-0001 (Urgent)")
    who.open("/delen/meldingen")
    who.look("meldingen")
    who.press(TITLE, role="link")
    who.sees("Uw versie 14.1.20 is kwetsbaar", "Installeer 14.1.60", "CVE-2026-90001", "9,3", "zekerheid: 85 van 100")
    who.look("advies-melding")
    who.picture("advies-melding")
    address = str(page.url).removeprefix(who.root)
    who.press("Bevestig")
    page.get_by_label("Wordt hersteld").check()
    who.press("Leg vast")
    who.sees("Bevestigd", "Wordt hersteld")

    # The others do not answer; a day later they are late.
    assert escalate_late(stage.now + timedelta(hours=30)) != ""
    who.log_in(NEIGHBOUR)
    who.open("/delen/meldingen")
    who.press(TITLE, role="link")
    who.sees("Deze melding is te laat", "Het CERT ziet dit")
    assert page.goto(who.root + address).status == 404

    # The CERT sees all three; it asks of nobody else.
    who.log_in(CERT)
    who.open("/")
    who.sees("Vraag na wie te laat is met advies PROEF-2026-0001")
    who.open("/delen/adviezen")
    who.press(TITLE, role="link")
    who.sees(
        "Dit gaat over 3 organisaties", "2 zijn te laat", "Rotterdam-Rijnmond", "Haaglanden", "Te laat", "Bevestigd"
    )
    who.look("advies")
    who.picture("advies")

    # A fourth region reads the advisory, and nothing of the others; there is no notice for it.
    who.log_in(OUTSIDER)
    who.open("/delen/meldingen")
    who.sees("Er zijn geen meldingen")
    assert page.goto(who.root + address).status == 404
    who.open("/delen/profiel")
    who.sees("NetScaler Gateway", "14.1.66")
    who.look("wat-u-draait")
