"""What a member says of one indicator of a report: that it is no sign of anything, or that it is after all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.usecase import use_case
from brandwacht.sharing.models import IndicatorWord, Opinion, Threat
from brandwacht.sharing.policies.threats import SEE_THREAT, SIGHT
from brandwacht.sharing.services.node_feed import keys_of, say
from brandwacht.sharing.tasks.ndn import tell_node_feed


def judge(actor: Actor, public_id: Any, key: UUID, *, false: bool) -> None:
    """The actor's organisation finds this indicator (``key``) to be nothing, or takes that back."""
    with use_case(actor, SIGHT) as case:
        threat = case.get(Threat, public_id, see=SEE_THREAT)
        if key not in keys_of(threat).values():
            raise NotFound
        if false:
            say(threat.organisation_id, actor.organisation_id, [(key, actor.today, Opinion.FALSE)])
        else:
            IndicatorWord.objects.filter(
                organisation_id=threat.organisation_id, key=key, member_id=actor.organisation_id, opinion=Opinion.FALSE
            ).delete()
        case.audit(threat, {"nummer": threat.number, "onterecht": false})
        tell_node_feed(threat.organisation_id)
