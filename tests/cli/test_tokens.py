"""The command that makes tokens for the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from django.test import Client
from django.utils import timezone

from brandwacht.cli.token import token
from brandwacht.network.models import ApiToken, AuditEntry, User
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from tests.world import organisation, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ciso() -> User:
    return person(organisation("VR17"), Role.CISO)


def make(email: str, *more: str, code: str = "VR17", name: str = "siem") -> Result:
    return CliRunner().invoke(token, ["make", "--email", email, "--organisation", code, "--name", name, *more])


def test_the_token_is_shown_once_and_opens_the_api(ciso: User, client: Client) -> None:
    answer = make(ciso.email.upper(), "--days", "7")
    assert answer.exit_code == 0
    text = answer.stdout.strip()
    assert "tot" in answer.stderr
    assert "bw_" not in answer.stderr
    with every_owner():
        row = ApiToken.objects.get()
        assert text not in str(row.__dict__)
        assert row.expires_at - timezone.now() < timedelta(days=7)
        assert AuditEntry.objects.filter(action="token.make", object_id=str(row.public_id)).exists()
    header = {"authorization": f"Bearer {text}"}
    assert client.get("/api/v1/alerts", headers=header).status_code == 200
    assert client.get("/waakzaam", headers=header).status_code == 302  # a token opens the API only


@pytest.mark.parametrize(
    ("email", "code", "more", "said"),
    [
        ("niemand@test.example", "VR17", (), "heeft nu geen rol bij VR17"),
        ("", "VR99", (), "is niet bekend"),
        ("", "VR17", ("--days", "400"), "400"),
    ],
)
def test_what_cannot_be_made_says_why(ciso: User, email: str, code: str, more: tuple[str, ...], said: str) -> None:
    answer = make(email or ciso.email, *more, code=code)
    assert answer.exit_code != 0
    assert said in answer.output
    assert "bw_" not in answer.output


def test_no_token_for_somebody_who_works_elsewhere_or_left(ciso: User) -> None:
    organisation("VR01")
    assert "geen rol bij VR01" in make(ciso.email, code="VR01").output
    User.objects.update(is_active=False)
    assert "geen rol bij VR17" in make(ciso.email).output


def test_a_token_without_a_name_is_refused(ciso: User) -> None:
    answer = make(ciso.email, name=" ")
    assert answer.exit_code == 1
    assert "Geef het token een naam" in answer.output
