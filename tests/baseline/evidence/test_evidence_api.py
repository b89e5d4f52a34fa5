"""Evidence over the API: added with its days or its document, listed without it, refused with the place."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from brandwacht.network.roles import Role
from tests.world import organisation, person

pytestmark = pytest.mark.django_db
URL = "/api/v1/evidence-items"


@pytest.fixture
def browser() -> Client:
    client = Client()
    user = person(organisation("VR17"), Role.CISO)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def add(browser: Client, **given: Any) -> Any:
    return browser.post(URL, {"control": "8.13", "title": "Verslag", **given}, "application/json")


def test_added_listed_and_read_back(browser: Client) -> None:
    day = timezone.localdate() - timedelta(days=9)
    content = b"Hersteltest geslaagd"
    sent = add(
        browser,
        filename="verslag.txt",
        content=base64.b64encode(content).decode(),
        validFrom=day.isoformat(),
        receivedOn=day.isoformat(),
    )
    assert sent.status_code == 201, sent.json()
    made = sent.json()
    assert made["sha256"] == hashlib.sha256(content).hexdigest()
    assert (made["state"], made["validFrom"]) == ("loopt", day.isoformat())
    assert "content" not in made
    assert add(browser, control="5.01", where="zaak 9").status_code == 201
    assert [row["control"] for row in browser.get(URL).json()["items"]] == ["5.01", "8.13"]
    assert [row["id"] for row in browser.get(f"{URL}?number=8.13").json()["items"]] == [made["id"]]
    assert browser.get(f"{URL}/{made['id']}").json() == made


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 400),
        ({"content": "geen base64!"}, 400),
        ({"content": base64.b64encode(b"MZ").decode(), "filename": "a.exe"}, 400),
        ({"where": "zaak", "validTo": "2001-01-01"}, 400),
        ({"where": "zaak", "control": "99.99"}, 404),
        ({"where": "zaak", "receivedOn": "gisteren"}, 400),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_kept(browser: Client, given: dict[str, Any], status: int) -> None:
    assert add(browser, **given).status_code == status
    assert browser.get(URL).json()["items"] == []
