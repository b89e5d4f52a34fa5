"""Reading events of MISP: what they say, how far each part may go, and the whole of it kept beside.

MISP has two ways of saying who may know something: tags (TLP, PAP) and a distribution. Both are read for each
attribute, with those of its object and its event. A reach is never wider than that of the whole. A sharing group is a
group, however few it names: one that names nobody reaches nobody. Source: MISP core format and MISP feed
(misp-standard.org).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Struct

from ..indicators import Indicator, InvalidIndicator, Kind, parse_indicator, parse_network
from ..marking import Stated, stated_by_words
from ..words import in_dutch

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
MAX_ATTRIBUTES: Final = 200_000
"""Attributes of one event."""


class InvalidMisp(ValueError):
    """Data that is no MISP event or manifest; the message is Dutch and names the place."""


class Level(IntEnum):
    """MISP's distributions, from narrow to wide. A sharing group is none of these: see `Reach.groups`."""

    OWN = 0
    COMMUNITY = 1
    CONNECTED = 2
    ALL = 3


class Group(NamedTuple):
    """A sharing group: its UUID and name, and the names of the organisations in it as far as they are told."""

    uuid: str
    name: str
    members: tuple[str, ...]


class Reach(NamedTuple):
    """How far something may go: to `level`, and within every one of `groups`."""

    level: Level = Level.OWN
    groups: tuple[Group, ...] = ()

    def within(self, other: Reach) -> Reach:
        """How far it may go as a part of something with another reach: the narrower of both."""
        return Reach(min(self.level, other.level), tuple(dict.fromkeys((*other.groups, *self.groups))))


class _Tag(Struct, frozen=True):
    name: str = ""


class _Member(Struct, frozen=True):
    Organisation: dict[str, Any] = {}


class _Group(Struct, frozen=True):
    uuid: str = ""
    name: str = ""
    SharingGroupOrg: list[_Member] = []


class _Org(Struct, frozen=True):
    name: str = ""
    uuid: str = ""


class _Shared(Struct, frozen=True, kw_only=True):
    uuid: str
    distribution: int | str | None = None
    sharing_group_id: int | str | None = None
    SharingGroup: _Group | None = None
    Tag: list[_Tag] = []
    comment: str | None = ""
    deleted: bool | int | str = False


class _Attribute(_Shared, frozen=True, kw_only=True):
    type: str
    value: str | int | float
    category: str = ""
    to_ids: bool | int | str = False
    object_relation: str | None = None


class _Object(_Shared, frozen=True, kw_only=True):
    name: str = ""
    Attribute: list[_Attribute] = []


class _Event(_Shared, frozen=True, kw_only=True):
    info: str
    date: str = ""
    timestamp: int | str = 0
    published: bool | int | str = False
    Orgc: _Org | None = None
    Org: _Org | None = None
    Attribute: list[_Attribute] = []
    Object: list[_Object] = []
    Galaxy: list[Any] = []
    EventReport: list[Any] = []
    ShadowAttribute: list[Any] = []


class _Wrapped(Struct, frozen=True):
    Event: msgspec.Raw = msgspec.Raw(b"")


@dataclass(frozen=True, slots=True)
class MispAttribute:
    """One attribute. `stated` and `reach` are its own, narrowed by its object and its event.

    `indicators` are the values in it that can be watched; `object_name` is empty outside an object.
    """

    uuid: str
    type: str
    category: str
    value: str
    comment: str
    to_ids: bool
    stated: Stated
    reach: Reach
    tags: tuple[str, ...]
    object_name: str
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class MispEvent:
    """An event. `raw` is all of it as it came (JSON, without the wrapper), comments and unknown parts included.

    `changed` is when this version was made, with a time zone, or None. `unread` says in Dutch which parts are kept in
    `raw` only.
    """

    uuid: str
    info: str
    day: str
    changed: datetime | None
    published: bool
    organisation: str
    organisation_uuid: str
    stated: Stated
    reach: Reach
    comment: str
    tags: tuple[str, ...]
    attributes: tuple[MispAttribute, ...]
    unread: tuple[str, ...]
    raw: bytes

    def whole(self) -> dict[str, Any]:
        """The event as it came, with all that we do not know; a fresh dictionary at each call."""
        found: dict[str, Any] = msgspec.json.decode(self.raw)
        return found


_WRAPPED: Final = msgspec.json.Decoder(_Wrapped)
_EVENT: Final = msgspec.json.Decoder(_Event, strict=False)


def read_misp_event(data: bytes | str) -> MispEvent:
    """Read an event, with or without its wrapper. Raises InvalidMisp (Dutch, with the place)."""
    try:
        content = data.encode() if isinstance(data, str) else data
        wrapped = _WRAPPED.decode(content)
        raw = msgspec.json.encode(msgspec.json.decode(wrapped.Event or content))
        found = _EVENT.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        place, message = in_dutch(error)
        where = f" {place}:" if place else ""
        raise InvalidMisp(f"Dit is geen MISP-gebeurtenis.{where} {message}") from None
    if b"\\u0000" in raw:
        raise InvalidMisp("Hierin staat een onzichtbaar teken (NUL) dat niet kan worden bewaard.")
    every = [found, *found.Attribute, *found.Object, *(part for each in found.Object for part in each.Attribute)]
    if len(every) > MAX_ATTRIBUTES:
        raise InvalidMisp(f"Deze gebeurtenis heeft meer dan {MAX_ATTRIBUTES} onderdelen.")
    for each in every:
        if not _UUID.fullmatch(each.uuid):
            raise InvalidMisp(f"‘{each.uuid[:60]}’ is geen UUID.")
    stated, reach = _stated(found, Stated()), _reach(found, Reach(Level.ALL))
    maker = found.Orgc or found.Org or _Org()
    return MispEvent(
        uuid=found.uuid.lower(),
        info=found.info,
        day=found.date,
        changed=_moment(found.timestamp),
        published=_is_true(found.published),
        organisation=maker.name,
        organisation_uuid=maker.uuid,
        stated=stated,
        reach=reach,
        comment=found.comment or "",
        tags=_tags(found),
        attributes=tuple(_attributes(found, stated, reach)),
        unread=tuple(_unread(found)),
        raw=raw,
    )


def _attributes(event: _Event, stated: Stated, reach: Reach) -> Iterator[MispAttribute]:
    for attribute in event.Attribute:
        if not _is_true(attribute.deleted):
            yield _attribute(attribute, stated, reach, "")
    for thing in event.Object:
        if _is_true(thing.deleted):
            continue
        own_stated, own_reach = _stated(thing, stated), _reach(thing, reach)
        for attribute in thing.Attribute:
            if not _is_true(attribute.deleted):
                yield _attribute(attribute, own_stated, own_reach, thing.name or "object")


def _attribute(found: _Attribute, stated: Stated, reach: Reach, object_name: str) -> MispAttribute:
    value = str(found.value)
    return MispAttribute(
        uuid=found.uuid.lower(),
        type=found.type,
        category=found.category,
        value=value,
        comment=found.comment or "",
        to_ids=_is_true(found.to_ids),
        stated=_stated(found, stated),
        reach=_reach(found, reach),
        tags=_tags(found),
        object_name=object_name,
        indicators=tuple(_indicators(found.type, value)),
    )


def _stated(part: _Shared, whole: Stated) -> Stated:
    return stated_by_words(_tags(part)).over(whole)


def _tags(part: _Shared) -> tuple[str, ...]:
    return tuple(tag.name for tag in part.Tag if tag.name)


def _reach(part: _Shared, whole: Reach) -> Reach:
    """The reach of a part. 5 (inherit) and nothing said are those of the whole; an unknown number is the narrowest."""
    given = part.distribution
    try:
        number = 5 if given in (None, "") else int(given or 0)
    except ValueError:
        number = Level.OWN
    if number == 5:
        return whole
    if number == 4:
        group = part.SharingGroup
        members = tuple(str(each.Organisation.get("name", "")) for each in group.SharingGroupOrg) if group else ()
        name = group.name if group else ""
        uuid = group.uuid if group and group.uuid else f"nummer {part.sharing_group_id}"
        return Reach(Level.ALL, (Group(uuid, name, members),)).within(whole)
    return Reach(Level(number) if number in (0, 1, 2, 3) else Level.OWN).within(whole)


def _is_true(value: bool | int | str) -> bool:
    return value in (True, 1, "1", "true", "True")


def _moment(stamp: int | str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(stamp), tz=UTC) if int(stamp) > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def _unread(event: _Event) -> Iterator[str]:
    for parts, words in (
        (event.Galaxy, "indelingen (galaxies)"),
        (event.EventReport, "verslagen"),
        (event.ShadowAttribute, "voorstellen"),
    ):
        if parts:
            yield f"{len(parts)} {words} zijn bewaard, maar niet overgenomen."


_SINGLE: Final[dict[str, tuple[Kind, ...]]] = {
    "ip-src": (Kind.IPV4, Kind.IPV6),
    "ip-dst": (Kind.IPV4, Kind.IPV6),
    "domain": (Kind.DOMAIN,),
    "hostname": (Kind.DOMAIN,),
    "url": (Kind.URL,),
    "uri": (Kind.URL,),
    "link": (Kind.URL,),
    "email": (Kind.EMAIL,),
    "email-src": (Kind.EMAIL,),
    "email-dst": (Kind.EMAIL,),
    "md5": (Kind.MD5,),
    "sha1": (Kind.SHA1,),
    "sha256": (Kind.SHA256,),
}
_PAIRS: Final[dict[str, tuple[str, str]]] = {
    "domain|ip": ("domain", "ip-dst"),
    "hostname|port": ("hostname", ""),
    "ip-src|port": ("ip-src", ""),
    "ip-dst|port": ("ip-dst", ""),
    "filename|md5": ("", "md5"),
    "filename|sha1": ("", "sha1"),
    "filename|sha256": ("", "sha256"),
}


def _indicators(kind: str, value: str) -> Iterator[Indicator]:
    """The values of an attribute that can be watched; none when its type has none or they are odd."""
    parts: Iterable[tuple[str, str]] = ((kind, value),)
    if kind in _PAIRS:
        parts = zip(_PAIRS[kind], value.split("|", 1), strict=False)
    for name, text in parts:
        kinds = _SINGLE.get(name)
        if kinds is None:
            continue
        try:
            network = kinds[0] is Kind.IPV4 and "/" in text
            found = parse_network(text) if network else parse_indicator(text)
        except InvalidIndicator:
            continue
        if found.kind in kinds:
            yield found


class ManifestEntry(NamedTuple):
    """An event in a feed's manifest: what to fetch (`file`) and, by `changed`, whether that is needed."""

    uuid: str
    file: str
    info: str
    changed: datetime | None
    stated: Stated


def read_manifest(data: bytes | str) -> list[ManifestEntry]:
    """Read the manifest of a feed, oldest change first. Raises InvalidMisp (Dutch)."""
    try:
        found = msgspec.json.decode(data, type=dict[str, _ManifestEntry], strict=False)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        place, message = in_dutch(error)
        where = f" {place}:" if place else ""
        raise InvalidMisp(f"Dit is geen overzicht van een MISP-feed.{where} {message}") from None
    for uuid in found:
        if not _UUID.fullmatch(uuid):  # it becomes part of an address
            raise InvalidMisp(f"‘{uuid[:60]}’ in het overzicht is geen UUID.")
    entries = [
        ManifestEntry(
            uuid, f"{uuid}.json", each.info, _moment(each.timestamp), stated_by_words(t.name for t in each.Tag)
        )
        for uuid, each in found.items()
    ]
    return sorted(entries, key=lambda entry: (entry.changed or datetime.min.replace(tzinfo=UTC), entry.uuid))


class _ManifestEntry(Struct, frozen=True):
    info: str = ""
    timestamp: int | str = 0
    Tag: list[_Tag] = []
