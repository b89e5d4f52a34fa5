"""The steps from an empty register to a risk plan."""

from __future__ import annotations

import pytest
from django.urls import reverse

from brandwacht.network.models import NodeKind
from brandwacht.network.roles import Role
from brandwacht.network.services.register import NodeDraft, RequirementDraft, add_map
from brandwacht.riskmap.register.road import ahead, road
from brandwacht.riskmap.services import analysis as services_analysis
from brandwacht.riskmap.words.odds import unrated
from tests.riskmap.test_views import logged_in
from tests.world import NOW, acting, acting_system, actor, organisation, person

pytestmark = pytest.mark.django_db
NODES = (
    NodeDraft("net", "Netwerk", NodeKind.SERVICE, "Telecom"),
    NodeDraft("nood", "Noodnummer", NodeKind.PROCESS, "Hulpdiensten", vital=True),
)
NEEDS = (RequirementDraft("nood", "Telefonie", ("net",)),)


def test_the_road_follows_what_is_there() -> None:
    region, other = organisation("VR17"), organisation("VR01")
    with acting_system(other) as me:
        add_map(me, NODES, NEEDS, source="test")  # another's map is no step on ours
    adviser = person(region, Role.RISK_ADVISER)
    with acting(actor(adviser, region)) as me:
        steps = road(me)
        assert [step.done for step in steps] == [False] * 8
        assert [step.current for step in steps] == [True] + [False] * 7
        assert ahead(me, "/") == steps[0]
        assert ahead(me, steps[0].url) is None
    with acting_system(region) as me:
        add_map(me, NODES, NEEDS, source="test")
        row = services_analysis.ask_weak_spots(me)  # asked for is not done
    with acting(actor(adviser, region)) as me:
        assert [step.done for step in road(me)] == [True] * 3 + [False] * 5
    assert services_analysis.run_analysis(region.code, str(row.public_id), lambda: NOW) == "klaar"
    with acting(actor(adviser, region)) as me:
        steps = road(me)
        assert [step.done for step in steps] == [True, True, True, False, False, True, False, False]
        assert ahead(me, "/") == steps[3]
    page = logged_in(adviser).get(reverse("riskmap:map")).content.decode()
    assert steps[3].url in page
    assert "In acht stappen" in page
    plans = logged_in(adviser).get(reverse("riskmap:risk-plan")).content.decode()
    lacks = (
        "wat uitval kost",
        "hoe vaak het uitvalt",
        "risicodiagram is nog leeg",
        "maatregelen gekozen",
        "De schalen",
    )
    assert all(each in plans for each in lacks)
    assert "vitaal proces aangewezen" not in plans


def test_who_may_not_take_the_steps_sees_none() -> None:
    region = organisation("VR17")
    for role in (Role.CHAIR, Role.ADMIN, Role.SOC_ANALYST):
        with acting(actor(person(region, role), region)) as me:
            assert road(me) == []
            assert ahead(me, "/") is None


def test_what_is_not_known_is_told_beside_the_figures() -> None:
    counts = {"rated": 1, "size": 7, "causes": 0, "all_causes": 0}
    assert "Van 1 van de 7 onderdelen" in unrated(counts)
    assert unrated(counts | {"rated": 7}) == unrated(counts | {"rated": 0}) == ""
