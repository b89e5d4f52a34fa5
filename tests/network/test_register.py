"""The register: editing nodes and what they need, and recognising machines that were only seen in logs."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import (
    Action,
    ActionState,
    Dependency,
    Node,
    NodeKind,
    NodeName,
    Organisation,
    Requirement,
)
from brandwacht.network.roles import Role
from brandwacht.network.services import actions, register, register_rows
from brandwacht.network.services.register import NodeDraft
from brandwacht.network.services.register_rows import Need
from brandwacht.network.tenancy import every_owner
from tests.network.faces import log_in
from tests.world import acting, actor, asset, mandate, organisation, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Organisation:
    return organisation("VR17")


def waiting(owner: Organisation) -> Action | None:
    with every_owner():
        return Action.objects.filter(organisation=owner, key=register.RECOGNISE).first()


def names(node: Node) -> list[str]:
    with every_owner():
        return sorted(NodeName.objects.filter(node=node).values_list("value", flat=True))


# --- Nodes and needs --------------------------------------------------------------------------------------------------


def test_a_node_is_added_and_changed(region: Organisation) -> None:
    with acting(actor(person(region, Role.RISK_ADVISER), region)) as me:
        draft = NodeDraft("", "Mijn Server", NodeKind.ASSET, vital=True, names=("SRV1", " srv1 ", "10.0.0.1", ""))
        node = register_rows.save_node(me, draft)
        assert (node.key, node.vital, node.organisation_id) == ("mijn-server", True, region.pk)
        assert names(node) == ["10.0.0.1", "srv1"]
        register_rows.save_node(me, NodeDraft("srv", "Server", NodeKind.ASSET, names=("srv2",)), node.public_id)
    assert names(node) == ["srv2"]


@pytest.mark.parametrize(
    ("draft", "field", "message"),
    [
        (NodeDraft("", " ", NodeKind.ASSET), "name", "Geef een naam."),
        (NodeDraft("!!", "!!", NodeKind.ASSET), "key", "letters of cijfers"),
        (NodeDraft("dc01", "Anders", NodeKind.ASSET), "key", "al van DC01"),
        (NodeDraft("x", "X", NodeKind.ASSET, names=("DC01",)), "names", "al van DC01"),
    ],
)
def test_a_bad_node_is_refused_at_its_field(region: Organisation, draft: NodeDraft, field: str, message: str) -> None:
    asset(region, "DC01")
    with acting(actor(person(region, Role.CISO), region)) as me, pytest.raises(Refused, match=message) as refused:
        register_rows.save_node(me, draft)
    assert refused.value.field == field
    with every_owner():
        assert Node.objects.count() == 1


def test_the_same_key_and_name_may_be_there_at_another_owner(region: Organisation) -> None:
    asset(organisation("VR15"), "DC01")
    with acting(actor(person(region, Role.CISO), region)) as me:
        register_rows.save_node(me, NodeDraft("dc01", "DC01", NodeKind.ASSET, names=("dc01",)))
    with every_owner():
        assert Node.objects.count() == 2


def test_what_a_node_needs(region: Organisation) -> None:
    process, one, two = asset(region, "MELDKAMER"), asset(region, "Net A"), asset(region, "Net B")
    with acting(actor(person(region, Role.CISO), region)) as me:
        row = register_rows.save_need(me, process.public_id, Need("netwerk", ("net a", "Net B", "", "NET A"), 1, 2, 30))
        assert set(row.dependencies.values_list("provider_id", flat=True)) == {one.pk, two.pk}
        register_rows.save_need(me, process.public_id, Need("netwerk", ("Net B",), autonomy=60), row.public_id)
        row.refresh_from_db()
        assert row.autonomy == 60
        assert list(row.dependencies.values_list("provider_id", flat=True)) == [two.pk]
        with pytest.raises(Refused, match="MELDKAMER leunt erop"):
            register_rows.remove_node(me, two.public_id)
        register_rows.remove_need(me, row.public_id)
        register_rows.remove_node(me, two.public_id)
    with every_owner():
        assert not Requirement.objects.exists()
        assert not Dependency.objects.exists()
        assert Node.objects.count() == 2


@pytest.mark.parametrize(
    ("need", "field", "message"),
    [
        (Need(" ", ("Net A",)), "label", "wat er nodig is"),
        (Need("x", ()), "providers", "minstens één"),
        (Need("x", ("Net A", "Net X")), "providers", "Regel 2: “Net X” staat niet in het register. Bedoelt u “Net A”?"),
        (Need("x", ("Zomaar iets",)), "providers", "Voeg het eerst toe."),
        (Need("x", ("meldkamer",)), "providers", "van zichzelf"),
        (Need("x", ("Dubbel",)), "providers", "Gebruik de sleutel: dubbel1, dubbel2."),
        (Need("x", ("Net A",), needed=2), "needed", "tussen 1 en 1"),
        (Need("x", ("Net A",), needed=0), "needed", "tussen 1 en 1"),
        (Need("x", ("Net A",), needed=1, degraded_at=2), "degraded_at", "hoogstens"),
        (Need("x", ("Elders",)), "providers", "staat niet in het register"),
    ],
)
def test_a_bad_need_is_refused_at_its_field(region: Organisation, need: Need, field: str, message: str) -> None:
    process = asset(region, "MELDKAMER")
    asset(region, "Net A")
    asset(organisation("VR15"), "Elders")
    with every_owner():
        for key in ("dubbel1", "dubbel2"):
            Node(organisation=region, key=key, name="Dubbel", kind="middel").save()
    with acting(actor(person(region, Role.CISO), region)) as me, pytest.raises(Refused) as refused:
        register_rows.save_need(me, process.public_id, need)
    assert message in refused.value.message
    assert refused.value.field == field
    with every_owner():
        assert not Requirement.objects.exists()


def test_a_stranger_and_a_mandate_change_nothing(region: Organisation) -> None:
    node, soc = asset(region, "DC01"), organisation("VR-SOC", "landelijk")
    mandate(region, soc, GrantKind.SOC_MANDATE, act=True)
    stranger = organisation("VR01")
    for who in (actor(person(soc, Role.SOC_ANALYST), soc), actor(person(stranger, Role.CISO), stranger)):
        with acting(who) as me:
            for attempt in (
                lambda me=me: register_rows.save_node(me, NodeDraft("x", "X", NodeKind.ASSET), node.public_id),
                lambda me=me: register_rows.save_need(me, node.public_id, Need("x", ("x",))),
                lambda me=me: register_rows.remove_node(me, node.public_id),
            ):
                with pytest.raises((NotFound, Denied)):
                    attempt()
    with every_owner():
        assert Node.objects.get().name == "DC01"


# --- Machines seen in logs --------------------------------------------------------------------------------------------


def test_unknown_machines_ask_the_ciso_to_recognise_them(region: Organisation) -> None:
    soc = organisation("VR-SOC", "landelijk")
    mandate(region, soc, GrantKind.SOC_MANDATE, act=True)
    with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
        seen = register.assets_by_name(me, region.pk, ["laptop7.vr.example", "laptop8"])
        register.assets_by_name(me, region.pk, ["LAPTOP7.vr.example", "laptop7"])
    todo = waiting(region)
    assert todo is not None
    assert (todo.title, todo.role) == ("Herken 2 machines die in logs voorkwamen", Role.CISO)
    assert not any(node.confirmed for node in seen.values())
    with acting(actor(person(region, Role.CISO), region)) as me:
        register.confirm_asset(me, seen["laptop8"].public_id, "Laptop van de piketdienst", ours=True)
        assert waiting(region).title == "Herken 1 machine die in logs voorkwam"  # type: ignore[union-attr]
        register.confirm_asset(me, seen["laptop7.vr.example"].public_id, "Van de aannemer", ours=False)
    done = waiting(region)
    assert done is not None
    assert done.state == ActionState.DONE
    with every_owner():
        stranger = Node.objects.get(name="Van de aannemer")
        assert (stranger.confirmed, stranger.source) == (False, register.NOT_OURS)


def test_full_and_short_names_are_one_machine(region: Organisation) -> None:
    dc, one, two = asset(region, "dc01.vr.example"), asset(region, "fs.a.example"), asset(region, "fs.b.example")
    asset(region, "10")
    with acting(actor(person(region, Role.CISO), region)) as me:
        found = register.assets_by_name(me, region.pk, ["DC01", "dc01.vr.example", "fs.a.example"])
        assert {n.pk for n in (found["dc01"], found["dc01.vr.example"])} == {dc.pk}
        assert found["fs.a.example"].pk == one.pk
        new = register.assets_by_name(
            me, region.pk, ["fs", "10.0.0.7", "w7", "w7.vr.example", "10.20.3.9", "10.2.0.39"]
        )
    assert new["fs"].pk not in {one.pk, two.pk}, "two machines have this short name: we do not guess"
    assert new["10.0.0.7"].name == "10.0.0.7", "an address has no short name"
    assert new["10.20.3.9"].pk != new["10.2.0.39"].pk
    assert new["w7"].pk == new["w7.vr.example"].pk


def test_a_new_machine_asks_again_and_one_that_waits_keeps_its_day(region: Organisation) -> None:
    with acting(actor(person(region, Role.CISO), region)) as me:
        register.assets_by_name(me, region.pk, ["een"])
        first = waiting(region)
        assert first is not None
        later = me.at(me.now.replace(day=24))
        register.assets_by_name(later, region.pk, ["twee"])
        second = waiting(region)
        assert second is not None
        assert second.due == first.due
        actions.complete(region.pk, second.key, me)
        register.assets_by_name(me.at(me.now.replace(day=26)), region.pk, ["drie"])
    third = waiting(region)
    assert third is not None
    assert third.state == ActionState.OPEN
    assert third.due is not None
    assert first.due is not None
    assert third.due > first.due


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_the_list_filters_sorts_and_pages(client: Client, region: Organisation) -> None:
    for n in range(60):
        asset(region, f"M{n:02}", sector="Telecom" if n % 2 else "Energie", vital=n < 3)
    asset(region, "ZZ", NodeKind.PROCESS)
    asset(region, "VREEMD", confirmed=False)
    asset(organisation("VR15"), "ELDERS")
    log_in(client, person(region, Role.CISO))
    url = reverse("beheer:register")

    def shown(**query: str) -> list[str]:
        answer = client.get(url, query)
        assert answer.status_code == 200
        return [node.name for node in answer.context["page"].rows]

    assert shown() == [f"M{n:02}" for n in range(50)]
    rest = client.get(url + client.get(url).context["page"].next_url).context["page"]
    assert [n.name for n in rest.rows] == [f"M{n:02}" for n in range(50, 60)] + ["VREEMD", "ZZ"]
    assert rest.next_url == ""
    assert shown(sort="-name")[:2] == ["ZZ", "VREEMD"]
    assert shown(sort="sector")[:3] == ["VREEMD", "ZZ", "M00"]
    assert shown(kind="proces") == ["ZZ"]
    assert len(shown(sector="Telecom")) == 30
    assert shown(state="vitaal") == ["M00", "M01", "M02"]
    assert shown(state="onbekend") == ["VREEMD"]
    assert shown(q="zz") == ["ZZ"]
    assert shown(q="ELDERS") == []
    assert shown(sort="wachtwoord") == shown()
    everything, after = [], ""
    while True:
        found = client.get(url, {"sort": "-sector"} | ({"after": after} if after else {})).context["page"]
        everything += [n.pk for n in found.rows]
        if not found.next_url:
            break
        after = found.next_url.split("after=")[1]
    assert len(everything) == len(set(everything)) == 62


def test_a_node_by_hand_from_nothing_to_gone(client: Client, region: Organisation) -> None:
    log_in(client, person(region, Role.CISO))
    facts = {"name": "Noodaggregaat", "kind": "middel", "sector": "", "owner_name": "", "restart": "5", "repair": "",
             "names": "", "key": ""}  # fmt: skip
    assert client.post(reverse("beheer:node-new"), facts | {"restart": "-1"}).status_code == 422
    client.post(reverse("beheer:node-new"), facts)
    client.post(reverse("beheer:node-new"), facts | {"name": "Meldkamer", "kind": "proces", "vital": "on"})
    with every_owner():
        power, process = Node.objects.get(key="noodaggregaat"), Node.objects.get(key="meldkamer")
    url = reverse("beheer:need-new", args=[process.public_id])
    need = {
        "label": "Stroom",
        "providers": "Nodaggregaat",
        "needed": "1",
        "degraded_at": "",
        "autonomy": "240",
        "effect": "down",
    }
    refused = client.post(url, need)
    assert refused.status_code == 422
    assert "Bedoelt u “Noodaggregaat”?" in refused.content.decode()
    assert "Nodaggregaat</textarea>" in refused.content.decode()
    client.post(url, need | {"providers": "Noodaggregaat"})
    text = client.get(reverse("beheer:node", args=[process.public_id])).content.decode()
    assert "Stroom" in text
    assert "4 uur" in text
    assert "Meldkamer" in client.get(reverse("beheer:node", args=[power.public_id])).content.decode()
    gone = client.post(reverse("beheer:node-remove", args=[power.public_id]), follow=True).content.decode()
    assert "Meldkamer leunt erop" in gone
    with every_owner():
        row = Requirement.objects.get()
    change = reverse("beheer:need", args=[process.public_id, row.public_id])
    assert "240" in client.get(change).content.decode()
    assert client.get(reverse("beheer:need", args=[power.public_id, row.public_id])).status_code == 404
    client.post(reverse("beheer:need-remove", args=[process.public_id, row.public_id]))
    client.post(reverse("beheer:node-remove", args=[power.public_id]))
    with every_owner():
        assert list(Node.objects.values_list("key", flat=True)) == ["meldkamer"]


def test_recognising_goes_on_to_the_next(client: Client, region: Organisation) -> None:
    one, two = asset(region, "AAA", confirmed=False), asset(region, "BBB", confirmed=False)
    log_in(client, person(region, Role.CISO))
    assert "Is dit van uw organisatie?" in client.get(reverse("beheer:node", args=[one.public_id])).content.decode()
    url = reverse("beheer:node-confirm", args=[one.public_id])
    assert client.post(url, {"name": "", "ours": "ja"}).status_code == 422
    assert client.post(url, {"name": "Kassa", "ours": "ja"})["Location"] == reverse("beheer:node", args=[two.public_id])
    last = client.post(
        reverse("beheer:node-confirm", args=[two.public_id]), {"name": "BBB", "ours": "nee"}, follow=True
    )
    assert "U zei dat dit niet van u is" in last.content.decode()


def test_the_pages_of_another_owner_are_not_there(client: Client, region: Organisation) -> None:
    node, soc = asset(region, "DC01"), organisation("VR-SOC", "landelijk")
    mandate(region, soc, GrantKind.SOC_MANDATE, act=True)
    for who in (person(organisation("VR01"), Role.CISO), person(soc, Role.SOC_ANALYST, Role.ADMIN)):
        log_in(client, who)
        for name in ("node", "node-edit", "need-new"):
            assert client.get(reverse(f"beheer:{name}", args=[node.public_id])).status_code == 404
        for name in ("node-confirm", "node-remove"):
            assert client.post(reverse(f"beheer:{name}", args=[node.public_id]), {"name": "x"}).status_code == 404
        assert "DC01" not in client.get(reverse("beheer:register")).content.decode()


def test_those_who_may_only_look_get_no_buttons(client: Client, region: Organisation) -> None:
    node = asset(region, "DC01", confirmed=False)
    log_in(client, person(region, Role.LINE_MANAGER))
    text = client.get(reverse("beheer:node", args=[node.public_id])).content.decode()
    assert "Wijzig" not in text
    assert "Haal uit het register" not in text
    assert "Is dit van uw organisatie?" not in text
    assert client.get(reverse("beheer:node-edit", args=[node.public_id])).status_code == 403
    assert (
        client.post(reverse("beheer:node-confirm", args=[node.public_id]), {"name": "x", "ours": "ja"}).status_code
        == 403
    )


def test_few_queries(client: Client, region: Organisation, django_assert_max_num_queries: Any) -> None:
    process = asset(region, "P", NodeKind.PROCESS)
    providers = [asset(region, f"M{n}") for n in range(20)]
    with acting(actor(person(region, Role.CISO), region)) as me:
        for n, provider in enumerate(providers):
            register_rows.save_need(me, process.public_id, Need(f"n{n}", (provider.name, providers[0].name)))
    log_in(client, person(region, Role.CISO))
    for name, args in (("register", []), ("node", [process.public_id]), ("node", [providers[0].public_id])):
        client.get(reverse(f"beheer:{name}", args=args))
        with django_assert_max_num_queries(15):
            client.get(reverse(f"beheer:{name}", args=args))
