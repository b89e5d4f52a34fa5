"""Keys in a browser: Chromium with a virtual authenticator, as somebody with a passkey or a security key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from brandwacht.network.models import User
from brandwacht.network.roles import Role
from tests.site.accounts import factors
from tests.world import PASSWORD, organisation, person

pytestmark = [pytest.mark.django_db(transaction=True)]


class Keyring:
    """A key that Chromium believes in."""

    def __init__(self, page: Any, *, passkey: bool = True) -> None:
        self.devtools = page.context.new_cdp_session(page)
        self.devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal" if passkey else "usb",
            "hasResidentKey": passkey,
            "hasUserVerification": passkey,
            "isUserVerified": passkey,
            "automaticPresenceSimulation": True,
        }
        answer = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id = answer["authenticatorId"]

    def credentials(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.devtools.send("WebAuthn.getCredentials", {"authenticatorId": self.id})[
            "credentials"
        ]
        return found

    def refuse(self) -> None:
        """From now on the owner does not show a finger, a face or a code."""
        self.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": False})


@pytest.fixture
def ciso(settings: Any) -> User:
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the live server speaks plain HTTP, on localhost
    settings.REQUIRE_MFA = True
    return person(organisation("VR17"), Role.CISO)


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def type_password(page: Any, root: str, user: User) -> None:
    page.goto(f"{root}/account/login/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Wachtwoord").first.fill(PASSWORD)
    press(page, "Inloggen")


def add_key(page: Any, root: str, user: User, check: Callable[[Any], None], *, passkey: bool) -> None:
    """From a first log-in with a password to a key: the way that everybody goes once."""
    type_password(page, root, user)
    page.wait_for_url("**/account/2fa/")
    check(page)
    page.get_by_role("link", name="Sleutel toevoegen").click()
    page.wait_for_url("**/account/reauthenticate/**")
    check(page)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    press(page, "Bevestigen")
    page.wait_for_url("**/account/2fa/webauthn/add/")
    check(page)
    page.get_by_label("Naam van de sleutel").fill("Mijn laptop")
    if passkey:
        page.get_by_label("Ook inloggen zonder wachtwoord").check()
    press(page, "Sleutel toevoegen")
    page.wait_for_url("**/account/2fa/recovery-codes/")
    assert "De sleutel is toegevoegd." in page.locator("main").inner_text()
    check(page)


def log_out(page: Any, root: str) -> None:
    page.goto(f"{root}/account/logout/")
    page.locator("main").get_by_role("button", name="Uitloggen").click()
    page.wait_for_url("**/account/login/**")


def test_a_passkey_is_made_and_opens_the_door_alone(
    page: Any, live_server: Any, ciso: User, accessible: Callable[[Any], None]
) -> None:
    keyring = Keyring(page)
    add_key(page, live_server.url, ciso, accessible, passkey=True)
    assert factors(ciso) == {"webauthn", "recovery_codes"}
    (credential,) = keyring.credentials()
    assert credential["isResidentCredential"]
    page.goto(f"{live_server.url}/account/2fa/webauthn/")
    accessible(page)
    assert "Toegangssleutel, zonder wachtwoord" in page.locator("main").inner_text()
    page.goto(f"{live_server.url}/waakzaam")
    assert page.get_by_role("heading", level=1).inner_text()  # the set-up counts as showing it
    log_out(page, live_server.url)
    accessible(page)
    press(page, "Inloggen met toegangssleutel")
    page.wait_for_url(f"{live_server.url}/")
    assert page.goto(f"{live_server.url}/waakzaam").ok


def test_a_security_key_is_asked_after_the_password(
    page: Any, live_server: Any, ciso: User, accessible: Callable[[Any], None]
) -> None:
    Keyring(page, passkey=False)
    add_key(page, live_server.url, ciso, accessible, passkey=False)
    log_out(page, live_server.url)
    type_password(page, live_server.url, ciso)
    page.wait_for_url("**/account/2fa/authenticate/**")
    accessible(page)
    press(page, "Gebruik uw beveiligingssleutel")
    page.wait_for_url(f"{live_server.url}/")


def test_a_session_without_the_key_is_asked_for_it(
    page: Any, live_server: Any, ciso: User, accessible: Callable[[Any], None], settings: Any
) -> None:
    Keyring(page)
    add_key(page, live_server.url, ciso, accessible, passkey=True)
    log_out(page, live_server.url)
    cookie = {"name": "sessionid", "value": stolen_session(ciso), "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(f"{live_server.url}/waakzaam")
    assert "/account/2fa/" in page.url
    if "webauthn" not in page.url:
        page.get_by_role("link", name="Met een beveiligingssleutel").click()
    accessible(page)
    press(page, "Gebruik uw beveiligingssleutel")
    page.wait_for_url(f"{live_server.url}/waakzaam")


def stolen_session(user: User) -> str:
    """A session that has the password only."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies["sessionid"].value


def test_a_key_that_stays_silent_says_what_to_do(page: Any, live_server: Any, ciso: User) -> None:
    keyring = Keyring(page)
    page.goto(f"{live_server.url}/account/login/")
    keyring.refuse()
    press(page, "Inloggen met toegangssleutel")
    page.get_by_text("De sleutel gaf geen antwoord, of u brak het af.").wait_for()
    assert "/account/login/" in page.url
