"""Who may come in, and under which name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from brandwacht.network.errors import Refused
from brandwacht.network.models import AuditEntry, RoleAssignment, User
from brandwacht.network.roles import Role
from brandwacht.network.services import people, tokens
from brandwacht.network.tenancy import every_owner
from brandwacht.site.demo.stage import PASSWORD, PEOPLE
from tests.security.conftest import Visit
from tests.world import NOW, acting, acting_system, actor, organisation, person

pytestmark = pytest.mark.django_db


def _log_in(email: str, password: str) -> Client:
    client = Client()
    client.post("/account/login/", {"login": email, "password": password})
    return client


def _demo_person() -> User:
    region = organisation("VR17")
    with acting_system(region) as me:
        return people.assign(me, PEOPLE[0].email, PEOPLE[0].name, Role.CISO, NOW.date(), password=PASSWORD).user


def test_the_known_password_of_the_demo_opens_nothing_outside_a_demo(settings: LazySettings, visit: Visit) -> None:
    user = _demo_person()
    settings.DEMO = True
    browser = visit(user)
    assert "_auth_user_id" in _log_in(user.email, PASSWORD).session
    assert browser.get("/").status_code == 200
    settings.DEMO = False
    for left_behind in (_log_in(user.email, PASSWORD), browser):
        assert left_behind.get("/account/2fa/").status_code == 302
        assert "_auth_user_id" not in left_behind.session
        assert left_behind.get("/").url.startswith("/account/login/")


def test_an_ordinary_account_still_comes_in() -> None:
    region = organisation("VR17")
    with acting_system(region) as me:
        people.assign(me, "a@regio.example", "A", Role.CISO, NOW.date(), password="een-heel-lang-wachtwoord-9")
    assert "_auth_user_id" in _log_in("a@regio.example", "een-heel-lang-wachtwoord-9").session


@pytest.mark.parametrize("name", ["Brandwacht", " brandwacht ", "BRANDWACHT", "Ｂrandwacht", "Brand\u200bwacht"])
def test_nobody_takes_the_name_under_which_the_system_acts(name: str) -> None:
    with acting_system(organisation("VR17")) as me, pytest.raises(Refused, match="naam"):
        people.assign(me, "a@regio.example", name, Role.CISO, NOW.date())


@pytest.mark.parametrize("name", ["Noor\u202e de Wit", "Noor\nde Wit", "Noor\x00", "N" * 121, "\u2066Noor"])
def test_a_name_is_one_line_of_plain_text(name: str) -> None:
    with acting_system(organisation("VR17")) as me, pytest.raises(Refused, match="naam"):
        people.assign(me, "a@regio.example", name, Role.CISO, NOW.date())


@pytest.mark.parametrize(
    "name", ["Noor de Wit", "Zoë O’Brien-'t Hart", "Çağla Şahin", "李小龍", "J. van der Brandwachter"]
)
def test_names_of_people_are_taken(name: str) -> None:
    with acting_system(organisation("VR17")) as me:
        assert people.assign(me, "a@regio.example", name, Role.CISO, NOW.date()).user.name == name


def test_tokens_end_with_the_last_role_and_do_not_wake_up_with_a_new_one() -> None:
    region = organisation("VR17")
    boss, worker = person(region, Role.ADMIN), person(region, Role.CISO)
    with acting(actor(worker, region)) as me:
        _row, text = tokens.make(me, worker, "oud programma", NOW + timedelta(days=90))
    with acting(actor(boss, region)) as me:
        second = people.assign(me, worker.email, "", Role.ISAC_MEMBER, NOW.date())
        with every_owner():
            first = RoleAssignment.objects.get(user=worker, role=Role.CISO)
        people.end_role(me, first.public_id)
        assert tokens.find(text, NOW) is not None
        people.end_role(me, second.public_id)
        assert tokens.find(text, NOW) is None
        people.assign(me, worker.email, "", Role.CISO, NOW.date())
    assert tokens.find(text, NOW) is None
    with every_owner():
        assert AuditEntry.objects.filter(organisation=region).order_by("-seq")[1].detail["tokens ingetrokken"] == 1
