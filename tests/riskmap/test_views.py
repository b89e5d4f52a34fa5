"""The pages: owner, colleague, analyst with a mandate, stranger; few queries; what is typed stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from brandwacht.network.domains import GrantKind
from brandwacht.network.models import AuditEntry, Node, Organisation, User
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.riskmap import services
from brandwacht.riskmap.models import CascadeRun, Scenario
from tests.world import NOW, acting_system, mandate, organisation, person

pytestmark = pytest.mark.django_db
DC = [{"node": "dc01", "start": 0, "duration": None, "state": "down"}]


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def run(region: Organisation) -> CascadeRun:
    with acting_system(region) as me:
        return services.run_cascade(me, region.pk, DC, title="Proef", started_at=NOW)


@pytest.fixture
def scenario(region: Organisation) -> Scenario:
    with acting_system(region) as me:
        return services.save_scenario(me, name="Domeincontroller uit", outages=DC)


@pytest.fixture
def dc01(region: Organisation) -> Node:
    with every_owner():
        return Node.objects.get(organisation=region, key="dc01")


def test_the_map(region: Organisation, scenario: Scenario, run: CascadeRun, django_assert_max_num_queries: Any) -> None:
    client = logged_in(person(region, Role.CISO))
    client.get(reverse("riskmap:map"))
    with django_assert_max_num_queries(15):
        page = client.get(reverse("riskmap:map"))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Vitale processen: 1. Onderdelen: 8." in text
    assert "Als het C2000-netwerk 2 uur uitvalt" in text  # it is felt at once, the others only after hours
    assert "Reken door" in text
    assert "VRR-WS114" in text
    assert 'style="' not in text


def test_the_whole_picture(region: Organisation, django_assert_max_num_queries: Any) -> None:
    client = logged_in(person(region, Role.MAYOR))
    with django_assert_max_num_queries(15):
        page = client.get(reverse("riskmap:picture"))
    assert page.status_code == 200
    assert "Middelen" in page.content.decode()
    assert "C2000-netwerk" in client.get(reverse("riskmap:picture") + "?sector=Telecom").content.decode()


def test_a_node(region: Organisation, dc01: Node, django_assert_max_num_queries: Any) -> None:
    client = logged_in(person(region, Role.CISO))
    with django_assert_max_num_queries(15):
        page = client.get(reverse("riskmap:node", args=[dc01.public_id]))
    text = page.content.decode()
    assert "na 4 uur 30 minuten" in text
    assert "Wat als dit uitvalt?" in text
    board = logged_in(person(region, Role.MAYOR)).get(reverse("riskmap:node", args=[dc01.public_id]))
    assert "Wat als dit uitvalt?" not in board.content.decode()


def test_a_run(region: Organisation, run: CascadeRun, django_assert_max_num_queries: Any) -> None:
    client = logged_in(person(region, Role.CRISIS_ADVISER))
    with django_assert_max_num_queries(15):
        page = client.get(reverse("riskmap:run", args=[run.public_id]))
    text = page.content.decode()
    assert run.headline in text
    assert "de tijd die herstel volgens het register meestal kost" in text
    assert "<svg" in text
    assert "De kaart is veranderd" not in text
    with acting_system(region):
        node = Node.objects.get(key="dc01")
        node.repair = 5
        node.save()
    assert "De kaart is veranderd" in client.get(reverse("riskmap:run", args=[run.public_id])).content.decode()


def test_downloads(region: Organisation, run: CascadeRun) -> None:
    with acting_system(region):
        Node.objects.filter(key="ws114").update(name="=HYPERLINK(1)")
    client = logged_in(person(region, Role.CISO))
    table = client.get(reverse("riskmap:run-csv", args=[run.public_id]))
    assert table["Content-Type"].startswith("text/csv")
    assert "Alarmering brandweer" in table.content.decode()
    picture = client.get(reverse("riskmap:run-svg", args=[run.public_id]))
    assert picture["Content-Type"] == "image/svg+xml"
    assert picture.content.strip().startswith(b"<svg")
    nodes = client.get(reverse("riskmap:nodes-csv") + "?tekst=hyper").content.decode()
    assert "'=HYPERLINK(1)" in nodes
    assert "Aanmelddienst" not in nodes


def test_what_if(region: Organisation, django_assert_max_num_queries: Any) -> None:
    client = logged_in(person(region, Role.RISK_ADVISER))
    url = reverse("riskmap:what-if")
    with django_assert_max_num_queries(15):
        page = client.get(url + "?onderdeel=dc01")
    assert 'value="VRR-DC01 (dc01)"' in page.content.decode()
    asked = {"node1": "VRR-DC01 (dc01)", "node2": "p2000", "duration1": "480", "duration2": "480", "horizon": "1440"}
    answer = client.post(url, asked)
    with every_owner():
        run = CascadeRun.objects.get()
    assert answer.headers["Location"] == reverse("riskmap:run", args=[run.public_id])
    assert [(o["node"], o["duration"]) for o in run.outages] == [("dc01", 480), ("p2000", 480)]


def test_what_if_keeps_what_was_typed_and_names_the_mend(region: Organisation) -> None:
    client = logged_in(person(region, Role.CISO))
    url = reverse("riskmap:what-if")
    page = client.post(url, {"node1": "meldkamer", "state": "down", "duration": "", "horizon": "1440"})
    text = page.content.decode()
    assert page.status_code == 422
    assert 'value="meldkamer"' in text
    assert "Bedoelt u: Meldkamerkoppeling?" in text
    page = client.post(url, {"node1": "", "state": "down", "horizon": "1440"})
    assert "Kies ten minste één onderdeel" in page.content.decode()


def test_who_may_not_run_gets_the_reason(region: Organisation, scenario: Scenario) -> None:
    client = logged_in(person(region, Role.MAYOR))
    assert client.get(reverse("riskmap:map")).status_code == 200
    assert client.get(reverse("riskmap:what-if")).status_code == 403
    assert client.post(reverse("riskmap:play-scenario", args=[scenario.public_id])).status_code == 403
    assert logged_in(person(region, Role.COUNCILLOR)).get(reverse("riskmap:map")).status_code == 404


def test_scenarios(region: Organisation, scenario: Scenario, run: CascadeRun) -> None:
    client = logged_in(person(region, Role.CISO))
    played = client.post(reverse("riskmap:play-scenario", args=[scenario.public_id]))
    assert played.status_code == 302
    client.post(reverse("riskmap:keep", args=[run.public_id]), {"name": "Bewaard"})
    assert client.post(reverse("riskmap:keep", args=[run.public_id]), {"name": ""}).status_code == 400
    with every_owner():
        kept = Scenario.objects.get(name="Bewaard")
    client.post(reverse("riskmap:remove-scenario", args=[kept.public_id]))
    assert "Bewaard" not in client.get(reverse("riskmap:map")).content.decode().split("Laatst doorgerekend")[0]


def test_an_analyst_picks_a_region_and_is_audited(
    region: Organisation, run: CascadeRun, filled: Callable[[str], Organisation], django_assert_max_num_queries: Any
) -> None:
    other, soc = filled("VR15"), organisation("VR-SOC", "landelijk")
    for each in (region, other):
        mandate(each, soc, GrantKind.SOC_MANDATE, act=True)
    client = logged_in(person(soc, Role.SOC_ANALYST))
    page = client.get(reverse("riskmap:map") + "?organisatie=VR17")
    assert "Risicokaart Testregio VR17" in page.content.decode()
    client.get(reverse("riskmap:map") + "?organisatie=VR15")  # the first look also writes the audit line
    with django_assert_max_num_queries(15):
        page = client.get(reverse("riskmap:map") + "?organisatie=VR15")
    assert 'name="organisatie"' in page.content.decode()
    assert client.get(reverse("riskmap:map") + "?organisatie=VR01").status_code == 404
    assert client.get(reverse("riskmap:run", args=[run.public_id])).status_code == 200
    with every_owner():
        uses = AuditEntry.objects.filter(organisation=region, action="riskmap.see", result="ingezien")
    assert uses.count() == 2


def test_a_stranger_sees_nothing(region: Organisation, run: CascadeRun, dc01: Node) -> None:
    client = logged_in(person(organisation("VR01"), Role.CISO))
    for name, thing in (("run", run), ("run-csv", run), ("run-svg", run), ("node", dc01)):
        assert client.get(reverse(f"riskmap:{name}", args=[thing.public_id])).status_code == 404
    assert client.get(reverse("riskmap:map") + "?organisatie=VR17").status_code == 404
    empty = client.get(reverse("riskmap:map")).content.decode()
    assert "Deze kaart is nog leeg" in empty
