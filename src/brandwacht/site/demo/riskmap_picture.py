"""Where things of the demo's region stand: made up, at places in the middle of municipalities."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from brandwacht.network.models import Node
from brandwacht.network.services.register import place_nodes
from brandwacht.site.demo.stage import REGION, Stage

PLACES = MappingProxyType(
    {
        "51.92250, 4.47917": ("net-noord", "knooppunt", "provider-a", "alarmering", "meldkamer", "nsa-meldkamer"),
        "51.87300, 4.29500": ("net-haven", "brandstof", "aanvoerwegen"),
        "51.86600, 4.52000": ("net-zuid", "provider-b", "nsa-kantoor"),
        "51.90800, 4.33900": ("vrr-dc01", "koppeling", "c2000"),
    }
)
"""Latitude and longitude with the keys of what stands there; a key that the demo does not have is passed over."""


def fill(stage: Stage) -> Iterator[str]:
    """Put a part of the register on the map."""
    count = 0
    with stage.as_system(REGION) as actor:
        for place, keys in PLACES.items():
            there = Node.objects.filter(organisation_id=actor.organisation_id, key__in=keys)
            ids = list(there.values_list("public_id", flat=True))
            count += place_nodes(actor, ids, place) if ids else 0
    yield f"Kaart {REGION}: {count} onderdelen hebben een plaats (demo)."
