"""The form of events in EVTX and its dumps: whole records, and those of which only what rules ask for is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

import msgspec
from msgspec import UNSET, UnsetType

from brandwacht.engines.detection.events import PLAIN, Event, Rest, Unread, Value, integer, parse_time, value_of
from brandwacht.engines.detection.flattening import attribute, flatten, is_flat, plain, string
from brandwacht.engines.detection.partly import Partly, fits

_TEXT: Final = frozenset({str})
_ASIDE: Final = ("Level", "Keywords", "Task", "Opcode")
"""What the log itself says of an event that rules may ask for among its fields."""


class _Whole(Unread):
    """An event of a record that was read as a whole; the record is what stands under "Event"."""

    __slots__ = ()

    @property
    def aside(self) -> Mapping[str, object]:
        """Level, keywords, task and opcode."""
        system = self._record["System"]
        return {name: plain(system[name]) for name in _ASIDE if name in system}

    def _read_values(self) -> Mapping[str, Value]:
        record = self._record
        data = record.get("EventData")
        if is_flat(data) and record.keys() <= _USUAL:
            if PLAIN.issuperset(map(type, data.values())):
                return cast("Mapping[str, Value]", data)
            return {name: value_of(value) for name, value in data.items()}
        return super()._read_values()

    def _read_fields(self) -> dict[str, object]:
        fields: dict[str, object] = {}
        for section, content in self._record.items():
            if section in ("System", "#attributes"):
                continue
            if section == "EventData" and not fields and is_flat(content):
                fields = dict(content)
            elif section == "UserData" and isinstance(content, dict):
                # UserData wraps its fields in one element whose name says nothing a rule asks for.
                for name, inner in content.items():
                    if name != "#attributes":
                        flatten("" if isinstance(inner, dict) else name, inner, fields)
            else:
                flatten("", content, fields)
        for name, value in self.aside.items():
            fields.setdefault(name, value)
        return fields

    def _read_rest(self) -> Rest:
        system = self._record["System"]
        return _rest(*map(system.get, ("EventRecordID", "TimeCreated", "Computer", "Provider")))


_USUAL: Final = frozenset({"#attributes", "System", "EventData"})


def _rest(record_id: object, created: object, computer: object, provider: object) -> Rest:
    return Rest(
        integer(plain(record_id)),
        parse_time(attribute(created, "SystemTime")),
        string(plain(computer)),
        string(attribute(provider, "Name")),
    )


def evtx_event(number: int, raw: dict[str, Any], event: dict[str, Any]) -> Unread:
    """Make an `Event` of what stands under "Event" in `raw`; "System" is an object in it."""
    system = event["System"]
    channel, event_id = string(plain(system.get("Channel"))), integer(plain(system.get("EventID")))
    return _Whole(number, raw, event, channel, event_id)


class _System(msgspec.Struct, gc=False):
    """What is asked of "System"."""

    event_id: Any = msgspec.field(name="EventID", default=None)
    channel: Any = msgspec.field(name="Channel", default=None)
    record_id: Any = msgspec.field(name="EventRecordID", default=None)
    created: Any = msgspec.field(name="TimeCreated", default=None)
    computer: Any = msgspec.field(name="Computer", default=None)
    provider: Any = msgspec.field(name="Provider", default=None)
    level: Any = msgspec.field(name="Level", default=UNSET)
    keywords: Any = msgspec.field(name="Keywords", default=UNSET)
    task: Any = msgspec.field(name="Task", default=UNSET)
    opcode: Any = msgspec.field(name="Opcode", default=UNSET)


class _Event(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """What stands under "Event", mostly; other parts hold fields too, and are left to who reads the whole."""

    system: _System = msgspec.field(name="System")
    attributes: msgspec.Raw | UnsetType = msgspec.field(name="#attributes", default=UNSET)
    data: dict[str, Any] | None = msgspec.field(name="EventData", default=None)


class _Record(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    event: _Event = msgspec.field(name="Event")


class _Text(Partly):
    """An event of which a part was read; the record is (what stands under "Event", the JSON)."""

    __slots__ = ()

    @property
    def aside(self) -> Mapping[str, object]:
        """Level, keywords, task and opcode."""
        system: _System = self._record[0].system
        told = (system.level, system.keywords, system.task, system.opcode)
        if any(type(value) is int and not fits(value) for value in told):
            return self._whole().aside
        given = zip(_ASIDE, told, strict=True)
        return {name: plain(value) for name, value in given if value is not UNSET}

    @property
    def line(self) -> bytes | None:
        """The JSON, when all values stand in it as they are."""
        return self._record[1].encode() if self.values is self._record[0].data else None

    def _whole(self) -> Unread:
        return evtx_event(self.number, self.raw, self.raw["Event"])

    def _read_fields(self) -> dict[str, object]:
        data = self._plain_data()
        if data is None:
            return self._whole().fields
        return data | {name: value for name, value in self.aside.items() if name not in data}

    def _plain_data(self) -> dict[str, Any] | None:
        """The payload when it is one table of texts and numbers, as rules look at them."""
        data: dict[str, Any] = self._record[0].data or {}
        if "#text" not in data and "#attributes" not in data:
            kinds = frozenset(map(type, data.values()))
            if kinds <= _TEXT or (kinds <= PLAIN and _all_fit(data.values())):
                return data
        return None

    def _read_values(self) -> Mapping[str, Value]:
        data = self._plain_data()
        return super()._read_values() if data is None else data

    def _read_rest(self) -> Rest:
        system: _System = self._record[0].system
        if type(system.record_id) is int and not fits(system.record_id):
            return self._whole()._read_rest()
        return _rest(system.record_id, system.created, system.computer, system.provider)


_peek = msgspec.json.Decoder(_Record).decode


def evtx_text(number: int, text: str) -> Event | None:
    """Make an `Event` of the JSON of a record of EVTX without reading all of it; None when it has another shape."""
    try:
        read = _peek(text).event
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    system = read.system
    event_id = integer(plain(system.event_id))
    if event_id is None or not fits(event_id):
        return None
    return _Text(number, None, (read, text), string(plain(system.channel)), event_id)


def _all_fit(values: Iterable[str | int]) -> bool:
    numbers = [value for value in values if type(value) is int]
    return fits(min(numbers)) and fits(max(numbers))
