"""Winlogbeat's form of events of Windows: whole records, and lines of which only what rules ask for is read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Final, cast

import msgspec

from brandwacht.engines.detection.events import (
    FLAT,
    PLAIN,
    Event,
    Origin,
    Rest,
    Unread,
    Value,
    integer,
    origin,
    parse_time,
    value_of,
)
from brandwacht.engines.detection.flattening import child, flatten, string
from brandwacht.engines.detection.partly import ChannelName, Fitting, Partly, decoded, fits


class _Whole(Unread):
    """An event of a record that was read as a whole."""

    __slots__ = ()

    @property
    def aside(self) -> Mapping[str, object]:
        """Level, keywords and message."""
        record = self._record
        message = record.get("message")
        given = {
            "Level": child(record, "log", "level"),
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
            if FLAT.issuperset(map(type, data.values())):
                return {name: value_of(value) for name, value in data.items()}
        return super()._read_values()

    def _read_fields(self) -> dict[str, object]:
        fields: dict[str, object] = {}
        data, user_data = self._payload()
        for section in (user_data, data):
            flatten("", section, fields)
        return fields | {name: value for name, value in self.aside.items() if name not in fields}

    def _read_rest(self) -> Rest:
        record = self._record
        winlog = record["winlog"]
        return Rest(
            integer(winlog.get("record_id")),
            parse_time(record.get("@timestamp")),
            string(winlog.get("computer_name")) or string(child(record, "host", "name")),
            string(winlog.get("provider_name")) or string(child(record, "event", "provider")),
        )


def winlogbeat_event(number: int, raw: dict[str, Any], record: dict[str, Any]) -> Event:
    """Make an `Event` of a record of Winlogbeat, which is all of `raw` or a part of it; "winlog" is an object in it."""
    winlog = record["winlog"]
    event_id = integer(winlog.get("event_id"))
    if event_id is None:
        event_id = integer(child(record, "event", "code"))
    return _Whole(number, raw, record, origin("", string(winlog.get("channel")), event_id))


_NONE: Final = msgspec.Raw()


_Short = Annotated[str, msgspec.Meta(max_length=20)]


class _Winlog(msgspec.Struct, gc=False):
    """What rules ask of the part "winlog" of a line of Winlogbeat."""

    event_data: dict[str, str | Fitting] | None = None
    user_data: Any = None
    channel: ChannelName = ""
    event_id: _Short | int | None = None
    keywords: list[str] | None = None
    record_id: str | Fitting | None = None
    computer_name: str = ""
    provider_name: str = ""


class _Record(msgspec.Struct, gc=False):
    """What rules ask of a line of Winlogbeat, as it mostly is. Reading only this takes half the time of reading all."""

    winlog: _Winlog
    log: msgspec.Raw = _NONE
    message: msgspec.Raw = _NONE
    timestamp: str | None = msgspec.field(name="@timestamp", default=None)
    source: msgspec.Raw = msgspec.field(name="_source", default=_NONE)
    dotted: msgspec.Raw = msgspec.field(name="log.level", default=_NONE)


class _Line(Partly):
    """An event of which the whole is read when somebody asks for it."""

    __slots__ = ()

    @property
    def aside(self) -> Mapping[str, object]:
        """Level, keywords and message."""
        read: _Record = self._record[0]
        level, message = child({"log": decoded(read.log)}, "log", "level"), decoded(read.message)
        found: dict[str, object] = {}
        if level is not None:
            found["Level"] = level
        if read.winlog.keywords is not None:
            found["Keywords"] = read.winlog.keywords
        if isinstance(message, str):
            found["Message"] = message
        return found

    @property
    def line(self) -> bytes:
        """The line."""
        return cast(bytes, self._record[1])

    def _whole(self) -> Event:
        """The event of the whole record."""
        return winlogbeat_event(self.number, self.raw, self.raw)

    def _read_values(self) -> Mapping[str, Value]:
        return self._whole().values

    @property
    def payload(self) -> Mapping[str, object]:
        """The data of the event as it stands, where that is all there is."""
        data = self._record[0].winlog.event_data
        return data if self.values is data and "" not in data else self.fields

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
        return self._whole()._rest


_peek = msgspec.json.Decoder(_Record).decode


def winlogbeat_line(number: int, line: bytes) -> Event | None:
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
    source, data = _origin(winlog.channel, winlog.event_id), winlog.event_data
    if source is None or not data or read.source is not _NONE or read.dotted is not _NONE:
        return None
    if "Image" not in data and "SourceImage" not in data and "Sysmon" in winlog.channel:
        return None
    event = _Line(number, None, (read, line), source)
    if winlog.user_data is None and "#text" not in data and "#attributes" not in data:
        event.values = data
    return event


@lru_cache(4096)
def _origin(channel: str, event_id: str | int | None) -> Origin | None:
    """None when the number has to be read from the whole."""
    number = integer(event_id)
    return origin("", channel, number) if number is not None and fits(number) else None
