"""The stored events, as looking back needs them: the port that the event store of this room fills."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from brandwacht.engines.detection import Event

STORE = "brandwacht.soc.store"


class StoredRow(Protocol):
    """What the store knows of an event beside the event itself; ``time`` is the moment it is filed under."""

    @property
    def owner_code(self) -> str: ...
    @property
    def source_key(self) -> str: ...
    @property
    def time(self) -> datetime: ...


class Scan(Protocol):
    """The stored events of these organisations from ``since`` up to but not with ``until``, in order of time."""

    def __call__(
        self,
        owner_codes: Iterable[str],
        since: datetime,
        until: datetime,
        *,
        kinds: Collection[str] | None = None,
        source_keys: Collection[str] | None = None,
    ) -> Iterable[tuple[StoredRow, Event]]: ...


def event_scan() -> Scan | None:
    """The store's scan; ``None`` when this installation keeps no events."""
    return cast(Scan, import_module(STORE).scan) if find_spec(STORE) else None


class Stored:
    """The event store as the pipeline writes to it. Its libraries are loaded by the first batch, not at start."""

    def append(
        self, owner_code: str, source_key: str, batch: str, events: Sequence[Event], received_at: datetime
    ) -> int:
        """See ``store.append``."""
        from brandwacht.soc.store import append

        return append(owner_code, source_key, batch, events, received_at)


def scan_one(
    scan: Scan, owner_code: str, since: datetime, until: datetime, kinds: Collection[str] | None
) -> Iterator[tuple[StoredRow, Event]]:
    """The events of one organisation."""
    yield from scan([owner_code], since, until, kinds=kinds)
