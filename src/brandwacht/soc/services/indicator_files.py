"""Files with indicators as others deliver them: plain text, CSV, or a STIX bundle. Values may be defanged."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final

import orjson
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from brandwacht.engines.intel import TLP, InvalidIndicator, parse_indicator, parse_indicators, read_bundle
from brandwacht.network.errors import Refused
from brandwacht.soc.services.indicator_sets import Item

MAX_VALUES: Final = 5_000_000
MAX_REFUSED: Final = 200
"""Refused values that are named; the rest is counted."""
MAX_BUNDLE: Final = 50 * 1024 * 1024
CHUNK: Final = 128 * 1024
"""Bytes read between two notes of progress."""

_VALUE = ("waarde", "kenmerk", "indicator", "value", "ioc", "adres")
_END = ("geldig tot", "valid_until", "valid until", "expires", "verloopt")
_SURE = ("zekerheid", "confidence")
_NAME = ("id", "uuid")


@dataclass(slots=True)
class Content:
    """What a file holds: its values without doubles, how many doubles, and what was refused as (line, reason).

    ``tlp`` is the strictest label that the file itself carries; None when it carries none.
    """

    items: dict[tuple[str, str], Item] = field(default_factory=dict)
    doubles: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    refused_count: int = 0
    tlp: TLP | None = None

    def add(self, item: Item) -> None:
        """Keep a value; one that is there already counts as a double."""
        key = (item.kind, item.value)
        if key in self.items:
            self.doubles += 1
        elif len(self.items) >= MAX_VALUES:
            raise Refused(_("Een lijst bevat hoogstens 5 miljoen waarden. Verdeel haar over meer lijsten."), "file")
        else:
            self.items[key] = item

    def refuse(self, line: int, reason: str) -> None:
        """Note a value that is left out."""
        self.refused_count += 1
        if len(self.refused) < MAX_REFUSED:
            self.refused.append((line, reason[:300]))


def read_indicator_file(path: Path, tell: Callable[[int, int], None]) -> Content:
    """Read a file of whatever known form. ``tell`` gets (bytes done, bytes in all) and may raise.

    Raises ``Refused`` (field "file") when nothing of it can be used.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(4096)
    if b"\x00" in head:
        raise Refused(_("Dit is geen tekst. Lever platte tekst, CSV of een STIX-bundel (JSON) aan."), "file")
    content = Content()
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        _read_stix(path, size, content)
    else:
        first = start.split(b"\n", 1)[0].decode("utf-8", "replace")
        columns = _columns(first)
        _read_lines(path, size, columns, content, tell)
    tell(size, size)
    if not content.items:
        reason = _(" De eerste reden: regel %(line)d, %(reason)s") if content.refused else ""
        first_refusal = content.refused[0] if content.refused else (0, "")
        detail = reason % {"line": first_refusal[0], "reason": first_refusal[1]} if reason else ""
        raise Refused(_("In dit bestand staat geen enkel bruikbaar kenmerk.") + detail, "file")
    return content


def _read_stix(path: Path, size: int, content: Content) -> None:
    if size > MAX_BUNDLE:
        raise Refused(_("Deze bundel is groter dan 50 MB. Verdeel haar."), "file")
    try:
        bundle = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise Refused(_("Dit is geen geldige JSON. Lever een STIX 2.1-bundel aan, of platte tekst."), "file") from error
    if not isinstance(bundle, dict) or not isinstance(bundle.get("objects"), list):
        raise Refused(_("Dit is geen STIX-bundel: de lijst “objects” ontbreekt."), "file")
    found, refused = read_bundle(bundle)
    for received in found:
        value = received.indicator
        content.add(Item(value.kind, value.value, received.id, received.confidence, received.valid_until))
        if received.tlp is not None:
            content.tlp = received.tlp if content.tlp is None else TLP.strictest(content.tlp, received.tlp)
    for line, reason in refused:
        content.refuse(line, reason)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a CSV file has what; -1 when it does not have it."""

    delimiter: str
    value: int
    end: int
    sure: int
    name: int


def _columns(first: str) -> _Columns | None:
    """The columns that the first line names; ``None`` when it names none, so that the file is plain text."""
    for delimiter in (";", "\t", ","):
        cells = [cell.strip().strip('"').casefold() for cell in first.split(delimiter)]
        places = [
            next((n for n, cell in enumerate(cells) if cell in words), -1) for words in (_VALUE, _END, _SURE, _NAME)
        ]
        if places[0] >= 0:
            return _Columns(delimiter, *places)
    return None


def _read_lines(
    path: Path, size: int, columns: _Columns | None, content: Content, tell: Callable[[int, int], None]
) -> None:
    done = 0
    with path.open("rb") as stream:
        number = 0
        while lines := stream.readlines(CHUNK):
            done += sum(map(len, lines))
            text = [line.decode("utf-8-sig" if number == 0 else "utf-8", "replace") for line in lines]
            if columns is None:
                for offset, line in enumerate(text, start=1):
                    found, refused = parse_indicators(line.rstrip("\r\n"))
                    for value in found:
                        content.add(Item(value.kind, value.value))
                    for refusal in refused:
                        content.refuse(number + offset, refusal.reason)
            else:
                _read_rows(text, number, columns, content)
            number += len(lines)
            tell(done, size)


def _read_rows(lines: list[str], before: int, columns: _Columns, content: Content) -> None:
    for offset, line in enumerate(lines, start=1):
        number = before + offset
        if number == 1 or not line.strip():
            continue
        try:
            cells = next(csv.reader(io.StringIO(line), delimiter=columns.delimiter), [])
            content.add(_item(cells, columns))
        except (InvalidIndicator, csv.Error) as error:
            content.refuse(number, str(error))


def _item(cells: list[str], columns: _Columns) -> Item:
    def cell(place: int) -> str:
        return cells[place].strip() if 0 <= place < len(cells) else ""

    if not cell(columns.value):
        raise InvalidIndicator(_("De waarde ontbreekt."))
    value = parse_indicator(cell(columns.value).lstrip("'"))
    sure = cell(columns.sure)
    confidence = int(sure) if sure.isascii() and sure.isdecimal() and len(sure) <= 3 else None
    if sure and (confidence is None or confidence > 100):
        raise InvalidIndicator(_("De zekerheid is geen getal van 0 tot en met 100."))
    return Item(value.kind, value.value, cell(columns.name)[:200], confidence, _end(cell(columns.end)))


def _end(text: str) -> datetime | None:
    if not text:
        return None
    try:
        day = parse_date(text)
        moment = datetime.combine(day, time(23, 59, 59), UTC) if day else datetime.fromisoformat(text)
    except ValueError:
        raise InvalidIndicator(_("“Geldig tot” is geen datum. Schrijf 2026-12-31.")) from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
