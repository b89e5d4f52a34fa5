"""The reads of cascades over a border: what the own organisation shares, what it is offered, and what it follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from brandwacht.network.actor import Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Grant, Node, Organisation
from brandwacht.network.policy import visible
from brandwacht.network.queries import grants_given, in_force, nodes
from brandwacht.riskmap.models import SharedNode, StandIn


@dataclass(frozen=True, slots=True)
class Given:
    """A node that the own organisation shares, with the grants on it that are in force; no node when that is gone."""

    shared: SharedNode
    node: Node | None
    grants: Sequence[Grant]


@dataclass(frozen=True, slots=True)
class Offer:
    """What another organisation shares: the name that it chose, from whom, until when. Nothing of what is behind it.

    ``node`` is the own node that stands for it, if any.
    """

    ref: UUID
    name: str
    giver_id: int
    giver: str
    last: date | datetime
    node: Node | None


def given(actor: Actor) -> list[Given]:
    """What the own organisation shares, by name, and with whom now. The grants only for who may see those."""
    rows = SharedNode.objects.filter(visible(actor, "riskmap.shared.see"), organisation_id=actor.organisation_id)
    grants = in_force(grants_given(actor).filter(kind=GrantKind.SHARED_NODE), actor.now)
    by_thing: dict[UUID | None, list[Grant]] = {}
    for grant in grants.order_by("grantee__code"):
        by_thing.setdefault(grant.thing, []).append(grant)
    shared = list(rows.order_by("name", "pk"))
    by_ref = {node.public_id: node for node in nodes(actor).filter(public_id__in=[row.node_ref for row in shared])}
    return [Given(row, by_ref.get(row.node_ref), by_thing.get(row.public_id, ())) for row in shared]


def shared_keys(owner_id: int) -> dict[UUID, str]:
    """Keys of the owner's nodes by public id of their sharing; for computing, in a scope of the owner."""
    refs = dict(SharedNode.objects.filter(organisation_id=owner_id).values_list("node_ref", "public_id"))
    keys = Node.objects.filter(organisation_id=owner_id, public_id__in=refs).values_list("public_id", "key")
    return {refs[ref]: key for ref, key in keys}


def offers(actor: Actor) -> list[Offer]:
    """What others share with the own organisation now, by giver and name."""
    doors = {grant.thing: grant for grant in actor.grants if grant.kind == GrantKind.SHARED_NODE}
    rows = (
        SharedNode.objects.filter(visible(actor, "riskmap.shared.see"))
        .exclude(organisation_id=actor.organisation_id)
        .values_list("public_id", "name", "organisation_id")
    )
    names = {each.pk: each.full_name for each in Organisation.objects.filter(pk__in={row[2] for row in rows})}
    followed = {row.shared_ref: row.node for row in stand_ins(actor)}
    found = [
        Offer(ref, name, giver, names[giver], doors[ref].last, followed.get(ref))
        for ref, name, giver in rows
        if ref in doors
    ]
    return sorted(found, key=lambda offer: (offer.giver, offer.name, str(offer.ref)))


def stand_ins(actor: Actor) -> QuerySet[StandIn]:
    """The own nodes that stand for another's, by name."""
    rows = StandIn.objects.filter(visible(actor, "riskmap.see"), organisation_id=actor.organisation_id)
    return rows.select_related("node", "giver").order_by("name", "pk")
