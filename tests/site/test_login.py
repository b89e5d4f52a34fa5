"""Logging in with a password, being kept out, staying in, and getting out."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from structlog.testing import capture_logs

from brandwacht.network.models import RoleAssignment, User
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from tests.site.accounts import LOGIN, Seen, foreign, foreign_on, inside, log_in
from tests.world import organisation, person

pytestmark = pytest.mark.django_db
NEW = "paarse-olifant-op-zolder"


@pytest.fixture
def ciso() -> User:
    return person(organisation("VR17"), Role.CISO)


# In


def test_address_and_password_open_deze_week(client: Client, ciso: User) -> None:
    answer = log_in(client, ciso)
    assert answer.status_code == 302
    assert answer.url == "/"
    assert "Deze week" in client.get("/").content.decode()


def test_capitals_and_spaces_in_the_address_do_not_matter(client: Client, ciso: User) -> None:
    client.post(LOGIN, {"login": f" {ciso.email.upper()} ", "password": "een-lang-testwachtwoord"})
    assert inside(client)


def test_a_wrong_password_and_an_unknown_address_read_the_same(client: Client, ciso: User) -> None:
    wrong = log_in(client, ciso, "iets anders dan dat")
    unknown = client.post(LOGIN, {"login": "niemand@test.example", "password": "iets anders dan dat"})
    for answer in (wrong, unknown):
        text = answer.content.decode()
        assert "Het e-mailadres of het wachtwoord klopt niet." in text
        assert not foreign_on(text)
    assert not inside(client)


def test_after_log_in_one_goes_on_to_where_one_was_going(client: Client, ciso: User) -> None:
    answer = client.get("/waakzaam")
    assert answer.url == f"{LOGIN}?next=/waakzaam"
    assert log_in(client, ciso, next="/waakzaam").url == "/waakzaam"


def test_going_on_never_leads_to_another_site(client: Client, ciso: User) -> None:
    assert log_in(client, ciso, next="https://elders.example/").url == "/"


def test_log_in_asks_for_its_own_form(ciso: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert log_in(strict, ciso).status_code == 403
    assert not inside(strict)


# Out of luck


def test_five_wrong_passwords_shut_the_door_for_that_address_only(client: Client, ciso: User) -> None:
    for _attempt in range(5):
        assert log_in(client, ciso, "mis").status_code == 200
    answer = log_in(client, ciso)
    assert answer.status_code == 429
    text = answer.content.decode()
    assert "Te vaak geprobeerd" in text
    assert not foreign_on(text)
    assert not inside(client)
    assert log_in(client, person(organisation("VR17"), Role.CISO)).status_code == 302


def test_twenty_wrong_passwords_shut_the_door_for_that_machine(client: Client, ciso: User) -> None:
    for number in range(20):
        assert client.post(LOGIN, {"login": f"raad{number}@test.example", "password": "mis"}).status_code == 200
    assert log_in(client, ciso).status_code == 429
    assert log_in(Client(REMOTE_ADDR="192.0.2.7"), ciso).status_code == 302


def test_good_log_ins_use_nothing_up(ciso: User) -> None:
    for _attempt in range(8):
        assert log_in(Client(), ciso).status_code == 302


def test_a_forwarded_address_counts_only_behind_a_proxy(ciso: User, settings: object) -> None:
    for number in range(20):
        Client(headers={"x-forwarded-for": f"192.0.2.{number}"}).post(
            LOGIN, {"login": f"raad{number}@test.example", "password": "mis"}
        )
    assert log_in(Client(headers={"x-forwarded-for": "192.0.2.99"}), ciso).status_code == 429
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # type: ignore[attr-defined]
    assert log_in(Client(headers={"x-forwarded-for": "192.0.2.99"}), ciso).status_code == 302


def test_who_is_not_active_is_told_and_stays_out(client: Client, ciso: User) -> None:
    User.objects.update(is_active=False)
    answer = log_in(client, ciso)
    assert answer.url == reverse("account_inactive")
    assert "Dit account is gesloten" in client.get(answer.url).content.decode()
    assert not inside(client)


def test_who_is_no_longer_active_is_out_at_the_next_click(client: Client, ciso: User) -> None:
    log_in(client, ciso)
    User.objects.update(is_active=False)
    assert client.get("/").url.startswith(LOGIN)


def test_without_a_role_one_sees_only_that(client: Client, ciso: User) -> None:
    log_in(client, ciso)
    with every_owner():
        RoleAssignment.objects.update(valid_to=timezone.localdate())
    for address in ("/waakzaam", "/beheer", "/incidenten", "/besturen", "/beheer/token"):
        assert client.get(address).url == "/", address
    text = client.get("/").content.decode()
    assert "U heeft nog geen rol" in text
    assert "Waakzaam" not in text
    assert client.get("/api/v1/alerts").status_code in (401, 403)


# Staying in


def test_the_session_ends_with_the_browser_and_after_ten_hours(client: Client, ciso: User) -> None:
    cookie = log_in(client, ciso).cookies["sessionid"]
    assert cookie["max-age"] == ""
    assert cookie["expires"] == ""
    stored = Session.objects.get()
    assert timedelta(hours=9, minutes=55) < stored.expire_date - timezone.now() <= timedelta(hours=10)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/").url.startswith(LOGIN)


def test_the_session_gets_a_new_name_at_log_in(client: Client, ciso: User) -> None:
    client.get("/")
    client.session["iets"] = 1
    before = client.session.session_key
    log_in(client, ciso)
    assert client.session.session_key != before


def test_the_cookies_are_kept_from_scripts_and_other_sites(client: Client, ciso: User) -> None:
    client.get(LOGIN)
    cookies = log_in(client, ciso).cookies
    assert cookies["sessionid"]["httponly"]
    assert cookies["sessionid"]["samesite"] == "Lax"
    assert cookies["csrftoken"]["samesite"] == "Lax"


def test_the_headers_of_the_log_in_page(client: Client) -> None:
    answer = client.get(LOGIN)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


def test_with_https_cookies_are_secure_and_plain_http_is_sent_on(tmp_path: Path) -> None:
    script = """
import django; django.setup()
from django.conf import settings
from django.test import Client
plain = Client().get("/account/login/", headers={"host": "localhost"})
assert (plain.status_code, plain.url) == (301, "https://localhost/account/login/"), plain
safe = Client().get("/account/password/reset/", secure=True, headers={"host": "localhost"})
assert safe.cookies["csrftoken"]["secure"]
assert settings.SESSION_COOKIE_SECURE
assert "max-age=31536000" in safe["Strict-Transport-Security"]
assert settings.REQUIRE_MFA and not settings.DEBUG and not settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN
"""
    env = {"DJANGO_SETTINGS_MODULE": "brandwacht.site.settings", "BRANDWACHT_DATA": str(tmp_path / "data")}
    done = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


# Out


def test_looking_at_the_log_out_page_does_nothing(client: Client, ciso: User) -> None:
    log_in(client, ciso)
    assert "Wilt u uitloggen?" in client.get(reverse("account_logout")).content.decode()
    assert inside(client)
    client.post(reverse("account_logout"))
    assert not inside(client)
    assert client.get("/waakzaam").status_code == 302


# A new password


def asked(client: Client, email: str) -> str:
    answer = client.post(reverse("account_reset_password"), {"email": email})
    assert answer.url == reverse("account_reset_password_done")
    return client.get(answer.url).content.decode()


def test_a_forgotten_password_is_replaced_with_a_link_from_the_mail(client: Client, ciso: User) -> None:
    elsewhere = Client()
    log_in(elsewhere, ciso)
    page = asked(Client(), ciso.email)
    (message,) = mail.outbox
    assert message.subject == "Brandwacht: Kies een nieuw wachtwoord"
    assert message.to == [ciso.email]
    assert not foreign(re.sub(r"\S+://\S+", "", message.body))
    link = re.search(r"http://testserver(/\S+)", message.body)
    assert link
    form = client.get(link[1], follow=True)
    assert not foreign_on(form.content.decode())
    address = form.redirect_chain[-1][0]
    assert link[1] != address  # the key is not in the address of the page with the form
    refused = client.post(address, {"password1": "kort", "password2": "kort"}).content.decode()
    assert "14" in refused
    assert not foreign_on(refused)
    differs = client.post(address, {"password1": NEW, "password2": NEW + "s"}).content.decode()
    assert "Typ twee keer hetzelfde wachtwoord." in differs
    client.post(address, {"password1": NEW, "password2": NEW})
    assert not inside(client)
    assert log_in(client, ciso).status_code == 200
    assert log_in(client, ciso, NEW).status_code == 302
    assert elsewhere.get("/").url.startswith(LOGIN)  # other sessions end
    assert mail.outbox[1].subject == "Brandwacht: Uw wachtwoord is gewijzigd"
    assert not foreign(mail.outbox[1].body)
    again = Client().get(link[1], follow=True).content.decode()
    assert "Deze link werkt niet meer" in again
    assert Seen(page).words == Seen(asked(Client(), "niemand@test.example")).words


def test_asking_for_an_unknown_or_closed_account_mails_nobody(client: Client, ciso: User) -> None:
    asked(client, "niemand@test.example")
    User.objects.update(is_active=False)
    asked(client, ciso.email)
    assert mail.outbox == []


def test_a_mail_server_that_fails_tells_nobody_which_addresses_exist(
    client: Client, ciso: User, settings: object
) -> None:
    settings.EMAIL_BACKEND = "tests.site.accounts.BrokenMail"  # type: ignore[attr-defined]
    with capture_logs() as logs:
        asked(client, ciso.email)
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["mail was not sent"]


def test_changing_a_password_asks_for_the_old_one(client: Client, ciso: User) -> None:
    log_in(client, ciso)
    address = reverse("account_change_password")
    wrong = client.post(address, {"oldpassword": "mis", "password1": NEW, "password2": NEW}).content.decode()
    assert "Typ uw huidige wachtwoord." in wrong
    good = {"oldpassword": "een-lang-testwachtwoord", "password1": NEW, "password2": NEW}
    assert client.post(address, good).url == reverse("mfa_index")
    assert inside(client)
    assert "Uw wachtwoord is gewijzigd." in client.get(reverse("mfa_index")).content.decode()


def test_who_has_no_password_yet_chooses_one_by_mail(client: Client) -> None:
    newcomer = User.objects.create_user("nieuw@test.example", "Nieuw", None)
    asked(client, newcomer.email)
    link = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)
    assert link
    address = client.get(link[1], follow=True).redirect_chain[-1][0]
    client.post(address, {"password1": NEW, "password2": NEW})
    assert log_in(client, newcomer, NEW).status_code == 302


# Closed


def test_nobody_makes_an_account(client: Client) -> None:
    count = User.objects.count()
    given = {"email": "indringer@test.example", "password1": NEW, "password2": NEW}
    for name in ("account_signup", "socialaccount_signup"):
        answer = client.post(reverse(name), given)
        assert answer.status_code in (200, 404)
        assert not foreign_on(answer.content.decode())
    assert "U heeft nog geen account" in client.get(reverse("account_signup")).content.decode()
    assert User.objects.count() == count
    assert mail.outbox == []


@pytest.mark.parametrize(
    "address",
    [
        "email/",
        "confirm-email/",
        "confirm-email/abc/",
        "login/code/confirm/",
        "3rdparty/",
        "3rdparty/signup/",
        "social/signup/",
        "social/connections/",
    ],
)
def test_what_brandwacht_does_not_offer_is_not_there(client: Client, ciso: User, address: str) -> None:
    log_in(client, ciso)
    for answer in (client.get(f"/account/{address}"), client.post(f"/account/{address}", {"email": "x@test.example"})):
        assert answer.status_code == 404
        assert not foreign_on(answer.content.decode())
