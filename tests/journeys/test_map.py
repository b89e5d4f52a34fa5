"""An adviser works with the pictures of the risk map: from boundaries in a file to two outcomes beside each other."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from brandwacht.cert.services import open_new
from brandwacht.network.models import Node
from brandwacht.site.demo import riskmap
from brandwacht.site.demo.stage import REGION, Stage, set_stage
from tests.journeys.steps import DESKTOP, Visitor

pytestmark = pytest.mark.django_db(transaction=True)
CISO, ANALYST = "ciso@demo.example", "analist@demo.example"
AREAS = (("GM0599", 4.3, 51.88), ("GM0489", 4.5, 51.84), ("GM0502", 4.55, 51.92), ("GM0556", 4.2, 51.9))


def boundaries() -> str:
    """Four square areas beside each other, with the codes of municipalities of the region."""
    features = [
        {
            "type": "Feature",
            "properties": {"statcode": code},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, y], [x + 0.1, y], [x + 0.1, y + 0.06], [x, y + 0.06], [x, y]]],
            },
        }
        for code, x, y in AREAS
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture
def stage(transactional_db: None) -> Stage:
    """The people and the maps of the demo, without the other rooms."""
    stage = set_stage(timezone.now())
    for _line in riskmap.fill(stage):
        pass
    return stage


def test_the_pictures_of_the_risk_map(visitor: Visitor, stage: Stage, tmp_path: Path) -> None:
    who, page = visitor, visitor.page
    who.log_in(CISO)

    # What is going on now, with the buffers that run.
    with stage.as_person(CISO, REGION) as me:
        node = Node.objects.get(organisation_id=me.organisation_id, key="vrr-dc01")
        open_new(
            me, title="Domeincontroller onbereikbaar", summary="Gezien door de beheerder (demo).",
            scenario="eigen_organisatie", phase="lauw", facts=(), known_at=me.now - timedelta(minutes=40), nodes=[node],
        )  # fmt: skip
    who.open("/risicokaart/nu")
    who.sees("Er loopt 1 incident", "Domeincontroller onbereikbaar", "Processen die geraakt zijn of worden")
    who.look("kaart-nu")

    # The network: choose a moment by keyboard, find a node, see through what it fails.
    page.goto(f"{who.root}/risicokaart/beeld?toon=zwaarst")
    page.locator("[data-bw-graph-explore]:not([hidden])").wait_for()
    page.get_by_role("slider").focus()
    page.keyboard.press("End")
    page.get_by_label("Zoek een onderdeel").fill("Alarmering brandweer")
    page.keyboard.press("Enter")
    page.locator("[data-bw-graph-about]:not([hidden])").wait_for()
    who.sees("Alarmering brandweer", "Steunt op")
    who.check(page)
    who.look("kaart-netwerk")

    # The map: own boundaries from a file, and where things stand.
    page.goto(f"{who.root}/risicokaart/kaart")
    who.sees("Er zijn nog geen grenzen ingelezen")
    who.open("/risicokaart/kaart/grenzen")
    file = tmp_path / "gemeenten.geojson"
    file.write_text(boundaries(), encoding="utf-8")
    page.get_by_label("Bestand met grenzen").set_input_files(file)
    page.get_by_label("Waar komt het vandaan?").fill("Verzonnen, voor de demo")
    who.press("Lees de grenzen in")
    who.sees("4 gebieden staan op de kaart", "onderdelen zonder plaats")
    page.locator("#plaatsen summary").click()
    page.get_by_label("Waar staan ze?").fill("Rotterdam")
    for name in ("Ambulancezorg", "Cameratoezicht", "Uitruk brandweer"):
        page.get_by_label(name, exact=True).check()
    page.get_by_role("button", name="Zet op de kaart").click()
    page.wait_for_url(f"{who.root}/risicokaart/kaart*")
    page.get_by_text("3 onderdelen hebben nu een plaats").wait_for()
    page.goto(f"{who.root}/risicokaart/kaart?toon=zwaarst")
    page.locator("[data-bw-map]:not([hidden]) .leaflet-marker-icon").first.wait_for()
    page.locator(".leaflet-marker-icon").first.focus()
    page.keyboard.press("Enter")
    page.locator("[data-bw-graph-about]:not([hidden]) a").first.wait_for()
    who.check(page)
    who.look("kaart-regio")
    who.picture("kaart-regio", whole=True)

    # What if: the answer stands beside the form before anything is kept; then two beside each other.
    page.goto(f"{who.root}/risicokaart/wat-als")
    page.get_by_label("Wat valt uit?").fill("Internetprovider A")
    page.get_by_label("Wat valt uit?").press("Tab")
    page.locator("#uitkomst h2").wait_for()
    who.sees("Dan gebeurt dit", "er is nog niets bewaard")
    who.check(page)
    who.look("kaart-wat-als")
    who.press("Reken door en bewaar de uitkomst")
    who.sees("Bewaar als scenario")
    page.get_by_role("link", name="Vergelijk met een andere").click()
    page.get_by_label("Rechts").select_option(index=1)
    who.press("Vergelijk")
    who.sees("Liggen stil", "Samen zo lang stil")
    who.look("kaart-vergelijk")

    # Who watches for several regions sees their state; of the others only the name.
    who.log_in(ANALYST)
    who.open("/risicokaart/regios")
    who.sees("geen inzage")
    who.look("kaart-regios")
    page.set_viewport_size(DESKTOP)
    who.picture("kaart-regios", whole=True)
