"""Indicators: which of millions of known bad addresses, domains, web addresses, hashes and mail addresses occur.

built = build(indicators)                      # IndicatorSet and what was refused, with reasons
known = built.found.find("domain", "www.evil.example")

A set is a sorted table of 64-bit hashes, with beside it for each hash where its indicator stands in one run of bytes. A
value that is looked up is hashed and sought by halving; a hit is confirmed on the value itself, so that equal hashes
never make a false one. A domain is also found by the domains above it, an address by the networks around it.

The file is that same layout, of our own: it is used as it lies on disk (memory mapped), so that it loads at the speed
of its checksum and millions of values need not stand in memory. Arrow could hold the columns too, but would add its
import to every process that only looks values up, and has no checksum.
"""

from __future__ import annotations

import hashlib
import math
import mmap
import os
import struct
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from brandwacht.engines.detection.indicator_values import IPV4, KINDS, BadValue, normal

MAGIC: Final = b"BWINDIC1"
"""The first bytes of a file; the last one is the version of its layout."""
WIDEST: Final = {"ipv4": 8, "ipv6": 16}
"""Shorter prefixes are refused: a network this wide would match everything."""

_HEAD: Final = struct.Struct("<8s32sQQQ")  # magic, checksum of what follows it, indicators, bytes of records, of names
_RECORD: Final = struct.Struct("<BbHIdHH")  # kind, confidence, TLP, source, end, bytes of the value, bytes of the id
_BUCKETS: Final = 256
_MAX_TEXT: Final = 65_535


class UnreadableIndicators(Exception):
    """A file of indicators that can not be used; the message is a Dutch sentence that says why."""


class Indicator(NamedTuple):
    """One thing to look for. `kind` is one of `KINDS`, or for a network that of its addresses.

    `confidence` is 0 to 100 or None, `valid_until` aware or None (no end), `id` and `source` say where it came from.
    """

    kind: str
    value: str
    id: str
    source: str
    confidence: int | None = None
    valid_until: datetime | None = None
    tlp: str = ""

    def has_ended(self, moment: datetime | None) -> bool:
        """Whether it no longer counts at `moment`; an event without a time counts always."""
        return self.valid_until is not None and moment is not None and self.valid_until < moment


@dataclass(frozen=True, slots=True)
class Refused:
    """An indicator that can not be used, at position `number` (from 1), with the Dutch reason."""

    number: int
    indicator: Indicator
    reason: str


@dataclass(frozen=True, slots=True)
class Built:
    """What came of a list: the set, what was refused, and how many were the same as another in all respects."""

    found: IndicatorSet
    refused: list[Refused]
    doubles: int


class IndicatorSet:
    """An unchanging set of indicators. Make one with `build` or `load`; several threads may use it at once."""

    def __init__(self, hashes: memoryview, places: memoryview, records: memoryview, names: list[str]) -> None:
        """`names` are the sources and markings by number; the first is the prefixes of the networks, as 4/24 6/64."""
        self._hashes, self._places, self._records, self._names = hashes, places, records, names
        self._near = 2 * math.isqrt(len(hashes)) + 1  # four standard deviations, and one for the smallest sets
        self._networks: dict[int, list[int]] = {4: [], 6: []}
        for name in names[0].split():
            version, _, prefix = name.partition("/")
            self._networks[int(version)].append(int(prefix))

    def __len__(self) -> int:
        return len(self._hashes)

    def __iter__(self) -> Iterator[Indicator]:
        return (self._at(place) for place in self._places)

    def find(self, kind: str, value: str) -> list[Indicator]:
        """The indicators that `value` fits, also those that have ended; none when it is no value of its kind."""
        try:
            if kind in ("ipv4", "ipv6"):
                return self._find_address(value)
            text = normal(kind, value)
        except ValueError:
            return []
        found = self._exactly(kind, text)
        if kind == "domain":
            while (text := text.partition(".")[2]) and "." in text:
                found += self._exactly(kind, text)
        return found

    def _find_address(self, value: str) -> list[Indicator]:
        if IPV4.fullmatch(value):
            return self._around("ipv4", value, int.from_bytes(map(int, value.split("."))), 32)
        address: IPv4Address | IPv6Address = ip_address(value.strip().partition("%")[0])
        address = getattr(address, "ipv4_mapped", None) or address
        return self._around(f"ipv{address.version}", str(address), int(address), address.max_prefixlen)

    def _around(self, kind: str, text: str, number: int, size: int) -> list[Indicator]:
        found = self._exactly(kind, text)
        for prefix in self._networks[int(kind[-1])]:
            start = number >> (size - prefix) << (size - prefix)
            shown = ".".join(map(str, start.to_bytes(4))) if size == 32 else str(IPv6Address(start))
            found += self._exactly(kind, f"{shown}/{prefix}")
        return found

    def _exactly(self, kind: str, text: str) -> list[Indicator]:
        sought = _hash(kind, text)
        hashes = self._hashes
        position = self._position(sought)
        found = []
        while position < len(hashes) and hashes[position] == sought:
            indicator = self._at(self._places[position])
            if indicator.value == text and indicator.kind == kind:
                found.append(indicator)
            position += 1
        return found

    def _position(self, sought: int) -> int:
        """Where `sought` stands among the hashes, or would. They are spread evenly, so that it is near where a perfect
        spread would have it: looking there first touches little memory. Elsewhere it is sought by halving all.
        """
        hashes, size = self._hashes, len(self._hashes)
        guess, near = sought * size >> 64, self._near
        low, high = max(0, guess - near), min(size, guess + near)
        if (low > 0 and hashes[low - 1] >= sought) or (high < size and hashes[high] < sought):
            low, high = 0, size
        return bisect_left(hashes, sought, low, high)

    def _at(self, place: int) -> Indicator:
        kind, confidence, tlp, source, end, length, id_length = _RECORD.unpack_from(self._records, place)
        start = place + _RECORD.size
        return Indicator(
            kind=KINDS[kind],
            value=str(self._records[start : start + length], "utf-8"),
            id=str(self._records[start + length : start + length + id_length], "utf-8"),
            source=self._names[source],
            confidence=None if confidence < 0 else confidence,
            valid_until=None if math.isnan(end) else datetime.fromtimestamp(end, tz=UTC),
            tlp=self._names[tlp],
        )

    def save(self, path: Path) -> None:
        """Write the set to `path`, whole or not at all; who has the former file open keeps that."""
        names = "\n".join(self._names).encode()
        parts = [self._hashes.cast("B"), self._places.cast("B"), self._records, memoryview(names)]
        counts = (len(self), len(self._records), len(names))
        check = _checksum(counts, parts)
        part = path.with_name(path.name + ".part")
        with part.open("wb") as stream:
            stream.write(_HEAD.pack(MAGIC, check, *counts))
            for piece in parts:
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)

    @classmethod
    def load(cls, path: Path) -> IndicatorSet:
        """The set that `save` wrote, as it lies on disk. Raises `UnreadableIndicators` when anything is amiss."""
        try:
            with path.open("rb") as stream:
                whole = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
        except (OSError, ValueError) as error:
            raise UnreadableIndicators(f"Het bestand {path.name} kan niet worden gelezen of is leeg.") from error
        if len(whole) < _HEAD.size or bytes(whole[:7]) != MAGIC[:7]:
            raise UnreadableIndicators(f"Het bestand {path.name} is geen bestand met indicatoren.")
        magic, check, count, size, names_size = _HEAD.unpack_from(whole)
        if magic != MAGIC:
            raise UnreadableIndicators(f"Het bestand {path.name} heeft een andere versie. Laad de indicatoren opnieuw.")
        ends = [_HEAD.size]
        for length in (8 * count, 8 * count, size, names_size):
            ends.append(ends[-1] + length)
        parts = [whole[start:end] for start, end in pairwise(ends)]
        if ends[-1] != len(whole) or _checksum((count, size, names_size), parts) != check:
            raise UnreadableIndicators(f"Het bestand {path.name} is beschadigd. Laad de indicatoren opnieuw.")
        return cls(parts[0].cast("Q"), parts[1].cast("Q"), parts[2], str(parts[3], "utf-8").split("\n"))


def _checksum(counts: tuple[int, int, int], parts: Iterable[memoryview]) -> bytes:
    check = hashlib.blake2b(struct.pack("<QQQ", *counts), digest_size=32)
    for part in parts:
        check.update(part)
    return check.digest()


def _hash(kind: str, text: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{kind} {text}".encode(), digest_size=8).digest(), "little")


def build(indicators: Iterable[Indicator]) -> Built:
    """A set of `indicators`. What can not be used is in `refused`; nothing disappears without being told."""
    builder = _Builder()
    refused = []
    for number, indicator in enumerate(indicators, start=1):
        try:
            builder.add(indicator)
        except BadValue as error:
            refused.append(Refused(number, indicator, str(error)))
    found, doubles = builder.finish()
    return Built(found, refused, doubles)


class _Builder:
    """Gathers indicators; by the first byte of their hash, so that they are sorted in small pieces."""

    def __init__(self) -> None:
        self._records = bytearray()
        self._hashes = [array("Q") for _ in range(_BUCKETS)]
        self._places = [array("Q") for _ in range(_BUCKETS)]
        self._names: dict[str, int] = {"\n": 0}  # the place of the networks; no name has a line end
        self._networks: set[str] = set()

    def add(self, indicator: Indicator) -> None:
        kind = indicator.kind
        text = normal(kind, indicator.value)
        if kind in WIDEST and "/" in text and int(text.partition("/")[2]) < WIDEST[kind]:
            raise BadValue(f"Het netwerk {text} is te ruim: dat past op te veel. Geef minstens /{WIDEST[kind]}.")
        value, own = text.encode(), indicator.id.encode("utf-8", "replace")
        if len(own) > _MAX_TEXT:
            raise BadValue("Het kenmerk (id) is te lang.")
        head = _RECORD.pack(
            KINDS.index(kind), _confidence(indicator), self._tlp(indicator.tlp), self._name(indicator.source),
            _end(indicator), len(value), len(own),
        )  # fmt: skip
        sought = _hash(kind, text)
        bucket = sought >> 56
        self._hashes[bucket].append(sought)
        self._places[bucket].append(len(self._records))
        self._records += head + value + own
        if kind in WIDEST and "/" in text:
            self._networks.add(f"{kind[-1]}/{text.partition('/')[2]}")

    def _name(self, name: str) -> int:
        if "\n" in name:
            raise BadValue("De bron of de TLP-markering (Traffic Light Protocol) heeft meer dan één regel.")
        return self._names.setdefault(name.encode("utf-8", "replace").decode(), len(self._names))

    def _tlp(self, name: str) -> int:
        number = self._name(name)
        if number > _MAX_TEXT:
            raise BadValue("Er zijn te veel verschillende TLP-markeringen (Traffic Light Protocol).")
        return number

    def finish(self) -> tuple[IndicatorSet, int]:
        hashes, places, doubles = array("Q"), array("Q"), 0
        for bucket_hashes, bucket_places in zip(self._hashes, self._places, strict=True):
            same: set[bytes] = set()
            last = -1
            for position in sorted(range(len(bucket_hashes)), key=bucket_hashes.__getitem__):
                sought, place = bucket_hashes[position], bucket_places[position]
                if sought != last:
                    same.clear()
                    last = sought
                record = self._record(place)
                if record in same:
                    doubles += 1
                    continue
                same.add(record)
                hashes.append(sought)
                places.append(place)
        names = [" ".join(sorted(self._networks)), *list(self._names)[1:]]
        return IndicatorSet(memoryview(hashes), memoryview(places), memoryview(self._records), names), doubles

    def _record(self, place: int) -> bytes:
        *_, length, id_length = _RECORD.unpack_from(self._records, place)
        return bytes(self._records[place : place + _RECORD.size + length + id_length])


def _confidence(indicator: Indicator) -> int:
    if indicator.confidence is None:
        return -1
    if not 0 <= indicator.confidence <= 100:
        raise BadValue(f"De betrouwbaarheid {indicator.confidence} ligt niet tussen 0 en 100.")
    return indicator.confidence


def _end(indicator: Indicator) -> float:
    if indicator.valid_until is None:
        return math.nan
    if indicator.valid_until.tzinfo is None:
        raise BadValue("De einddatum heeft geen tijdzone.")
    return indicator.valid_until.timestamp()
