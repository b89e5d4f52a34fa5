"""The sources over the API: a token once, health in full, an end that is heard at once."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from brandwacht.connectors.elastic_bulk import views
from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from brandwacht.network.services import tokens
from brandwacht.network.tenancy import every_owner
from brandwacht.soc.models import GapReason, LogSource
from brandwacht.soc.services.accounting import note_gap
from tests.soc.conftest import line
from tests.soc.sources import Clocks, body, connected, run_once, send
from tests.world import NOW, acting_system, organisation, person

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/log-sources"


@pytest.fixture(autouse=True)
def _own_place(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.DATA = tmp_path
    settings.DISK_RESERVE = 0
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    yield
    views.intake.close()
    views.intake._rooms.clear()


class Program:
    """A program with the token of somebody."""

    def __init__(self, owner: Organisation, role: Role = Role.CISO) -> None:
        with acting_system(owner) as me:
            _row, text = tokens.make(me, person(owner, role), "test", NOW + timedelta(days=1))
        self._headers = {"authorization": f"Bearer {text}"}

    def get(self, path: str = "", status: int = 200) -> Any:
        answer = Client().get(ROOT + path, headers=self._headers)
        assert answer.status_code == status, answer.content
        return answer.json()

    def post(self, path: str = "", status: int = 200, **data: Any) -> Any:
        answer = Client().post(ROOT + path, json.dumps(data), "application/json", headers=self._headers)
        assert answer.status_code == status, answer.content
        return answer.json()


def test_a_source_from_its_first_token_to_its_end(region: Organisation) -> None:
    program = Program(region)
    made = program.post(status=201, name="Winlogbeat", silentAfter=30)
    assert (made["organisation"], made["kind"], made["silentAfter"]) == ("VR17", "bulk", 30)
    token = made["token"]
    assert send(token, body(line("lsass.exe"), "geen json")).status_code == 200
    run_once(Clocks())
    with every_owner():
        source = LogSource.objects.get()
        assert token not in repr(source.__dict__)
        note_gap(source, GapReason.STOPPED, NOW - timedelta(hours=1), NOW, lost=2)
    (listed,) = program.get()["items"]
    assert listed["id"] == made["id"]
    assert "token" not in listed
    health = program.get(f"/{made['id']}")
    assert "token" not in health
    assert (health["events"], health["lastDay"]["events"], health["full"]) == (1, 1, "")
    assert [(gap["reason"], gap["lostEvents"]) for gap in health["gaps"]] == [("gestopt", 2)]
    renewed = program.post(f"/{made['id']}/token")["token"]
    assert send(token, body(line("lsass.exe"))).status_code == 401
    assert send(renewed, body(line("lsass.exe"))).status_code == 200
    ended = program.post(f"/{made['id']}/closure")
    assert (ended["enabled"], ended["endedAt"] is not None) == (False, True)
    assert send(renewed, body(line("lsass.exe"))).status_code == 401
    assert "be\u00ebindigd" in program.post(f"/{made['id']}/token", status=400)["detail"]


def test_what_is_refused_names_the_field(region: Organisation) -> None:
    program = Program(region)
    connected(region, "Bezet")
    assert "deze naam" in program.post(status=400, name="Bezet")["detail"]
    assert "poort" in program.post(status=400, name="Syslog", kind="syslog", port=80)["detail"]
    program.post(status=400, name="Map", kind="map")
    organisation("VR15")
    assert "VR15" in program.post(status=400, name="Van een ander", organisation="VR15")["detail"]


def test_another_organisation_sees_and_ends_nothing(region: Organisation) -> None:
    source, _token = connected(region)
    stranger = Program(organisation("VR15"))
    assert stranger.get()["items"] == []
    stranger.get(f"/{source.public_id}", status=404)
    stranger.post(f"/{source.public_id}/token", status=404)
    stranger.post(f"/{source.public_id}/closure", status=404)
