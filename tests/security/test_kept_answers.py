"""What was answered to one person must not stay where another finds it."""

from __future__ import annotations

import pytest

from brandwacht.network.models import Node
from brandwacht.network.roles import Role
from tests.security.conftest import Visit
from tests.world import asset, organisation, person

pytestmark = pytest.mark.django_db

PAGES = (
    "/", "/beheer", "/beheer/mensen", "/beheer/mandaten", "/beheer/register", "/beheer/register.csv", "/beheer/logboek",
    "/beheer/logboek.csv", "/waakzaam", "/waakzaam/bronnen", "/waakzaam/regels", "/waakzaam/nieuw", "/incidenten",
    "/risicokaart", "/risicokaart/beeld", "/basis", "/basis/vragen.csv", "/basis/maatregelen", "/besturen",
    "/api/v1/nodes", "/api/v1/alerts", "/account/2fa/", "/er-is-niets",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_no_browser_or_proxy_keeps_a_page(visit: Visit, path: str) -> None:
    region = organisation("VR17")
    asset(region, "DC01")
    answer = visit(person(region, Role.CISO, Role.ADMIN)).get(path)
    assert answer.status_code in (200, 404), answer.status_code
    assert "no-store" in answer.headers.get("Cache-Control", "")


def test_a_refusal_is_not_kept_either(visit: Visit) -> None:
    region, other = organisation("VR17"), organisation("VR01")
    node: Node = asset(other, "DC01")
    answer = visit(person(region, Role.CISO)).get(f"/beheer/register/{node.public_id}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
