"""From one line of text or one record of JSON to an event, whichever of the known logs it is of."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from brandwacht.engines.detection.events import BadRecord, Event, parse_time
from brandwacht.engines.detection.readers import auditd, syslog
from brandwacht.engines.detection.readers.cef import parse_cef, parse_leef
from brandwacht.engines.detection.readers.devices import looks_like_fortinet, refine
from brandwacht.engines.detection.readers.elastic import is_ecs, parse_ecs, place_of, sysmon_data
from brandwacht.engines.detection.readers.flat import at, flat_fields
from brandwacht.engines.detection.readers.shapes import program_kind, shape_of
from brandwacht.engines.detection.readers.text import MAX_TEXT, Parsed, parsed_again
from brandwacht.engines.detection.readers.weblogs import looks_like_web, parse_web
from brandwacht.engines.detection.records import event_from_record

FORMS: Final = ("json", "syslog", "cef", "leef", "auditd", "fortinet", "web", "app")
"""The forms that a single line can have; logs that begin with a header are only for files."""
MAX_LAYERS: Final = 3
"""Logs packed in logs (a record in a message in a record) that are opened."""

NOT_UTF8: Final = "Deze regel is geen UTF-8-tekst. Sla het bestand op als UTF-8."
NOT_JSON: Final = "Deze regel is geen geldige JSON. Iedere regel moet één compleet JSON-object zijn."
NO_OBJECT: Final = "Dit is geen JSON-object met velden."
UNKNOWN: Final = (
    "De vorm van deze regel is niet bekend. Lever JSON-regels, syslog of een van de andere bekende logvormen aan."
)

_WINDOWS: Final = ("LogName", "EventId", "ProviderName", "SourceName")
_TEXTS: Final = ("message", "log", "MESSAGE", "event.original")
_TIMES: Final = ("@timestamp", "timestamp", "time", "date", "ts", "datetime", "eventTime", "created_at")
_HOSTS: Final = ("host.name", "hostname", "host", "Hostname", "Computer", "computer", "agent.hostname")
_AUDITS: Final = ("linux.auditd", "linux.kernel")
_KERNEL_AUDIT: Final = re.compile(r"(?:\[[ \d.]{1,20}\] )?(?:audit: ?)?")
_JSON_START: Final = re.compile(r"(?:@cee: ?)?(?=\{)")
_JOURNAL: Final = {"program": ("SYSLOG_IDENTIFIER", "_COMM"), "pid": ("_PID", "SYSLOG_PID")}


def record_event(number: int, raw: dict[str, Any], reference: datetime | None = None, layer: int = 0) -> Event:
    """The event of one JSON object. Never fails: an object of which nothing is known is of the kind "json.line".

    `reference` is when it was received, for a line of text inside it that names no year.
    """
    body = raw.get("_source")
    record = body if isinstance(body, dict) else raw
    winlog = record.get("winlog")
    if isinstance(winlog, dict):
        data = sysmon_data(record, winlog)
        if data is None:
            return event_from_record(number, raw)
        made = event_from_record(number, {**record, "winlog": {**winlog, "event_data": data}})
        return _with_original(made, raw)
    if isinstance(record.get("Event"), dict) and isinstance(record["Event"].get("System"), dict):
        return event_from_record(number, raw)
    if "Channel" in record or "EventID" in record or any(name in record for name in _WINDOWS):
        return event_from_record(number, raw)
    inner = _inner(record) if layer < MAX_LAYERS else None
    if inner is not None:
        return _with_original(record_event(number, inner, reference, layer + 1), raw, place_of(record))
    shape = shape_of(record)
    if shape is not None and not shape.journal:
        parsed = shape.parse(record)
        parsed.host = parsed.host or place_of(record)
        return parsed.event(number, raw)
    if shape is not None:
        return _journal(record).event(number, raw)
    if is_ecs(record):
        return parse_ecs(record).event(number, raw)
    return _carried(number, raw, record, reference, layer) or _plain(record).event(number, raw)


def text_event(number: int, text: str, reference: datetime | None, layer: int = 0) -> Event | None:
    """The event of one line of a text log of which each line stands by itself; None when its form is not known."""
    parsed = parse_text(text, reference)
    if parsed is None:
        return None
    message = parsed.fields.get("message")
    if layer < MAX_LAYERS and isinstance(message, str) and (start := _JSON_START.match(message)):
        inner = _object(message[start.end() :])
        if inner is not None:
            found = record_event(number, inner, reference, layer + 1)
            if found.kind not in ("", "json.line"):
                time, host = found.time or parsed.time, parsed.host or found.host
                fields = parsed.with_message(found.fields)
                return Parsed(found.kind, fields, time, host, found.provider, found.event_id).line_event(number, text)
            if not found.kind:
                return found  # a Windows event brings its own envelope
            for name, value in found.fields.items():
                parsed.fields.setdefault(name, value)
    return parsed.line_event(number, text)


def form_of(text: str) -> str:
    """Which of `FORMS` a line of text has, by how it begins; "" when it has none that is known."""
    if text.startswith("{"):
        return "json"
    if text.startswith("CEF:"):
        return "cef"
    if text.startswith("LEEF:"):
        return "leef"
    if auditd.looks_like(text):
        return "auditd"
    if syslog.looks_like(text):
        return "syslog"
    if looks_like_fortinet(text):
        return "fortinet"
    if looks_like_web(text):
        return "web"
    return "app" if syslog.looks_like_application(text) else ""


def parse_text(text: str, reference: datetime | None) -> Parsed | None:
    """What one line of text says; None when its form is not known. Lines that need a header are not for here."""
    match form_of(text):
        case "cef":
            return parse_cef(text, reference)
        case "leef":
            return parse_leef(text, reference)
        case "auditd":
            record = auditd.parse_record(text)
            return auditd.join([record]) if record else None
        case "syslog":
            parsed = syslog.parse_line(text, reference)
            return _in_message(parsed, reference) if parsed else None
        case "fortinet":
            return refine("", text, "", {}, reference)
        case "web":
            return parse_web(text, reference)
        case "app":
            return syslog.parse_application(text, reference)
    return None


def audit_record(text: str, reference: datetime | None) -> auditd.Record | None:
    """The record of auditd that a line is or, behind the head of syslog, carries."""
    if auditd.looks_like(text):
        return auditd.parse_record(text)
    start = text.find("type=", 0, 512)
    if start < 1 or not auditd.looks_like(text[start:]):
        return None
    record = auditd.parse_record(text[start:])
    head = syslog.parse_line(text[:start], reference)
    # Only what auditd or the kernel itself writes counts: another program may repeat what a stranger gave it.
    if record is None or head is None or not (head.kind in _AUDITS or not head.provider):
        return None
    if not _KERNEL_AUDIT.fullmatch(str(head.fields["message"])):
        return None
    record.node = record.node or head.host
    record.line = text
    return record


def stored_event(number: int, raw: dict[str, Any], kind: str = "", received_at: datetime | None = None) -> Event:
    """The event again from what was kept of it: its original, its kind, and when it was received.

    `received_at` matters only for the moment of a line without a year or a zone that a shipper carried.
    """
    parsed = parsed_again(raw, kind)
    if parsed is not None:
        return parsed.event(number, raw)
    return record_event(number, raw, in_utc(received_at) or parse_time(raw.get("@timestamp")))


def not_json(number: int, line: bytes) -> BadRecord:
    """What to say of a line that begins as a JSON object and is none."""
    return BadRecord(number, NOT_JSON if _is_utf8(line) else NOT_UTF8)


def unknown(number: int, line: bytes) -> BadRecord:
    """What to say of a line whose form is not known."""
    if not _is_utf8(line):
        return BadRecord(number, NOT_UTF8)
    return BadRecord(number, NO_OBJECT if line[:1] == b"[" and line[-1:] == b"]" else UNKNOWN)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _with_original(event: Event, raw: dict[str, Any], shipper: str = "") -> Event:
    """`event` as part of `raw`. A known log says itself which machine it is about, of another the shipper does."""
    host = shipper or event.host if event.kind == "json.line" else event.host or shipper
    return Event(
        number=event.number,
        record_id=event.record_id,
        time=event.time,
        host=host,
        channel=event.channel,
        provider=event.provider,
        event_id=event.event_id,
        fields=event.fields,
        raw=raw,
        kind=event.kind,
    )


def _inner(record: dict[str, Any]) -> dict[str, Any] | None:
    """A record that stands whole inside another: decoded by a shipper, or as text in an export of Microsoft 365."""
    inside = record.get("json")
    if isinstance(inside, dict) and ("@timestamp" in record or "agent" in record):
        return inside
    text = record.get("AuditData")
    if isinstance(text, dict):
        return text
    if isinstance(text, str):
        return _object(text)
    return None


def _object(text: str) -> dict[str, Any] | None:
    """The JSON object that a text is; None when it is none."""
    try:
        found = orjson.loads(text.encode("utf-8", "replace"))
    except (orjson.JSONDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _carried(
    number: int, raw: dict[str, Any], record: dict[str, Any], reference: datetime | None, layer: int
) -> Event | None:
    """A line of a text log that a shipper (Filebeat, Fluent Bit, Docker) carries in a record."""
    if layer >= MAX_LAYERS:
        return None
    text = next((value for name in _TEXTS if isinstance(value := at(record, name), str) and value.strip()), None)
    if text is None or len(text) > MAX_TEXT:
        return None
    text = text.strip()
    time = next((moment for name in _TIMES if (moment := parse_time(record.get(name)))), None)
    if time is not None and reference is not None:
        time = time.astimezone(reference.tzinfo)  # the moment of the shipper in the zone of the receiver
    if text.startswith("{"):
        inner = _object(text)
        if inner is None:
            return None
        found: Event | None = record_event(number, inner, time or reference, layer + 1)
    else:
        found = text_event(number, text, time or reference, layer + 1)
    if found is None or found.kind == "json.line":
        return None
    return _with_original(found, raw, place_of(record))


def _journal(record: dict[str, Any]) -> Parsed:
    """A record of systemd's journal."""
    fields = flat_fields(record)
    for name, sources in _JOURNAL.items():
        if isinstance(value := next((record[s] for s in sources if s in record), None), str):
            fields[name] = value
    message = record.get("MESSAGE")
    if isinstance(message, list) and all(isinstance(part, int) and 0 <= part < 256 for part in message):
        message = bytes(message).decode("utf-8", "backslashreplace")  # so the journal writes what is no UTF-8
    fields["message"] = message if isinstance(message, str) else ""
    micros = record.get("__REALTIME_TIMESTAMP")
    time = (
        parse_time(int(micros) // 1000) if isinstance(micros, str) and micros.isdecimal() and len(micros) < 18 else None
    )
    program = str(fields.get("program", ""))
    host = record.get("_HOSTNAME")
    parsed = Parsed(program_kind(program), fields, time, host if isinstance(host, str) else "", program)
    inner = refine(program, str(fields["message"]), parsed.kind, {}, time)
    if inner is not None:
        parsed.kind, parsed.event_id = inner.kind, inner.event_id
        parsed.fields = parsed.with_message(inner.fields)
    return parsed


def _plain(record: dict[str, Any]) -> Parsed:
    fields = flat_fields(record)
    time = next((moment for name in _TIMES if (moment := parse_time(fields.get(name)))), None)
    host = next((value for name in _HOSTS if isinstance(value := fields.get(name), str) and value), "")
    return Parsed("json.line", fields, time, host)


def _in_message(parsed: Parsed, reference: datetime | None) -> Parsed:
    """What a message holds in a form that also stands in files: a record of auditd, a line of a web server."""
    message = parsed.fields.get("message")
    if parsed.kind not in ("linux.syslog", *_AUDITS) or not isinstance(message, str):
        return parsed
    may_audit = parsed.kind in _AUDITS or not parsed.provider
    record = auditd.parse_record(message) if may_audit and auditd.looks_like(message) else None
    if record is not None:
        inner: Parsed | None = auditd.join([record])
    elif parsed.provider in ("nginx", "apache2", "httpd", "apache", "squid"):
        inner = parse_web(message, reference)
    else:
        inner = None
    if inner is None:
        return parsed
    fields = parsed.with_message(inner.fields)
    return Parsed(inner.kind, fields, inner.time or parsed.time, parsed.host or inner.host, parsed.provider)


def in_utc(moment: datetime | None) -> datetime | None:
    """The moment as given when it has a zone; without one it is in UTC."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
