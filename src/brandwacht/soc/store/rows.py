"""Events as rows of a table, and rows as events again."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import orjson
import pyarrow as pa

from brandwacht.engines.detection import Event, stored_event
from brandwacht.engines.detection.ecs import ecs_part
from brandwacht.engines.detection.partly import whole
from brandwacht.soc.store.columns import ADDRESS, EXACT, FROM_ECS, KEYS, MANY, NUMBER, SCHEMA

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD: Final = timedelta(days=1)
"""A clock may run this far ahead; an event from beyond that is filed under the day on which it was received."""
_INT64: Final = 2**63
_TOLD: Final = ("kind", "channel", "event_id", "record_id", "time", "host", "provider", "fields")
_HASHES: Final = ("file.hash.md5", "file.hash.sha1", "file.hash.sha256")
_WANTED: Final = frozenset((*(column.ecs for column in FROM_ECS), *_HASHES))
UNWRITABLE: Final = "(te diep genest om te bewaren)"


@dataclass(frozen=True, slots=True)
class StoredRow:
    """What the store knows of an event beside the event itself.

    ``time`` is the moment it is filed under: that of the event, or when that is not credible that of receipt. ``batch``
    and ``Event.number`` tell events apart.
    """

    owner_code: str
    source_key: str
    batch: str
    time: datetime
    received_at: datetime


def filed_under(event: Event, received_at: datetime) -> datetime:
    """The moment under which an event is filed: its own, or that of receipt when its own is not credible."""
    time = event.time
    return time if time is not None and EARLIEST <= time < received_at + AHEAD else received_at


def table_of(
    owner_code: str, source_key: str, batch: str, events: Sequence[tuple[datetime, Event]], received_at: datetime
) -> pa.Table:
    """The table of one partition of a batch; ``events`` come with the moment under which they are filed."""
    ordered = sorted(events, key=lambda pair: (pair[0], pair[1].number))
    own = [event for _time, event in ordered]
    columns: dict[str, list[Any]] = {
        "time": [_naive(time) for time, _event in ordered],
        "time_known": [time is event.time for time, event in ordered],
        "number": [_int64(event.number) for event in own],
        "record_id": [_int64(event.record_id) for event in own],
        "kind": [event.kind for event in own],
        "channel": [event.channel for event in own],
        "provider": [event.provider for event in own],
        "event_id": [_int64(event.event_id) for event in own],
        "host": [event.host for event in own],
        "raw": [_original(event) for event in own],
        "fields": _fields(own, received_at),
    }
    found = [_facts(event) for event in own]
    for column in FROM_ECS:
        clean, name = _CLEAN.get(column.holds, _word), column.ecs
        columns[column.name] = [clean(facts[name]) if name in facts else None for facts in found]
    for name, key in KEYS.items():
        columns[key] = [address_key(address) if address else None for address in columns[name]]
    same = {"received": _naive(received_at), "organisation": owner_code, "log_source": source_key, "batch": batch}
    columns |= {name: [value] * len(own) for name, value in same.items()}
    return pa.Table.from_arrays([_array(columns[field.name], field.type) for field in SCHEMA], schema=SCHEMA)


def event_of(row: Mapping[str, Any]) -> tuple[StoredRow, Event]:
    """The event of a row, as it was given to the store."""
    raw = _parsed(row["raw"])
    raw = raw if isinstance(raw, dict) else {"raw": raw}
    time, received_at = row["time"].replace(tzinfo=UTC), row["received"].replace(tzinfo=UTC)
    stored = StoredRow(row["organisation"], row["log_source"], row["batch"], time, received_at)
    if row["fields"] is None:
        return stored, stored_event(row["number"], raw, row["kind"], received_at)
    return stored, Event(
        number=row["number"],
        record_id=row["record_id"],
        time=time if row["time_known"] else None,
        host=row["host"],
        channel=row["channel"],
        provider=row["provider"],
        event_id=row["event_id"],
        fields=_parsed(row["fields"]),
        raw=raw,
        kind=row["kind"],
    )


@lru_cache(maxsize=65536)
def address_key(text: str) -> str | None:
    """An IP address as 32 hexadecimal digits, IPv4 as the IPv6 address that stands for it; ``None`` for other text."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    number = int(address) + (0xFFFF << 32 if address.version == 4 else 0)
    return f"{number:032x}"


def network_range(text: str) -> tuple[str, str]:
    """The keys of the first and the last address of a network. Raises ``ValueError`` when it is none."""
    network = ipaddress.ip_network(text.strip(), strict=False)
    first, last = address_key(str(network[0])), address_key(str(network[-1]))
    assert first is not None  # noqa: S101 - what a network gives is an address
    assert last is not None  # noqa: S101
    return first, last


def _facts(event: Event) -> dict[str, Any]:
    """What the columns take of the normal form of an event, with every hash of a file under one name."""
    facts: dict[str, Any] = dict(ecs_part(event, _WANTED))
    hashes = [facts[name] for name in _HASHES if name in facts]
    return facts | {"file.hash": hashes} if hashes else facts


def _fields(events: Sequence[Event], received_at: datetime) -> list[str | None]:
    """The payload as JSON for events that their original alone does not give back, ``None`` for the others.

    One batch is read by one reader, so the first event of each sort tells for all of that sort.
    """
    same: dict[tuple[object, ...], bool] = {}
    found = []
    for event in events:
        sort = (event.kind, event.channel, event.provider, event.event_id)
        if sort not in same:
            same[sort] = _is_same(event, stored_event(event.number, event.raw, event.kind, received_at))
        found.append(None if same[sort] else _text(event.fields))
    return found


def _is_same(event: Event, again: Event) -> bool:
    return all(getattr(event, name) == getattr(again, name) for name in _TOLD)


def _original(event: Event) -> str | bytes:
    """The original as JSON text: the line itself where it was kept and has no escapes that searching would miss."""
    line = event.line
    if line is None or b"\\u" in line or b"\\/" in line:
        return _text(event.raw)
    return line


def _text(value: Mapping[str, Any]) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # integers beyond 64 bits, halves of characters, deep nesting: slower, but nothing is lost
        pass
    try:
        return json.dumps(value, default=str)
    except (RecursionError, ValueError):
        return orjson.dumps({"raw": UNWRITABLE}).decode()


def _parsed(text: str) -> Any:
    return whole(text)


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:  # half of a surrogate pair; it still stands in the original
        return pa.array([v.encode("utf-8", "replace") if isinstance(v, str) else v for v in values], kind)


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _int64(value: int | None) -> int | None:
    return value if value is not None and -_INT64 <= value < _INT64 else None


def _number(value: object) -> int | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return _int64(int(value, 0) if isinstance(value, str) else int(value))
    except (ValueError, OverflowError):
        return None


def _word(value: object) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " ".join(map(str, value)) or None
    return None if value is None else str(value)


def _exact(value: object) -> str | None:
    text = _word(value)
    return text.lower() if text else None


def _address(value: object) -> str | None:
    """An address with one spelling; what is no address stays as it is."""
    text = _exact(value[0] if isinstance(value, list) and value else value)
    return None if text is None else spelled(text)


@lru_cache(maxsize=65536)
def spelled(text: str) -> str:
    """An IP address in lower case with one spelling; other text as it is."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


_CLEAN: Final = {NUMBER: _number, EXACT: _exact, MANY: _exact, ADDRESS: _address}
