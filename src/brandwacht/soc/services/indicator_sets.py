"""The values of a list of indicators, on disk and in memory.

A list may hold millions of values, so they are no rows: each version of a list is one packed file of JSON lines in the
data folder, and is loaded once per process. ``IndicatorSet`` is the one place that looks values up.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import orjson
from django.conf import settings

from brandwacht.engines.detection import Event

MAX_VALUE: Final = 4096
"""Characters of one value of an event that are looked at."""
SHORT: Final = 256
"""Characters of a value of which the answer is remembered."""

_TOKEN = re.compile(
    r"(?P<url>(?:https?|ftps?)://[^\s\"'<>|]+)"
    r"|(?P<mail>[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,63})"
    r"|(?P<hash>(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32})(?![0-9A-Fa-f]))"
    r"|(?P<ip4>(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]))"
    r"|(?P<ip6>(?<![\w:])(?:[0-9A-Fa-f]{1,4}:|:)(?:[0-9A-Fa-f]{0,4}:){1,6}[0-9A-Fa-f]{0,4}(?![\w:]))"
    r"|(?P<name>(?<![\w.@-])(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)+[A-Za-z]{2,63}(?![\w-]))"
)
_HOST = re.compile(r"^[a-z]+://(?:[^/@\s]*@)?([^/:?#\s]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a list: ``kind`` as in the intel engine; ``confidence`` 0-100, None for that of the list."""

    kind: str
    value: str
    id: str = ""
    confidence: int | None = None
    valid_until: datetime | None = None

    def to_json(self) -> list[Any]:
        """The item as one line of the file."""
        end = self.valid_until.isoformat() if self.valid_until else None
        return [self.kind, self.value, self.id, self.confidence, end]

    @classmethod
    def from_json(cls, facts: list[Any]) -> Item:
        """What ``to_json`` wrote."""
        kind, value, name, confidence, end = facts
        return cls(kind, value, name, confidence, datetime.fromisoformat(end) if end else None)


@dataclass(frozen=True, slots=True)
class Hit:
    """A value of an event that a list knows: the field, the value as the event has it, and the item."""

    field: str
    value: str
    item: Item


class IndicatorSet:
    """The values of one version of a list, ready to be looked up."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = {item.value: item for item in items}

    def __len__(self) -> int:
        return len(self._items)

    def find(self, event: Event) -> list[Hit]:
        """What the list knows of this event; a name is also found by a domain that it lies under."""
        hits: dict[tuple[str, str], Hit] = {}
        for name, value in event.fields.items():
            for text in value if isinstance(value, list) else (value,):
                if not isinstance(text, str):
                    continue
                for seen, known in candidates(text[:MAX_VALUE]):
                    item = self._items.get(known)
                    if item is not None and not _over(item, event.time):
                        hits.setdefault((name, seen), Hit(name, seen, item))
        return list(hits.values())


def _over(item: Item, moment: datetime | None) -> bool:
    return item.valid_until is not None and moment is not None and item.valid_until <= moment


def candidates(text: str) -> tuple[tuple[str, str], ...]:
    """What could be an indicator in a value: (as it stands there, as a list would have it)."""
    return _remembered(text) if len(text) <= SHORT else _candidates(text)


@lru_cache(maxsize=50_000)
def _remembered(text: str) -> tuple[tuple[str, str], ...]:
    """Short values come back all the time; long ones would fill the memory."""
    return _candidates(text)


def _candidates(text: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for match in _TOKEN.finditer(text):
        kind, seen = match.lastgroup or "", match[0]
        if kind == "url":
            url = seen.rstrip(".,;)")
            found.append((url, url))
            if host := _HOST.match(url):
                found += ((host[1], parent) for parent in _parents(host[1].lower()))
        elif kind == "name":
            found += ((seen, parent) for parent in _parents(seen.lower()))
        elif kind == "mail":
            local, _at, host_name = seen.rpartition("@")
            found.append((seen, f"{local}@{host_name.lower()}"))
        else:
            found.append((seen, seen.lower()))
    return tuple(found)


def _parents(name: str) -> Iterator[str]:
    """The name itself and the domains that it lies under, down to two labels; an address is only itself."""
    yield name
    labels = name.split(".")
    if not labels[-1].isdecimal():
        yield from (".".join(labels[start:]) for start in range(1, len(labels) - 1))


def path_of(public_id: object, version: int) -> Path:
    """Where the values of this version of a list stand."""
    return Path(settings.DATA) / "indicators" / str(public_id) / f"{version}.jsonl.gz"


def write_items(path: Path, items: Iterable[Item]) -> None:
    """Write the values to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wb", compresslevel=3) as stream:
        for item in items:
            stream.write(orjson.dumps(item.to_json()) + b"\n")


def read_items(path: Path) -> Iterator[Item]:
    """The values in a file. Raises ``OSError`` when it is not there."""
    with gzip.open(path, "rb") as stream:
        for line in stream:
            yield Item.from_json(orjson.loads(line))


@lru_cache(maxsize=16)
def load(public_id: str, version: int) -> IndicatorSet:
    """The values of this version of a list; empty when the file is gone."""
    try:
        return IndicatorSet(read_items(path_of(public_id, version)))
    except OSError:
        return IndicatorSet(())
