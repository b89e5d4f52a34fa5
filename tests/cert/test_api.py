"""The API: the same rules as the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from brandwacht.network.services import tokens
from tests.cert.conftest import BREACH, EARLY, FINAL, PERSONAL, REPORT, SIGNIFICANT, Persona, Scene
from tests.world import NOW, acting

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/incidents"


@pytest.fixture(autouse=True)
def present(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands still."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def header(who: Persona) -> dict[str, str]:
    with acting(who.actor()) as me:
        _token, text = tokens.make(me, who.user, "test", NOW + timedelta(days=1))
    return {"authorization": f"Bearer {text}"}


def get(client: Client, path: str, who: Persona, status: int = 200) -> dict[str, Any]:
    answer = client.get(path, headers=header(who))
    assert answer.status_code == status, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_incidents_and_their_clocks(scene: Scene, client: Client) -> None:
    incident = scene.incident(SIGNIFICANT, PERSONAL)
    drill = scene.incident(exercise=True)
    items = get(client, ROOT, scene.ciso)["items"]
    assert [(item["number"], item["exercise"]) for item in items] == [(drill.number, True), (incident.number, False)]
    one = get(client, f"{ROOT}/{incident.public_id}", scene.ciso)
    assert (one["organisation"], one["summary"], one["severity"]) == ("VR17", "De koppeling ligt eruit.", 3)
    assert {clock["key"]: clock["provisional"] for clock in one["clocks"]} == {
        EARLY: False, REPORT: False, BREACH: False, FINAL: True,
    }  # fmt: skip
    assert one["clocks"][0]["due"] == "2026-11-23T12:05:00Z"


def test_paging(scene: Scene, client: Client) -> None:
    for _n in range(3):
        scene.incident()
    first = get(client, f"{ROOT}?limit=2", scene.ciso)
    second = get(client, f"{ROOT}?limit=2&cursor={first['next']}", scene.ciso)
    assert [item["number"][-1] for item in first["items"] + second["items"]] == ["3", "2", "1"]
    assert second["next"] is None


def test_others_get_nothing(scene: Scene, client: Client) -> None:
    incident = scene.incident()
    assert get(client, ROOT, scene.stranger)["items"] == []
    get(client, f"{ROOT}/{incident.public_id}", scene.stranger, 404)
    get(client, f"{ROOT}/{incident.public_id}", scene.colleague, 404)
    assert get(client, ROOT, scene.lead)["items"][0]["organisation"] == "VR17"
    get(client, f"{ROOT}/{incident.public_id}", scene.onlooker)
    assert scene.chain().count(("cert.incident.see", "ingezien")) == 2


def test_a_note(scene: Scene, client: Client) -> None:
    incident = scene.incident()

    def write(who: Persona, text: str) -> int:
        body = {"text": text}
        address = f"{ROOT}/{incident.public_id}/notes"
        return client.post(address, body, content_type="application/json", headers=header(who)).status_code

    assert write(scene.analyst, "Gezien.") == 201
    assert write(scene.chair, "x") == 403
    assert write(scene.stranger, "x") == 404
    assert write(scene.ciso, " ") in (400, 422)
    assert scene.told(incident).endswith("Gezien.")
