"""The values of a list of indicators, on disk and in memory.

A list may hold millions of values, so they are no rows: each version of a list is one packed file of JSON lines in the
data folder, with beside it the form in which the engine looks values up on disk, made of it at any time.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
import structlog
from django.conf import settings

from brandwacht.engines.detection import indicators as engine

log = structlog.get_logger(__name__)


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


def write_set(path: Path) -> None:
    """Write the values in this file as the engine looks them up, beside it. Raises ``OSError``."""
    items = read_items(path)
    built = engine.build(
        engine.Indicator(item.kind, item.value, item.id, "", item.confidence, item.valid_until) for item in items
    )
    if built.refused:
        log.warning(
            "values of a list are not watched for", file=str(path), n=len(built.refused), why=built.refused[0].reason
        )
    built.found.save(set_of(path))


def set_of(path: Path) -> Path:
    """Where the values of this file stand as the engine looks them up."""
    return path.with_name(path.name.removesuffix(".jsonl.gz") + ".bin")


@lru_cache(maxsize=64)
def load(public_id: str, version: int) -> engine.IndicatorSet:
    """The values of this version of a list, as they lie on disk; empty when the file is gone."""
    path = path_of(public_id, version)
    try:
        try:
            return engine.IndicatorSet.load(set_of(path))
        except engine.UnreadableIndicators:  # not there yet, damaged, or of another version
            write_set(path)
            return engine.IndicatorSet.load(set_of(path))
    except OSError:
        return engine.build(()).found
