"""Who can handle alerts beside the actor."""

from __future__ import annotations

from brandwacht.network import queries
from brandwacht.network.actor import Actor
from brandwacht.network.models import User
from brandwacht.network.roles import Role

WATCHERS = (Role.SOC_ANALYST, Role.CISO)


def colleagues(actor: Actor) -> list[User]:
    """The people at the actor's organisation who handle alerts today, by name; the actor among them."""
    return queries.colleagues(actor, "soc.colleagues.see", WATCHERS)
