"""A risk adviser of a region with an empty register: in one sitting to a risk plan with a budget."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.utils import timezone

from brandwacht.network.models import Node, NodeKind
from brandwacht.network.roles import Role
from brandwacht.network.services import people
from brandwacht.network.services.register import NodeDraft, add_map
from brandwacht.network.services.seed import seed_organisations
from brandwacht.network.tenancy import every_owner
from brandwacht.riskmap.models import Analysis, AnalysisState
from brandwacht.riskmap.services.analysis import run_analysis
from brandwacht.riskmap.services.borders import share
from brandwacht.site.demo.stage import PASSWORD, Stage
from tests.journeys.steps import LOOKS, Visitor

pytestmark = pytest.mark.django_db(transaction=True)
CODE, NEIGHBOUR, ADVISER = "VR09", "VR16", "adviseur.utrecht@demo.example"
PARTS = """sleutel;naam;soort;sector;vitaal;herstart in minuten;herstel in minuten;storingen per jaar
alarmnummer;Bereikbaarheid 112;proces;Hulpdiensten;ja;;;
alarmering;Alarmering brandweer;proces;Hulpdiensten;ja;15;;
meldkamer;Meldkamersysteem;dienst;Hulpdiensten;nee;30;120;0,5
telefoon-a;Telefonie aanbieder A;dienst;Telecom;nee;;;
telefoon-b;Telefonie aanbieder B;dienst;Telecom;nee;;;
kern;Kernnetwerk;middel;Telecom;nee;20;300;0,2
stroom;Netstroom;dienst;Energie;nee;;240;0,4
"""
NEEDS = (
    ("alarmnummer", "telefonie", "telefoon-a; telefoon-b", "30"),
    ("telefoon-a", "transport", "kern", ""),
    ("telefoon-b", "transport", "kern", ""),
    ("kern", "stroom", "stroom", "480"),
    ("alarmering", "meldkamersysteem", "meldkamer", "15"),
)
"""Who, what, from whom, and for how many minutes without. Two providers of telephony, and one network under both."""
IMPACT = (("alarmnummer", "fysiek", "1", "4"), ("alarmering", "fysiek", "1", "3"))


@pytest.fixture
def visitor(
    transactional_db: None, live_server: Any, context: Any, page: Any, accessible: Callable[[Any], None], settings: Any
) -> Visitor:
    """An adviser with a browser. Her region has nothing on its map; a neighbour shares a node with it."""
    now = timezone.now()
    stage = Stage(now, seed_organisations())
    with stage.as_system(CODE) as actor:
        people.assign(
            actor, ADVISER, "Eva Smeets (demo)", Role.RISK_ADVISER, timezone.localdate(now), password=PASSWORD
        )
    until = now + timedelta(days=365)
    with stage.as_system(NEIGHBOUR) as actor:
        draft = NodeDraft("station", "Onderstation", NodeKind.ASSET, "Energie")
        add_map(actor, (draft,), (), source="demo, verzonnen")
        node = Node.objects.get(organisation_id=actor.organisation_id)
        share(actor, node.public_id, stage.organisation(CODE), name="Netstroom van de buren", ends_at=until)
    settings.DEMO = True
    settings.SITE_URL = live_server.url
    return Visitor(context, page, live_server.url, accessible)


def fill_table(who: Visitor, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    """Type new rows into the table on the page, and save them together."""
    for number, row in enumerate(rows):
        for column, text in zip(columns, row, strict=True):
            field = who.page.locator(f"#rij-{number}-{column}")
            if column == "interest":
                field.select_option(text)
            else:
                field.fill(text)
    who.press("Sla alle wijzigingen op")


def take_up(who: Visitor, name: str, kind: str, where: dict[str, str], value: str, once: str) -> None:
    """Take up a measure."""
    page = who.page
    page.goto(f"{who.root}/risicokaart/maatregelen/nieuw")
    page.get_by_role("link", name=kind).click()
    page.get_by_label("Naam van de maatregel").fill(name)
    for label, choice in where.items():
        page.get_by_label(label).select_option(choice)
    page.get_by_label("Hoeveel").or_(page.get_by_label("In hoeveel")).fill(value)
    page.get_by_label("Eenmalige kosten in euro").fill(once)
    page.get_by_role("button", name="Bewaar").click()
    page.wait_for_url(f"{who.root}/risicokaart/maatregelen")


def reckon(who: Visitor) -> None:
    """Ask for the work on this page; once the worker has done it, progress turns into the outcome by itself."""
    who.press("Reken door")
    with every_owner():
        waiting = Analysis.objects.filter(state=AnalysisState.WAITING).select_related("organisation")
        asked = [(row.organisation.code, str(row.public_id)) for row in waiting]
    for code, public_id in asked:
        assert run_analysis(code, public_id, timezone.now) == AnalysisState.DONE
    who.page.locator("#voortgang").wait_for(state="detached")
    who.page.wait_for_load_state()
    who.check(who.page)


def test_from_an_empty_register_to_a_risk_plan(visitor: Visitor, tmp_path: Path) -> None:
    who, page = visitor, visitor.page
    who.log_in(ADVISER)

    # The empty map says which way to go; each step leads to the next.
    who.open("/risicokaart")
    who.sees("Deze kaart is nog leeg", "In acht stappen naar een risicoplan")
    who.look("risicokaart-leeg")
    who.press("Zet op de kaart wat er is", role="link")

    # What there is, from a file. A mistake is named with its row, and nothing is kept of that file.
    file = tmp_path / "onderdelen.csv"
    for text, button in ((PARTS.replace("middel;Telecom", "netwerk;Telecom"), ""), (PARTS, "Verwerk 7 rijen")):
        file.write_text(text, encoding="utf-8")
        page.goto(f"{who.root}/beheer/tabel/middelen")
        page.locator("input[type=file]").set_input_files(file)
        who.press("Bekijk de tabel")
        if button:
            who.press(button)
        else:
            who.sees("Er is niets veranderd", "“netwerk” kennen we niet")
    assert page.url == f"{who.root}/risicokaart/register/tabel/middelen"
    who.sees("7 toegevoegd")
    who.sees("Volgende stap: Vul in wie op wie steunt")
    who.picture("register-tabel", whole=True)
    who.look("register-tabel")

    # Who leans on whom, and what it costs: typed in the tables.
    who.open("/risicokaart/register/tabel/afhankelijkheden")
    fill_table(who, ("node", "label", "providers", "autonomy"), NEEDS)
    who.sees("opgeslagen")
    page.goto(f"{who.root}/risicokaart/register/tabel/gevolgen")
    fill_table(who, ("node", "interest", "degraded", "down"), IMPACT)
    who.open("/risicokaart/register")
    who.sees("In acht stappen naar een risicoplan")
    who.look("register")

    who.open("/risicokaart/beeld")
    page.locator("[data-bw-graph-explore]:not([hidden])").wait_for()
    who.picture("netwerk", whole=True)
    who.look("netwerk")

    # The cascade.
    who.open("/risicokaart/wat-als")
    page.get_by_label("Wat valt uit?").fill("Kernnetwerk")
    page.get_by_label("Wat valt uit?").press("Tab")
    page.locator("#uitkomst h2").wait_for()
    who.press("Reken door en bewaar de uitkomst")
    who.sees("Bereikbaarheid 112")

    # The false redundancy.
    who.open("/risicokaart/zwakke-plekken")
    reckon(who)
    who.sees("Reserves die er geen zijn", "Kernnetwerk → Telefonie aanbieder A", "Kernnetwerk → Telefonie aanbieder B")
    who.picture("zwakke-plekken", whole=True)
    who.look("zwakke-plekken")

    # What to do about it, for how much.
    who.open("/risicokaart/maatregelen/nieuw")
    who.look("maatregel-kiezen")
    who.open("/risicokaart/maatregelen/nieuw?soort=minder-vaak")
    who.look("maatregel")
    take_up(
        who,
        "Kernnetwerk dubbel uitvoeren",
        "Minder vaak laten uitvallen",
        {"Bij welk onderdeel?": "kern"},
        "0,05",
        "80000",
    )
    need = {"Bij welke afhankelijkheid?": "alarmnummer | telefonie"}
    take_up(who, "Noodnummer bij uitval van telefonie", "Een buffer verlengen", need, "240", "30000")
    part = {"Bij welk onderdeel?": "meldkamer"}
    take_up(who, "Reservedelen voor het meldkamersysteem", "Sneller herstellen", part, "30", "20000")
    page.get_by_label("Budget in euro").fill("60000")
    reckon(who)
    who.sees("Samen doorgerekend scheelt dit", "De beste keuze voor")
    who.picture("maatregelen", whole=True)
    who.look("maatregelen")

    # The plan.
    who.open("/risicokaart/risicodiagram")
    who.look("risicodiagram")
    who.open("/risicokaart/risicoplan")
    who.press("Maak het plan")
    who.sees("Het risicoplan is gemaakt")
    who.picture("risicoplan", whole=True)
    who.look("risicoplan")
    with page.expect_download() as caught:
        page.get_by_role("link", name="Download (PDF)").click()
    caught.value.save_as(LOOKS / "risicoplan.pdf")
    with pikepdf.open(caught.value.path()) as pdf:
        assert len(pdf.pages) >= 2
        assert "/StructTreeRoot" in pdf.Root
    page.goto(f"{who.root}/risicokaart")
    assert "In acht stappen" not in page.locator("main").inner_text()

    # What the plan is measured by; and over the border, where only the state of what is shared goes to and fro.
    who.open("/risicokaart/schalen")
    who.sees("te bevestigen")
    who.look("schalen")
    who.open("/risicokaart/over-de-grens")
    who.sees("Netstroom van de buren")
    who.look("over-de-grens")
    page.get_by_role("link", name="Zet op uw kaart").click()
    page.get_by_label("Welk onderdeel van uw kaart staat hiervoor?").select_option(label="Netstroom (stroom)")
    page.get_by_role("button", name="Zet op de kaart").click()
    page.wait_for_url(f"{who.root}/risicokaart/over-de-grens")
    who.press("Reken door over de grens", role="link")
    page.get_by_label("Wat valt uit?").fill("Kernnetwerk")
    reckon(who)
    who.sees("Over de grens", "blijft werken")
