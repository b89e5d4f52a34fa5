"""A server that behaves as MISP does, as far as couplings go, and a feed; events are those that PyMISP makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from pymisp import MISPEvent, MISPOrganisation, MISPSharingGroup

from brandwacht.engines.intel.misp import read_misp_event, write_feed
from tests.sharing.loopback import Asked, Given

KEY = "zo-geheim-als-wat"
GROUP = {"uuid": "6b1f2c1e-1111-4a3b-8c2d-000000000009", "name": "Waterschappen"}
THEN = int(datetime(2026, 11, 1, 10, tzinfo=UTC).timestamp())


def event(number: int, *tags: str, at: int = THEN, distribution: int = 1, **values: Any) -> dict[str, Any]:
    """An event by PyMISP; ``values`` are the values of its attributes (domains) with the tags of each."""
    made = MISPEvent()
    made.uuid = f"6b1f2c1e-2222-4a3b-8c2d-{number:012d}"
    made.info, made.distribution = f"Gebeurtenis {number}", distribution
    made.Orgc = MISPOrganisation()
    made.Orgc.name, made.Orgc.uuid = "CERT-X", "6b1f2c1e-1111-4a3b-8c2d-000000000001"
    if distribution == 4:
        made.SharingGroup = MISPSharingGroup()
        made.SharingGroup.from_dict(**GROUP, id=3, SharingGroupOrg=[])
    for tag in tags:
        made.add_tag(tag)
    for place, (name, own) in enumerate((values or {f"d{number}": ()}).items()):
        attribute = made.add_attribute("domain", f"{name}.example", comment=f"Bij {name}", distribution=5)
        attribute.uuid = f"6b1f2c1e-3333-4a3b-{number:04d}-{place:012d}"
        for tag in own:
            attribute.add_tag(tag)
    return {**orjson.loads(made.to_json()), "timestamp": str(at)}


@dataclass
class Misp:
    """What the server holds, by UUID, and the sharing groups that our key is in."""

    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: list[dict[str, Any]] = field(default_factory=list)
    refuses: bool = False

    def hold(self, *events: dict[str, Any]) -> None:
        """Put events there."""
        self.events |= {each["uuid"]: each for each in events}

    def __call__(self, asked: Asked) -> Given:
        if asked.headers.get("Authorization") != KEY:
            return Given({"message": "Authentication failed"}, 403)
        if asked.path == "/servers/getVersion":
            return Given({"version": "2.5.3"})
        if asked.path == "/sharing_groups":
            return Given({"response": [{"SharingGroup": each, "Organisation": {}} for each in self.groups]})
        if asked.path == "/events/restSearch":
            return self._search(asked.content)
        return self._put(asked)

    def _search(self, given: dict[str, Any]) -> Given:
        found = [each for each in self.events.values() if int(each["timestamp"]) >= int(given["timestamp"])]
        start = (given["page"] - 1) * given["limit"]
        return Given({"response": [{"Event": each} for each in found[start : start + given["limit"]]]})

    def _put(self, asked: Asked) -> Given:
        verb, _slash, uuid = asked.path.removeprefix("/events/").partition("/")
        if verb == "view":
            held = self.events.get(uuid)
            return Given({"Event": held}) if held else Given(status=404)
        if self.refuses:
            return Given({"message": "No permission"}, 403)
        new = asked.content["Event"]
        held = self.events.get(uuid or new["uuid"])
        if verb == "edit" and held is None:
            return Given({"message": "Invalid event"}, 404)
        if verb == "add" and held is not None:
            return Given({"message": "Event already exists"}, 403)
        if held is not None and int(held["timestamp"]) >= int(new["timestamp"]):
            return Given({"message": "Event could not be saved: nothing newer"}, 403)
        self.hold(new)
        return Given({"Event": new})


@dataclass
class Feed:
    """A feed of these events, at ``/feed/``."""

    files: dict[str, bytes] = field(default_factory=dict)

    def hold(self, *events: dict[str, Any]) -> None:
        """The feed is of these events now."""
        self.files = write_feed([read_misp_event(orjson.dumps(each)) for each in events])

    def __call__(self, asked: Asked) -> Given:
        content = self.files.get(asked.path.removeprefix("/feed/"))
        return Given(content) if content is not None else Given(status=404)
