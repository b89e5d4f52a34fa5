"""The stage of the demo: its people, their roles, and the mandates between organisations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from brandwacht.network.actor import Actor, actor_for, assignments_of, system_actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Organisation, User
from brandwacht.network.roles import Role
from brandwacht.network.services import access, organisations, people
from brandwacht.network.services.seed import seed_organisations
from brandwacht.network.tenancy import tenancy_scope

PASSWORD = "brandwacht-demo-2026"  # noqa: S105 - printed on purpose; only demo data is behind it
REGION = "VR17"
SOC, CERT, CIRCLE = "VR-SOC", "VR-CERT", "VR-ISAC"


@dataclass(frozen=True, slots=True)
class Person:
    """A demo person: plainly fictitious."""

    email: str
    name: str
    roles: tuple[tuple[str, Role], ...]


PEOPLE = (
    Person("ciso@demo.example", "Noor de Wit (demo)", ((REGION, Role.CISO), (REGION, Role.ISAC_MEMBER))),
    Person("analist@demo.example", "Sem Bakker (demo)", ((SOC, Role.SOC_ANALYST),)),
    Person("analist2@demo.example", "Mila Vos (demo)", ((SOC, Role.SOC_ANALYST),)),
    Person("cert@demo.example", "Yara Visser (demo)", ((CERT, Role.CERT_LEAD),)),
    Person("isac@demo.example", "Tess Mulder (demo)", (("VR15", Role.ISAC_MEMBER), ("VR15", Role.CISO))),
    Person("adviseur@demo.example", "Daan Kok (demo)", ((REGION, Role.CRISIS_ADVISER), (REGION, Role.RISK_ADVISER))),
    Person("bestuur@demo.example", "Iris van Dam (demo)", ((REGION, Role.CHAIR), (REGION, Role.BOARD))),
    Person("burgemeester@demo.example", "Bram Post (demo)", (("GM0599", Role.MAYOR),)),
    Person("beheer@demo.example", "Lotte Smit (demo)", ((REGION, Role.ADMIN),)),
    Person("bureau@demo.example", "Ruben Maas (demo)", (("NIPV", Role.PROGRAMME),)),
    Person("buitenstaander@demo.example", "Finn Jansen (demo)", (("VR01", Role.CISO),)),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """The organisations and the moment of the demo."""

    now: datetime
    organisation_count: int

    def organisation(self, code: str) -> Organisation:
        """One organisation by code."""
        return Organisation.objects.get(code=code)

    @contextmanager
    def as_system(self, code: str, at: datetime | None = None) -> Iterator[Actor]:
        """Act as Brandwacht itself for an organisation, in its scope."""
        actor = system_actor(self.organisation(code), at or self.now)
        with tenancy_scope(actor.tenancy()):
            yield actor

    @contextmanager
    def as_person(self, email: str, code: str, at: datetime | None = None) -> Iterator[Actor]:
        """Act as a demo person at an organisation, in their scope."""
        user = User.objects.get(email=email)
        moment = at or self.now
        actor = actor_for(user, self.organisation(code), assignments_of(user, moment), moment, "opdracht")
        with tenancy_scope(actor.tenancy()):
            yield actor


def set_stage(now: datetime) -> Stage:
    """Seed the network, the demo people with their roles, and the mandates of four regions."""
    stage = Stage(now, seed_organisations())
    since = timezone.localdate(now - timedelta(days=400))
    for person in PEOPLE:
        for code, role in person.roles:
            with stage.as_system(code) as actor:
                people.assign(actor, person.email, person.name, role, since, password=PASSWORD)
    for code in (REGION, "VR16"):
        with stage.as_system(code) as actor:
            organisations.set_regimes(actor, ["avg", "cbw"])
    until = now + timedelta(days=365)
    since_long = now - timedelta(days=90)
    for code in (REGION, "VR15", "VR16", "VR18"):
        with stage.as_system(code, since_long) as actor:
            soc, cert = stage.organisation(SOC), stage.organisation(CERT)
            access.give(actor, GrantKind.SOC_MANDATE, soc, "24/7 bewaking en eerste respons (demo)", until, act=True)
            access.give(actor, GrantKind.CERT_MANDATE, cert, "Coördinatie bij grote incidenten (demo)", until, act=True)
    with stage.as_system(CIRCLE, since_long) as actor:
        members = Organisation.objects.filter(kind__in=["veiligheidsregio", "instituut"])
        for member in members:
            access.give(actor, GrantKind.CIRCLE, member, "Lid van de VR-ISAC (demo)", until)
        cert = stage.organisation(CERT)
        access.give(actor, GrantKind.CIRCLE, cert, "Waarschuwt de leden namens de VR-ISAC (demo)", until, act=True)
    return stage
