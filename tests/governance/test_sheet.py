"""The board page in a browser: one A4, accessible, and whole on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from brandwacht.engines.authority import load_powers
from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from tests.governance import scene
from tests.world import NOW, organisation, person

pytestmark = pytest.mark.django_db(transaction=True)
LOGIN = "allauth.account.auth_backends.AuthenticationBackend"
HATS = {
    "one": (Role.CHAIR,),
    "two": (Role.CHAIR, Role.BOARD),
    "all": (Role.CHAIR, Role.BOARD, Role.MAYOR, Role.REGIONAL_MAYOR, Role.ALDERMAN, Role.TOWN_CLERK),
    "ciso": (Role.CISO, Role.ISAC_MEMBER),
}


def open_as(page: Any, live_server: Any, owner: Organisation, *roles: Role, path: str = "/besturen") -> None:
    client = Client()
    client.force_login(person(owner, *roles), backend=LOGIN)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    page.context.add_cookies([cookie | {"url": live_server.url}])
    answer = page.goto(f"{live_server.url}{path}")
    assert answer.status == 200


def sheets(page: Any, keep: Path) -> int:
    pdf = page.pdf(format="A4", print_background=True, path=keep)
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("hats", HATS)
@pytest.mark.parametrize("phase", ["koud", "warm"])
def test_a_full_region_prints_on_one_sheet(page: Any, live_server: Any, tmp_path: Path, hats: str, phase: str) -> None:
    region = scene.full_region(phase=phase)
    open_as(page, live_server, region, *HATS[hats])
    assert sheets(page, tmp_path / "bestuur.pdf") == 1


@pytest.mark.parametrize("scenario", list(load_powers().scenarios))
@pytest.mark.parametrize("hats", ["one", "two"])
def test_so_does_a_region_with_one_incident(
    page: Any, live_server: Any, tmp_path: Path, hats: str, scenario: str
) -> None:
    region = organisation("VR17")
    row = scene.incident(region, scenario=scenario)
    scene.clock(row)
    scene.answers(region, 60, days_ago=40)
    scene.cascade(region)
    scene.measure(region, scene.LONG, NOW.date(), for_board=True, cost=25_000)
    open_as(page, live_server, region, *HATS[hats])
    assert sheets(page, tmp_path / "bestuur.pdf") == 1


def test_an_empty_municipality_prints_on_one_sheet(page: Any, live_server: Any, tmp_path: Path) -> None:
    open_as(page, live_server, organisation("GM0599", "gemeente"), Role.MAYOR)
    assert sheets(page, tmp_path / "bestuur.pdf") == 1


@pytest.mark.parametrize("path", ["/besturen", "/besturen/bevoegdheden?scenario=haven"])
@pytest.mark.parametrize("width", [1400, 390])
def test_accessible_and_not_wider_than_the_screen(
    page: Any, live_server: Any, accessible: Callable[[Any], None], path: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    open_as(page, live_server, scene.full_region(), Role.CHAIR, Role.BOARD, path=path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    accessible(page)


def test_folded_rows_of_the_panel_are_on_paper(page: Any, live_server: Any) -> None:
    region = organisation("VR17")
    row = scene.incident(region, phase="warm")
    open_as(page, live_server, region, Role.CISO, path=f"/incidenten/{row.public_id}")
    folded = page.get_by_text("beantwoordt hun vragen")
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.is_visible()
