"""What an event is, and how the shapes that collectors deliver become one.

Four shapes are known: the XML-like form of EVTX dumps (`Event.System`, `Event.EventData`), Winlogbeat
(`winlog.event_data`), flat forms such as nxlog's, and any other JSON object. The envelope (channel, event number,
provider, computer) lives in attributes of its own, so that a payload field with the same name can never pose as it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, cast

MAX_DEPTH: Final = 32
"""Levels of nesting that become dotted field names; deeper parts stay as JSON text."""


class _Missing:
    """The type of `MISSING`: the event has no such field (which differs from a field that is null)."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()


class _Null:
    """The type of `NULL`: a field that is there without a value, among values that are looked up."""

    def __repr__(self) -> str:
        return "NULL"


NULL: Final = _Null()
Value = str | int | _Null | tuple["str | _Null", ...]
"""A value as rules compare it and as it can be looked up. A tuple is a list, of which any element may match."""

PLAIN: Final = frozenset({str, int})
_FLAT: Final = frozenset({str, int, float, bool, type(None)})


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


class Event:
    """One log event.

    `number` is its position in the file (from 1), `time` is aware and in UTC, `fields` is the payload with flat names
    as Sigma rules use them, `raw` the whole original. Missing envelope parts are "" or None. `kind` names the log that
    an event is from when that is no Windows channel, in lower case ("zeek.dns").

    Of thousands of events a second most match nothing: payload and the rest of the envelope are read when asked for.
    """

    __slots__ = ("_fields", "_raw", "_record", "_rest", "_values", "channel", "event_id", "kind", "number")

    def __init__(
        self,
        number: int,
        record_id: int | None,
        time: datetime | None,
        host: str,
        channel: str,
        provider: str,
        event_id: int | None,
        fields: dict[str, object],
        raw: dict[str, Any],
        kind: str = "",
    ) -> None:
        self._fields: dict[str, object] | None = fields
        self._rest: Rest | None = Rest(record_id, time, host, provider)
        self._values: Mapping[str, Value] | None = None
        self._record: Any = None
        self._raw: dict[str, Any] | None = raw
        self.number, self.channel, self.event_id, self.kind = number, channel, event_id, kind

    def __repr__(self) -> str:
        return f"Event({self.number}, {self.kind or self.channel!r}, {self.event_id}, {self.host!r}, {self.time})"

    @property
    def raw(self) -> dict[str, Any]:
        """The whole original."""
        found = self._raw
        if found is None:
            found = self._raw = self._read_raw()
        return found

    @property
    def fields(self) -> dict[str, object]:
        """The payload by flat name."""
        found = self._fields
        if found is None:
            found = self._fields = self._read_fields()
        return found

    @property
    def payload(self) -> Mapping[str, object]:
        """As `fields`, in less time where only the payload is read; what is in `aside` may be left out."""
        return self.fields

    @property
    def values(self) -> Mapping[str, Value]:
        """The payload as values that can be looked up: text and whole numbers as they are, all else by its text.

        What is in `aside` may be left out.
        """
        found = self._values
        if found is None:
            found = self._values = self._read_values()
        return found

    @property
    def aside(self) -> Mapping[str, object]:
        """What the log itself says of the event, such as its level and message, as far as `values` leaves it out."""
        return {}

    @property
    def line(self) -> bytes | None:
        """The line of JSON that the event is from, where it is kept. All values stand in it."""
        return None

    def _settle(self) -> Rest:
        found = self._rest
        if found is None:
            found = self._rest = self._read_rest()
        return found

    def _read_values(self) -> Mapping[str, Value]:
        fields = self.fields
        if PLAIN.issuperset(map(type, fields.values())):
            return cast("Mapping[str, Value]", fields)
        return {name: value_of(value) for name, value in fields.items()}

    def _read_raw(self) -> dict[str, Any]:
        raise NotImplementedError

    def _read_fields(self) -> dict[str, object]:
        raise NotImplementedError

    def _read_rest(self) -> Rest:
        raise NotImplementedError

    @property
    def record_id(self) -> int | None:
        """The number that the log itself gave."""
        return self._settle().record_id

    @property
    def time(self) -> datetime | None:
        """When it happened, in UTC."""
        return self._settle().time

    @property
    def host(self) -> str:
        """The machine that logged it."""
        return self._settle().host

    @property
    def provider(self) -> str:
        """The program that logged it."""
        return self._settle().provider

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


class Rest(NamedTuple):
    """What of an event is read only when somebody asks for it."""

    record_id: int | None
    time: datetime | None
    host: str
    provider: str


class Unread(Event):
    """An event of which only what rules are chosen by was read; `record` is what the rest is read from."""

    __slots__ = ()

    def __init__(
        self, number: int, raw: dict[str, Any] | None, record: Any, channel: str, event_id: int | None
    ) -> None:
        self.number = number
        self._raw = raw
        self._record = record
        self.channel = channel
        self.event_id = event_id
        self.kind = ""
        self._fields = self._values = self._rest = None


class _Evtx(Unread):
    """The form of EVTX dumps; the record is what stands under "Event"."""

    __slots__ = ()

    def _read_fields(self) -> dict[str, object]:
        fields: dict[str, object] = {}
        for section, content in self._record.items():
            if section in ("System", "#attributes"):
                continue
            if section == "EventData" and not fields and _is_flat(content):
                fields = dict(content)
            elif section == "UserData" and isinstance(content, dict):
                # UserData wraps its fields in one element whose name says nothing a rule asks for.
                for name, inner in content.items():
                    if name != "#attributes":
                        _flatten("" if isinstance(inner, dict) else name, inner, fields)
            else:
                _flatten("", content, fields)
        system = self._record["System"]
        for name in ("Level", "Keywords", "Task", "Opcode"):
            if name in system:
                fields.setdefault(name, _plain(system[name]))
        return fields

    def _read_rest(self) -> Rest:
        system = self._record["System"]
        return Rest(
            integer(_plain(system.get("EventRecordID"))),
            parse_time(_attribute(system.get("TimeCreated"), "SystemTime")),
            _string(_plain(system.get("Computer"))),
            _string(_attribute(system.get("Provider"), "Name")),
        )


class _Winlogbeat(Unread):
    """Winlogbeat's form."""

    __slots__ = ()

    @property
    def aside(self) -> Mapping[str, object]:
        """Level, keywords and message."""
        record = self._record
        message = record.get("message")
        given = {
            "Level": _child(record, "log", "level"),
            "Keywords": record["winlog"].get("keywords"),
            "Message": message if isinstance(message, str) else None,
        }
        return {name: value for name, value in given.items() if value is not None}

    def _payload(self) -> tuple[object, object]:
        winlog = self._record["winlog"]
        return winlog.get("event_data"), winlog.get("user_data")

    def _read_values(self) -> Mapping[str, Value]:
        data, user_data = self._payload()
        if user_data is None and isinstance(data, dict) and "#text" not in data and "#attributes" not in data:
            if PLAIN.issuperset(map(type, data.values())):
                return data
            if _FLAT.issuperset(map(type, data.values())):
                return {name: value_of(value) for name, value in data.items()}
        return super()._read_values()

    def _read_fields(self) -> dict[str, object]:
        fields: dict[str, object] = {}
        data, user_data = self._payload()
        for section in (user_data, data):
            _flatten("", section, fields)
        return fields | {name: value for name, value in self.aside.items() if name not in fields}

    def _read_rest(self) -> Rest:
        record = self._record
        winlog = record["winlog"]
        return Rest(
            integer(winlog.get("record_id")),
            parse_time(record.get("@timestamp")),
            _string(winlog.get("computer_name")) or _string(_child(record, "host", "name")),
            _string(winlog.get("provider_name")) or _string(_child(record, "event", "provider")),
        )


def event_from_record(number: int, raw: dict[str, Any]) -> Event:
    """Make an `Event` of one parsed record of any known shape. Never fails on odd content: what is odd stays text."""
    body = raw.get("_source")
    record = body if isinstance(body, dict) else raw
    winlog = record.get("winlog")
    if isinstance(winlog, dict):
        event_id = integer(winlog.get("event_id"))
        if event_id is None:
            event_id = integer(_child(record, "event", "code"))
        return _Winlogbeat(number, raw, record, _string(winlog.get("channel")), event_id)
    event = record.get("Event")
    if isinstance(event, dict) and isinstance(system := event.get("System"), dict):
        channel, number_of_kind = _string(_plain(system.get("Channel"))), integer(_plain(system.get("EventID")))
        return _Evtx(number, raw, event, channel, number_of_kind)
    return _from_flat(number, raw, record)


def _is_flat(content: object) -> bool:
    """Whether a section is a plain table of texts and numbers, so that it needs no flattening."""
    return (
        isinstance(content, dict)
        and _FLAT.issuperset(map(type, content.values()))
        and "#text" not in content
        and "#attributes" not in content
    )


def _from_flat(number: int, raw: dict[str, Any], record: dict[str, Any]) -> Event:
    fields: dict[str, object] = {}
    _flatten("", record, fields)

    def first(*names: str) -> object:
        return next((fields[name] for name in names if fields.get(name) is not None), None)

    return Event(
        number=number,
        record_id=integer(first("EventRecordID", "RecordNumber", "RecordId", "record_id")),
        time=parse_time(first("@timestamp", "TimeCreated", "SystemTime", "EventTime", "UtcTime", "timestamp", "time")),
        host=_string(first("Computer", "Hostname", "MachineName", "ComputerName", "hostname", "host", "host.name")),
        channel=_string(first("Channel", "LogName", "channel")),
        provider=_string(first("Provider_Name", "ProviderName", "SourceName", "Provider", "provider")),
        event_id=integer(first("EventID", "EventId", "event_id", "Id")),
        fields=fields,
        raw=raw,
    )


def text_of(value: object) -> str:
    """The text by which a value is compared: booleans are true and false, whole numbers have no fraction."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return json_text(value, sort_keys=True)


def value_of(value: object) -> Value:
    """The value as it is looked up (see `Value`). True and 1 are one key to Python, so that both become their text."""
    kind = type(value)
    if kind is str or kind is int:
        return value  # type: ignore[return-value]  # just seen
    if value is None:
        return NULL
    if isinstance(value, list):
        return tuple(NULL if item is None else text_of(item) for item in value)
    return text_of(value)


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


def integer(value: object) -> int | None:
    """The whole number that a value is, also as text; else None."""
    if isinstance(value, int):
        return None if isinstance(value, bool) else value
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
