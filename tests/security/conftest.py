"""What the security tests share: no memory of earlier tests, and the watched region of the tests of the watch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from brandwacht.network.actor import ACT, SEE
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Grant, Organisation, User
from brandwacht.network.tenancy import every_owner
from tests.soc.conftest import read, region, rules_folder, soc

__all__ = ["read", "region", "rules_folder", "soc"]

Visit = Callable[[User], Client]


@pytest.fixture
def visit() -> Visit:
    """A browser in which this person is logged in; a fault of ours is an answer (500), not an exception."""

    def make(user: User) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(user)
        return client

    return make


def mandate_now(giver: Organisation, grantee: Organisation, kind: GrantKind, *, act: bool = False) -> Grant:
    """A grant in force by the real clock, as pages see it."""
    now = timezone.now()
    grant = Grant(
        organisation=giver, kind=kind, grantee=grantee, may=[SEE, ACT] if act else [SEE], purpose="test",
        starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=9), given_by="test",
    )  # fmt: skip
    with every_owner():
        grant.save()
    return grant
