"""What the pages of the network share: the check at the door."""

from __future__ import annotations

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied
from brandwacht.network.policy import Owner, decide


def require(actor: Actor, action: str) -> None:
    """Raise ``Denied`` with the policy's reason unless the actor may do this at the own organisation."""
    decision = decide(actor, action, Owner(actor.organisation_id))
    if not decision:
        raise Denied(decision)
