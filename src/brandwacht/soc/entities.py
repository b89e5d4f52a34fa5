"""Who and what an event is about: users, addresses, files and domain names, and which of them may tie alerts together.

``entities_of`` is the one place that knows in which fields they stand; what may tie is data (``data/entiteiten.yaml``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib.resources import files
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final, NamedTuple

import yaml

from brandwacht.engines.detection import Event
from brandwacht.soc.models import EntityKind

MAX_VALUE: Final = 255
USERS: Final = (
    "TargetUserName", "SubjectUserName", "User", "TargetOutboundUserName", "SourceUser", "AccountName", "user.name",
    "userIdentity.userName", "UserId", "user",
)  # fmt: skip
ADDRESSES: Final = (
    "IpAddress", "SourceIp", "SourceAddress", "ClientIP", "ClientAddress", "Source_Network_Address", "src_ip",
    "source.ip", "sourceIPAddress", "id.orig_h", "client_ip", "ActorIpAddress",
)  # fmt: skip
DESTINATIONS: Final = ("DestinationIp", "DestAddress", "dest_ip", "destination.ip", "id.resp_h")
"""Only public ones count: an own server that everybody uses says nothing."""
DOMAINS: Final = (
    "QueryName",
    "DestinationHostname",
    "dns.question.name",
    "dns.query",
    "query",
    "tls.sni",
    "server_name",
)
HASHES: Final = ("Hashes", "Hash", "SHA256", "sha256", "SHA1", "MD5", "file.hash.sha256", "process.hash.sha256")
_HASH: Final = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32})(?![0-9A-Fa-f])")
_IMPHASH: Final = re.compile(r"IMPHASH=[0-9A-Fa-f]+", re.IGNORECASE)
_DOMAIN: Final = re.compile(r"(?=.{4,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{1,61}")
Network = IPv4Network | IPv6Network


class Entity(NamedTuple):
    """One thing that an event names; ``kind`` is a value of ``EntityKind``."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How far tying goes; ``shared_assets`` in ``shared_days`` before makes an address or user a shared one."""

    alerts: int
    stretch: timedelta
    shared_assets: int
    shared_days: timedelta
    per_alert: int


def entities_of(event: Event) -> tuple[Entity, ...]:
    """The users, addresses, files and domain names of an event, each once, in order of what says most.

    Values are in lower case; a user is without the Windows domain. What is no address, hash or domain is left out.
    """
    return tuple(dict.fromkeys(_found(event)))


def _found(event: Event) -> Iterator[Entity]:
    present = event.fields.keys() & _PLACES.keys()
    for name in sorted(present, key=_ORDER.__getitem__) if len(present) > 1 else present:
        value: Any = event.fields[name]
        for text in value if isinstance(value, list) else (value,):
            if isinstance(text, str) and text:
                yield from _PLACES[name](text.replace("\x00", "\u2400"))


def _users(text: str) -> Iterator[Entity]:
    name = text.rpartition("\\")[2].strip().lower()[:MAX_VALUE]
    if name and name not in ("-", "n/a"):
        yield Entity(EntityKind.USER, name)


def _addresses(text: str) -> Iterator[Entity]:
    if (address := _address(text)) is not None:
        yield Entity(EntityKind.ADDRESS, str(address))


def _destinations(text: str) -> Iterator[Entity]:
    if (address := _address(text)) is not None and is_public(str(address)):
        yield Entity(EntityKind.ADDRESS, str(address))


def _domains(text: str) -> Iterator[Entity]:
    name = text.strip().rstrip(".").lower()
    if _DOMAIN.fullmatch(name):
        yield Entity(EntityKind.DOMAIN, name)


def _hashes(text: str) -> Iterator[Entity]:
    # Of one file often three hashes are given; the longest says it all. An import hash is no hash of the file.
    found = max(_HASH.findall(_IMPHASH.sub("", text[:1000])), key=len, default="")
    if found:
        yield Entity(EntityKind.HASH, found.lower())


_PLACES: Final[dict[str, Callable[[str], Iterator[Entity]]]] = {
    name: read
    for names, read in (
        (USERS, _users),
        (ADDRESSES, _addresses),
        (DESTINATIONS, _destinations),
        (DOMAINS, _domains),
        (HASHES, _hashes),
    )
    for name in names
}
_ORDER: Final = {name: number for number, name in enumerate(_PLACES)}


@lru_cache(maxsize=10_000)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


@cache
def _data() -> dict[str, Any]:
    text = (files(__package__) / "data" / "entiteiten.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


@cache
def limits() -> Limits:
    """The limits of the data file."""
    rows = _data()["grenzen"]
    return Limits(
        rows["meldingen"],
        timedelta(hours=rows["uren"]),
        rows["gedeeld_middelen"],
        timedelta(days=rows["gedeeld_dagen"]),
        rows["per_melding"],
    )


@cache
def _networks() -> tuple[tuple[Network, str], ...]:
    return tuple((ip_network(row["net"]), row["waarom"]) for row in _data()["netwerken"])


@lru_cache(maxsize=10_000)
def untied(entity: Entity) -> str | None:
    """Why this user or address ties no alerts together (Dutch); ``None`` when it does. Files and domains never do."""
    if entity.kind == EntityKind.USER:
        return next(
            (row["waarom"] for row in _data()["gebruikers"] if fnmatchcase(entity.value, row["naam"])),
            None,
        )
    if entity.kind == EntityKind.ADDRESS:
        address = _address(entity.value)
        return next((why for net, why in _networks() if address is not None and address in net), None)
    return ""


def ties(entity: Entity) -> bool:
    """Whether this may tie alerts together."""
    return untied(entity) is None


def is_public(value: str) -> bool:
    """Whether this is an address of the internet, not of somebody's own network."""
    address = _address(value)
    return address is not None and address.is_global and not address.is_multicast


def main_entity(event: Event) -> Entity | None:
    """Under whom an event without a host is filed: the first user, else the first address, that is somebody."""
    usable = [e for e in entities_of(event) if ties(e)]
    return min(usable, key=lambda e: e.kind != EntityKind.USER, default=None)
