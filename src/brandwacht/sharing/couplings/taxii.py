"""The asking side of TAXII 2.1: find collections, read them page by page, bring objects and follow what came of them.

Servers differ: some send another media type, some say that there is more without saying from where. What they send is
taken as long as it is JSON of the right shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode, urljoin

import msgspec
import orjson
from django.utils.translation import gettext as _
from msgspec import Struct

from brandwacht.network.outgoing import Answer
from brandwacht.sharing.couplings.asking import Peer, Trouble, ask, read
from brandwacht.sharing.taxii.naming import BadMoment, moment

MEDIA: Final = "application/taxii+json;version=2.1"
_SECOND: Final = "application/taxii+json, application/json;q=0.9, */*;q=0.5"
"""What is asked for when a server does not know the first."""
PAGE: Final = 1000
"""Objects that are asked for at once."""
MOST_ROOTS: Final = 20
_LONGEST: Final = 500


class _Discovery(Struct):
    default: str | None = None
    api_roots: list[str] = []


class _Described(Struct):
    id: str
    title: str = ""
    can_read: bool = False
    can_write: bool = False


class _Collections(Struct):
    collections: list[_Described] = []


class _Head(Struct):
    more: bool = False
    next: str | int | None = None
    objects: list[msgspec.Raw] = []


class _Failure(Struct):
    id: str = ""
    message: str = ""


class _Status(Struct):
    id: str = ""
    status: str = ""
    success_count: int = 0
    failure_count: int = 0
    pending_count: int = 0
    failures: list[_Failure] = []


@dataclass(frozen=True, slots=True)
class Offered:
    """A collection of a server: its address, what it is called, and what we may do there."""

    url: str
    title: str
    can_read: bool
    can_write: bool


@dataclass(frozen=True, slots=True)
class Envelope:
    """One page. ``content`` is all of it, ``count`` how many objects; ``next`` is empty when the server gives none.

    ``first`` and ``last`` are when the first and last object were added there, as far as the server says.
    """

    content: bytes
    count: int
    more: bool
    next: str
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of objects that we brought: ``done`` says that nothing is pending; ``failures`` by id, as they say."""

    id: str
    done: bool
    succeeded: int
    failures: tuple[tuple[str, str], ...]


def discover(peer: Peer, now: datetime) -> list[Offered]:
    """The collections at an address: that of a server (discovery) or of one API root. Raises ``Trouble``."""
    found = read(_get(peer, peer.address, now).content, _Discovery, peer.place)
    roots = [urljoin(peer.address, each) for each in (*found.api_roots, *([found.default] if found.default else []))]
    offered = []
    for root in list(dict.fromkeys(roots or [peer.address]))[:MOST_ROOTS]:
        folder = root if root.endswith("/") else f"{root}/"
        offered += read_offered(_get(peer, f"{folder}collections/", now).content, folder, peer.place)
    if not offered:
        raise Trouble(_("%(place)s biedt ons geen verzameling aan.") % {"place": peer.place})
    return offered


def read_offered(data: bytes, root: str, place: str) -> list[Offered]:
    """The collections in an answer of the API root at ``root``; one whose id fits in no address is left out."""
    return [
        Offered(f"{root}collections/{each.id}/", each.title[:200] or each.id, each.can_read, each.can_write)
        for each in read(data, _Collections, place).collections
        if each.id.replace("-", "").isalnum() and each.id.isascii() and len(each.id) < 100
    ]


def page(
    peer: Peer, collection: str, now: datetime, *, added_after: str = "", after: str = "", limit: int = PAGE
) -> Envelope | None:
    """A page of a collection; ``None`` when the server no longer knows ``after`` (its ``next``)."""
    asked: dict[str, str | int] = {"limit": limit}
    if added_after:
        asked["added_after"] = added_after
    if after:
        asked["next"] = after
    answer = _get(peer, f"{collection}objects/?{urlencode(asked)}", now, fine=(400, 404, 416) if after else ())
    if not answer.good:
        return None
    return read_page(answer.content, answer.headers, peer.place)


def read_page(content: bytes, headers: Mapping[str, str], place: str) -> Envelope:
    """A page out of an answer; raises ``Trouble`` when it is none."""
    found = read(content, _Head, place)
    following = str(found.next) if found.next is not None else ""
    return Envelope(
        content=content,
        count=len(found.objects),
        more=found.more,
        next=following if len(following) <= _LONGEST else "",
        first=_moment(headers.get("X-TAXII-Date-Added-First", "")),
        last=_moment(headers.get("X-TAXII-Date-Added-Last", "")),
    )


def _moment(text: str) -> datetime | None:
    try:
        return moment(text.strip())
    except BadMoment:
        return None


def bring(peer: Peer, collection: str, objects: list[Mapping[str, Any]], now: datetime) -> Outcome:
    """Bring objects to a collection; what came of it may still be pending."""
    headers = {"Accept": MEDIA, "Content-Type": MEDIA}
    body = orjson.dumps({"objects": objects})
    answer = ask(peer, "POST", f"{collection}objects/", now, headers=headers, body=body)
    return read_outcome(answer.content, peer.place)


def follow(peer: Peer, collection: str, status: str, now: datetime) -> Outcome | None:
    """What has come of what we brought earlier; ``None`` when the server no longer knows."""
    root = collection.rpartition("collections/")[0]
    answer = _get(peer, f"{root}status/{status}/", now, fine=(404, 410))
    return read_outcome(answer.content, peer.place) if answer.good else None


def read_outcome(data: bytes, place: str) -> Outcome:
    """A status out of an answer; an id that can not stand in an address is taken as none."""
    found = read(data, _Status, place)
    safe = found.id.replace("-", "").isalnum() and found.id.isascii() and len(found.id) < 100
    done = found.status != "pending" and found.pending_count <= 0
    failures = tuple((each.id[:300], each.message[:200]) for each in found.failures)
    return Outcome(found.id if safe else "", done, max(found.success_count, 0), failures)


def _get(peer: Peer, url: str, now: datetime, fine: tuple[int, ...] = ()) -> Answer:
    answer = ask(peer, "GET", url, now, headers={"Accept": MEDIA}, fine=(*fine, 406))
    if answer.status == 406:
        answer = ask(peer, "GET", url, now, headers={"Accept": _SECOND}, fine=fine)
    return answer
