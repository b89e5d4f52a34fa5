"""Every page of the account: Dutch, in the u-form, in the frame, and accessible to who has the right to it only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brandwacht.network.models import User
from brandwacht.network.roles import Role
from tests.site.accounts import confirm, factors, foreign, foreign_on, give_app, log_in, named_addresses
from tests.site.tools import ROOT
from tests.world import organisation, person

pytestmark = pytest.mark.django_db
TEMPLATES = ROOT / "src/brandwacht/site/templates"
OUTSIDE = (
    "account_login",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "socialaccount_login_cancelled",
)
INSIDE = (
    "account_logout",
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_generate_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
)
ELSEWHERE = {
    "account_set_password",
    "account_email",
    "account_email_verification_sent",
    "account_confirm_login_code",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_reauthenticate_webauthn",
    "mfa_login_webauthn",
    "socialaccount_signup",
    "socialaccount_connections",
    "socialaccount_login_error",
}
"""Closed, tried in another test, or not a page."""


@pytest.fixture
def ciso() -> User:
    return person(organisation("VR17"), Role.CISO)


def check(html: str, *, inside: bool) -> None:
    assert foreign_on(html) == []
    assert len(re.findall(r"<h1\b", html)) == 1
    assert '<html lang="nl"' in html
    assert ("bw-public" in html) is not inside
    assert "style=" not in html


def test_every_page_of_allauth_is_known_here() -> None:
    names = {n for n in named_addresses() if n.startswith(("account_", "mfa_", "socialaccount_"))}
    assert names == {*OUTSIDE, *INSIDE, *ELSEWHERE}


@pytest.mark.parametrize("name", OUTSIDE)
def test_pages_for_who_is_not_logged_in(client: Client, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code in (200, 401)
    check(answer.content.decode(), inside=False)


@pytest.mark.parametrize("name", INSIDE)
def test_pages_for_who_is_logged_in(client: Client, ciso: User, name: str) -> None:
    log_in(client, ciso)
    confirm(client)
    if name == "mfa_reauthenticate":
        give_app(ciso)
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    check(answer.content.decode(), inside="reauthenticate" not in name and name != "account_logout")


@pytest.mark.parametrize("name", ["mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_list_webauthn"])
def test_pages_for_who_has_everything(client: Client, ciso: User, name: str) -> None:
    log_in(client, ciso)
    confirm(client)
    give_app(ciso)
    client.post(reverse("mfa_generate_recovery_codes"))
    key = Authenticator.objects.create(user=ciso, type="webauthn", data={"name": "Blauwe sleutel", "credential": {}})
    assert factors(ciso) == {"totp", "recovery_codes", "webauthn"}
    check(client.get(reverse(name)).content.decode(), inside=True)
    for of_key in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        page = client.get(reverse(of_key, args=[key.pk])).content.decode()
        check(page, inside=True)
    assert "Blauwe sleutel" in page


def test_nobody_reaches_the_key_of_somebody_else(client: Client, ciso: User) -> None:
    key = Authenticator.objects.create(user=person(organisation("VR17"), Role.CISO), type="webauthn", data={})
    log_in(client, ciso)
    confirm(client)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert client.get(reverse(name, args=[key.pk])).status_code == 404
        assert client.post(reverse(name, args=[key.pk])).status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_who_has_no_password_can_choose_one(client: Client, ciso: User) -> None:
    log_in(client, ciso)
    ciso.set_unusable_password()
    ciso.save()
    client.force_login(ciso, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("account_change_password"), follow=True)
    assert page.redirect_chain[-1][0] == reverse("account_set_password")
    check(page.content.decode(), inside=True)
    client.post(reverse("account_set_password"), {"password1": "paarse-olifant-op", "password2": "paarse-olifant-op"})
    assert mail.outbox[0].subject == "Brandwacht: Uw account heeft een wachtwoord"


def test_forms_that_are_refused_stay_dutch(client: Client, ciso: User) -> None:
    assert foreign_on(client.post(reverse("account_login"), {"login": "geen adres"}).content.decode()) == []
    assert foreign_on(client.post(reverse("account_reset_password"), {"email": "geen adres"}).content.decode()) == []
    log_in(client, ciso)
    confirm(client)
    for name in ("account_change_password", "account_reauthenticate", "mfa_activate_totp", "mfa_add_webauthn"):
        answer = client.post(reverse(name), {"password": "mis", "code": "x", "credential": "{}"})
        assert answer.status_code == 200, name
        text = answer.content.decode()
        assert "fout" in text, name
        assert foreign_on(text) == [], name


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*/email/*.txt")), ids=lambda p: p.stem)
def test_every_mail_is_dutch(path: Path) -> None:
    given = {"timestamp": timezone.now(), "ip": "192.0.2.1", "user_agent": "Firefox", "provider": "Regio 17"}
    text = render_to_string(str(path.relative_to(TEMPLATES)), given | {"password_reset_url": "https://x.example/1"})
    assert foreign(text) == []
    assert text.strip()
