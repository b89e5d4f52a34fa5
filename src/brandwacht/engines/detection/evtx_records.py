"""The form of events in EVTX and its dumps: whole records, and those of which only what rules ask for is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

import msgspec
from msgspec import UNSET, UnsetType

from brandwacht.engines.detection.events import PLAIN, Event, Rest, Unread, Value, integer, origin, parse_time, value_of
from brandwacht.engines.detection.flattening import attribute, flatten, is_flat, plain, string
from brandwacht.engines.detection.partly import ChannelName, Fitting, Partly, decoded, fits

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
    return _Whole(number, raw, event, origin("", channel, event_id))


_NONE: Final = msgspec.Raw()
_Plain = str | Fitting | None


class _System(msgspec.Struct, gc=False):
    """What is asked of "System"; what few events are asked for stays as it stands."""

    event_id: Any = msgspec.field(name="EventID", default=None)
    channel: ChannelName | None = msgspec.field(name="Channel", default=None)
    record_id: _Plain = msgspec.field(name="EventRecordID", default=None)
    created: msgspec.Raw = msgspec.field(name="TimeCreated", default=_NONE)
    computer: str | None = msgspec.field(name="Computer", default=None)
    provider: msgspec.Raw = msgspec.field(name="Provider", default=_NONE)
    level: _Plain | UnsetType = msgspec.field(name="Level", default=UNSET)
    keywords: _Plain | UnsetType = msgspec.field(name="Keywords", default=UNSET)
    task: _Plain | UnsetType = msgspec.field(name="Task", default=UNSET)
    opcode: _Plain | UnsetType = msgspec.field(name="Opcode", default=UNSET)


class _Skipped(msgspec.Struct, gc=False):
    """An object of which nothing is asked."""


class _Event(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """What stands under "Event", mostly; other parts hold fields too, and are left to who reads the whole."""

    system: _System = msgspec.field(name="System")
    attributes: _Skipped | UnsetType = msgspec.field(name="#attributes", default=UNSET)
    data: dict[str, str | Fitting | bool | None] | None = msgspec.field(name="EventData", default=None)


class _Record(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    event: _Event = msgspec.field(name="Event")


class _Text(Partly):
    """An event of which a part was read; the record is (what stands under "Event", the JSON)."""

    __slots__ = ()

    @property
    def aside(self) -> Mapping[str, object]:
        """Level, keywords, task and opcode."""
        system: _System = self._record[0].system
        given = zip(_ASIDE, (system.level, system.keywords, system.task, system.opcode), strict=True)
        return {name: value for name, value in given if value is not UNSET}

    @property
    def line(self) -> bytes:
        """The JSON."""
        return cast(str, self._record[1]).encode()

    def _read_fields(self) -> dict[str, object]:
        data = self._record[0].data or {}
        return data | {name: value for name, value in self.aside.items() if name not in data}

    def _read_values(self) -> Mapping[str, Value]:
        data = self._record[0].data or {}
        if PLAIN.issuperset(map(type, data.values())):
            return cast("Mapping[str, Value]", data)
        return {name: value_of(value) for name, value in data.items()}

    def _read_rest(self) -> Rest:
        system: _System = self._record[0].system
        return _rest(system.record_id, decoded(system.created), system.computer, decoded(system.provider))


_peek = msgspec.json.Decoder(_Record).decode


def evtx_text(number: int, text: str) -> Event | None:
    """Make an `Event` of the JSON of a record of EVTX without reading all of it.

    None when it has another shape, or when its data is more than one table of texts and whole numbers.
    """
    try:
        read = _peek(text).event
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    system, data = read.system, read.data
    event_id = system.event_id
    if type(event_id) is not int:
        event_id = integer(plain(event_id))
    if event_id is None or not fits(event_id) or (data and ("#text" in data or "#attributes" in data)):
        return None
    return _Text(number, None, (read, text), origin("", system.channel or "", event_id))
