"""Handling alerts: who may, in which state, with which words, and what happens when two people are at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import AuditEntry, Organisation, RoleAssignment
from brandwacht.network.policy import decide, visible
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import queries, services
from brandwacht.soc.models import Alert, AlertState, IngestFile, SigmaRule
from brandwacht.soc.policy import RULES
from tests.soc.conftest import line
from tests.world import acting, acting_system, actor, mandate, organisation, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert(region: Organisation, read: Callable[..., Any]) -> Alert:
    read(region, line("lsass.exe"))
    with every_owner():
        found: Alert = Alert.objects.get()
    return found


def test_the_life_of_an_alert(region: Organisation, alert: Alert) -> None:
    me = actor(person(region, Role.CISO, name="Noor"), region)
    with acting(me):
        confirmed = services.acknowledge(me, alert.public_id)
        assert (confirmed.state, confirmed.open, confirmed.waiting) == (AlertState.ACKNOWLEDGED, True, False)
        assert (confirmed.handled_by, confirmed.handled_at) == ("Noor", me.now)
        closed = services.close(me, alert.public_id, "  wachtwoorden vervangen ")
        assert (closed.state, closed.open, closed.note) == (AlertState.CLOSED, False, "wachtwoorden vervangen")
        again = services.reopen(me, alert.public_id)
        assert (again.state, again.open, again.waiting, again.note) == (AlertState.NEW, True, True, "")
        known = services.mark_known(me, alert.public_id, "onderhoud")
        assert known.state == AlertState.KNOWN
        services.reopen(me, alert.public_id)
        ref = uuid4()
        taken = services.mark_incident(me, alert.public_id, ref)
        assert (taken.state, taken.open, taken.waiting, taken.incident_ref) == (AlertState.INCIDENT, False, False, ref)
        with pytest.raises(Refused, match="incident"):
            services.reopen(me, alert.public_id)
        with pytest.raises(Refused, match="al een incident"):
            services.mark_incident(me, alert.public_id, uuid4())
        assert services.mark_incident(me, alert.public_id, ref).state == AlertState.INCIDENT
    with every_owner():
        trail = AuditEntry.objects.filter(action="soc.alert.triage").order_by("seq")
        assert [e.detail["naar"] for e in trail][:3] == ["bevestigd", "gesloten", "nieuw"]
        assert trail[1].detail["waarom"] == "wachtwoorden vervangen"


@pytest.mark.parametrize("service", [services.close, services.mark_known])
def test_ending_asks_for_a_reason(region: Organisation, alert: Alert, service: Callable[..., Alert]) -> None:
    me = actor(person(region, Role.CISO), region)
    with acting(me), pytest.raises(Refused, match="Schrijf op") as refused:
        service(me, alert.public_id, "   ")
    assert refused.value.field == "reason"


def test_two_analysts_at_once(region: Organisation, soc: Organisation, alert: Alert) -> None:
    first = actor(person(soc, Role.SOC_ANALYST, name="Sem"), soc)
    second = actor(person(soc, Role.SOC_ANALYST, name="Yara"), soc)
    with acting(first):
        services.acknowledge(first, alert.public_id, seen="nieuw")
    with acting(second):
        with pytest.raises(
            Refused, match="Een collega was u voor: Sem zette deze melding op 22-11-2026 om 14:05"
        ) as refused:
            services.close(second, alert.public_id, "niets aan de hand", seen="nieuw")
        assert refused.value.field is None
        with pytest.raises(Refused, match="wacht niet meer"):
            services.acknowledge(second, alert.public_id)
        assert services.close(second, alert.public_id, "klaar", seen="bevestigd").state == AlertState.CLOSED
        with pytest.raises(Refused, match="niet meer open"):
            services.mark_known(second, alert.public_id, "toch")


def test_who_may(region: Organisation, soc: Organisation, alert: Alert) -> None:
    board = actor(person(region, Role.BOARD), region)
    with acting(board), pytest.raises(NotFound):
        services.acknowledge(board, alert.public_id)
    stranger = actor(person(organisation("VR15"), Role.CISO), organisation("VR15"))
    with acting(stranger), pytest.raises(NotFound):
        services.acknowledge(stranger, alert.public_id)
    with acting(stranger), pytest.raises(NotFound):
        queries.alert(stranger, alert.public_id)
    cert = organisation("VR-CERT", "landelijk")
    mandate(region, cert, GrantKind.CERT_MANDATE)
    lead = actor(person(cert, Role.CERT_LEAD), cert)
    with acting(lead):
        assert queries.alert(lead, alert.public_id) == alert
        with pytest.raises(Denied, match="mandaat"):
            services.acknowledge(lead, alert.public_id)
        assert not queries.sources(lead).exists()
    with every_owner():
        assert AuditEntry.objects.filter(result="geweigerd", organisation=region).count() == 3


@pytest.mark.parametrize("role", list(Role))
def test_decide_and_visible_agree(role: Role, region: Organisation, soc: Organisation, alert: Alert) -> None:
    other = organisation("VR15")
    cert = organisation("VR-CERT", "landelijk")
    mandate(other, cert, GrantKind.CERT_MANDATE, act=True)
    with every_owner():
        rows = {
            "waakzaam": [alert, *IngestFile.objects.all()],
            "regels": list(SigmaRule.objects.all()),
            "mensen": list(RoleAssignment.objects.all()),
        }
        for home in (region, other, soc, cert):
            me = actor(person(home, role), home)
            for rule in RULES:
                for row in rows[rule.domain]:
                    seen = type(row).objects.filter(visible(me, rule.action), pk=row.pk).exists()
                    assert seen == bool(decide(me, rule.action, row)), (rule.action, home)


def test_waiting_in_order_of_the_queue(region: Organisation, read: Callable[..., Any], alert: Alert) -> None:
    read(region, line("vssadmin.exe", "B"), line("whoami.exe", "C"), line("powershell.exe", "D"))
    with acting_system(region) as me:
        assert [a.asset.name for a in queries.waiting(me)] == ["B", "DC01", "D", "C"]
        waiting = queries.waiting_for(me)
        assert (waiting.count, waiting.first.asset.name if waiting.first else "") == (3, "B")
        assert queries.menu_waiting(me).count() == 3
        assert queries.rule_titles(me, alert) == ["Geheugen gelezen"]
