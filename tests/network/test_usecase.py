"""A use case: one transaction, decided first, audited always; a denial survives the transaction that is rolled back."""

from __future__ import annotations

from typing import Any

import pytest

from brandwacht.network import audit
from brandwacht.network.actor import Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import AuditEntry, Node
from brandwacht.network.policy import Owner
from brandwacht.network.roles import Role
from brandwacht.network.services import register
from brandwacht.network.tenancy import every_owner
from brandwacht.network.usecase import note_listing, note_use, use_case
from tests.world import acting, actor, asset, mandate, organisation, person

pytestmark = pytest.mark.django_db


def lines(code: str = "VR17") -> list[tuple[str, str]]:
    with every_owner():
        return list(AuditEntry.objects.filter(organisation__code=code).order_by("seq").values_list("action", "result"))


def test_what_was_done_is_written_in_the_same_transaction() -> None:
    region = organisation("VR17")
    node = asset(region, "DC01")
    with acting(actor(person(region, Role.CISO), region)) as me:
        register.confirm_asset(me, node.public_id, "Domeincontroller", ours=True)
        assert lines() == [("register.edit", audit.DONE)]
        with pytest.raises(Refused):
            register.confirm_asset(me, node.public_id, "  ", ours=True)
    assert lines() == [("register.edit", audit.DONE)]


def test_a_denial_survives_the_rollback() -> None:
    region = organisation("VR17")
    node = asset(region, "DC01")

    def half_work(me: Actor) -> None:
        with use_case(me, "register.edit") as case:
            Node.objects.filter(pk=node.pk).update(name="half werk")
            case.get(Node, node.public_id, see="register.see")

    with acting(actor(person(region, Role.MAYOR), region)) as me, pytest.raises(Denied) as denied:
        half_work(me)
    assert "register" in denied.value.decision.reason
    assert lines() == [("register.edit", audit.DENIED)]
    with every_owner():
        assert Node.objects.get(pk=node.pk).name == "DC01"
        assert AuditEntry.objects.get().detail == {"reden": denied.value.decision.reason}


def test_a_strangers_attempt_is_written_where_the_owner_reads_it() -> None:
    region, stranger = organisation("VR17"), organisation("VR01")
    node = asset(region, "DC01")
    with acting(actor(person(stranger, Role.CISO), stranger)) as me, pytest.raises(NotFound):
        register.confirm_asset(me, node.public_id, "Van mij", ours=True)
    assert lines("VR17") == [("register.edit", audit.DENIED)]
    assert lines("VR01") == []


def test_probing_does_not_flood_the_chain() -> None:
    region = organisation("VR17")
    one, two = asset(region, "DC01"), asset(region, "DC02")
    with acting(actor(person(region, Role.MAYOR), region)) as me:
        for _again in range(5):
            for node in (one, two):
                with pytest.raises(Denied):
                    register.confirm_asset(me, node.public_id, "Naam", ours=True)
    assert lines() == [("register.edit", audit.DENIED)] * 2
    with acting(actor(person(region, Role.MAYOR), region)) as other, pytest.raises(Denied):
        register.confirm_asset(other, one.public_id, "Naam", ours=True)
    assert len(lines()) == 3


def test_a_denial_inside_another_use_case_is_written_once_by_the_outer_one() -> None:
    region = organisation("VR17")
    node = asset(region, "DC01")

    def nested(me: Actor) -> None:
        with use_case(me, "register.edit") as outer:
            outer.require(Owner(region.pk))
            outer.audit(node, {"telt": "niet"})
            with use_case(me, "people.assign") as inner:
                inner.require(Owner(region.pk))

    with acting(actor(person(region, Role.PROCESS_OWNER), region)) as me, pytest.raises(Denied):
        nested(me)
    assert lines() == [("people.assign", audit.DENIED)]


def test_a_denial_that_the_outer_use_case_catches_is_written_and_undoes_nothing() -> None:
    region = organisation("VR17")
    node = asset(region, "DC01")
    with acting(actor(person(region, Role.PROCESS_OWNER), region)) as me, use_case(me, "register.edit") as outer:
        try:
            with use_case(me, "people.assign") as inner:
                inner.require(Owner(region.pk))
        except Denied:
            outer.audit(node, {"verder": "zonder"})
    assert lines() == [("register.edit", audit.DONE), ("people.assign", audit.DENIED)]


def test_an_action_that_no_room_declared_does_not_exist() -> None:
    region = organisation("VR17")
    with acting(actor(person(region, Role.CISO), region)) as me, pytest.raises(KeyError), use_case(me, "verzonnen"):
        pass


def test_use_of_a_mandate_is_written_once_in_ten_minutes(django_assert_num_queries: Any) -> None:
    region, soc = organisation("VR17"), organisation("VR-SOC", "landelijk")
    mandate(region, soc, GrantKind.SOC_MANDATE)
    node, own = asset(region, "DC01"), asset(soc, "SIEM")
    with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
        for _again in range(3):
            note_use(me, "register.see", node, own)
            note_listing(me, "register.see", {region.pk, soc.pk})
        with django_assert_num_queries(0):
            note_use(me, "register.see", node, own)
    assert lines("VR17") == [("register.see", audit.USED)] * 2
    assert lines("VR-SOC") == []
