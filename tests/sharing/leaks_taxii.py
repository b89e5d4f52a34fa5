"""The leak suite's rows of the TAXII server: what the circle's collection gives, and what is one member's own."""

from __future__ import annotations

import orjson

from brandwacht.sharing.models import StixObject, TaxiiStatus
from brandwacht.sharing.queries.objects import Root
from brandwacht.sharing.services.objects import receive
from brandwacht.sharing.taxii.naming import collection_id
from tests.sharing.leaking import NO_RED, Way, World, taxii, word
from tests.world import acting

_OBJECTS = "/taxii2/vr-isac/collections/{ours}/objects/"
WAYS = (
    Way("taxii:objects", "dreiging", taxii(_OBJECTS), labels=NO_RED, whole=True),
    Way("taxii:objects", "waarschuwing", taxii(f"{_OBJECTS}?match[version]=all"), labels=NO_RED, whole=True),
    Way("taxii:object", "dreiging", taxii(f"{_OBJECTS}{{id}}/"), labels=NO_RED),
)
ELSEWHERE = {
    "taxii:discovery", "taxii:root", "taxii:collections", "taxii:collection", "taxii:status",
    "taxii:manifest", "taxii:versions",
}  # fmt: skip
MODELS = {"object": StixObject, "taxii-status": TaxiiStatus}
THROUGH_ANOTHER = {"StixCollection"}


def fill(world: World) -> None:
    """An object of one member's own."""
    with acting(world.people["author"].actor) as me:
        secret = word("object", "own")
        thing = {
            "type": "identity", "spec_version": "2.1", "id": f"identity--{world.circle.owner.public_id}",
            "name": secret,
            "created": "2026-11-20T10:00:00.000Z", "modified": "2026-11-20T10:00:00.000Z",
        }  # fmt: skip
        home = world.people["author"].at
        sent = receive(me, Root(world.circle.owner), home, orjson.dumps({"objects": [thing, {"id": secret}]}))
    world.status = str(sent.public_id)
    world.own = str(collection_id(world.circle.owner, home))
