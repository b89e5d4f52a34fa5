"""A CISO who put a question to a line manager, and the link as it came in the mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brandwacht.baseline.models import AskedQuestion
from brandwacht.baseline.services import asking
from brandwacht.baseline.tasks import send
from brandwacht.network.actor import Actor
from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from tests.world import acting, actor, organisation, person

LINK = re.compile(r"/basis/vraag/open/(\S+)")


@dataclass
class Asked:
    """A question, and the token in the mail about it."""

    question: AskedQuestion
    token: str


class Browser(Client):
    """A browser whose requests meet no scope but what the site itself opens for them."""

    def request(self, **request: Any) -> Any:
        with scope(tenancy=None):
            return super().request(**request)


@pytest.fixture
def region() -> Organisation:
    return organisation("VR17")


@pytest.fixture
def ciso(region: Organisation) -> Iterator[Actor]:
    cache.clear()
    me = actor(person(region, Role.CISO, name="Noor Test"), region, timezone.now())
    with acting(replace(me, now=timezone.now())) as found:
        yield found


@pytest.fixture
def asked(ciso: Actor) -> Asked:
    question = asking.ask(
        ciso, "8.13", person="Kees Bakker", email="Bakker@lijn.example", due=ciso.today + timedelta(days=9),
        note="Het gaat om de roosters.",
    )  # fmt: skip
    return Asked(question, mailed(question))


def mailed(question: AskedQuestion, reminder: bool = False) -> str:
    """Let the worker send the mail, and take the token out of it."""
    code = question.organisation.code
    assert send(code, str(question.public_id), reminder, timezone.now) == "verstuurd"
    found = LINK.search(mail.outbox[-1].body)
    assert found
    return found[1]


def opened(token: str) -> Browser:
    """A browser in which the link was opened."""
    browser = Browser()
    answer = browser.post(f"/basis/vraag/open/{token}")
    assert (answer.status_code, answer["Location"]) == (302, "/basis/vraag")
    return browser
