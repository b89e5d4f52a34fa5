"""Hands for the tests of the pages: look, press, and a network with many incidents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from brandwacht.cert.models import Incident, IncidentClock
from brandwacht.network.domains import GrantKind
from brandwacht.network.tenancy import every_owner
from tests.cert.conftest import EARLY, REPORT, Persona, Scene
from tests.world import NOW, mandate, organisation

Browse = Callable[[Persona], Client]
BUDGET = 15


def page(client: Client, name: str, *args: Any, status: int = 200, **query: str) -> str:
    """The text of a page of the CERT."""
    response = client.get(reverse(f"cert:{name}", args=args), query)
    assert response.status_code == status, response.content.decode()[:500]
    return response.content.decode()


def post(client: Client, name: str, *args: Any, status: int = 302, **data: Any) -> str:
    """Send a form; the text of what comes back."""
    response = client.post(reverse(f"cert:{name}", args=args), data)
    assert response.status_code == status, response.content.decode()[:500]
    return response.content.decode()


def many(scene: Scene, number: int) -> None:
    """So many incidents of two organisations, each with two clocks."""
    other = organisation("VR15")
    mandate(other, scene.cert, GrantKind.CERT_MANDATE, act=True)
    with every_owner():
        for n in range(number):
            owner = other if n % 2 else scene.region
            incident = Incident(
                organisation=owner, number=f"2026-{n:04d}", title=f"Incident {n}", severity=n % 5,
                known_at=NOW, opened_at=NOW - timedelta(minutes=n // 3), opened_by="x", exercise=n % 10 == 0,
                state="gesloten" if n % 7 == 3 else "open",
            )  # fmt: skip
            incident.save()
            for key in (EARLY, REPORT):
                IncidentClock(
                    organisation=owner, incident=incident, key=key, title=key, duty="x", to_whom="x", basis="x",
                    due=NOW + timedelta(hours=n + 1), data_version="1",
                ).save()  # fmt: skip
