"""What an event is, and what its values are.

The envelope (channel, event number, provider, computer) lives in attributes of its own, so that a payload field with
the same name can never pose as it. How the shapes that collectors deliver become events is told in `records`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast


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


MAX_CHANNEL: Final = 255
"""Characters in the name of a channel, to Windows; what is longer is not remembered."""


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


class Origin(NamedTuple):
    """Where an event is from: the log and the number of the kind of event. It chooses the rules.

    `kind` names the log when that is no Windows channel, in lower case ("zeek.dns").
    """

    kind: str
    channel: str
    event_id: int | None

    @property
    def log(self) -> str:
        """The name of the log or the channel, in lower case: by which rules and tables know it."""
        return (self.kind or self.channel).lower()


def origin(kind: str, channel: str, event_id: int | None) -> Origin:
    """The one `Origin` of these: of thousands of events there are few, and tables find what they know quickest."""
    return _known(kind, channel, event_id) if len(channel) <= MAX_CHANNEL else Origin(kind, channel, event_id)


_known = lru_cache(4096)(Origin)


class Event:
    """One log event.

    `number` is its position in the file (from 1), `time` is aware and in UTC, `fields` is the payload with flat names
    as Sigma rules use them, `raw` the whole original. Missing envelope parts are "" or None.

    Of thousands of events a second most match nothing: payload and the rest of the envelope are read when asked for.
    """

    __slots__ = ("_record", "_rest", "fields", "number", "origin", "raw", "values")

    number: int
    origin: Origin
    raw: dict[str, Any]
    """The whole original."""
    fields: dict[str, object]
    """The payload by flat name."""
    values: Mapping[str, Value]
    """The payload as values that can be looked up: text and whole numbers as they are, all else by its text.

    What is in `aside` may be left out.
    """
    _rest: Rest

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
        self.fields = fields
        self.raw = raw
        self._rest = Rest(record_id, time, host, provider)
        self.number = number
        self.origin = origin(kind, channel, event_id)

    if not TYPE_CHECKING:  # a type checker would take it that an event has every attribute

        def __getattr__(self, name):
            """A part that was not read yet. It is read once: from then on it is an attribute like any other, which is
            several times quicker to get than what a property gives.
            """
            match name:
                case "values":
                    found = self.values = self._read_values()
                case "fields":
                    found = self.fields = self._read_fields()
                case "raw":
                    found = self.raw = self._read_raw()
                case "_rest":
                    found = self._rest = self._read_rest()
                case _:
                    raise AttributeError(f"an event has no {name!r}")
            return found

    def __repr__(self) -> str:
        return f"Event({self.number}, {self.kind or self.channel!r}, {self.event_id}, {self.host!r}, {self.time})"

    @property
    def payload(self) -> Mapping[str, object]:
        """As `fields`, in less time where only the payload is read; what is in `aside` may be left out."""
        return self.fields

    @property
    def aside(self) -> Mapping[str, object]:
        """What the log itself says of the event, such as its level and message, as far as `values` leaves it out."""
        return {}

    @property
    def line(self) -> bytes | None:
        """The line of JSON that the event is from, where it is kept. All values stand in it."""
        return None

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
    def kind(self) -> str:
        """The name of the log, when that is no Windows channel."""
        return self.origin.kind

    @property
    def channel(self) -> str:
        """The Windows channel."""
        return self.origin.channel

    @property
    def event_id(self) -> int | None:
        """The number of the kind of event."""
        return self.origin.event_id

    @property
    def record_id(self) -> int | None:
        """The number that the log itself gave."""
        return self._rest.record_id

    @property
    def time(self) -> datetime | None:
        """When it happened, in UTC."""
        return self._rest.time

    @property
    def host(self) -> str:
        """The machine that logged it."""
        return self._rest.host

    @property
    def provider(self) -> str:
        """The program that logged it."""
        return self._rest.provider

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

    def __init__(self, number: int, raw: dict[str, Any] | None, record: Any, source: Origin) -> None:
        self.number = number
        if raw is not None:
            self.raw = raw
        self._record = record
        self.origin = source


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
