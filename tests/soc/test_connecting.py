"""The dossier of the connection: who decides, what it rests on, whom to call, and that nothing refuses by itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied, Refused
from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc.models import ConnectDecision, ConnectSource
from brandwacht.soc.queries import connecting as queries
from brandwacht.soc.services import connecting
from tests.world import NOW, acting, actor, asset, organisation, person

pytestmark = pytest.mark.django_db
NEXT_YEAR = date(2027, 6, 1)


@pytest.fixture
def ciso(region: Organisation) -> Actor:
    return actor(person(region, Role.CISO, name="Noor"), region)


@pytest.fixture
def sem(soc: Organisation, region: Organisation) -> Actor:
    return actor(person(soc, Role.SOC_ANALYST, name="Sem"), soc)


def decide(me: Actor, region: Organisation, **facts: Any) -> ConnectDecision:
    given = {"kind": "overgang", "decided_by": "A. Voorzitter", "why": "Het plan loopt", "until": NEXT_YEAR}
    with acting(me):
        return connecting.decide_condition(me, region, **given | facts)


def test_the_condition_and_what_it_rests_on(ciso: Actor, sem: Actor, region: Organisation) -> None:
    row = decide(ciso, region)
    assert row.basis["on"] == "2026-11-22"
    assert row.basis["based_on"] == 0
    with acting(ciso):
        own = queries.dossier(ciso, region)
        assert own.score is not None
        assert own.in_force
        assert [grant.grantee.code for grant in own.given] == ["VR-SOC"]
    with acting(sem):
        theirs = queries.dossier(sem, region)
        assert theirs.score is None  # scores of the basis are the organisation's own
        assert theirs.held is not None
        assert theirs.decision == row
        assert queries.connectable(sem) == [region]
        with pytest.raises(Denied):
            decide(sem, region)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": "hulp_geweigerd"}, "kind"),
        ({"decided_by": " "}, "decided_by"),
        ({"why": ""}, "why"),
        ({"until": None}, "until"),
        ({"until": NOW.date()}, "until"),
    ],
)
def test_a_decision_names_who_why_and_until(facts: Any, field: str, ciso: Actor, region: Organisation) -> None:
    with pytest.raises(Refused) as refused:
        decide(ciso, region, **facts)
    assert refused.value.field == field


def test_a_decision_that_ran_out_refuses_nothing(ciso: Actor, sem: Actor, region: Organisation) -> None:
    decide(ciso, region, until=date(2026, 12, 1))
    later = sem.at(NOW.replace(month=12, day=20))
    with acting(later):
        found = queries.dossier(later, region)
        assert not found.in_force
        assert "besluit" in found.missing
        assert found.refusals == []
        row = connecting.refuse_help(later, region, decided_by="B. Directeur", why="Geen mensen vrij")
        assert row.recorded_by == "Sem"
        assert queries.dossier(later, region).refusals == [row]
        assert queries.dossier(later, region).decision != row


def test_contacts_sources_and_agreements(ciso: Actor, region: Organisation) -> None:
    node = asset(region, "MK01")
    with acting(ciso):
        assert queries.dossier(ciso, region).missing == ["besluit", "contact", "afspraak", "bronnen"]
        row = connecting.add_contact(ciso, region, name="Piet", task="ICT", phone="06", moment="dag", position=1)
        assert "nacht" in queries.dossier(ciso, region).missing
        with pytest.raises(Refused, match="telefoonnummer"):
            connecting.add_contact(ciso, region, name="Jan", task="ICT", phone=" ", moment="dag", position=1)
        connecting.drop_contact(ciso, row.public_id)
        made = connecting.agree_isolation(ciso, region, what="", who="Het SOC", node_id=node.public_id)
        assert made.what == "MK01"
        with pytest.raises(Refused, match="welke systemen"):
            connecting.agree_isolation(ciso, region, what=" ", who="Het SOC")
        connecting.set_source(ciso, region, "mail", "gepland")
        connecting.set_source(ciso, region, "mail", "aangesloten", "klaar")
        with pytest.raises(Refused):
            connecting.set_source(ciso, region, "koffie", "gepland")
        found = queries.dossier(ciso, region)
        assert (found.connected, found.to_connect) == (1, len(queries.source_kinds()))
    with every_owner():
        assert ConnectSource.objects.count() == 1


def test_an_asset_of_another_is_not_there(ciso: Actor, region: Organisation) -> None:
    other = asset(organisation("VR15"), "ELDERS")
    with acting(ciso), pytest.raises(Refused, match="uit de lijst"):
        connecting.agree_isolation(ciso, region, what="x", who="y", node_id=other.public_id)


def test_the_pages_keep_to_their_queries(
    region: Organisation, soc: Organisation, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client = Client()
    client.force_login(person(region, Role.CISO), backend=backend)
    for url in (reverse("soc:shifts"), reverse("soc:second")):
        with django_assert_max_num_queries(16):
            assert client.get(url).status_code == 200
    every = Client()
    every.force_login(person(region, *Role), backend=backend)
    dossier = reverse("soc:dossier", args=["VR17"])
    every.get(dossier)
    with django_assert_max_num_queries(14):
        text = every.get(dossier).content.decode()
    assert "Middel uit het register" not in text
    assert "Middel uit het register" in every.get(f"{dossier}?nieuw=afspraak").content.decode()
    wrong = client.post(reverse("soc:connect-decide", args=["VR17"]), {"kind": "overgang", "decided_by": "Iemand"})
    assert wrong.status_code == 422
    assert "Iemand" in wrong.content.decode()


def test_whom_to_call_by_day_and_by_night(ciso: Actor, sem: Actor, region: Organisation) -> None:
    with acting(ciso):
        for name, moment in (("Bo", "dag"), ("Ali", "nacht"), ("Cas", "altijd")):
            connecting.add_contact(ciso, region, name=name, task="Piket", phone="06-1", moment=moment, position=1)

    def called(me: Actor) -> list[str]:
        with acting(me):
            calls = queries.to_call(me, region)
        return [] if calls is None else [each.name for each in calls.contacts]

    amsterdam = ZoneInfo("Europe/Amsterdam")
    for at, names in (
        (datetime(2026, 11, 27, 3, 20, tzinfo=amsterdam), ["Ali", "Cas"]),
        (datetime(2026, 11, 27, 10, 0, tzinfo=amsterdam), ["Bo", "Cas"]),
        (datetime(2026, 11, 28, 10, 0, tzinfo=amsterdam), ["Ali", "Cas"]),  # a Saturday
    ):
        assert called(sem.at(at)) == names
    outsider = organisation("VR01")
    assert called(actor(person(outsider, Role.SOC_ANALYST), outsider)) == []
