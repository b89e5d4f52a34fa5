"""Nobody looks, or is turned away, without a trace with the owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.db import OperationalError

from brandwacht.network import audit
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Denied
from brandwacht.network.models import AuditEntry, Organisation, RoleAssignment, User
from brandwacht.network.policy import Owner
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.network.usecase import note_listing, note_use, use_case
from brandwacht.soc.models import Alert, IngestFile
from tests.security.conftest import Visit, mandate_now
from tests.soc.conftest import line
from tests.world import NOW, acting, actor, asset, mandate, organisation, person

pytestmark = pytest.mark.django_db


def traces(of: Organisation) -> list[tuple[str, str, str]]:
    with every_owner():
        rows = AuditEntry.objects.filter(organisation=of).order_by("seq")
        return list(rows.values_list("actor_organisation", "origin", "object_type"))


def analyst_at(*organisations: Organisation) -> User:
    analyst = person(organisations[0], Role.SOC_ANALYST)
    with every_owner():
        for other in organisations[1:]:
            RoleAssignment(organisation=other, user=analyst, role=Role.SOC_ANALYST, valid_from=NOW.date()).save()
    return analyst


def test_the_same_person_leaves_a_trace_for_each_organisation_and_each_way_in() -> None:
    region, one, two = organisation("VR17"), organisation("VR-SOC", "landelijk"), organisation("VR18")
    node, analyst = asset(region, "DC01"), analyst_at(one, two)
    for at in (one, two):
        mandate(region, at, GrantKind.SOC_MANDATE)
        for origin in ("pagina", "api", "pagina"):
            me = replace(actor(analyst, at), origin=origin)
            with acting(me):
                note_use(me, "register.see", node)
                note_listing(me, "register.see", {region.pk})
    ways = [(at.code, origin) for at in (one, two) for origin in ("pagina", "api")]
    assert traces(region) == [(*way, kind) for way in ways for kind in ("network.Node", "lijst")]


def test_a_denial_at_one_owner_does_not_hide_the_next() -> None:
    soc, owners = organisation("VR-SOC", "landelijk"), [organisation("VR17"), organisation("VR18")]
    analyst = person(soc, Role.SOC_ANALYST)
    for owner in (*owners, *owners):
        with acting(actor(analyst, soc)) as me, pytest.raises(Denied), use_case(me, "soc.ingest") as case:
            case.require(Owner(owner.pk))
    assert [len(traces(owner)) for owner in owners] == [1, 1]


def test_a_chain_that_could_not_be_written_is_written_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    region, soc = organisation("VR17"), organisation("VR-SOC", "landelijk")
    node = asset(region, "DC01")
    mandate(region, soc, GrantKind.SOC_MANDATE)

    def locked(*_given: Any) -> None:
        raise OperationalError("database is locked")

    with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
        with monkeypatch.context() as patch, pytest.raises(OperationalError):
            patch.setattr(audit, "write", locked)
            note_use(me, "register.see", node)
        note_use(me, "register.see", node)
    assert len(traces(region)) == 1


def test_what_the_sentence_above_a_list_tells_leaves_a_trace(
    visit: Visit, region: Organisation, soc: Organisation, read: Callable[..., Any]
) -> None:
    read(region, line("vssadmin.exe"))
    mandate_now(region, soc, GrantKind.SOC_MANDATE)
    analyst = visit(person(soc, Role.SOC_ANALYST))
    before = len(traces(region))
    with every_owner():
        title = Alert.objects.get().title
    assert title in unescape(analyst.get(f"/waakzaam?organisatie={soc.code}&techniek=T9999").content.decode())
    assert len(traces(region)) == before + 1


def test_asking_how_a_file_stands_leaves_a_trace(
    visit: Visit, region: Organisation, soc: Organisation, read: Callable[..., Any]
) -> None:
    read(region, line("vssadmin.exe"))
    mandate_now(region, soc, GrantKind.SOC_MANDATE)
    with every_owner():
        file = IngestFile.objects.get()
    before = len(traces(region))
    assert visit(person(soc, Role.SOC_ANALYST)).get(f"/waakzaam/bronnen/{file.public_id}/stand").status_code == 200
    assert len(traces(region)) == before + 1
