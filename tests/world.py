"""A small network for tests: organisations, people and mandates in a few words each.

region = organisation("VR17")
ciso = person(region, Role.CISO)
mandate(region, soc, GrantKind.SOC_MANDATE, act=True)
with acting(actor(analyst, soc)) as me: ...
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from brandwacht.network.actor import ACT, SEE, Actor, actor_for, assignments_of, system_actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Grant, Node, NodeKind, NodeName, Organisation, RoleAssignment, User
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner, tenancy_scope

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
"""Sunday 22 November 2026, 14:05 in the Netherlands."""

PASSWORD = "een-lang-testwachtwoord"
_numbers = itertools.count(1)


def organisation(code: str, kind: str = "veiligheidsregio", regimes: tuple[str, ...] = ("avg", "cbw")) -> Organisation:
    """The organisation with this code, made when it is not there."""
    found, _made = Organisation.objects.get_or_create(
        code=code, defaults={"name": f"Testregio {code}", "kind": kind, "regimes": list(regimes)}
    )
    return found


def person(at: Organisation, *roles: Role, name: str = "") -> User:
    """A person with these roles at an organisation, since a year."""
    number = next(_numbers)
    user = User.objects.create_user(f"persoon{number}@test.example", name or f"Persoon {number}", PASSWORD)
    with every_owner():
        for role in roles:
            RoleAssignment(organisation=at, user=user, role=role, valid_from=(NOW - timedelta(days=365)).date()).save()
    return user


def mandate(
    giver: Organisation, grantee: Organisation, kind: GrantKind, *, act: bool = False, thing: UUID | None = None
) -> Grant:
    """A grant in force from a day before ``NOW`` for a year."""
    grant = Grant(
        organisation=giver, kind=kind, grantee=grantee, may=[SEE, ACT] if act else [SEE], purpose="test", thing=thing,
        starts_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(days=365), given_by="test",
    )  # fmt: skip
    with every_owner():
        grant.save()
    return grant


def actor(user: User, at: Organisation, now: datetime = NOW) -> Actor:
    """The actor that this person is at this organisation."""
    return actor_for(user, at, assignments_of(user, now), now, "pagina")


@contextmanager
def acting(who: Actor) -> Iterator[Actor]:
    """Run a block in the scope of an actor."""
    with tenancy_scope(who.tenancy()):
        yield who


@contextmanager
def acting_system(at: Organisation, now: datetime = NOW) -> Iterator[Actor]:
    """Run a block as Brandwacht itself for an organisation."""
    with acting(system_actor(at, now)) as me:
        yield me


def asset(owner: Organisation, name: str, kind: NodeKind = NodeKind.ASSET, **facts: object) -> Node:
    """A node of the register, with its name as log name."""
    with every_owner():
        node = Node(organisation=owner, key=name.lower(), name=name, kind=kind, **facts)
        node.save()
        NodeName(organisation=owner, node=node, value=name.lower()).save()
    return node
