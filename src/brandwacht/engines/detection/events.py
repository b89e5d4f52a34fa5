"""What an event is, and what its values are.

The envelope (channel, event number, provider, computer) lives in attributes of its own, so that a payload field with
the same name can never pose as it. How the shapes that collectors deliver become events is told in `records`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, cast


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
FLAT: Final = frozenset({str, int, float, bool, type(None)})


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


def json_text(value: object, *, sort_keys: bool = False) -> str:
    """The value as JSON text. Nesting that Python cannot write out must not stop the rest of the log."""
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=sort_keys, default=str)
    except RecursionError:
        return "(te diep genest om te lezen)"


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
