"""The writes of cascades over a border: share a node, follow a shared node, stop following."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.models import Grant, Node, Organisation
from brandwacht.network.policy import Owner, visible
from brandwacht.network.services import access
from brandwacht.network.usecase import use_case
from brandwacht.riskmap.models import SharedNode, StandIn

MOST = 50
"""So many nodes an organisation shares or follows at most: a border is a few pipes, not a second map."""


def share(actor: Actor, node_id: Any, grantee: Organisation, *, name: str, ends_at: datetime) -> Grant:
    """Let another organisation know when this node works, under this name, until ``ends_at``.

    It learns the states of the node in a computed cascade; nothing of what the node needs. Raises ``Refused``.
    """
    with use_case(actor, "riskmap.share") as case:
        case.require(Owner(actor.organisation_id))
        node = Node.objects.filter(
            visible(actor, "register.see"), organisation_id=actor.organisation_id, public_id=node_id
        ).first()
        if node is None:
            raise NotFound
        name = " ".join(name.split())[:120]
        if not name:
            raise Refused(_("Geef het onderdeel een naam die de ander mag zien."), "name")
        if StandIn.objects.filter(node=node).exists():
            raise Refused(_("Dit onderdeel volgt zelf een onderdeel van een ander; dat kunt u niet doorgeven."), "node")
        shared = SharedNode.objects.filter(organisation_id=actor.organisation_id, node_ref=node.public_id).first()
        if shared is None:
            if SharedNode.objects.filter(organisation_id=actor.organisation_id).count() >= MOST:
                raise Refused(_("U deelt al %(n)d onderdelen; meer kan niet.") % {"n": MOST})
            shared = SharedNode(organisation_id=actor.organisation_id, node_ref=node.public_id)
        shared.name, shared.shared_at, shared.shared_by = name, actor.now, actor.name
        shared.save()
        purpose = _("Doorrekenen over de grens: %(name)s") % {"name": name}
        grant = access.give(actor, GrantKind.SHARED_NODE, grantee, purpose[:200], ends_at, thing=shared.public_id)
        case.audit(shared, {"onderdeel": node.key, "naam": name, "met": grantee.code})
    return grant


def follow(actor: Actor, shared_ref: Any, node_id: Any) -> StandIn:
    """Let a node of the own register stand for a shared node of another. A choice made before is replaced."""
    with use_case(actor, "riskmap.follow") as case:
        case.require(Owner(actor.organisation_id))
        offered = (
            SharedNode.objects.filter(visible(actor, "riskmap.shared.see"), public_id=shared_ref)
            .exclude(organisation_id=actor.organisation_id)
            .values_list("public_id", "name", "organisation_id")
            .first()
        )
        node = Node.objects.filter(
            visible(actor, "register.see"), organisation_id=actor.organisation_id, public_id=node_id
        ).first()
        if offered is None or node is None:
            raise NotFound
        ref, name, giver_id = offered
        if SharedNode.objects.filter(organisation_id=actor.organisation_id, node_ref=node.public_id).exists():
            raise Refused(_("Dit onderdeel deelt u zelf; kies een ander onderdeel."), "node")
        own = StandIn.objects.filter(organisation_id=actor.organisation_id)
        if own.filter(node=node).exclude(shared_ref=ref).exists():
            raise Refused(_("Dit onderdeel volgt al iets anders; kies een ander onderdeel."), "node")
        row = own.filter(shared_ref=ref).first()
        if row is None:
            if own.count() >= MOST:
                raise Refused(_("U volgt al %(n)d onderdelen; meer kan niet.") % {"n": MOST})
            row = StandIn(organisation_id=actor.organisation_id, shared_ref=ref, giver_id=giver_id)
        row.node, row.name, row.accepted_at, row.accepted_by = node, name, actor.now, actor.name
        row.save()
        case.audit(row, {"onderdeel": node.key, "volgt": name, "van": row.giver.code})
    return row


def unfollow(actor: Actor, public_id: Any) -> None:
    """Stop following; the own node stays in the register as an ordinary node."""
    with use_case(actor, "riskmap.follow") as case:
        row = case.get(StandIn, public_id, see="riskmap.see")
        case.audit(row, {"onderdeel": row.node.key, "volgt": row.name, "gestopt": True})
        row.delete()
