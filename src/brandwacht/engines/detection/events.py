"""What an event is, and how the shapes that collectors deliver become one.

Four shapes are known: the XML-like form of EVTX dumps (`Event.System`, `Event.EventData`), Winlogbeat
(`winlog.event_data`), flat forms such as nxlog's, and any other JSON object. The envelope (channel, event number,
provider, computer) lives in attributes of its own, so that a payload field with the same name can never pose as it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

MAX_DEPTH: Final = 32
"""Levels of nesting that become dotted field names; deeper parts stay as JSON text."""


class _Missing:
    """The type of `MISSING`: the event has no such field (which differs from a field that is null)."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()


class UnreadableFile(Exception):
    """A file of which nothing can be made; `reason` is a Dutch sentence that says what is wrong and how to mend it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class BadRecord:
    """One record that could not be read, at position `number` (from 1) of its file; the others go on."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Event:
    """One log event.

    `number` is its position in the file (from 1), `time` is aware and in UTC, `fields` is the payload with flat names
    as Sigma rules use them, `raw` the whole original. Missing envelope parts are "" or None. `kind` names the log that
    an event is from when that is no Windows channel, in lower case ("zeek.dns").
    """

    number: int
    record_id: int | None
    time: datetime | None
    host: str
    channel: str
    provider: str
    event_id: int | None
    fields: dict[str, object]
    raw: dict[str, Any] = field(repr=False)
    kind: str = ""

    def lookup(self, name: str) -> object:
        """The value a Sigma rule means by `name`: envelope first, then payload; `MISSING` when there is none."""
        match name:
            case "EventID":
                return MISSING if self.event_id is None else self.event_id
            case "Channel":
                return self.channel or MISSING
            case "Provider_Name":
                return self.provider or MISSING
            case "Computer":
                return self.host or MISSING
        return self.fields.get(name, MISSING)


def event_from_record(number: int, raw: dict[str, Any]) -> Event:
    """Make an `Event` of one parsed record of any known shape. Never fails on odd content: what is odd stays text."""
    body = raw.get("_source")
    record = body if isinstance(body, dict) else raw
    event = record.get("Event")
    if isinstance(event, dict) and isinstance(event.get("System"), dict):
        return _from_evtx(number, raw, event)
    winlog = record.get("winlog")
    if isinstance(winlog, dict):
        return _from_winlogbeat(number, raw, record, winlog)
    return _from_flat(number, raw, record)


def _from_evtx(number: int, raw: dict[str, Any], event: dict[str, Any]) -> Event:
    system = event["System"]
    fields: dict[str, object] = {}
    for section, content in event.items():
        if section in ("System", "#attributes"):
            continue
        if section == "UserData" and isinstance(content, dict):
            # UserData wraps its fields in one element whose name says nothing a rule asks for.
            for name, inner in content.items():
                if name != "#attributes":
                    _flatten("" if isinstance(inner, dict) else name, inner, fields)
        else:
            _flatten("", content, fields)
    for name in ("Level", "Keywords", "Task", "Opcode"):
        if name in system:
            fields.setdefault(name, _plain(system[name]))
    return Event(
        number=number,
        record_id=_integer(_plain(system.get("EventRecordID"))),
        time=parse_time(_attribute(system.get("TimeCreated"), "SystemTime")),
        host=_string(_plain(system.get("Computer"))),
        channel=_string(_plain(system.get("Channel"))),
        provider=_string(_attribute(system.get("Provider"), "Name")),
        event_id=_integer(_plain(system.get("EventID"))),
        fields=fields,
        raw=raw,
    )


def _from_winlogbeat(number: int, raw: dict[str, Any], record: dict[str, Any], winlog: dict[str, Any]) -> Event:
    fields: dict[str, object] = {}
    for section in ("user_data", "event_data"):
        _flatten("", winlog.get(section), fields)
    for name, source in (("Level", _child(record, "log", "level")), ("Keywords", winlog.get("keywords"))):
        if source is not None:
            fields.setdefault(name, source)
    if isinstance(record.get("message"), str):
        fields.setdefault("Message", record["message"])
    event_id = _integer(winlog.get("event_id"))
    return Event(
        number=number,
        record_id=_integer(winlog.get("record_id")),
        time=parse_time(record.get("@timestamp")),
        host=_string(winlog.get("computer_name")) or _string(_child(record, "host", "name")),
        channel=_string(winlog.get("channel")),
        provider=_string(winlog.get("provider_name")) or _string(_child(record, "event", "provider")),
        event_id=_integer(_child(record, "event", "code")) if event_id is None else event_id,
        fields=fields,
        raw=raw,
    )


def _from_flat(number: int, raw: dict[str, Any], record: dict[str, Any]) -> Event:
    fields: dict[str, object] = {}
    _flatten("", record, fields)

    def first(*names: str) -> object:
        return next((fields[name] for name in names if fields.get(name) is not None), None)

    return Event(
        number=number,
        record_id=_integer(first("EventRecordID", "RecordNumber", "RecordId", "record_id")),
        time=parse_time(first("@timestamp", "TimeCreated", "SystemTime", "EventTime", "UtcTime", "timestamp", "time")),
        host=_string(first("Computer", "Hostname", "MachineName", "ComputerName", "hostname", "host", "host.name")),
        channel=_string(first("Channel", "LogName", "channel")),
        provider=_string(first("Provider_Name", "ProviderName", "SourceName", "Provider", "provider")),
        event_id=_integer(first("EventID", "EventId", "event_id", "Id")),
        fields=fields,
        raw=raw,
    )


def _flatten(prefix: str, value: object, into: dict[str, object], depth: int = 0) -> None:
    """Put `value` into `into` under dotted names. Nothing already there is overwritten: the first of a name stays."""
    if isinstance(value, dict):
        if "#text" in value or (prefix and set(value) == {"#attributes"}):
            _flatten_element(prefix, value, into)
        elif depth >= MAX_DEPTH:
            into.setdefault(prefix, json_text(value))
        else:
            for name, inner in value.items():
                if name != "#attributes":
                    _flatten(f"{prefix}.{name}" if prefix else name, inner, into, depth + 1)
    elif isinstance(value, list):
        if any(isinstance(item, dict) for item in value):
            _flatten_list(prefix, value, into, depth)
        else:
            into.setdefault(prefix or "Data", [_scalar(item) for item in value])
    elif prefix:
        into.setdefault(prefix, value)
    elif value is not None:
        into.setdefault("Data", value)


def _flatten_element(prefix: str, value: dict[str, Any], into: dict[str, object]) -> None:
    """An XML element with attributes: `<Data Name="Image">x</Data>` is the field Image."""
    name = _attribute(value, "Name")
    content = value.get("#text")
    if isinstance(content, list):
        content = [_scalar(item) for item in content]
    into.setdefault(name if isinstance(name, str) and name else prefix or "Data", content)


def _flatten_list(prefix: str, values: list[Any], into: dict[str, object], depth: int) -> None:
    """A list of objects becomes one field per name that holds all the values, so that any of them can match."""
    collected: dict[str, list[object]] = {}
    for item in values:
        part: dict[str, object] = {}
        _flatten(prefix, item, part, depth + 1)
        for name, inner in part.items():
            collected.setdefault(name, []).extend(inner if isinstance(inner, list) else [inner])
    for name, gathered in collected.items():
        into.setdefault(name, gathered[0] if len(gathered) == 1 else gathered)


def _scalar(value: object) -> object:
    return json_text(value) if isinstance(value, (dict, list)) else value


def json_text(value: object, *, sort_keys: bool = False) -> str:
    """The value as JSON text. Nesting that Python cannot write out must not stop the rest of the log."""
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=sort_keys, default=str)
    except RecursionError:
        return "(te diep genest om te lezen)"


def _plain(value: object) -> object:
    """The text of an XML element, whether or not it has attributes."""
    return value.get("#text") if isinstance(value, dict) else value


def _attribute(value: object, name: str) -> object:
    if not isinstance(value, dict):
        return value
    attributes = value.get("#attributes", value)
    return attributes.get(name) if isinstance(attributes, dict) else None


def _child(record: Mapping[str, Any], section: str, name: str) -> object:
    part = record.get(section)
    return part.get(name) if isinstance(part, dict) else record.get(f"{section}.{name}")


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _integer(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and len(value) < 20 and value.strip().isdecimal():
        return int(value)
    return None


def parse_time(value: object) -> datetime | None:
    """A moment in UTC from ISO 8601 text (no zone: UTC), or from seconds or milliseconds since 1970; else None."""
    try:
        if isinstance(value, bool):
            return None
        if isinstance(value, (int, float)):
            return datetime.fromtimestamp(value / 1000 if abs(value) > 1e11 else value, tz=UTC)
        if not isinstance(value, str):
            return None
        moment = datetime.fromisoformat(value.strip().removesuffix(" UTC"))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
