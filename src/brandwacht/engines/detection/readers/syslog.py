"""Syslog: RFC 3164 (with the ways in which equipment departs from it), RFC 5424, and files that rsyslog writes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from brandwacht.engines.detection.events import parse_time
from brandwacht.engines.detection.readers.cef import parse_cef, parse_leef
from brandwacht.engines.detection.readers.devices import refine
from brandwacht.engines.detection.readers.shapes import program_kind
from brandwacht.engines.detection.readers.text import Parsed, moment, month_number

_PRIORITY: Final = re.compile(r"<(\d{1,3})>")
_RFC5424: Final = re.compile(r"(\d{1,2}) (\S{1,64}) (\S{1,255}) (\S{1,255}) (\S{1,128}) (\S{1,64}) ?")
_PARAMETER: Final = re.compile(r' ([^\s="\]]{1,128})="((?:[^"\\\]]|\\.)*+)"')
_ELEMENT: Final = re.compile(r"\[([^\s=\"\]]{1,128})")
_SEQUENCE: Final = re.compile(r"\d{1,12}: (?:[\w.:-]{1,255}: )?")
_BSD_TIME: Final = re.compile(
    r"[*.]?([A-Z][a-z]{2}) {1,2}(\d{1,2})(?: (\d{4}))? (\d\d:\d\d:\d\d(?:\.\d{1,9})?)"
    r"(?: ([A-Z]{3,5}|[+-]\d\d:?\d\d)(?=[:\s]))?(:?) "
)
_ISO_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?) ")
_LEVELS: Final = ("TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL", "SEVERE")
_APPLICATION: Final = re.compile(
    r"\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|[+-]\d\d:?\d\d))?)\]?[\s,|-]"
    rf".{{0,100}}?\b({'|'.join(_LEVELS)})\b"
)
_HOST: Final = re.compile(r"([\w.:-]{1,255}) ")
_TAG: Final = re.compile(r"([\w./@()+-]{1,128})(?:\[([\w.-]{1,64})\])?:(?: |$)")
_FACILITIES: Final = [
    "kern",
    "user",
    "mail",
    "daemon",
    "auth",
    "syslog",
    "lpr",
    "news",
    "uucp",
    "cron",
    "authpriv",
    "ftp",
    "ntp",
    "audit",
    "alert",
    "clock",
    "local0",
    "local1",
    "local2",
    "local3",
    "local4",
    "local5",
    "local6",
    "local7",
]
MAX_PARAMETERS: Final = 500


def looks_like(text: str) -> bool:
    """Whether a line begins as syslog does."""
    if text.startswith("<"):
        return _PRIORITY.match(text) is not None
    if _BSD_TIME.match(text):
        return True
    stamp = _ISO_TIME.match(text)
    host = _HOST.match(text, stamp.end()) if stamp else None
    return bool(host and host[1] not in _LEVELS and _TAG.match(text, host.end()))


def looks_like_application(text: str) -> bool:
    """Whether a line is one of a program's own log: a moment, and soon after it a level."""
    return _APPLICATION.match(text) is not None


def parse_application(text: str, reference: datetime | None) -> Parsed | None:
    """One line of a program's own log; None when it is none."""
    found = _APPLICATION.match(text)
    if not found:
        return None
    return Parsed(
        "app.line", {"message": text[found.end(1) :].lstrip("] ,-|"), "level": found[2]}, _iso(found[1], reference)
    )


def parse_line(text: str, reference: datetime | None) -> Parsed | None:
    """What a line of syslog says; None when it is none. `reference` is when it was received: it gives the year and the
    zone that the line may lack. A line with a priority and nothing else that is known is still a message.
    """
    priority = _PRIORITY.match(text)
    number = int(priority[1]) if priority else None
    if number is not None and number > 191:
        number = None
    fields: dict[str, object] = {}
    if number is not None:
        fields["facility"], fields["severity"] = _FACILITIES[number // 8], number % 8
    rest = text[priority.end() :] if priority else text
    newer = _RFC5424.match(rest) if priority else None
    if newer:
        return _rfc5424(newer, rest, fields, reference)
    return _rfc3164(rest, fields, reference, bare=priority is None)


def _rfc5424(found: re.Match[str], rest: str, fields: dict[str, object], reference: datetime | None) -> Parsed:
    _version, stamp, host, program, process, message_id = found.groups()
    time = parse_time(stamp) if stamp != "-" else reference
    after = rest[found.end() :]
    message = _structured(after, fields)
    if message_id != "-":
        fields["msgid"] = message_id
    return _message(
        message.removeprefix("\ufeff"),
        "" if program == "-" else program,
        "" if process == "-" else process,
        fields,
        Parsed("", fields, time, "" if host == "-" else host),
        reference,
    )


def _structured(text: str, fields: dict[str, object]) -> str:
    """Put the structured data into `fields` as `id.name`; gives the message after it."""
    if text.startswith("-"):
        return text[1:].removeprefix(" ")
    position, taken = 0, 0
    while element := _ELEMENT.match(text, position):
        position = element.end()
        while taken < MAX_PARAMETERS and (parameter := _PARAMETER.match(text, position)):
            taken += 1
            position = parameter.end()
            fields.setdefault(f"{element[1]}.{parameter[1]}", re.sub(r'\\(["\\\]])', r"\1", parameter[2]))
        if text[position : position + 1] != "]":
            return text[position:]
        position += 1
    return text[position:].removeprefix(" ")


def _rfc3164(rest: str, fields: dict[str, object], reference: datetime | None, *, bare: bool) -> Parsed | None:
    if sequence := _SEQUENCE.match(rest):
        rest = rest[sequence.end() :]
    time, host = reference, ""
    if stamp := _BSD_TIME.match(rest):
        month, day, year, clock, zone, colon = stamp.groups()
        number = month_number(month)
        if number is None:
            return None if bare else _message(rest, "", "", fields, Parsed("", fields, reference), reference)
        offset = zone if zone and zone[0] in "+-" else "+0000" if zone in ("UTC", "GMT") else ""
        time = moment(int(year) if year else None, number, int(day), clock, zone=offset, reference=reference)
        rest = rest[stamp.end() :]
        named = None if colon or rest.startswith("%") else _HOST.match(rest)
    elif stamp := _ISO_TIME.match(rest):
        time = _iso(stamp[1], reference)
        rest = rest[stamp.end() :]
        named = _HOST.match(rest)
    elif bare:
        return None
    else:
        named = None
    # "Nov 22 13:05:00 sshd[7]: ..." has no host: what follows is then the tag.
    if named and not _TAG.match(rest):
        host, rest = named[1], rest[named.end() :]
    program, process = "", ""
    if tag := _TAG.match(rest):
        program, process = tag[1], tag[2] or ""
        if program not in ("CEF", "LEEF"):
            rest = rest[tag.end() :]
    return _message(rest, program, process, fields, Parsed("", fields, time, host), reference)


def _iso(stamp: str, reference: datetime | None) -> datetime | None:
    time = parse_time(stamp.replace(",", "."))
    if time and reference and not re.search(r"(?:Z|[+-]\d\d:?\d\d)$", stamp):
        return time.replace(tzinfo=reference.tzinfo).astimezone(time.tzinfo)
    return time


def _message(
    message: str, program: str, process: str, fields: dict[str, object], line: Parsed, reference: datetime | None
) -> Parsed:
    """Complete `line` with what its message says. Nothing in the message replaces what the line itself says."""
    name = program.rpartition("/")[2]
    message = message.removeprefix(": ")
    line.time = line.time.astimezone(UTC) if line.time else None
    line.kind, line.provider = program_kind(name), name
    fields["message"] = message
    if program:
        fields["program"] = name
    if process:
        fields["pid"] = process
    inner = None
    start = message.lstrip()
    if start.startswith("CEF:"):
        inner = parse_cef(start, reference)
    elif start.startswith("LEEF:"):
        inner = parse_leef(start, reference)
    if inner is None:
        inner = refine(name, start, line.kind, fields, line.time)
    if inner is not None:
        line.kind = inner.kind
        line.fields = line.with_message(inner.fields)
        line.host = line.host or inner.host
        line.time = inner.time or line.time
        line.event_id = inner.event_id
        line.provider = inner.provider or line.provider
    return line
