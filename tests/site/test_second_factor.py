"""Second factors: setting one up, logging in with it, and being kept out without it."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from brandwacht.network.models import User
from brandwacht.network.roles import Role
from tests.site.accounts import (
    code_of,
    confirm,
    factors,
    foreign,
    foreign_on,
    give_app,
    inside,
    log_in,
    named_addresses,
)
from tests.world import organisation, person

pytestmark = pytest.mark.django_db
INDEX = "/account/2fa/"
CODE = "/account/2fa/authenticate/"


@pytest.fixture
def ciso() -> User:
    return person(organisation("VR17"), Role.CISO)


@pytest.fixture
def required(settings: object) -> None:
    settings.REQUIRE_MFA = True  # type: ignore[attr-defined]


def later(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """Let time pass for codes, which work once."""
    now = time.time() + seconds
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: now)


# An app with codes


@pytest.mark.django_db(transaction=True)
def test_an_app_is_linked_with_its_first_code(client: Client, ciso: User) -> None:
    log_in(client, ciso)
    address = reverse("mfa_activate_totp")
    assert client.get(address).url.startswith(reverse("account_reauthenticate"))
    confirm(client)
    page = client.get(address)
    secret = client.session["mfa.totp.secret"]
    assert secret in page.content.decode()
    wrong = client.post(address, {"code": "000000"})
    assert "Deze code klopt niet." in wrong.content.decode()
    assert not foreign_on(wrong.content.decode())
    answer = client.post(address, {"code": code_of(secret)})
    assert answer.url == reverse("mfa_view_recovery_codes")
    assert factors(ciso) == {"totp", "recovery_codes"}
    page_after = client.get(answer.url).content.decode()
    assert "De app is gekoppeld." in page_after
    assert not foreign_on(page_after)
    assert [message.subject for message in mail.outbox] == ["Brandwacht: App met codes gekoppeld"]
    assert not foreign(mail.outbox[0].body)


def test_logging_in_then_asks_for_a_code(client: Client, ciso: User, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = give_app(ciso)
    answer = log_in(client, ciso, next="/waakzaam")
    assert answer.url.startswith(CODE)
    assert not inside(client)
    assert client.get("/waakzaam").status_code == 302
    page = client.get(answer.url).content.decode()
    assert "Nog één stap" in page
    assert not foreign_on(page)
    wrong = client.post(answer.url, {"code": "000000"})
    assert "Deze code klopt niet." in wrong.content.decode()
    code = code_of(secret)
    assert client.post(answer.url, {"code": code}).url == "/waakzaam"
    assert inside(client)
    again = Client()
    log_in(again, ciso)
    assert again.post(CODE, {"code": code}).status_code == 200  # a code works once
    later(monkeypatch, 60)
    assert again.post(CODE, {"code": code_of(secret)}).status_code == 302


def test_guessing_codes_ends_after_five(client: Client, ciso: User) -> None:
    secret = give_app(ciso)
    log_in(client, ciso)
    for number in range(5):
        client.post(CODE, {"code": f"{number:06}"})
    answer = client.post(CODE, {"code": code_of(secret)})
    assert "Te vaak geprobeerd." in answer.content.decode()
    assert not inside(client)


def test_each_recovery_code_lets_one_in_once(client: Client, ciso: User) -> None:
    give_app(ciso)
    log_in(client, ciso)
    with_app = Client()
    with_app.force_login(ciso, backend="allauth.account.auth_backends.AuthenticationBackend")
    confirm(with_app)
    with_app.post(reverse("mfa_generate_recovery_codes"))
    listed = with_app.get(reverse("mfa_view_recovery_codes"))
    codes = listed.context["unused_codes"]
    assert len(codes) == 10
    assert with_app.get(reverse("mfa_download_recovery_codes")).content.decode().split() == codes
    assert client.post(CODE, {"code": codes[0]}).status_code == 302
    assert inside(client)
    other = Client()
    log_in(other, ciso)
    assert "Deze code klopt niet." in other.post(CODE, {"code": codes[0]}).content.decode()
    assert "9 herstelcodes" in client.get(INDEX).content.decode()


# Required


def test_without_one_every_page_leads_to_its_set_up(client: Client, ciso: User, required: None) -> None:
    log_in(client, ciso)
    addresses = named_addresses()
    assert {"week:home", "soc:list", "cert:list", "beheer:people", "account_change_password"} <= set(addresses)
    open_to_them = {
        name for name in addresses if name.startswith("mfa_") or name in ("account_logout", "account_reauthenticate")
    }
    for_senders = {name for name in addresses if name.startswith(("elastic:", "taxii:"))}  # programs come by a token
    assert all(client.get(addresses[name]).status_code == 401 for name in for_senders)
    for_all = {name for name in addresses if name.startswith("csaf:")}  # what is TLP:CLEAR needs no log-in
    assert {client.get(addresses[name]).status_code for name in for_all} <= {200, 404}
    for name in set(addresses) - open_to_them - for_senders - for_all:
        answer = client.get(addresses[name])
        assert (answer.status_code, answer.headers.get("Location")) == (302, INDEX), name
        assert client.post(addresses[name]).headers.get("Location") == INDEX, name
    page = client.get(INDEX).content.decode()
    assert "heeft uw account een tweede bewijs nodig" in page
    assert "Waakzaam" not in page
    assert "Wachtwoord wijzigen" not in page
    client.post(reverse("account_logout"))
    assert not inside(client)


@pytest.mark.django_db(transaction=True)
def test_with_one_the_way_is_free(client: Client, ciso: User, required: None) -> None:
    log_in(client, ciso)
    confirm(client)
    client.get(reverse("mfa_activate_totp"))
    client.post(reverse("mfa_activate_totp"), {"code": code_of(client.session["mfa.totp.secret"])})
    assert client.get("/waakzaam").status_code == 200
    assert "Waakzaam" in client.get(INDEX).content.decode()


def test_with_one_from_before_the_way_is_free_after_its_code(client: Client, ciso: User, required: None) -> None:
    secret = give_app(ciso)
    log_in(client, ciso)
    client.post(CODE, {"code": code_of(secret)})
    assert client.get("/waakzaam").status_code == 200


def test_a_session_from_before_does_not_come_in_on_the_key_of_the_owner(
    client: Client, ciso: User, required: None
) -> None:
    log_in(client, ciso)  # somebody with a stolen password, while the owner had no second factor yet
    secret = give_app(ciso)
    for address in ("/waakzaam", INDEX, reverse("mfa_deactivate_totp"), reverse("account_reauthenticate")):
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer.url.startswith(reverse("mfa_reauthenticate")), address
    assert client.post(reverse("account_reauthenticate"), {"password": "een-lang-testwachtwoord"}).url.startswith(
        reverse("mfa_reauthenticate")
    )
    answer = client.post(f"{reverse('mfa_reauthenticate')}?next=/waakzaam", {"code": code_of(secret)})
    assert answer.url == "/waakzaam"
    assert client.get("/waakzaam").status_code == 200


def test_the_last_one_stays(client: Client, ciso: User, required: None) -> None:
    secret = give_app(ciso)
    log_in(client, ciso)
    client.post(CODE, {"code": code_of(secret)})
    confirm(client)
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert "Dit is uw laatste tweede bewijs." in answer.content.decode()
    assert "totp" in factors(ciso)


def test_the_last_key_may_go_but_then_so_does_the_way_in(client: Client, ciso: User, required: None) -> None:
    secret = give_app(ciso)
    log_in(client, ciso)
    client.post(CODE, {"code": code_of(secret)})
    confirm(client)
    Authenticator.objects.filter(type="totp").delete()
    key = Authenticator.objects.create(user=ciso, type="webauthn", data={"name": "Sleutel"})
    client.post(reverse("mfa_remove_webauthn", args=[key.pk]))
    assert factors(ciso) == set()
    assert client.get("/waakzaam").url == INDEX


def test_a_token_of_somebody_without_one_cannot_be_made(client: Client, ciso: User, required: None) -> None:
    log_in(client, ciso)
    assert client.post("/beheer/token", {"name": "x", "until": "2027-01-01"}).url == INDEX
    assert client.get("/api/v1/alerts").status_code in (302, 401, 403)


# Keys, as far as they go without a browser (see test_passkeys.py)


@pytest.mark.parametrize("credential", ["", "geen json", "{}", '{"id": 1}', '{"response": {"userHandle": "AAAA"}}'])
def test_nonsense_for_a_key_is_refused(client: Client, ciso: User, credential: str) -> None:
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert answer.status_code in (302, 403, 400)
    assert not inside(client)
