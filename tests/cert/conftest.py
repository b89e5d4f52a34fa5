"""What the tests of the CERT share: a region with a small map, its people, the SOC and the CERT with mandates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from brandwacht.cert import services
from brandwacht.cert.models import Incident, IncidentClock
from brandwacht.network.actor import Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Action, AuditEntry, Node, NodeKind, Organisation, User
from brandwacht.network.roles import Role
from brandwacht.network.services.register import NodeDraft, RequirementDraft, add_map
from brandwacht.network.tenancy import every_owner
from brandwacht.soc.models import Alert, AlertRule, Severity
from tests.world import NOW, acting, acting_system, actor, mandate, organisation, person

LOG_IN = "allauth.account.auth_backends.AuthenticationBackend"
SIGNIFICANT, PERSONAL = "significant", "persoonsgegevens"
EARLY, REPORT, FINAL, BREACH = "cbw_vroege_waarschuwing", "cbw_melding", "cbw_eindverslag", "avg_melding_ap"

NODES = (
    NodeDraft("dc01", "VRR-DC01", NodeKind.ASSET, "Eigen organisatie", repair=600),
    NodeDraft("fw02", "VRR-FW02", NodeKind.ASSET, "Eigen organisatie"),
    NodeDraft("koppeling", "Meldkamerkoppeling", NodeKind.SERVICE, "Eigen organisatie"),
    NodeDraft("alarm", "Alarmering brandweer", NodeKind.PROCESS, "Hulpdiensten", vital=True),
)
NEEDS = (
    RequirementDraft("koppeling", "Aanmelden", ("dc01",), autonomy=30),
    RequirementDraft("alarm", "Koppeling (papier)", ("koppeling",), autonomy=240),
)


@dataclass(frozen=True, slots=True)
class Persona:
    """A person at the organisation that they work for."""

    user: User
    at: Organisation

    def actor(self, now: datetime = NOW) -> Actor:
        return actor(self.user, self.at, now)


@dataclass(frozen=True, slots=True)
class Scene:
    """VR17 and everybody around it. ``watcher`` and ``onlooker`` have the role but a mandate that may only see."""

    region: Organisation
    soc: Organisation
    cert: Organisation
    ciso: Persona
    colleague: Persona
    adviser: Persona
    own_analyst: Persona
    chair: Persona
    analyst: Persona
    lead: Persona
    watcher: Persona
    onlooker: Persona
    stranger: Persona

    def node(self, key: str) -> Node:
        with every_owner():
            found: Node = Node.objects.get(organisation=self.region, key=key)
        return found

    def alert(self, title: str = "Wachtwoorden gelezen op VRR-DC01") -> Alert:
        with every_owner():
            alert = Alert(
                organisation=self.region, asset=self.node("dc01"), title=title, severity=Severity.HIGH,
                first_seen=NOW - timedelta(minutes=20), last_seen=NOW, opened_at=NOW, attack=["T1003.001"],
            )  # fmt: skip
            alert.save()
            AlertRule(
                organisation=self.region, alert=alert, rule_id="1", title="Geheugen gelezen", level=3, first_seen=NOW,
                last_seen=NOW,
            ).save()  # fmt: skip
        return alert

    def incident(self, *facts: str, by: Persona | None = None, now: datetime = NOW, **changes: Any) -> Incident:
        """An incident opened after a telephone call, by default by the CISO, known an hour ago."""
        values: dict[str, Any] = {
            "title": "Storing bij de meldkamer",
            "summary": "De koppeling ligt eruit.",
            "scenario": "eigen_organisatie",
            "phase": "lauw",
            "facts": facts,
            "known_at": now - timedelta(hours=1),
            "nodes": [],
        }
        with acting((by or self.ciso).actor(now)) as me:
            return services.open_new(me, **(values | changes))

    def clocks(self, incident: Incident) -> dict[str, IncidentClock]:
        with every_owner():
            return {clock.key: clock for clock in IncidentClock.objects.filter(incident=incident)}

    def actions(self, owner: Organisation | None = None) -> dict[str, str]:
        """State of every action of the CERT's room by title."""
        with every_owner():
            rows = Action.objects.filter(organisation=owner or self.region, room="cert")
            return dict(rows.values_list("title", "state"))

    def chain(self) -> list[tuple[str, str]]:
        """Action and result of every line in the region's audit chain, as far as it is of this room."""
        with every_owner():
            rows = AuditEntry.objects.filter(organisation=self.region, action__startswith="cert.").order_by("seq")
            return list(rows.values_list("action", "result"))

    def told(self, incident: Incident) -> str:
        """The whole story, oldest first."""
        with every_owner():
            return "\n".join(incident.entries.order_by("at", "pk").values_list("text", flat=True))


def make_scene() -> Scene:
    """The people, the mandates and the map."""
    region, soc, cert = organisation("VR17"), organisation("VR-SOC", "landelijk"), organisation("VR-CERT", "landelijk")
    other_soc, other_cert = organisation("SOC-2", "landelijk"), organisation("CERT-2", "landelijk")
    mandate(region, soc, GrantKind.SOC_MANDATE, act=True)
    mandate(region, cert, GrantKind.CERT_MANDATE, act=True)
    mandate(region, other_soc, GrantKind.SOC_MANDATE)
    mandate(region, other_cert, GrantKind.CERT_MANDATE)
    with acting_system(region) as me:
        add_map(me, NODES, NEEDS, source="test")
    outside = organisation("VR01")
    return Scene(
        region,
        soc,
        cert,
        ciso=Persona(person(region, Role.CISO, name="Noor de Wit"), region),
        colleague=Persona(person(region, Role.LINE_MANAGER), region),
        adviser=Persona(person(region, Role.CRISIS_ADVISER), region),
        own_analyst=Persona(person(region, Role.SOC_ANALYST), region),
        chair=Persona(person(region, Role.CHAIR), region),
        analyst=Persona(person(soc, Role.SOC_ANALYST, name="Sem Bakker"), soc),
        lead=Persona(person(cert, Role.CERT_LEAD, name="Yara Visser"), cert),
        watcher=Persona(person(other_soc, Role.SOC_ANALYST), other_soc),
        onlooker=Persona(person(other_cert, Role.CERT_LEAD), other_cert),
        stranger=Persona(person(outside, Role.CISO, Role.SOC_ANALYST, Role.CERT_LEAD), outside),
    )


@pytest.fixture
def scene(db: Any) -> Scene:
    """VR17 and everybody around it."""
    return make_scene()


@pytest.fixture
def browse(client: Client, monkeypatch: pytest.MonkeyPatch) -> Callable[[Persona], Client]:
    """A browser in which somebody is logged in; the pages' clock stands still."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)

    def log_in(who: Persona) -> Client:
        client.force_login(who.user, backend=LOG_IN)
        return client

    return log_in
