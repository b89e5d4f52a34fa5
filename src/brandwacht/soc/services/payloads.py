"""From one received payload to an event, or to the reason why not."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

import orjson
from django.utils.translation import gettext as _

from brandwacht.engines.detection import BadRecord, Event, event_from_record
from brandwacht.soc.models import SourceKind
from brandwacht.soc.spool import Payload

_PRIORITY: Final = re.compile(rb"^<(\d{1,3})>")
_RFC5424: Final = re.compile(
    r"^1 (?P<time>\S+) (?P<host>\S+) (?P<app>\S+) (?P<pid>\S+) (?P<msgid>\S+) "
    r"(?:-|(?:\[(?:[^\]\\]|\\.)*\])+) ?(?P<text>.*)$",
    re.S,
)
_RFC3164: Final = re.compile(
    r"^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) "
    r"(?P<host>[^\s:]+) (?P<app>[^\s:\[]{1,64})(?:\[(?P<pid>[^\]]*)\])?: ?(?P<text>.*)$",
    re.S,
)


def event_of(kind: str, number: int, payload: Payload, received_at: datetime) -> Event | BadRecord:
    """The event in a payload from a source of this kind; ``number`` is its place in the ledger row."""
    if payload.cut:
        return BadRecord(number, _("Deze regel is langer dan is toegestaan en is niet verwerkt."))
    data = payload.data.strip()
    if kind == SourceKind.BULK or data.startswith(b"{"):
        return _json(number, data)
    return syslog_event(number, data, received_at)


def _json(number: int, data: bytes) -> Event | BadRecord:
    try:
        raw: Any = orjson.loads(data)
    except (orjson.JSONDecodeError, RecursionError):
        return BadRecord(number, _("Deze regel is geen geldige JSON."))
    if not isinstance(raw, dict):
        return BadRecord(number, _("Dit is geen JSON-object met velden."))
    return event_from_record(number, raw)


def syslog_event(number: int, data: bytes, received_at: datetime) -> Event | BadRecord:
    """A syslog message (RFC 5424 or 3164) as an event, or as one when its text is JSON.

    The moment is that of receipt for RFC 3164, whose own has no year and no zone.
    """
    if not data:
        return BadRecord(number, _("Dit bericht is leeg."))
    text = _PRIORITY.sub(b"", data).decode("utf-8", "replace")
    fields: dict[str, object] = {}
    if priority := _PRIORITY.match(data):
        fields["facility"], fields["severity"] = divmod(int(priority[1]), 8)
    found = _RFC5424.match(text) or _RFC3164.match(text)
    named = {k: v for k, v in found.groupdict().items() if v not in (None, "-")} if found else {}
    body = named.get("text", text)
    if body.lstrip().startswith("{"):
        inner = _json(number, body.strip().removeprefix("\ufeff").encode())
        if isinstance(inner, Event):
            return inner
    raw = {
        "@timestamp": named.get("time") or received_at.isoformat(),
        "host": named.get("host", ""),
        "program": named.get("app", ""),
        "pid": named.get("pid", ""),
        "message": body,
        **fields,
    }
    return event_from_record(number, raw)
