"""The leak suite's rows of the national node: what came in is for who is connected, what went back for who sent it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import orjson

from brandwacht.engines.intel import TLP
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.models import FeedIndicator, NodeConnection, SentSighting
from brandwacht.sharing.services import node_feed
from tests.sharing.leaking import NO_RED, Kind, Way, World, page, word
from tests.world import NOW, acting_system, organisation

_CONNECTED = {"named", "same"}
_OPEN = tuple(sorted(NO_RED))
KINDS = (
    Kind("kenmerk", lambda _label: {*_CONNECTED, "writer"}, _OPEN),
    Kind("waarneming", lambda _label: set(_CONNECTED), ("AMBER",)),
)
WAYS = (
    Way("sharing:node", "kenmerk", page("sharing:node"), whole=True),
    Way("sharing:node-feed", "kenmerk", page("sharing:node-feed"), whole=True),
    Way("sharing:node-sent", "waarneming", page("sharing:node-sent"), whole=True),
)
ELSEWHERE = {
    "sharing:node-connect", "sharing:node-agree", "sharing:node-disconnect", "sharing:node-file", "sharing:node-decide",
    "sharing:threat-judge",
}  # fmt: skip
MODELS = {"node": NodeConnection, "feed": FeedIndicator}
THROUGH_ANOTHER = {"IndicatorWord", "NationalNode", "SentSighting"}


def fill(world: World) -> None:
    """An indicator of the node per label, at a region of the circle that is connected; and what it told back."""
    circle, home = world.circle.owner, world.people["named"].at
    later = NOW + timedelta(hours=1)
    moment = later.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    given = [
        {
            "type": "indicator", "spec_version": "2.1", "id": f"indicator--{uuid4()}", "created": moment,
            "modified": moment, "pattern": f"[domain-name:value = '{word('kenmerk', label.name)}.example']",
            "pattern_type": "stix", "valid_from": moment, "object_marking_refs": [label.marking_id],
        }
        for label in TLP
    ]  # fmt: skip
    with acting_system(circle, later) as me:
        node_feed.set_node(me, organisation("NIPV", "instituut"))
        node_feed.import_bundle(me, orjson.dumps({"objects": given}))
    node_feed.refresh(circle.pk, later)
    with every_owner():
        NodeConnection(
            organisation=home, circle=circle, level="sector", agreed_at=NOW, agreed_by="x", began_at=NOW, began_by="x"
        ).save()
        SentSighting(
            organisation=home, key=uuid4(), on=date(2026, 11, 1), level="sector", sent_at=NOW,
            content={"name": word("waarneming", "AMBER")},
        ).save()  # fmt: skip
