"""Lines of Winlogbeat, of which only what rules ask for is read. The event is the one that the whole line gives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any, Final, cast

import msgspec
import orjson

from brandwacht.engines.detection.events import (
    PLAIN,
    Event,
    Rest,
    Unread,
    Value,
    event_from_record,
    integer,
    parse_time,
)

_TEXT: Final = frozenset({str})


class _Winlog(msgspec.Struct, gc=False):
    """What rules ask of the part "winlog" of a line of Winlogbeat."""

    event_data: dict[str, Any] | None = None
    user_data: Any = None
    channel: str = ""
    event_id: str | int | None = None
    keywords: list[str] | None = None
    record_id: str | int | None = None
    computer_name: str = ""
    provider_name: str = ""


class _Log(msgspec.Struct, gc=False):
    level: str | None = None


class _Record(msgspec.Struct, gc=False):
    """What rules ask of a line of Winlogbeat, as it mostly is. Reading only this takes half the time of reading all."""

    winlog: _Winlog
    log: _Log | None = None
    message: str | None = None
    timestamp: str | None = msgspec.field(name="@timestamp", default=None)
    source: msgspec.Raw | None = msgspec.field(name="_source", default=None)
    dotted: msgspec.Raw | None = msgspec.field(name="log.level", default=None)


class _Line(Unread):
    """An event of which the whole is read when somebody asks for it; the record is (what was read, line)."""

    __slots__ = ()

    def _read_raw(self) -> dict[str, Any]:
        return cast("dict[str, Any]", whole(self._record[1]))

    @property
    def aside(self) -> Mapping[str, object]:
        """Level, keywords and message."""
        read: _Record = self._record[0]
        found: dict[str, object] = {}
        if read.log is not None and read.log.level is not None:
            found["Level"] = read.log.level
        if read.winlog.keywords is not None:
            found["Keywords"] = read.winlog.keywords
        if read.message is not None:
            found["Message"] = read.message
        return found

    @property
    def line(self) -> bytes:
        """The line."""
        return cast(bytes, self._record[1])

    def _whole(self) -> Event:
        return event_from_record(self.number, self.raw)

    def _read_values(self) -> Mapping[str, Value]:
        winlog: _Winlog = self._record[0].winlog
        data = winlog.event_data
        if winlog.user_data is None and data and "#text" not in data and "#attributes" not in data:
            kinds = frozenset(map(type, data.values()))
            if kinds <= _TEXT or (
                kinds <= PLAIN and all(type(value) is str or _fits(value) for value in data.values())
            ):
                return data
        return self._whole().values

    @property
    def payload(self) -> Mapping[str, object]:
        """The data of the event as it stands, where that is all there is."""
        data = self._record[0].winlog.event_data
        plain = self._fields is None and self.values is data and "" not in data
        return data if plain else self.fields

    def _read_fields(self) -> dict[str, object]:
        data = self._record[0].winlog.event_data
        if self.values is data and "" not in data:
            return {**data, **{name: value for name, value in self.aside.items() if name not in data}}
        return self._whole().fields

    def _read_rest(self) -> Rest:
        read: _Record = self._record[0]
        winlog = read.winlog
        if winlog.computer_name and winlog.provider_name:
            time = parse_time(read.timestamp)
            return Rest(integer(winlog.record_id), time, winlog.computer_name, winlog.provider_name)
        return self._whole()._settle()


def _fits(number: int) -> bool:
    """Whether a number is what the reader of the whole line makes of it: to that one, larger numbers are floats."""
    return number.bit_length() < 64


def whole(line: bytes | str) -> Any:
    """What a line of JSON says, with a number that is beyond all bounds as its text. Raises ``ValueError``."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:  # such a number may stand in a part that was not looked at
        return json.loads(line, parse_float=_within_bounds, parse_int=_within_bounds)


def _within_bounds(text: str) -> int | float | str:
    """The number, or its text when no float can hold it."""
    value = float(text)
    if not isfinite(value):
        return text
    return value if not text.removeprefix("-").isdigit() else int(text)


_peek = msgspec.json.Decoder(_Record).decode


def event_from_winlogbeat(number: int, line: bytes) -> Event | None:
    """Make an `Event` of a line of Winlogbeat without reading all of it.

    None when the line has another shape, or when its fields stand elsewhere than in the data of the event, as those of
    Sysmon do after some pipelines.
    """
    try:
        read = _peek(line)
        if not line.isascii():
            line.decode()  # what is not looked at must be text too
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    winlog = read.winlog
    event_id, data = integer(winlog.event_id), winlog.event_data
    if event_id is None or not _fits(event_id) or not data or read.source is not None or read.dotted is not None:
        return None
    if isinstance(winlog.record_id, int) and not _fits(winlog.record_id):
        return None
    if "Image" not in data and "SourceImage" not in data and "Sysmon" in winlog.channel:
        return None
    return _Line(number, None, (read, line), winlog.channel, event_id)
