"""The policy table of the national node.

An organisation decides itself whether it is connected and what it tells back (``Domain.GRANTS``: no grant reaches it).
What came in is for members of connected organisations, and for those who coordinate the circle.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import Actor
from brandwacht.network.domains import Domain
from brandwacht.network.policy import Condition, Owned, Rule, owners
from brandwacht.network.roles import SECURITY, Role
from brandwacht.sharing.conditions import SEATED, WRITE, coordinates
from brandwacht.sharing.models import NodeConnection
from brandwacht.sharing.policies.objects import NOT_RED
from brandwacht.sharing.policies.seats import COORDINATORS, READERS

SEE_NODE = "sharing.node.see"
CONNECT = "sharing.node.connect"
SEE_NODE_FEED = "sharing.feed.see"
RUN_NODE = "sharing.feed.run"


def running(actor: Actor) -> Any:
    """The connections of the actor's organisation that run today."""
    rows = NodeConnection._base_manager.filter(organisation_id=actor.organisation_id, ended_at__isnull=True)
    return rows.filter(Q(until__isnull=True) | Q(until__gte=actor.today))


def _is_connected(actor: Actor, thing: Owned) -> bool:
    if actor.has(Role.SYSTEM) or coordinates(actor, thing.organisation_id):
        return True
    known: dict[tuple[int, int], bool] = getattr(thing, "__dict__", {}).setdefault("_connected", {})
    key = (actor.organisation_id, thing.organisation_id)
    if key not in known:
        known[key] = running(actor).filter(circle_id=thing.organisation_id).exists()
    return known[key]


def _connected(actor: Actor) -> Q:
    if actor.has(Role.SYSTEM):
        return Q()
    mine = Q(organisation_id__in=running(actor).values("circle_id"))
    free = owners(actor, WRITE)
    return mine | Q(organisation_id__in=sorted(free)) if free else mine


CONNECTED = Condition(
    "aangesloten op het knooppunt",
    _is_connected,
    _connected,
    _("Uw organisatie is niet aangesloten op het landelijk knooppunt."),
)
_SYSTEM = frozenset({Role.SYSTEM})
_HERE = SECURITY | {Role.ISAC_MEMBER, Role.CERT_LEAD}

NODE_RULES: tuple[Rule, ...] = (
    Rule(SEE_NODE, _("de aansluiting op het landelijk knooppunt bekijken"), Domain.GRANTS, _HERE),
    Rule(CONNECT, _("aansluiten op het landelijk knooppunt en afspreken wat teruggaat"), Domain.GRANTS, SECURITY),
    Rule(
        SEE_NODE_FEED, _("zien wat via het landelijk knooppunt binnenkwam"), Domain.CIRCLE, _SYSTEM, READERS,
        (SEATED, CONNECTED, NOT_RED),
    ),
    Rule(RUN_NODE, _("het landelijk knooppunt beheren"), Domain.CIRCLE, _SYSTEM, COORDINATORS),
)  # fmt: skip
