"""How records of JSON become events.

Four shapes are known: the XML-like form of EVTX dumps (`Event.System`, `Event.EventData`), Winlogbeat
(`winlog.event_data`), flat forms such as nxlog's, and any other JSON object.
"""

from __future__ import annotations

from typing import Any

from brandwacht.engines.detection.events import Event, integer, parse_time
from brandwacht.engines.detection.evtx_records import evtx_event
from brandwacht.engines.detection.flattening import flatten, string
from brandwacht.engines.detection.winlogbeat import winlogbeat_event


def event_from_record(number: int, raw: dict[str, Any]) -> Event:
    """Make an `Event` of one parsed record of any known shape. Never fails on odd content: what is odd stays text."""
    body = raw.get("_source")
    record = body if isinstance(body, dict) else raw
    if isinstance(record.get("winlog"), dict):
        return winlogbeat_event(number, raw, record)
    event = record.get("Event")
    if isinstance(event, dict) and isinstance(event.get("System"), dict):
        return evtx_event(number, raw, event)
    return _from_flat(number, raw, record)


def _from_flat(number: int, raw: dict[str, Any], record: dict[str, Any]) -> Event:
    fields: dict[str, object] = {}
    flatten("", record, fields)

    def first(*names: str) -> object:
        return next((fields[name] for name in names if fields.get(name) is not None), None)

    return Event(
        number=number,
        record_id=integer(first("EventRecordID", "RecordNumber", "RecordId", "record_id")),
        time=parse_time(first("@timestamp", "TimeCreated", "SystemTime", "EventTime", "UtcTime", "timestamp", "time")),
        host=string(first("Computer", "Hostname", "MachineName", "ComputerName", "hostname", "host", "host.name")),
        channel=string(first("Channel", "LogName", "channel")),
        provider=string(first("Provider_Name", "ProviderName", "SourceName", "Provider", "provider")),
        event_id=integer(first("EventID", "EventId", "event_id", "Id")),
        fields=fields,
        raw=raw,
    )
