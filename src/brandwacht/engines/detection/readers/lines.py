"""Lines of a log one after another, with what must be remembered from line to line, and single payloads from a network.

`LineReader` is for what comes in order from one source (a file, a connection), `parse_payload` for what comes alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from brandwacht.engines.detection.events import BadRecord, Event
from brandwacht.engines.detection.readers import auditd
from brandwacht.engines.detection.readers.parsing import (
    FORMS,
    audit_record,
    form_of,
    in_utc,
    not_json,
    record_event,
    text_event,
    unknown,
)
from brandwacht.engines.detection.readers.shapes import MAX_WRAPPER, wrapped
from brandwacht.engines.detection.readers.text import MAX_TEXT, as_text
from brandwacht.engines.detection.readers.weblogs import W3cTable
from brandwacht.engines.detection.readers.zeek import HEADERS, ZeekTable
from brandwacht.engines.detection.winlogbeat import winlogbeat_line

_W3C: Final = (b"#fields:", b"#software:", b"#version:", b"#date:", b"#start-date:", b"#end-date:", b"#remark:")
TOO_LONG: Final = f"Deze regel tekst is langer dan {MAX_TEXT // 1024**2} MB en is overgeslagen."
OTHER_FORM: Final = "Dit bericht heeft niet de vorm die voor deze bron is afgesproken."
COLUMNS: Final = "Deze regel heeft niet evenveel kolommen als de kop van het logbestand."


class LineReader:
    """Reads the lines of one source in order. It knows each line by its content, so that a source may mix logs.

    `feed(number, line)` gives the events and bad records that are complete by now; `finish()` what was still kept back.
    Only records of auditd (and lines right after them) are kept back, at most 256 of them. The number of an event is
    that of its (first) line, or one more than the number before where one line holds several records: numbers always
    rise. `received_at` (aware) gives year and zone to lines that lack them; without it such lines have no time.

    Raises nothing, whatever a line holds. Not for several threads at once.
    """

    def __init__(self, received_at: datetime | None = None, *, winlogbeat: bool = True) -> None:
        """``winlogbeat``: whether a line of JSON is first tried as one of Winlogbeat, which saves time."""
        self._reference = in_utc(received_at)
        self._table: ZeekTable | W3cTable | None = None
        self._joiner = auditd.Joiner()
        self._last = 0
        self._json = False
        self._winlogbeat = winlogbeat

    def feed(self, number: int, line: bytes) -> Sequence[Event | BadRecord]:
        """What is complete when `line`, without its line end, is read as line `number` (rising, from 1)."""
        number = self._last = number if number > self._last else self._last + 1
        if line[:1] != b"{":
            return self._text(number, line)
        if self._winlogbeat and (event := winlogbeat_line(number, line)) is not None:
            return (event,) if self._joiner.idle else self._joiner.put(number, event)
        try:
            raw = orjson.loads(line)
        except (orjson.JSONDecodeError, RecursionError):
            return self._pass(number, not_json(number, line))
        self._json = True
        # Looking first for what is quickest to read pays where such lines come one after the other.
        self._winlogbeat = isinstance(raw.get("winlog"), dict)
        return self._record(number, raw)

    def finish(self) -> Sequence[Event | BadRecord]:
        """What was kept back; the reader can go on afterwards."""
        return self._joiner.finish()

    def record(self, number: int, raw: dict[str, Any]) -> Sequence[Event | BadRecord]:
        """As `feed`, for a JSON object that was read already."""
        number = self._last = max(number, self._last + 1)
        return self._record(number, raw)

    def put(self, item: BadRecord) -> Sequence[Event | BadRecord]:
        """Let a bad record that the caller found take its turn."""
        number = self._last = max(item.number, self._last + 1)
        return self._pass(number, BadRecord(number, item.reason))

    def _record(self, number: int, raw: dict[str, Any]) -> Sequence[Event | BadRecord]:
        inside = wrapped(raw) if len(raw) <= MAX_WRAPPER else None
        if inside is None:
            return self._pass(number, record_event(number, raw, self._reference))
        found: list[Event | BadRecord] = []
        for self._last, item in enumerate(inside, start=number):
            found += self._pass(self._last, record_event(self._last, item, self._reference))
        return found

    def _pass(self, number: int, item: Event | BadRecord) -> Sequence[Event | BadRecord]:
        return (item,) if self._joiner.idle else self._joiner.put(number, item)

    def _text(self, number: int, line: bytes) -> Sequence[Event | BadRecord]:
        if line[:1] == b"#" and self._is_header(line):
            return ()
        if len(line) > MAX_TEXT:
            return self._pass(number, BadRecord(number, TOO_LONG))
        text = as_text(line)
        if b"audit(" in line[:1024]:
            record = audit_record(text, self._reference)
            if record is not None:
                return self._joiner.add(number, record)
        columns = self._table is not None and bool(self._table.names)
        if columns and self._table is not None and (parsed := self._table.parse(text)) is not None:
            return self._pass(number, parsed.line_event(number, text))
        found = text_event(number, text, self._reference)
        if found is not None:
            self._json = False
            return self._pass(number, found)
        if columns:
            return self._pass(number, BadRecord(number, COLUMNS))
        # Among lines of JSON a line of nothing that is known is a broken one of those.
        return self._pass(number, not_json(number, line) if self._json else unknown(number, line))

    def _is_header(self, line: bytes) -> bool:
        if line.startswith(HEADERS) and not line.lower().startswith(_W3C):
            if not isinstance(self._table, ZeekTable):
                self._table = ZeekTable()
            self._table.header(as_text(line))
            return True
        if line.lower().startswith(_W3C):
            if not isinstance(self._table, W3cTable):
                self._table = W3cTable()
            self._table.header(as_text(line))
            return True
        return False


def parse_payload(
    payload: bytes | dict[str, Any], *, form: str = "", number: int = 1, received_at: datetime | None = None
) -> list[Event | BadRecord]:
    """The events of one payload that was received by itself: the bytes of one message, or one object of a bulk request.

    Contract. The form is found by content, as in a file, or is the one that `form` names (of `FORMS`; ValueError for
    another), so that nothing sent to a source of one form is taken for another. The answer has one item, as a rule;
    several when the payload wraps records (`{"Records": [...]}` of CloudTrail), numbered from `number`; none for a
    blank line or a header line. A payload that can not be read is a `BadRecord` with a Dutch reason: nothing is raised
    and nothing is lost silently. `received_at` (aware) is when it came in: the year and the zone of moments that lack
    them, and the moment of a line of syslog that has none. Nothing is remembered between calls: lines of Zeek and IIS
    that need a header, and records of auditd that belong together, want a `LineReader` per connection. The time taken
    grows with the size of the payload only; limiting that size is for the caller (a line of text beyond 1 MB is
    refused here).
    """
    if form not in ("", *FORMS):
        raise ValueError(f"unknown form {form!r}")
    if isinstance(payload, dict):
        reader = LineReader(received_at)
        return [*reader.record(number, payload), *reader.finish()]
    line = payload.strip(b"\r\n\t \x00").removeprefix(b"\xef\xbb\xbf")
    if not line:
        return []
    if line[:1] == b"{" and form in ("", "json"):
        if (event := winlogbeat_line(number, line)) is not None:
            return [event]
    elif form and form_of(as_text(line[:4096])) != form:
        return [BadRecord(number, OTHER_FORM)]
    reader = LineReader(received_at, winlogbeat=False)
    return [*reader.feed(number, line), *reader.finish()]


def parse_syslog(message: bytes, received_at: datetime, *, number: int = 1) -> Event | BadRecord:
    """The event of one message of syslog (RFC 3164 or 5424), without its framing.

    What no other log claims still becomes an event when it begins with a priority (`<13>`): RFC 3164 asks a receiver to
    take any text, with the moment of receipt. Anything else that is not known is a `BadRecord`. Never raises.
    """
    items = parse_payload(message, number=number, received_at=received_at)
    if not items:
        return BadRecord(number, "Dit bericht is leeg.")
    return items[0]
