"""Beheer, organisatie: the laws it falls under; and tokens: made once, seen once, ended at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brandwacht.engines.authority import load_clocks
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import ApiToken, AuditEntry, Organisation, RoleAssignment, User
from brandwacht.network.roles import Role
from brandwacht.network.services import organisations, tokens
from brandwacht.network.tenancy import every_owner
from tests.network.faces import log_in
from tests.world import NOW, acting, actor, organisation, person

pytestmark = pytest.mark.django_db
PAGE, TOKENS = "/beheer/organisatie", "/beheer/tokens"
LATER = timedelta(days=30)


@pytest.fixture
def region() -> Organisation:
    return organisation("VR17", regimes=("avg",))


def entries(action: str) -> list[dict[str, Any]]:
    with every_owner():
        return list(AuditEntry.objects.filter(action=action).values("result", "detail", "organisation__code"))


def token_of(user: User, at: Organisation, name: str = "dashboard") -> tuple[ApiToken, str]:
    with acting(actor(user, at, timezone.now())) as me:
        return tokens.make(me, user, name, me.now + LATER)


# The laws


@pytest.mark.parametrize("role", [Role.CISO, Role.ADMIN])
def test_who_may_sees_every_law_and_saves_a_choice(client: Client, region: Organisation, role: Role) -> None:
    log_in(client, person(region, role))
    page = client.get(PAGE).content.decode()
    for text in load_clocks().regimes.values():
        assert text in page
    assert re.findall(r'value="(\w+)"[^>]*checked', page) == ["avg"]
    assert "bij nieuwe incidenten" in page
    assert client.post(PAGE, {"regimes": ["cbw", "avg"]}).url == PAGE
    region.refresh_from_db()
    assert region.regimes == ["avg", "cbw"]
    (entry,) = entries("organisation.set")
    assert (entry["organisation__code"], entry["detail"]) == ("VR17", {"regimes": ["avg", "cbw"]})
    assert "Cyberbeveiligingswet" in client.get("/beheer").content.decode()


def test_nothing_chosen_can_be_saved(client: Client, region: Organisation) -> None:
    log_in(client, person(region, Role.CISO))
    client.post(PAGE, {})
    region.refresh_from_db()
    assert region.regimes == []
    assert "U heeft nog niets gekozen." in client.get("/beheer").content.decode()


def test_a_law_that_does_not_exist_is_refused(client: Client, region: Organisation) -> None:
    ciso = person(region, Role.CISO)
    answer = log_in(client, ciso).post(PAGE, {"regimes": ["avg", "verzonnen"]})
    assert answer.status_code == 422
    region.refresh_from_db()
    assert region.regimes == ["avg"]
    with acting(actor(ciso, region)) as me, pytest.raises(Refused, match="verzonnen"):
        organisations.set_regimes(me, ["verzonnen"])


def test_a_colleague_and_a_stranger_leave_it_as_it_is(client: Client, region: Organisation) -> None:
    log_in(client, person(region, Role.PROCESS_OWNER))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"regimes": ["cbw"]}).status_code == 403
    assert "Organisatie</a>" not in client.get("/beheer").content.decode()
    log_in(client, person(organisation("VR15"), Role.CISO))
    client.post(PAGE, {"regimes": ["cbw"]})
    region.refresh_from_db()
    assert region.regimes == ["avg"]


# Tokens


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_everybody_with_a_role_has_a_page_of_tokens(client: Client, region: Organisation, role: Role) -> None:
    log_in(client, person(region, role))
    assert "U heeft geen token" in client.get(TOKENS).content.decode()
    assert TOKENS in client.get("/").content.decode()


def test_a_token_is_shown_once_and_works(client: Client, region: Organisation) -> None:
    log_in(client, person(region, Role.CISO))
    until = timezone.localdate() + LATER
    answer = client.post(TOKENS, {"name": "dashboard", "until": until.isoformat()})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    (text,) = re.findall(r"bw_[\w-]{43}", answer.content.decode())
    assert 'value="dashboard"' not in answer.content.decode()  # the form is ready for another one
    again = client.get(TOKENS).content.decode()
    assert "dashboard" in again
    assert text not in again
    with every_owner():
        row = ApiToken.objects.get()
    assert timezone.localtime(row.expires_at - timedelta(seconds=1)).date() == until
    program = Client(headers={"authorization": f"Bearer {text}"})
    assert program.get("/api/v1/alerts").status_code == 200
    assert client.post(reverse("beheer:token-end", args=[row.public_id])).url == TOKENS
    assert program.get("/api/v1/alerts").status_code == 401
    after = client.get(TOKENS).content.decode()
    assert "Het token “dashboard” werkt niet meer." in after
    assert "U heeft geen token" in after
    assert [entry["detail"]["naam"] for action in ("token.make", "token.end") for entry in entries(action)] == [
        "dashboard",
        "dashboard",
    ]


@pytest.mark.parametrize(
    ("name", "days", "said"),
    [
        ("", 30, "verplicht"),
        (" ", 30, "verplicht"),
        ("x", -1, "binnen een jaar"),
        ("x", 400, "binnen een jaar"),
    ],
)
def test_what_cannot_be_made_keeps_what_was_typed(
    client: Client, region: Organisation, name: str, days: int, said: str
) -> None:
    log_in(client, person(region, Role.CISO))
    until = (timezone.localdate() + timedelta(days=days)).isoformat()
    answer = client.post(TOKENS, {"name": name, "until": until})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert until in page
    assert "bw_" not in re.sub(r'(class|id)="[^"]*"', "", page)
    with every_owner():
        assert not ApiToken.objects.exists()


def test_a_colleague_sees_and_ends_no_token_of_mine(client: Client, region: Organisation) -> None:
    mine, _text = token_of(person(region, Role.CISO), region, "van de CISO")
    colleague, stranger = person(region, Role.PROCESS_OWNER), person(organisation("VR15"), Role.ADMIN)
    for other in (colleague, stranger):
        log_in(client, other)
        assert "van de CISO" not in client.get(TOKENS).content.decode()
        assert client.post(reverse("beheer:token-end", args=[mine.public_id])).status_code == 404
    with acting(actor(colleague, region)) as me, pytest.raises((Denied, NotFound)):
        tokens.revoke(me, mine.public_id)
    mine.refresh_from_db()
    assert mine.revoked_at is None


def test_the_administrator_ends_the_token_of_somebody_who_leaves(client: Client, region: Organisation) -> None:
    ciso = person(region, Role.CISO, name="Vera Trekt")
    left, _text = token_of(ciso, region)
    log_in(client, person(region, Role.ADMIN))
    page = client.get(TOKENS).content.decode()
    assert "Tokens van anderen" in page
    assert "Vera Trekt" in page
    client.post(reverse("beheer:token-end", args=[left.public_id]))
    left.refresh_from_db()
    assert left.revoked_at is not None


def test_ending_twice_writes_once(region: Organisation) -> None:
    ciso = person(region, Role.CISO)
    mine, _text = token_of(ciso, region)
    with acting(actor(ciso, region)) as me:
        first = tokens.revoke(me, mine.public_id)
        assert tokens.revoke(me.at(NOW + LATER), mine.public_id).revoked_at == first.revoked_at
    assert len(entries("token.end")) == 1


def test_a_token_of_one_organisation_is_not_on_the_page_of_the_other(client: Client, region: Organisation) -> None:
    analyst = person(region, Role.CISO)
    other = organisation("VR15")
    token_of(analyst, region, "bij zeventien")
    with every_owner():
        RoleAssignment(organisation=other, user=analyst, role=Role.CISO, valid_from=NOW.date()).save()
    log_in(client, analyst)
    client.post("/organisatie", {"organisation": "VR15"})
    assert "bij zeventien" not in client.get(TOKENS).content.decode()


@pytest.mark.parametrize("address", [PAGE, TOKENS])
def test_the_pages_ask_few_questions(
    client: Client, region: Organisation, address: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    ciso = person(region, Role.CISO)
    for number in range(5):
        token_of(ciso, region, f"nummer {number}")
    log_in(client, ciso)
    with django_assert_max_num_queries(15):
        client.get(address)


@pytest.mark.journey
def test_the_pages_are_accessible(
    page: Any, live_server: Any, accessible: Callable[[Any], None], transactional_db: None
) -> None:
    region = organisation("VR17", regimes=("avg",))
    admin = person(region, Role.ADMIN)
    token_of(admin, region)
    token_of(person(region, Role.CISO), region)
    session = log_in(Client(), admin).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(live_server.url + PAGE)
    accessible(page)
    page.goto(live_server.url + TOKENS)
    accessible(page)
    page.get_by_label("Waarvoor is het?").fill("rapport")
    page.get_by_role("button", name="Maak dit token").click()
    page.get_by_text("Uw nieuwe token").wait_for()
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
