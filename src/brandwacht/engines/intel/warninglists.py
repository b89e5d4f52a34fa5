"""Lists of what is almost never bad (MISP's warning lists): asked before an indicator is published or watched.

lists = WarningLists(read_warning_list(data) for data in files)
lists.hits(Indicator(Kind.IPV4, "8.8.8.8"))    # the lists that it stands on, with what it matched

All five kinds of list are matched as MISP means them: `string` is the whole value, `hostname` the name and all below
it, also as the host of a URL or a mail address, `substring` a part, `regex` a search, and `cidr` the networks around an
address. Networks are looked up by their prefix lengths, at most one look in a table for each. The lists are trusted:
an expression in them could be made to take long.
"""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import msgspec

from .indicators import Indicator, Kind
from .words import in_dutch

MAX_REGEX: Final = 500
"""Characters of one regular expression, and of a value that is held against one."""
KINDS: Final = ("string", "hostname", "substring", "regex", "cidr")


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


_Network = tuple[int, int, int]  # version, prefix, network as a number


class WarningLists:
    """Lists ready to be asked. An expression that can not be compiled, or an odd network, is in `unread` (Dutch)."""

    def __init__(self, lists: Iterable[WarningList]) -> None:
        self.lists: list[WarningList] = []
        self.unread: list[str] = []
        self._exact: dict[str, list[WarningList]] = defaultdict(list)
        self._below: dict[str, list[WarningList]] = defaultdict(list)
        self._networks: dict[_Network, list[WarningList]] = defaultdict(list)
        self._prefixes: dict[int, set[int]] = {4: set(), 6: set()}
        self._parts: list[tuple[str, WarningList]] = []
        self._searches: list[tuple[re.Pattern[str], WarningList]] = []
        for each in lists:
            self.lists.append(each)
            for entry in each.entries:
                self._take(each, entry)

    def _take(self, found: WarningList, entry: str) -> None:
        match found.kind:
            case "cidr":
                try:
                    network = ipaddress.ip_network(entry, strict=False)
                except ValueError:
                    self.unread.append(f"‘{entry[:60]}’ op ‘{found.name}’ is geen reeks adressen.")
                    return
                self._prefixes[network.version].add(network.prefixlen)
                shift = network.max_prefixlen - network.prefixlen
                self._networks[network.version, network.prefixlen, int(network.network_address) >> shift].append(found)
            case "hostname":
                self._below[entry.lower().strip(".")].append(found)
            case "substring":
                self._parts.append((entry.lower(), found))
            case "regex":
                try:
                    if len(entry) > MAX_REGEX:
                        raise ValueError
                    self._searches.append((re.compile(_bare(entry), re.IGNORECASE), found))
                except (re.error, ValueError, OverflowError):
                    self.unread.append(f"‘{entry[:60]}’ op ‘{found.name}’ is geen bruikbare expressie.")
            case _:
                self._exact[entry.lower()].append(found)

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
            yield from (Hit(each, name) for each in self._exact.get(name, ()))
            parent = name
            while parent:
                yield from (Hit(each, parent) for each in self._below.get(parent, ()))
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
            for each in self._networks.get((network.version, prefix, start), ()):
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
