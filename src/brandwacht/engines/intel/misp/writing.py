"""Writing events and feeds of MISP: our own, and those of others as they came.

Every attribute carries its own marking, its own distribution and, when it has one, its sharing group: what is taken out
of an event then keeps them. Nothing here decides who may have an event; the caller gives only what may go out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from ..ids import stix_id
from ..indicators import Indicator, Kind
from ..marking import Marking
from .reading import MispEvent, Reach

_TYPES: Final = {
    Kind.IPV4: "ip-dst",
    Kind.IPV6: "ip-dst",
    Kind.DOMAIN: "domain",
    Kind.URL: "url",
    Kind.EMAIL: "email-src",
    Kind.MD5: "md5",
    Kind.SHA1: "sha1",
    Kind.SHA256: "sha256",
}
_CATEGORIES: Final = {Kind.MD5: "Payload delivery", Kind.SHA1: "Payload delivery", Kind.SHA256: "Payload delivery"}


@dataclass(frozen=True, slots=True)
class DraftAttribute:
    """A value to share, with a comment, and its own marking and reach when they differ from those of the event.

    `type` is MISP's; empty follows from the indicator. `value` is for what is no indicator (`text`, `stix2-pattern`).
    """

    indicator: Indicator | None = None
    comment: str = ""
    marking: Marking | None = None
    reach: Reach | None = None
    type: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class DraftEvent:
    """An event of our own. `key` is its stable key: a new version keeps its UUID, and so do its attributes."""

    key: str
    info: str
    marking: Marking
    reach: Reach
    changed: datetime
    attributes: tuple[DraftAttribute, ...]
    organisation: str
    organisation_uuid: str


def write_misp_event(draft: DraftEvent, namespace: UUID) -> dict[str, Any]:
    """The event as MISP has it, with its wrapper, ready for `json.dumps`. The same input gives the same event.

    A reach with more than one group, and the sign that no reader takes (NUL), can not be written: ValueError (Dutch).
    """
    if any("\0" in text for text in (draft.info, *(each.comment for each in draft.attributes))):
        raise ValueError("Hierin staat een onzichtbaar teken (NUL) dat niet kan worden bewaard.")
    stamp = str(int(draft.changed.timestamp()))
    attributes = [
        {
            "uuid": _uuid(namespace, draft.key, each.type, _value(each)),
            "type": each.type or (_TYPES[each.indicator.kind] if each.indicator else "text"),
            "category": _CATEGORIES.get(each.indicator.kind, "Network activity") if each.indicator else "Other",
            "value": _value(each),
            "to_ids": each.indicator is not None,
            "comment": each.comment,
            "timestamp": stamp,
            "disable_correlation": False,
            "deleted": False,
            "Tag": _tags(each.marking or draft.marking),
            **(_distribution(each.reach) if each.reach else {"distribution": "5", "sharing_group_id": "0"}),
        }
        for each in dict.fromkeys(draft.attributes)
    ]
    organisation = {"name": draft.organisation, "uuid": draft.organisation_uuid}
    return {
        "Event": {
            "uuid": _uuid(namespace, draft.key),
            "info": draft.info,
            "date": draft.changed.astimezone(UTC).date().isoformat(),
            "timestamp": stamp,
            "publish_timestamp": stamp,
            "published": True,
            "analysis": "2",
            "threat_level_id": "4",
            "extends_uuid": "",
            "Orgc": organisation,
            "Tag": _tags(draft.marking),
            **_distribution(draft.reach),
            "Attribute": attributes,
            "Object": [],
        }
    }


def _value(draft: DraftAttribute) -> str:
    return draft.indicator.value if draft.indicator else draft.value


def _uuid(namespace: UUID, *content: str) -> str:
    return stix_id("misp", namespace, *content).removeprefix("misp--")


def _tags(marking: Marking) -> list[dict[str, str]]:
    return [{"name": name} for name in marking.tags]


def _distribution(reach: Reach) -> dict[str, Any]:
    if len(reach.groups) > 1:
        raise ValueError("MISP kent één deelgroep per onderdeel; dit hoort binnen meer groepen te blijven.")
    if reach.groups:
        group = reach.groups[0]
        members = [{"Organisation": {"name": name}, "extend": False} for name in group.members]
        shared = {"uuid": group.uuid, "name": group.name, "SharingGroupOrg": members}
        return {"distribution": "4", "sharing_group_id": "1", "SharingGroup": shared}
    return {"distribution": str(int(reach.level)), "sharing_group_id": "0"}


def write_feed(events: Iterable[Mapping[str, Any] | MispEvent]) -> dict[str, bytes]:
    """The files of a feed by name: an event each, `manifest.json` and `hashes.csv` (to see what is in it).

    Events are wrapped ones (`write_misp_event`) or those that were read, which go out as they came.
    """
    files: dict[str, bytes] = {}
    manifest: dict[str, Any] = {}
    hashes: list[str] = []
    for given in events:
        event = given.whole() if isinstance(given, MispEvent) else dict(given["Event"])
        uuid = str(event["uuid"]).lower()
        files[f"{uuid}.json"] = msgspec.json.encode({"Event": event})
        told = ("Orgc", "Tag", "info", "date", "analysis", "threat_level_id", "timestamp")
        manifest[uuid] = {name: event[name] for name in told if name in event}
        hashes += [f"{_md5(value)},{uuid}" for value in _values(event)]
    files["manifest.json"] = msgspec.json.encode(manifest)
    files["hashes.csv"] = "".join(f"{line}\n" for line in dict.fromkeys(hashes)).encode()
    return files


def _md5(value: str) -> str:
    """The format's own way of telling whether a value is in a feed; not for secrecy."""
    return hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()


def _values(event: Mapping[str, Any]) -> list[str]:
    attributes = list(event.get("Attribute") or [])
    for thing in event.get("Object") or []:
        attributes += thing.get("Attribute") or []
    found: list[str] = []
    for each in attributes:
        found += (
            str(each.get("value", "")).split("|") if "|" in str(each.get("type", "")) else [str(each.get("value", ""))]
        )
    return found
