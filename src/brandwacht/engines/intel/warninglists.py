"""Lists of what is almost never bad (MISP's warning lists): asked before an indicator is published or watched.

lists = WarningLists(read_warning_list(data) for data in files)
lists.hits(Indicator(Kind.IPV4, "8.8.8.8"))    # the lists that it stands on, with what it matched

All five kinds of list are matched as MISP means them: `string` is the whole value, `hostname` the name and all below
it, also as the host of a URL or a mail address, `substring` a part, `regex` a search, and `cidr` the networks around an
address. Networks are looked up by their prefix lengths, at most one look in a table for each. The lists are trusted:
an expression in them could be made to take long.

The lists hold millions of entries, so these stand as one sorted table of 64-bit hashes (``packed``), which can be kept
in a file and used as it lies there; only parts and expressions, of which there are few, stay texts. Two entries with
one hash would be taken for each other: with some millions of entries that is one chance in 10^12 for a value.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple, Self
from urllib.parse import urlsplit

import msgspec

from .indicators import Indicator, Kind
from .words import in_dutch

MAX_REGEX: Final = 500
"""Characters of one regular expression, and of a value that is held against one."""
KINDS: Final = ("string", "hostname", "substring", "regex", "cidr")
_TEXTS: Final = ("substring", "regex")


class InvalidList(ValueError):
    """Data that is no warning list; the message is Dutch."""


class _Given(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    entries: list[str] = msgspec.field(name="list")
    type: str = "string"
    description: str = ""
    version: int | str = 0
    matching_attributes: list[str] = []
    category: str = ""


@dataclass(frozen=True, slots=True)
class WarningList:
    """One list. `kinds` are the kinds of indicator it is about; `false_positives` whether its entries are harmless.

    MISP marks some lists as `known` (it is good to know, such as a VPN's addresses) instead of as false positives.
    """

    name: str
    description: str
    version: str
    kind: str
    kinds: frozenset[Kind]
    false_positives: bool
    entries: tuple[str, ...]


class Hit(NamedTuple):
    """A list that an indicator stands on, and the entry that it matched."""

    found: WarningList
    entry: str

    @property
    def sentence(self) -> str:
        """In Dutch, fit to show."""
        return f"Dit staat op de lijst ‘{self.found.name}’ (als {self.entry})."


_ABOUT: Final[Mapping[str, tuple[Kind, ...]]] = {
    "ip-src": (Kind.IPV4, Kind.IPV6),
    "ip-dst": (Kind.IPV4, Kind.IPV6),
    "ip-src|port": (Kind.IPV4, Kind.IPV6),
    "ip-dst|port": (Kind.IPV4, Kind.IPV6),
    "domain|ip": (Kind.IPV4, Kind.IPV6, Kind.DOMAIN),
    "domain": (Kind.DOMAIN,),
    "hostname": (Kind.DOMAIN,),
    "hostname|port": (Kind.DOMAIN,),
    "url": (Kind.URL,),
    "uri": (Kind.URL,),
    "link": (Kind.URL,),
    "email": (Kind.EMAIL,),
    "email-src": (Kind.EMAIL,),
    "email-dst": (Kind.EMAIL,),
    "target-email": (Kind.EMAIL,),
    "whois-registrant-email": (Kind.EMAIL,),
    "dns-soa-email": (Kind.EMAIL,),
    "md5": (Kind.MD5,),
    "sha1": (Kind.SHA1,),
    "sha256": (Kind.SHA256,),
    "filename|md5": (Kind.MD5,),
    "filename|sha1": (Kind.SHA1,),
    "filename|sha256": (Kind.SHA256,),
}


def read_warning_list(data: bytes | str) -> WarningList:
    """Read a `list.json` of MISP. Raises InvalidList (Dutch)."""
    try:
        found = msgspec.json.decode(data, type=_Given, strict=False)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        place, message = in_dutch(error)
        where = f" {place}:" if place else ""
        raise InvalidList(f"Dit is geen waarschuwingslijst.{where} {message}") from None
    if found.type not in KINDS:
        raise InvalidList(f"Een lijst van soort ‘{found.type[:30]}’ kennen wij niet; kies uit {', '.join(KINDS)}.")
    kinds = {kind for attribute in found.matching_attributes for kind in _ABOUT.get(attribute, ())}
    if not found.matching_attributes:
        kinds = set(Kind)
    return WarningList(
        found.name, found.description, str(found.version), found.type, frozenset(kinds),
        found.category != "known", tuple(entry.strip() for entry in found.entries if entry.strip()),
    )  # fmt: skip


class _Kept(msgspec.Struct, array_like=True, frozen=True):
    name: str
    description: str
    version: str
    kind: str
    kinds: list[str]
    false_positives: bool
    entries: list[str]


class _Packed(msgspec.Struct, frozen=True, kw_only=True):
    lists: list[_Kept]
    prefixes: dict[int, list[int]]
    unread: list[str]
    number: int


MAGIC: Final = b"BWWARN01"
"""The first bytes of what ``packed`` gives; the last ones are the version of its layout."""
_WHOLE, _BELOW = "s", "h"


class WarningLists:
    """Lists ready to be asked. An expression that can not be compiled, or an odd network, is in `unread` (Dutch).

    Lists may come one by one: the entries of each are let go before the next is taken.
    """

    def __init__(self, lists: Iterable[WarningList]) -> None:
        self.lists: list[WarningList] = []
        self.unread: list[str] = []
        self._parts: list[tuple[str, WarningList]] = []
        self._searches: list[tuple[re.Pattern[str], WarningList]] = []
        self._prefixes: dict[int, set[int]] = {4: set(), 6: set()}
        found: list[tuple[int, int]] = []
        for number, each in enumerate(lists):
            kept = replace(each, entries=each.entries if each.kind in _TEXTS else ())
            self.lists.append(kept)
            self._read_texts(kept)
            if each.kind not in _TEXTS:
                found.extend((_hash(key), number) for key in self._keys(each))
        found.sort()
        self._hashes: array[int] | memoryview = array("Q", (key for key, _number in found))
        self._numbers: array[int] | memoryview = array("H", (number for _key, number in found))

    def _keys(self, found: WarningList) -> Iterator[str]:
        if found.kind != "cidr":
            below = found.kind == "hostname"
            for entry in found.entries:
                yield f"{_BELOW}{entry.lower().strip('.')}" if below else f"{_WHOLE}{entry.lower()}"
            return
        for entry in found.entries:
            try:
                network = ipaddress.ip_network(entry, strict=False)
            except ValueError:
                self.unread.append(f"‘{entry[:60]}’ op ‘{found.name}’ is geen reeks adressen.")
                continue
            self._prefixes[network.version].add(network.prefixlen)
            shift = network.max_prefixlen - network.prefixlen
            yield f"{network.version}/{network.prefixlen}/{int(network.network_address) >> shift}"

    def _read_texts(self, found: WarningList) -> None:
        for entry in found.entries:
            if found.kind == "substring":
                self._parts.append((entry.lower(), found))
                continue
            try:
                if len(entry) > MAX_REGEX:
                    raise ValueError
                self._searches.append((re.compile(_bare(entry), re.IGNORECASE), found))
            except (re.error, ValueError, OverflowError):
                self.unread.append(f"‘{entry[:60]}’ op ‘{found.name}’ is geen bruikbare expressie.")

    def packed(self) -> bytes:
        """All of it, for a file on this machine; `unpacked` reads it."""
        head = _Packed(
            lists=[
                _Kept(each.name, each.description, each.version, each.kind, sorted(each.kinds), each.false_positives,
                      list(each.entries))
                for each in self.lists
            ],
            prefixes={version: sorted(found) for version, found in self._prefixes.items()}, unread=self.unread,
            number=len(self._hashes),
        )  # fmt: skip
        start = msgspec.json.encode(head)
        start += b" " * (-len(start) % 8)
        size = len(start).to_bytes(8, "little")
        return MAGIC + size + start + self._hashes.tobytes() + self._numbers.tobytes()

    @classmethod
    def unpacked(cls, data: memoryview) -> Self:
        """What `packed` gave, used as it lies in `data`. Raises InvalidList."""
        try:
            size = int.from_bytes(data[8:16], "little")
            head = msgspec.json.decode(data[16 : 16 + size], type=_Packed)
            at, end = 16 + size, 16 + size + 8 * head.number
            if bytes(data[:8]) != MAGIC or len(data) != end + 2 * head.number:
                raise InvalidList("Deze ingepakte lijsten zijn beschadigd of van een andere versie.")
        except (msgspec.DecodeError, UnicodeError) as error:
            raise InvalidList("Deze ingepakte lijsten zijn beschadigd of van een andere versie.") from error
        made = cls(
            WarningList(each.name, each.description, each.version, each.kind, frozenset(map(Kind, each.kinds)),
                        each.false_positives, tuple(each.entries))
            for each in head.lists
        )  # fmt: skip
        made.unread = head.unread
        made._prefixes = {version: set(found) for version, found in head.prefixes.items()}
        made._hashes, made._numbers = data[at:end].cast("Q"), data[end:].cast("H")
        return made

    def _at(self, key: str) -> Iterator[WarningList]:
        wanted = _hash(key)
        place = bisect_left(self._hashes, wanted)
        while place < len(self._hashes) and self._hashes[place] == wanted:
            yield self.lists[self._numbers[place]]
            place += 1

    def hits(self, indicator: Indicator) -> list[Hit]:
        """The lists that this indicator stands on, each once; those of false positives first."""
        found: dict[int, Hit] = {}
        for each in self._hits(indicator):
            if indicator.kind in each.found.kinds:
                found.setdefault(id(each.found), each)
        return sorted(found.values(), key=lambda hit: (not hit.found.false_positives, hit.found.name))

    def _hits(self, indicator: Indicator) -> Iterator[Hit]:
        value = indicator.value.lower()
        names = {value}
        if indicator.kind is Kind.URL:
            names.add(_host(value))
        elif indicator.kind is Kind.EMAIL:
            names.add(value.rpartition("@")[2])
        for name in sorted(names):
            yield from (Hit(each, name) for each in self._at(_WHOLE + name))
            parent = name
            while parent:
                yield from (Hit(each, parent) for each in self._at(_BELOW + parent))
                parent = parent.partition(".")[2]
            yield from self._around(name)
        yield from (Hit(each, part) for part, each in self._parts if part in value)
        for search, each in self._searches:
            if len(value) <= MAX_REGEX and search.search(value):
                yield Hit(each, search.pattern)

    def _around(self, value: str) -> Iterator[Hit]:
        try:
            network = ipaddress.ip_network(value.strip("[]"))
        except ValueError:
            return
        number, size = int(network.network_address), network.max_prefixlen
        for prefix in sorted(self._prefixes[network.version], reverse=True):
            if prefix > network.prefixlen:
                continue
            start = number >> (size - prefix)
            for each in self._at(f"{network.version}/{prefix}/{start}"):
                shown: Any = ipaddress.ip_network((start << (size - prefix), prefix)) if network.version == 4 else None
                shown = shown or ipaddress.IPv6Network((start << (size - prefix), prefix))
                yield Hit(each, str(shown))


def _bare(expression: str) -> str:
    """An expression without the slashes and letters around it that PHP wants: `/^a$/i` is `^a$`."""
    wrapped = re.fullmatch(r"/(.*)/[a-zA-Z]*", expression, re.DOTALL)
    return wrapped[1] if wrapped else expression


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _hash(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
