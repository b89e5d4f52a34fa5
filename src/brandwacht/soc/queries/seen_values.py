"""Which values of indicators the watch saw at an organisation, for the reading list of the circle."""

from __future__ import annotations

from typing import Final

from brandwacht.network.actor import Actor
from brandwacht.network.policy import visible
from brandwacht.soc.models import AlertEntity, EntityKind

SEE: Final = "soc.alert.see"
MOST: Final = 5_000
"""So many values are looked for; of more the rest counts as not seen."""
_KINDS: Final = (EntityKind.ADDRESS, EntityKind.HASH, EntityKind.DOMAIN)


def seen_here(actor: Actor, values: frozenset[str]) -> frozenset[str]:
    """Of these values those in an alert of the actor's own organisation that the actor may see. One query at most."""
    rows = AlertEntity.objects.filter(visible(actor, SEE), organisation_id=actor.organisation_id, kind__in=_KINDS)
    asked = {value.lower(): value for value in sorted(values)[:MOST]}
    found = rows.filter(value__in=list(asked)).order_by().values_list("value", flat=True).distinct()
    return frozenset(asked[value] for value in found)
