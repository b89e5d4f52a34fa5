"""A circle with its CERT, two members, and everybody who should stay outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from brandwacht.network.actor import Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Organisation, User
from brandwacht.network.roles import Role
from brandwacht.sharing import services
from brandwacht.sharing.models import CircleWarning
from tests.world import acting, actor, mandate, organisation, person

LOG_IN = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True, slots=True)
class Persona:
    """A person at the organisation that they work for."""

    user: User
    at: Organisation

    @property
    def actor(self) -> Actor:
        return actor(self.user, self.at)


@dataclass(frozen=True, slots=True)
class Circle:
    """The circle and everybody around it; ``reader`` is the member who is named in RED warnings."""

    owner: Organisation
    writer: Persona
    cert_colleague: Persona
    cert_without_role: Persona
    reader: Persona
    member: Persona
    ciso: Persona
    outsider: Persona

    def everybody(self) -> dict[str, Persona]:
        """The people by name of their part."""
        names = ("writer", "cert_colleague", "cert_without_role", "reader", "member", "ciso", "outsider")
        return {name: getattr(self, name) for name in names}

    def draft(self, tlp: str = "AMBER", **changes: Any) -> CircleWarning:
        """A draft by the writer; with TLP:RED for the reader."""
        facts: dict[str, Any] = {
            "title": "Valse inlogpagina",
            "tlp": tlp,
            "what": "Zeldzaamwoord in de tekst.",
            "advice": "Zoek in uw mail.\n- Blokkeer de domeinnaam.",
            "indicators_text": "192.0.2.44\nhxxps://kwaad[.]example/pad",
            "techniques": ["t1566.002", "T1078"],
            "reader_ids": [self.reader.user.public_id] if tlp == "RED" else [],
        }
        with acting(self.writer.actor) as me:
            return services.draft(me, **(facts | changes))

    def sent(self, tlp: str = "AMBER", **changes: Any) -> CircleWarning:
        """A warning that was sent by the writer."""
        warning = self.draft(tlp, **changes)
        with acting(self.writer.actor) as me:
            return services.send(me, warning.public_id)


@pytest.fixture
def circle(db: None) -> Circle:
    """VR-ISAC with VR-CERT, which may act, and the members VR15 (reader, ciso) and VR17."""
    isac, cert = organisation("VR-ISAC", "kring"), organisation("VR-CERT", "landelijk")
    haaglanden, rijnmond, outside = organisation("VR15"), organisation("VR17"), organisation("GM0001", "gemeente")
    mandate(isac, cert, GrantKind.CIRCLE, act=True)
    for member in (haaglanden, rijnmond):
        mandate(isac, member, GrantKind.CIRCLE)
    mandate(rijnmond, cert, GrantKind.CERT_MANDATE, act=True)
    return Circle(
        isac,
        writer=Persona(person(cert, Role.CERT_LEAD, name="Schrijver"), cert),
        cert_colleague=Persona(person(cert, Role.CERT_LEAD), cert),
        cert_without_role=Persona(person(cert, Role.ADMIN), cert),
        reader=Persona(person(haaglanden, Role.ISAC_MEMBER, name="Lezer Een"), haaglanden),
        member=Persona(person(rijnmond, Role.ISAC_MEMBER, name="Lid Twee"), rijnmond),
        ciso=Persona(person(haaglanden, Role.CISO, Role.SOC_ANALYST), haaglanden),
        outsider=Persona(person(outside, Role.ISAC_MEMBER, Role.CISO), outside),
    )


@pytest.fixture
def browse(client: Client) -> Callable[[Persona | None], Client]:
    """A browser in which somebody is logged in, or nobody."""

    def log_in(who: Persona | None) -> Client:
        client.logout()
        if who is not None:
            client.force_login(who.user, backend=LOG_IN)
        return client

    return log_in
