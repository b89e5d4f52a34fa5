"""The reads: which processes suffer, and lists that page without gaps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Node, NodeKind, Organisation
from brandwacht.network.paging import chosen_order
from brandwacht.network.roles import Role
from brandwacht.riskmap import queries
from brandwacht.riskmap.queries import NodeFilter
from tests.world import acting, acting_system, actor, mandate, organisation, person

pytestmark = pytest.mark.django_db


def test_exposed_processes_soonest_first(region: Organisation, django_assert_max_num_queries: Any) -> None:
    with acting(actor(person(region, Role.SOC_ANALYST), region)) as me:
        node = Node.objects.get(key="dc01")
        with django_assert_max_num_queries(2):
            found = queries.exposed_processes(me, node)
        assert [(e.node.key, e.minutes, e.minutes_down, e.vital) for e in found] == [
            ("alarm", 270, 270, True),
            ("rooster", 720, None, False),
        ]
        assert found[0].path_names == ["VRR-DC01", "Aanmelddienst", "Meldkamerkoppeling", "Alarmering brandweer"]
        assert queries.exposed_processes(me, Node.objects.get(key="ws114")) == []
        # One of the two call networks is enough, but then the alarm falters at once.
        alarm = queries.exposed_processes(me, Node.objects.get(key="p2000"))[0]
        assert (alarm.minutes, alarm.minutes_down) == (0, None)


def test_a_grant_on_one_node_shows_no_map(region: Organisation) -> None:
    soc = organisation("VR-SOC", "landelijk")
    with acting_system(region):
        node = Node.objects.get(key="dc01")
    mandate(region, soc, GrantKind.SOC_MANDATE, thing=node.public_id)
    with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
        assert queries.exposed_processes(me, node) == []
        assert region not in queries.maps(me)
        assert queries.node(me, node.public_id) == node


def test_maps_are_those_one_may_see(region: Organisation, filled: Callable[[str], Organisation]) -> None:
    other, soc = filled("VR15"), organisation("VR-SOC", "landelijk")
    mandate(region, soc, GrantKind.SOC_MANDATE)
    with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
        assert {o.code for o in queries.maps(me)} == {"VR-SOC", "VR17"}
    with acting(actor(person(region, Role.COUNCILLOR), region)) as me:
        assert not queries.maps(me)
        with acting_system(other):
            hidden = Node.objects.get(key="dc01")
        with pytest.raises(NotFound):
            queries.node(me, hidden.public_id)


@pytest.mark.parametrize("sort", ["name", "-name", "sector", "-sector", "kind", "nonsense"])
def test_paging_shows_every_node_once(region: Organisation, client: Client, sort: str) -> None:
    with acting_system(region):
        Node.objects.bulk_create(
            [
                Node(organisation=region, key=f"x{n}", name=f"N{n % 7}", kind=NodeKind.ASSET, sector=f"s{n % 3}")
                for n in range(120)
            ]
        )
    client.force_login(person(region, Role.CISO), backend="allauth.account.auth_backends.AuthenticationBackend")
    seen: list[Node] = []
    url = f"{reverse('riskmap:map')}?sort={sort}"
    while url:
        context = client.get(url).context
        seen += context["nodes"]
        url = context["next_url"] and reverse("riskmap:map") + context["next_url"]
    order = chosen_order(queries.NODE_SORTS, sort)
    with acting_system(region) as me:
        assert seen == list(queries.listed_nodes(me, region.pk, NodeFilter()).order_by(*order))
    assert len(seen) == len({node.key for node in seen}) == 128


def test_the_list_narrows(region: Organisation) -> None:
    with acting_system(region) as me:

        def keys(**narrow: Any) -> set[str]:
            return {node.key for node in queries.listed_nodes(me, region.pk, NodeFilter(**narrow))}

        assert keys(vital=True) == {"alarm"}
        assert keys(text="vrr-") == {"dc01", "ws114"}
        assert keys(sector="Telecom") == {"p2000", "c2000"}
        assert keys(kind="proces") == {"alarm", "rooster"}
