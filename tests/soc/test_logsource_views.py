"""The pages of sources: what they show, what a button does, and how many queries they take."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from brandwacht.network.models import AuditEntry, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc.models import GapReason, LogSource, SourceKind
from brandwacht.soc.services.accounting import note_gap
from brandwacht.soc.services.health import fell_silent
from brandwacht.soc.snippets import snippets
from tests.soc.sources import connected, fresh
from tests.soc.test_views import log_in
from tests.world import NOW, acting_system, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_place(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA = tmp_path
    settings.DISK_RESERVE = 0
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def ciso(region: Organisation) -> Client:
    return log_in(person(region, Role.CISO, name="Noor de Wit"))


def new(client: Client, **facts: str) -> Any:
    data = {"name": "Winlogbeat", "kind": "bulk", "silent_after": "60", "organisation": "VR17"} | facts
    return client.post(reverse("soc:logsource-new"), data)


def test_connecting_shows_the_token_once_and_keeps_a_hash(ciso: Client) -> None:
    made = new(ciso)
    assert made.status_code == 200
    page = made.content.decode()
    token = next(word for word in page.replace("<", " ").replace(">", " ").split() if word.startswith("bwl_"))
    assert f"bron:{token}" in page
    with every_owner():
        source = LogSource.objects.get()
        actions = list(AuditEntry.objects.values_list("action", flat=True))
    assert token not in repr(source.__dict__)
    assert "soc.sources.manage" in actions
    again = ciso.get(reverse("soc:logsource", args=[source.public_id])).content.decode()
    assert token not in again
    assert "HIER-HET-TOKEN" in again
    renewed = ciso.post(reverse("soc:logsource-token", args=[source.public_id])).content.decode()
    assert "bwl_" in renewed
    assert token not in renewed


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"name": " "}, "#id_name"),
        ({"silent_after": "-1"}, "0"),
        ({"kind": "syslog"}, "poort"),
        ({"kind": "syslog", "port": "80"}, "1024"),
        ({"kind": "syslog", "port": "6514"}, "al in gebruik"),
        ({"name": "Firewall"}, "al een bron met deze naam"),
        ({"kind": "map"}, "kind"),
        ({"organisation": "VR01"}, "organisation"),
    ],
)
def test_what_is_wrong_is_named(ciso: Client, region: Organisation, facts: dict[str, str], message: str) -> None:
    connected(region, "Firewall", SourceKind.SYSLOG, port=6514)
    answer = new(ciso, **facts)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    with every_owner():
        assert LogSource.objects.count() == 1


def test_the_list_says_what_is_silent_and_puts_it_first(ciso: Client, region: Organisation) -> None:
    empty = ciso.get(reverse("soc:logsources")).content.decode()
    assert "Nog geen bronnen" in empty
    connected(region, "Aap")
    silent, _token = connected(region, "Noot")
    fell_silent(silent, NOW)
    page = ciso.get(reverse("soc:logsources")).content.decode()
    assert "De bron Noot zwijgt." in page
    assert page.index(">Noot<") < page.index(">Aap<")
    detail = ciso.get(reverse("soc:logsource", args=[silent.public_id])).content.decode()
    assert "De bron Noot stuurt niets meer" in detail


def test_changing_and_ending(ciso: Client, region: Organisation) -> None:
    source, _token = connected(region, "Aap")
    connected(region, "Noot")
    edit = reverse("soc:logsource-edit", args=[source.public_id])
    assert ciso.post(edit, {"name": "Noot", "silent_after": "5"}).status_code == 422
    assert ciso.post(edit, {"name": "Mies", "silent_after": "5"}).status_code == 302
    assert (fresh(source).name, fresh(source).silent_after) == ("Mies", 5)
    end = reverse("soc:logsource-end", args=[source.public_id])
    assert ciso.post(end).status_code == ciso.post(end).status_code == 302
    assert fresh(source).enabled is False
    page = ciso.get(reverse("soc:logsource", args=[source.public_id])).content.decode()
    assert "beëindigd" in page
    assert "Nieuw token" not in page


def test_gaps_say_how_long_and_what_became_of_them(ciso: Client, region: Organisation) -> None:
    assert "Geen gaten" in ciso.get(reverse("soc:gaps")).content.decode()
    source, _token = connected(region)
    with acting_system(region):
        note_gap(source, GapReason.STOPPED, NOW - timedelta(hours=3), NOW - timedelta(hours=2, minutes=15))
        note_gap(source, GapReason.SILENT, NOW - timedelta(hours=1), None)
    page = ciso.get(reverse("soc:gaps")).content.decode()
    assert "duurde 45 minuten" in page
    assert "Duurt nog" in page


def test_the_pages_stay_within_their_queries(ciso: Client, region: Organisation) -> None:
    from django.db import connection

    for number in range(12):
        source, _token = connected(region, f"Bron {number}")
        with acting_system(region):
            note_gap(source, GapReason.SILENT, NOW, None)
    addresses = [reverse("soc:logsources"), reverse("soc:gaps"), reverse("soc:logsource", args=[source.public_id])]
    for address in addresses:
        ciso.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert ciso.get(address).status_code == 200
        assert len(queries) <= 15, address


@pytest.mark.parametrize("site", ["https://bw.example.nl", "http://127.0.0.1:8000", "https://bw.example.nl:8443/x/"])
def test_snippets_name_the_address_with_its_port(site: str) -> None:
    bulk = LogSource(kind=SourceKind.BULK)
    texts = {each.program: each.text for each in snippets(bulk, site, "bwl_x")}
    assert len(texts) == 5
    for text in texts.values():
        assert "bwl_x" in text
        assert "{" not in text.replace("{{", "") or "ingest/elastic" in text
    port = {"https://bw.example.nl": "443", "http://127.0.0.1:8000": "8000"}.get(site, "8443")
    assert f":{port}" in texts["Filebeat"]
    syslog = snippets(LogSource(kind=SourceKind.SYSLOG, port=6514, tls=True), site)
    assert all("6514" in each.text for each in syslog)
    assert snippets(LogSource(kind=SourceKind.FOLDER), site) == []
