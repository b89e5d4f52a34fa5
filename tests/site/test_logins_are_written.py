"""Log-ins and failed attempts stand in the chain of the person's organisations, and the chain holds."""

from __future__ import annotations

import pytest
from django.test import Client

from brandwacht.network import audit
from brandwacht.network.models import AuditEntry, AuditPerson
from brandwacht.network.roles import Role
from tests.world import PASSWORD, organisation, person

pytestmark = pytest.mark.django_db


def entries(code: str) -> list[tuple[str, str]]:
    rows = AuditEntry._base_manager.filter(organisation__code=code, action="account.login").order_by("seq")
    return list(rows.values_list("action", "result"))


def test_a_log_in_and_a_failure_are_written_where_the_person_has_a_role(client: Client) -> None:
    ours, theirs = organisation("VR17"), organisation("VR15")
    user = person(ours, Role.CISO)
    person(theirs, Role.CISO)
    wrong = client.post("/account/login/", {"login": user.email, "password": "zeker niet dit wachtwoord"})
    assert wrong.status_code == 200
    right = client.post("/account/login/", {"login": user.email.upper(), "password": PASSWORD})
    assert right.status_code == 302
    assert entries("VR17") == [("account.login", audit.DENIED), ("account.login", audit.DONE)]
    assert entries("VR15") == []
    names = AuditPerson._base_manager.filter(entry__action="account.login").order_by("entry__seq")
    assert [n.startswith("onbekend") for n in names.values_list("name", flat=True)] == [True, False]
    assert list(audit.verify()) == []


def test_an_unknown_address_writes_nothing(client: Client) -> None:
    organisation("VR17")
    client.post("/account/login/", {"login": "niemand@test.example", "password": "zeker niet dit wachtwoord"})
    assert entries("VR17") == []
