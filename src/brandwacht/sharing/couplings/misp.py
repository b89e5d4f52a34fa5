"""The asking side of MISP: events of a server and of a feed, sharing groups, and bringing an event.

Which calls: MISP's REST API (``/events/restSearch``, ``/events/add``, ``/events/edit``, ``/sharing_groups``) and the
MISP feed format (``manifest.json`` and a file per event).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
import orjson
from django.utils.translation import gettext as _
from msgspec import Struct

from brandwacht.engines.intel.misp import InvalidMisp, ManifestEntry, read_manifest
from brandwacht.sharing.couplings.asking import Peer, Trouble, ask, moment_of, read

PAGE: Final = 20
"""Events that are asked for at once: one event can be large."""


class _Group(Struct):
    id: str | int = ""
    uuid: str = ""
    name: str = ""


class _Wrapped(Struct):
    SharingGroup: _Group | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A sharing group that we are in at a server: its number there, its UUID and its name."""

    number: str
    uuid: str
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of events, each as JSON, and the moment at the server when it gave them."""

    events: list[bytes]
    at: datetime | None


def _headers(peer: Peer) -> dict[str, str]:
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    return headers | ({"Authorization": peer.secret} if peer.secret else {})


def _url(peer: Peer, path: str) -> str:
    return f"{peer.address.rstrip('/')}/{path}"


def _ours(peer: Peer) -> Peer:
    """At a MISP server the key is all: a name beside it would go along as another kind of log-in."""
    return Peer(peer.address, "", peer.secret)


def version(peer: Peer, now: datetime) -> str:
    """The version of the server, which also shows that the key works."""
    content = ask(_ours(peer), "GET", _url(peer, "servers/getVersion"), now, headers=_headers(peer)).content
    return str(read(content, dict[str, Any], peer.place).get("version", ""))[:40]


def groups(peer: Peer, now: datetime) -> list[Group]:
    """The sharing groups that we are in."""
    content = ask(_ours(peer), "GET", _url(peer, "sharing_groups"), now, headers=_headers(peer)).content
    return read_groups(content, peer.place)


def read_groups(data: bytes, place: str) -> list[Group]:
    """Sharing groups out of an answer; what has no number or UUID is left out."""
    found = read(_response(data, place), list[_Wrapped], place)
    every = [each.SharingGroup for each in found if each.SharingGroup is not None]
    return [
        Group(str(each.id), each.uuid.lower(), each.name[:200])
        for each in every
        if str(each.id).isdecimal() and len(str(each.id)) <= 12 and len(each.uuid) == 36
    ]


def events(peer: Peer, now: datetime, *, since: int, number: int, limit: int = PAGE) -> Found:
    """Page ``number`` (from 1) of the events that changed at or after ``since`` (seconds since 1970)."""
    asked = {"returnFormat": "json", "limit": limit, "page": number, "timestamp": since, "includeSightings": 0}
    answer = ask(
        _ours(peer), "POST", _url(peer, "events/restSearch"), now, headers=_headers(peer), body=orjson.dumps(asked)
    )
    return Found(read_events(answer.content, peer.place), moment_of(answer.headers.get("Date", "")))


def read_events(data: bytes, place: str) -> list[bytes]:
    """The events in an answer of a search, each as JSON with or without its wrapper."""
    return [bytes(each) for each in read(_response(data, place), list[msgspec.Raw], place)]


def _response(data: bytes, place: str) -> bytes:
    """What is within ``response``, where a server wraps its list in one."""
    if data.lstrip()[:1] == b"{":
        found = read(data, dict[str, msgspec.Raw], place).get("response")
        if found is None:
            raise Trouble(
                _("%(place)s antwoordt zonder lijst van gebeurtenissen. Is dit een MISP-server?") % {"place": place}
            )
        return bytes(found)
    return data


def put(peer: Peer, event: Mapping[str, Any], now: datetime) -> None:
    """Bring an event: a new version of what is there, else a new event. Raises ``Trouble``.

    A server that already has this version or a newer one keeps that, and that is right.
    """
    uuid, body, ours = str(event["Event"]["uuid"]), orjson.dumps(event), _ours(peer)
    edit = _url(peer, f"events/edit/{uuid}")
    answer = ask(ours, "POST", edit, now, headers=_headers(peer), body=body, fine=(400, 403, 404, 405))
    if answer.good:
        return
    add = ask(ours, "POST", _url(peer, "events/add"), now, headers=_headers(peer), body=body, fine=(400, 403, 405))
    if add.good:
        return
    there = ask(ours, "GET", _url(peer, f"events/view/{uuid}"), now, headers=_headers(peer), fine=(403, 404, 405))
    if not there.good:
        raise Trouble(
            _("%(place)s neemt de gebeurtenis niet aan. Mag onze sleutel daar gebeurtenissen maken en wijzigen?")
            % {"place": peer.place}
        )
    held = read(there.content, dict[str, dict[str, Any]], peer.place).get("Event", {}).get("timestamp", 0)
    if not str(held).isdecimal() or int(held) < int(event["Event"]["timestamp"]):
        raise Trouble(
            _("%(place)s houdt een oudere versie van een gebeurtenis. Mag onze sleutel daar wijzigen?")
            % {"place": peer.place}
        )  # fmt: skip


def manifest(peer: Peer, now: datetime) -> list[ManifestEntry]:
    """What is in a feed, oldest change first."""
    answer = ask(peer, "GET", _url(peer, "manifest.json"), now, headers={"Accept": "application/json, */*;q=0.5"})
    try:
        return read_manifest(answer.content)
    except InvalidMisp as error:
        raise Trouble(str(error)) from error


def feed_event(peer: Peer, entry: ManifestEntry, now: datetime) -> bytes | None:
    """The event of an entry in the manifest, as JSON; ``None`` when it is not there."""
    headers = {"Accept": "application/json, */*;q=0.5"}
    answer = ask(peer, "GET", _url(peer, entry.file), now, headers=headers, fine=(404, 410))
    return answer.content if answer.good else None
