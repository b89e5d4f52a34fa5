"""A fresh indicator: the analyst reads a list in, looks back with it, and finds an alert of last week.

The events come from the event store when there is one; else from a stand-in that keeps them in memory.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from brandwacht.engines.detection import Event, event_from_record
from brandwacht.network.tenancy import every_owner
from brandwacht.site.demo.stage import Stage
from brandwacht.soc import services
from brandwacht.soc.models import Alert, ContentImport, LookBack
from brandwacht.soc.services import lookback, rule_taking, stored
from brandwacht.soc.views import lists as lists_view
from brandwacht.soc.views import rules as rules_view
from tests.journeys.steps import Visitor

pytestmark = pytest.mark.django_db(transaction=True)

ANALYST = "analist@demo.example"
BAD = "203.0.113.99"


@dataclass(frozen=True)
class Row:
    owner_code: str
    source_key: str
    time: datetime


def event(number: int, at: datetime, host: str, address: str) -> Event:
    raw = {
        "Event": {
            "System": {
                "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon"}},
                "EventID": 3,
                "TimeCreated": {"#attributes": {"SystemTime": at.isoformat()}},
                "Channel": "Microsoft-Windows-Sysmon/Operational",
                "Computer": host,
            },
            "EventData": {"Image": "C:\\Windows\\System32\\svchost.exe", "DestinationIp": address},
        }
    }
    return event_from_record(number, raw)


@pytest.fixture
def kept(stage: Stage, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> datetime:
    """Ten days of events of VR17 in the store; returns when the bad address was seen."""
    then = (timezone.now() - timedelta(days=8)).replace(minute=10, second=0, microsecond=0)
    events = [event(1, then, "VRR-WS200", BAD), event(2, then + timedelta(minutes=3), "VRR-WS200", BAD)]
    events += [event(3 + n, then + timedelta(hours=n), "VRR-WS201", "198.51.100.20") for n in range(20)]
    settings.DATA = tmp_path
    real = stored.event_scan()
    if real is not None:
        from importlib import import_module

        import_module(stored.STORE).append("VR17", "wef", "proef", events, timezone.now())
        return then

    def scan(
        owner_codes: Iterable[str],
        since: datetime,
        until: datetime,
        *,
        kinds: Any = None,
        source_keys: Any = None,
    ) -> Iterator[tuple[Row, Event]]:
        for each in events:
            if "VR17" in owner_codes and each.time is not None and since <= each.time < until:
                yield Row("VR17", "wef", each.time), each

    for module in (lookback, lists_view, rules_view):
        monkeypatch.setattr(module, "event_scan", lambda: scan)
    return then


def work() -> None:
    """What the worker does with what was asked."""
    with every_owner():
        imports = [(str(row.public_id), row.organisation.code) for row in ContentImport.objects.filter(state="bezig")]
        taken = [(str(row.public_id), row.organisation.code) for row in ContentImport.objects.filter(state="overnemen")]
        looks = [(str(row.public_id), row.organisation.code) for row in LookBack.objects.filter(state="wacht")]
    for public_id, code in imports:
        services.read_offered_content(code, public_id, timezone.now)
    for public_id, code in taken:
        rule_taking.take_over(code, public_id, timezone.now)
    for public_id, code in looks:
        services.run_look_back(code, public_id, timezone.now)


def test_a_fresh_indicator_finds_what_happened_last_week(visitor: Visitor, kept: datetime, tmp_path: Path) -> None:
    page = visitor.page
    path = tmp_path / "kenmerken.txt"
    path.write_text("# vers\n203[.]0[.]113[.]99\nkwaad[.]example\n10.0.0.1\n", encoding="utf-8")

    visitor.log_in(ANALYST)
    visitor.open("/waakzaam/lijsten")
    visitor.sees("1 lijst met kenmerken van dreigingen bewaakt nu", "Oefenlijst (demo)")
    visitor.press("Nieuwe lijst", role="link")
    page.get_by_label("Naam van de lijst").fill("Adressen van deze week")
    page.get_by_label("Van wie komt de lijst").fill("NCSC (proef)")
    page.get_by_label("Label van het Traffic Light Protocol").select_option("TLP:GREEN")
    page.get_by_label("Zekerheid").fill("90")
    page.get_by_label("Bestand met kenmerken").set_input_files(path)
    visitor.press("Bekijk het bestand")
    visitor.sees("wordt gelezen", "Het lezen gaat door als u weggaat")
    work()
    page.wait_for_selector("text=Laat deze lijst bewaken")
    visitor.check(page)
    visitor.sees("2 kenmerken", "Er is nog niets veranderd", "intern of bijzonder adres")
    visitor.press("Laat deze lijst bewaken")
    visitor.sees("Adressen van deze week", "2 kenmerken bewaken elke gebeurtenis", "TLP:GREEN")

    visitor.press("Kijk terug")
    visitor.sees("dagen doorzocht")
    work()
    page.wait_for_selector("text=2 treffers")
    visitor.check(page)
    visitor.sees("op 1 middel", "VRR-WS200", BAD, "2 gebeurtenissen staan nu in meldingen")
    visitor.picture("terugkijken")

    with every_owner():
        alert = Alert.objects.get(asset__name="VRR-WS200")
    assert alert.first_seen == kept
    visitor.open(f"/waakzaam/{alert.public_id}")
    visitor.sees("Bekend kenmerk van een dreiging, uit de lijst “Adressen van deze week”", BAD)

    visitor.log_in("ciso@demo.example")
    visitor.open("/waakzaam/lijsten")
    visitor.sees("Nog geen lijsten")
    visitor.open(f"/waakzaam/{alert.public_id}")
    visitor.sees(BAD)


def test_a_rule_is_written_tried_changed_and_put_back(visitor: Visitor, kept: datetime, tmp_path: Path) -> None:
    page = visitor.page
    visitor.log_in(ANALYST)
    visitor.open("/waakzaam/regels/nieuw")
    text = page.get_by_label("Regel (Sigma, in YAML)")
    broken = text.input_value().replace("level: medium", "level: heel erg")
    text.fill(broken)
    page.wait_for_selector("text=Deze regel is nog niet goed")
    visitor.sees("Tekstregel 21:", "De ernst (level) is onbekend")
    mended = broken.replace("level: heel erg", "level: high").replace("Korte titel in één zin", "Verbinding gezien")
    mended = mended.replace("process_creation", "network_connection")
    body, _detection, rest = mended.partition("detection:")
    rest = rest[rest.index("falsepositives") :]
    detection = f"detection:\n  selectie:\n    DestinationIp: '{BAD}'\n  condition: selectie\n"
    text.fill(body + detection + rest)
    page.wait_for_selector("text=Deze regel is te gebruiken")
    visitor.check(page)
    sample = json.dumps(event(1, kept, "PC", BAD).raw)
    page.get_by_label("Probeer op een voorbeeld").fill(sample)
    visitor.press("Probeer de regel")
    visitor.sees("De regel slaat aan op dit voorbeeld")
    visitor.press("Bewaar de regel")
    visitor.sees("De regel is bewaard en staat nog uit", "nog nooit")

    visitor.press("Kijk terug")
    work()
    page.wait_for_selector("text=2 treffers")
    visitor.check(page)
    visitor.sees("VRR-WS200")
    page.go_back()
    visitor.press("Zet de regel aan")
    visitor.press("Wijzigen", role="link")
    changed = page.get_by_label("Regel (Sigma, in YAML)")
    changed.fill(changed.input_value().replace("level: high", "level: low"))
    page.get_by_label("Waarom deze wijziging").fill("Minder erg dan gedacht")
    visitor.press("Bewaar de regel")
    visitor.sees("Bewaard als versie 2", "Minder erg dan gedacht")
    visitor.press("Geschiedenis", role="link")
    visitor.sees("Van versie 1 naar versie 2", "level: high", "level: low", "erbij", "weg")
    page.get_by_text("Ga terug naar versie 1").first.click()
    visitor.press("Ja, ga terug naar versie 1")
    visitor.sees("De regel heeft die tekst weer, als versie 3")

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("levering/a.yml", (body + detection + rest).replace("Verbinding gezien", "Van buiten"))
        archive.writestr("levering/stuk.yml", "title: [stuk")
    zip_path = tmp_path / "levering.zip"
    zip_path.write_bytes(out.getvalue())
    visitor.open("/waakzaam/regels/inlezen")
    page.get_by_label("Zip met regels").set_input_files(zip_path)
    visitor.press("Bekijk wat dit zou doen")
    work()
    page.wait_for_selector("text=Verwerk deze regels")
    visitor.check(page)
    visitor.sees("Deze regels heeft u zelf gewijzigd", "geen geldige YAML")
    page.get_by_label("Neem de aangeboden tekst van “Verbinding gezien”").check()
    visitor.press("Verwerk deze regels")
    visitor.sees("levering.zip wordt verwerkt")
    work()
    page.wait_for_selector("text=Deze regels tellen mee")
    visitor.open("/waakzaam/regels?tekst=Van buiten")
    visitor.sees("Van buiten")
    visitor.press("Van buiten", role="link")
    visitor.press("Zet uit bij één organisatie", role="link")
    page.get_by_label("Bij welke organisatie").select_option("VR17")
    page.get_by_label("Waarom").fill("Onderhoud door leverancier")
    visitor.press("Zet de regel daar uit")
    visitor.sees("staat uit bij", "Onderhoud door leverancier")
