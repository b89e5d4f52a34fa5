"""CEF (ArcSight Common Event Format) and LEEF 1.0 and 2.0 (QRadar): `CEF:0|vendor|product|...|key=value key=value`.

Source: ArcSight's and IBM's public descriptions of the two formats.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from brandwacht.engines.detection.events import parse_time
from brandwacht.engines.detection.readers.text import MAX_PAIRS, Parsed, moment, month_number

_KEY: Final = re.compile(r"(?:^|(?<=\s))([\w.\[\]-]{1,128})(?<!\\)=")
_ESCAPE: Final = re.compile(r"\\(.)", re.S)
_HEADER: Final = ("version", "DeviceVendor", "DeviceProduct", "DeviceVersion", "SignatureID", "Name", "Severity")
_LEEF_HEADER: Final = ("version", "DeviceVendor", "DeviceProduct", "DeviceVersion", "SignatureID")
_WRITTEN: Final = re.compile(
    r"([A-Z][a-z]{2}) (\d{1,2})(?: (\d{4}))? (\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?: ([+-]\d\d:?\d\d))?"
)


def parse_cef(text: str, reference: datetime | None) -> Parsed | None:
    """What a CEF line says; None when it has no complete header. The header goes before any pair of the same name."""
    header, rest = _split_header(text[len("CEF:") :], len(_HEADER))
    if header is None:
        return None
    fields: dict[str, object] = dict(zip(_HEADER, header, strict=True))
    found = list(_KEY.finditer(rest))[:MAX_PAIRS]
    for position, key in enumerate(found):
        end = found[position + 1].start() if position + 1 < len(found) else len(rest)
        fields.setdefault(key[1], _plain(rest[key.end() : end].rstrip()))
    _named(fields)
    return _parsed("cef.event", fields, reference)


def parse_leef(text: str, reference: datetime | None) -> Parsed | None:
    """What a LEEF line says, version 1.0 (tabs between the pairs) or 2.0 (whose header may name another separator)."""
    header, rest = _split_header(text[len("LEEF:") :], len(_LEEF_HEADER))
    if header is None:
        return None
    fields: dict[str, object] = dict(zip(_LEEF_HEADER, header, strict=True))
    fields["Name"] = header[-1]
    separator = "\t"
    if header[0].startswith("2"):
        given, bar, after = rest.partition("|")
        if bar and "=" not in given:
            separator, rest = _separator(given) or "\t", after
    for part in rest.split(separator, MAX_PAIRS):
        name, equals, value = part.partition("=")
        if equals and name.strip():
            fields.setdefault(name.strip(), value.strip())
    return _parsed("leef.event", fields, reference)


def _split_header(text: str, count: int) -> tuple[list[str] | None, str]:
    """The first `count` parts between bars, with escaped bars undone, and what follows the last of them."""
    parts: list[str] = []
    start = position = 0
    while len(parts) < count:
        bar = text.find("|", position)
        if bar < 0:
            if len(parts) == count - 1 and start < len(text):
                return [*parts, _plain(text[start:].strip())], ""
            return None, ""
        slashes = bar - len(text[start:bar].rstrip("\\")) - start
        if slashes % 2:
            position = bar + 1
            continue
        parts.append(_plain(text[start:bar].strip()))
        start = position = bar + 1
    return parts, text[start:]


def _plain(value: str) -> str:
    if "\\" not in value:
        return value
    return _ESCAPE.sub(lambda found: {"n": "\n", "r": "\r", "t": "\t"}.get(found[1], found[1]), value)


def _separator(given: str) -> str:
    code = given.lower().removeprefix("0").removeprefix("x")
    if len(given) > 1 and re.fullmatch("[0-9a-f]{2,4}", code):
        return chr(int(code, 16))
    return given[:1]


def _named(fields: dict[str, object]) -> None:
    """Custom values under the name that their label gives: `cs1Label=Regel cs1=7` is also the field Regel."""
    for name in [name for name in fields if name.endswith("Label")]:
        label, value = fields[name], fields.get(name.removesuffix("Label"))
        if isinstance(label, str) and label and value is not None:
            fields.setdefault(label, value)


def _parsed(kind: str, fields: dict[str, object], reference: datetime | None) -> Parsed:
    time = None
    for name in ("rt", "devTime", "end", "start"):
        if isinstance(value := fields.get(name), str) and (time := _moment(value, reference)):
            break
    host = next((str(fields[name]) for name in ("dvchost", "identHostName", "dvc") if fields.get(name)), "")
    return Parsed(kind, fields, time, host, str(fields["DeviceProduct"]))


def _moment(value: str, reference: datetime | None) -> datetime | None:
    if value.isascii() and value.isdigit() and len(value) < 17:
        return parse_time(int(value))
    if written := _WRITTEN.match(value):
        month, day, year, clock, zone = written.groups()
        if number := month_number(month):
            return moment(int(year) if year else None, number, int(day), clock, zone=zone or "", reference=reference)
    return parse_time(value)
