"""A circle of members with signed seats, for the tests of seats, threats, pseudonyms, questions and TAXII."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from brandwacht.network.actor import Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from brandwacht.network.services import tokens
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.models import Custodian, Threat
from brandwacht.sharing.sealing import new_key
from brandwacht.sharing.services import seats, threats
from brandwacht.sharing.services.threats import Report
from tests.sharing.conftest import Persona
from tests.world import NOW, acting, actor, mandate, organisation, person


@dataclass
class Members:
    """A circle; ``people`` by name, and the private keys of its custodians."""

    owner: Organisation
    writer: Persona
    people: dict[str, Persona] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Persona:
        return self.people[name]

    def sign(self, *names: str) -> None:
        """Let these people sign the guidelines, which are made when there are none."""
        with acting(self.writer.actor) as me:
            guideline = seats.current_guideline(me, self.owner.pk) or seats.set_guideline(me, "Zwijg.", me.today)
        for name in names:
            with acting(self[name].actor) as me:
                seats.sign(me, guideline.public_id, me.name)

    def keepers(self, *names: str) -> None:
        """Make these two the custodians, with keys."""
        for name in names:
            private, public = new_key()
            self.keys[name] = private
            with every_owner():
                Custodian(organisation=self.owner, user=self[name].user, public_key=public, since=NOW).save()

    def report(self, **changes: Any) -> Report:
        """What somebody types."""
        facts = {
            "topic": "phishing", "title": "Valse salarismail", "tlp": "AMBER", "pap": "AMBER", "what": "Zeldzaamwoord.",
            "indicators": "192.0.2.44\nhxxps://kwaad[.]example/pad", "techniques": ["T1566.002"], "products": "FortiOS",
        }  # fmt: skip
        return Report(**(facts | changes))

    def shared(self, who: str, *, pseudonymous: bool = False, **changes: Any) -> Threat:
        """A report that this person shared."""
        with acting(self[who].actor) as me:
            made = threats.write(me, self.report(**changes), pseudonymous=pseudonymous)
            return threats.share(me, made.public_id, anyway=True)


def members(*names: str, homes: dict[str, str] | None = None) -> Members:
    """A circle with its CERT and a VR-ISAC member per name, each at a region of their own (or the one in ``homes``)."""
    owner, cert = organisation("VR-ISAC", "kring"), organisation("VR-CERT", "landelijk")
    mandate(owner, cert, GrantKind.CIRCLE, act=True)
    made = Members(owner, Persona(person(cert, Role.CERT_LEAD, name="Schrijver"), cert))
    let_in = set()
    for number, name in enumerate(names, start=11):
        home = organisation((homes or {}).get(name, f"VR{number}"))
        if home.pk not in let_in:
            mandate(owner, home, GrantKind.CIRCLE)
            let_in.add(home.pk)
        made.people[name] = Persona(person(home, Role.ISAC_MEMBER, name=f"Lid {name.title()}"), home)
    return made


def token_of(who: Persona) -> str:
    """An API token of this person at their organisation."""
    me: Actor = actor(who.user, who.at)
    with acting(me):
        return tokens.make(me, who.user, "programma", me.now + timedelta(days=30))[1]
