"""From the register to the map: three queries, one fingerprint, faults named instead of stopping everything."""

from __future__ import annotations

from typing import Any

import pytest

from brandwacht.network.errors import NotFound
from brandwacht.network.models import Dependency, Node, NodeKind, Organisation, Requirement
from brandwacht.network.roles import Role
from brandwacht.riskmap import mapping
from tests.world import acting, acting_system, actor, organisation, person

pytestmark = pytest.mark.django_db


def test_the_map_is_what_the_register_says(region: Organisation, django_assert_num_queries: Any) -> None:
    with acting_system(region) as me, django_assert_num_queries(2):
        register = mapping.load(me, region.pk)
    assert [node.key for node in register.network.nodes] == sorted(node.key for node in register.network.nodes)
    assert register.network.node("dc01").repair == 600
    assert {need.label: need.autonomy for need in register.network.needs("alarm")} == {
        "Koppeling (papier)": 240,
        "Oproep": 0,
    }
    assert register.vital == ["alarm"]
    assert register.problems == ()


def test_the_fingerprint_follows_what_decides_the_outcome(region: Organisation) -> None:
    with acting_system(region) as me:
        before = mapping.load(me, region.pk).fingerprint
        node = Node.objects.get(key="dc01")
        node.name = "Andere naam"
        node.save()
        seen = Node(organisation=region, key="nieuw", name="Gezien in een log", kind=NodeKind.ASSET, confirmed=False)
        seen.save()
        register = mapping.load(me, region.pk)
        assert "nieuw" in register.network
        assert register.fingerprint == before
        found = {before}
        for change in ({"restart": 1}, {"restart": 0, "vital": True}, {"vital": False, "failures_per_year": 0.5}):
            Node.objects.filter(pk=seen.pk).update(**change)
            found.add(mapping.load(me, region.pk).fingerprint)
        node.restart = 61
        node.save()
        found.add(mapping.load(me, region.pk).fingerprint)
        assert len(found) == 5


def test_a_half_filled_requirement_is_named_and_left_out(region: Organisation) -> None:
    with acting_system(region) as me:
        Dependency.objects.filter(requirement__label="Koppeling (papier)").delete()
        Requirement.objects.filter(label="Oproep").update(needed=3)
        register = mapping.load(me, region.pk)
    assert not register.network.needs("alarm")
    assert len(register.problems) == 2
    assert "noemt geen leveranciers" in register.problems[0]
    assert "vraagt 3 van 2" in register.problems[1]


def test_a_stranger_gets_no_map(region: Organisation) -> None:
    other = organisation("VR01")
    with acting(actor(person(other, Role.CISO), other)) as me, pytest.raises(NotFound):
        mapping.load(me, region.pk)
