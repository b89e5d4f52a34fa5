"""Logging in with the account of one's own organisation (OpenID Connect); the provider is a stand-in, no network."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from brandwacht.network.models import User
from brandwacht.network.roles import Role
from tests.site.accounts import LOGIN, code_of, foreign_on, give_app, inside, log_in
from tests.world import organisation, person

pytestmark = pytest.mark.django_db

START = "/account/oidc/oidc/login/"
BACK = "/account/oidc/oidc/login/callback/"
SERVER = "https://inloggen.vr17.example"
DISCOVERY = {
    "issuer": SERVER,
    "authorization_endpoint": f"{SERVER}/auth",
    "token_endpoint": f"{SERVER}/token",
    "userinfo_endpoint": f"{SERVER}/userinfo",
    "jwks_uri": f"{SERVER}/keys",
    "token_endpoint_auth_methods_supported": ["client_secret_post"],
}


class Provider:
    """A provider that knows one person; remembers what it was asked."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {"sub": "7", "email": "", "email_verified": True, "name": "Iemand"}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.broken: set[str] = set()

    def answer(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        self.asked.append((url, kwargs))
        path = urlsplit(url).path
        response = requests.Response()
        response.url = url
        response.status_code = 500 if path in self.broken else 200
        content = {"/token": {"access_token": "x", "token_type": "Bearer"}, "/userinfo": self.person}
        response._content = json.dumps(content.get(path, DISCOVERY)).encode()
        response.headers["Content-Type"] = "application/json"
        return response


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Provider:
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": "Regio 17",
                    "client_id": "brandwacht",
                    "secret": "geheim",
                    "settings": {"server_url": SERVER, "oauth_pkce_enabled": True},
                }
            ],
        }
    }
    stand_in = Provider()
    monkeypatch.setattr(
        requests.Session, "request", lambda _self, method, url, **kw: stand_in.answer(method, url, **kw)
    )
    return stand_in


@pytest.fixture
def ciso() -> User:
    return person(organisation("VR17"), Role.CISO)


def start(client: Client, query: str = "") -> dict[str, str]:
    """Go to the provider; returns what it is told."""
    answer = client.get(START + query)
    assert answer.status_code == 302, answer.content.decode()
    parts = urlsplit(answer.url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{SERVER}/auth"
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


def come_back(client: Client, state: str) -> Any:
    return client.get(BACK, {"code": "abc", "state": state})


def test_without_a_provider_the_log_in_page_offers_none(client: Client) -> None:
    assert "uw organisatie</h2>" not in client.get(LOGIN).content.decode()
    assert client.get(START).status_code == 404


def test_the_log_in_page_offers_the_provider(client: Client, provider: Provider) -> None:
    page = client.get(f"{LOGIN}?next=/waakzaam").content.decode()
    assert "Inloggen met Regio 17" in page
    assert START in page
    assert "next=%2Fwaakzaam" in page
    assert not foreign_on(page)


def test_the_way_there_uses_pkce(client: Client, provider: Provider, ciso: User) -> None:
    told = start(client)
    assert told["response_type"] == "code"
    assert told["client_id"] == "brandwacht"
    assert told["redirect_uri"] == f"http://testserver{BACK}"
    assert told["code_challenge_method"] == "S256"
    assert len(told["code_challenge"]) == 43
    provider.person["email"] = ciso.email
    come_back(client, told["state"])
    (sent,) = [kwargs["data"] for url, kwargs in provider.asked if url.endswith("/token")]
    assert len(sent["code_verifier"]) >= 43


def test_a_known_verified_address_connects_and_keeps_its_password(
    client: Client, provider: Provider, ciso: User
) -> None:
    provider.person["email"] = ciso.email.upper()
    assert come_back(client, start(client, "?process=login&next=/waakzaam")["state"]).url == "/waakzaam"
    assert inside(client)
    assert SocialAccount.objects.get().user == ciso
    assert log_in(Client(), ciso).status_code == 302
    provider.person["email"] = "andere.naam@vr17.example"  # from now on the provider's own number counts
    again = Client()
    come_back(again, start(again)["state"])
    assert inside(again)


@pytest.mark.parametrize("verified", [False, None])
def test_an_address_that_is_not_verified_opens_nothing(
    client: Client, provider: Provider, ciso: User, verified: bool | None
) -> None:
    provider.person |= {"email": ciso.email, "email_verified": verified}
    answer = come_back(client, start(client)["state"])
    assert "U heeft nog geen account" in answer.content.decode()
    assert not inside(client)
    assert not SocialAccount.objects.exists()


def test_an_unknown_address_makes_no_account(client: Client, provider: Provider, ciso: User) -> None:
    provider.person["email"] = "vreemde@vr17.example"
    answer = come_back(client, start(client)["state"])
    assert not foreign_on(answer.content.decode())
    assert "De beheerder van uw organisatie maakt het voor u." in answer.content.decode()
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()
    assert not inside(client)


def test_who_is_not_active_stays_out(client: Client, provider: Provider, ciso: User) -> None:
    User.objects.update(is_active=False)
    provider.person["email"] = ciso.email
    come_back(client, start(client)["state"])
    assert not inside(client)


def test_the_second_factor_is_still_asked(client: Client, provider: Provider, ciso: User, settings: Any) -> None:
    settings.REQUIRE_MFA = True
    secret = give_app(ciso)
    provider.person["email"] = ciso.email
    answer = come_back(client, start(client)["state"])
    assert answer.url.startswith("/account/2fa/authenticate/")
    assert not inside(client)
    client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert client.get("/waakzaam").status_code == 200


def test_nobody_ties_an_identity_to_somebody_who_is_logged_in(client: Client, provider: Provider, ciso: User) -> None:
    log_in(client, ciso)
    provider.person["email"] = "aanvaller@elders.example"
    answer = come_back(client, start(client, "?process=connect")["state"])
    assert answer.status_code == 404
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("query", ["", "?state=onbekend&code=abc", "?error=server_error"])
def test_coming_back_without_having_left_says_that_it_failed(client: Client, provider: Provider, query: str) -> None:
    answer = client.get(BACK + query)
    text = answer.content.decode()
    assert "Inloggen bij uw organisatie lukte niet" in text
    assert not foreign_on(text)


def test_who_turns_back_at_the_provider_is_told(client: Client, provider: Provider) -> None:
    state = start(client)["state"]
    answer = client.get(BACK, {"error": "access_denied", "state": state}, follow=True)
    assert "U bent gestopt met inloggen" in answer.content.decode()
    assert not foreign_on(answer.content.decode())


def test_a_provider_that_does_not_answer_gives_a_page(
    client: Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(*_args: Any, **_kwargs: Any) -> requests.Response:
        raise requests.ConnectionError("nobody there")

    provider.broken = {"/.well-known/openid-configuration"}
    broken = client.get(START)
    monkeypatch.setattr(requests.Session, "request", nobody)
    for answer in (broken, client.get(START)):
        assert answer.status_code == 502
        assert "Inloggen bij uw organisatie lukte niet" in answer.content.decode()


def test_a_provider_that_fails_on_the_way_back_gives_a_page(client: Client, provider: Provider) -> None:
    state = start(client)["state"]
    provider.broken = {"/token"}
    answer = come_back(client, state)
    assert answer.status_code == 502
    assert not inside(client)


def test_the_settings_come_from_the_environment(tmp_path: Any) -> None:
    script = (
        "import django; django.setup(); from django.conf import settings;"
        "(app,) = settings.SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS'];"
        "assert app['settings']['oauth_pkce_enabled'] and app['client_id'] == 'bw', app"
    )
    env = {
        "DJANGO_SETTINGS_MODULE": "brandwacht.site.settings",
        "BRANDWACHT_DATA": str(tmp_path),
        "BRANDWACHT_OIDC_URL": SERVER,
        "BRANDWACHT_OIDC_CLIENT_ID": "bw",
    }
    subprocess.run([sys.executable, "-c", script], env=env, check=True, timeout=240)
