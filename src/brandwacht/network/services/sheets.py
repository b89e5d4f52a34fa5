"""Reading an offered table: CSV or XLSX, within limits, as text. Nothing in it is ever evaluated.

Every refusal and every problem names the place (row, column) and the mend.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import openpyxl
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _

from brandwacht.network.errors import Refused
from brandwacht.network.tables import is_dangerous

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 50 * 1024 * 1024
MAX_CELLS = 200_000
MAX_PARTS = 500
"""Files inside an XLSX file; a table needs about ten."""
MAX_CELL = 10_000
"""Characters in one cell."""
MAX_TEXT = 10_000_000
"""Characters in all cells: an XLSX file can put one text in every cell at no cost to its size."""

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: the row as the spreadsheet numbers it (the header is 1), the column's title, and the mend."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells as text, with the number of each row; rows without any text are left out."""

    rows: list[tuple[int, list[str]]]
    problems: list[Problem]


def read_sheet(content: bytes) -> Sheet:
    """Read a table. Raises ``Refused`` when it is no table, or larger than we take."""
    if len(content) > MAX_BYTES:
        raise Refused(_("Het bestand is groter dan 5 MB. Verdeel de tabel over meer bestanden."), "file")
    if content.startswith(ZIP):
        with _workbook(content) as book:
            return _not_empty(_within_limits(_sheet_rows(book.worksheets[0]), _Size()))
    _no_old_excel(content)
    return _not_empty(_within_limits(_csv_rows(content), _Size()))


def read_book(content: bytes) -> dict[str, Sheet]:
    """All sheets of a workbook by their titles, empty ones too; together within the limits of one table.

    Raises ``Refused`` when it is no workbook, or larger than we take.
    """
    if len(content) > MAX_BYTES:
        raise Refused(_("Het bestand is groter dan 5 MB. Bewaar alleen de tabel."), "file")
    _no_old_excel(content)
    if not content.startswith(ZIP):
        raise Refused(_("Dit is geen Excel-bestand. Bewaar het als .xlsx."), "file")
    size = _Size()
    with _workbook(content) as book:
        return {sheet.title: _within_limits(_sheet_rows(sheet), size) for sheet in book.worksheets}


def _no_old_excel(content: bytes) -> None:
    if content.startswith(OLE):
        raise Refused(_("Dit is een oud Excel-bestand of het heeft een wachtwoord. Bewaar het als .xlsx."), "file")


class _Size:
    """Cells and characters so far, over all sheets of a file."""

    def __init__(self) -> None:
        self.cells = self.length = 0

    def add(self, row: list[str]) -> None:
        """Count one row. Raises ``Refused`` above the limits."""
        self.cells += max(1, len(row))
        if self.cells > MAX_CELLS:
            raise Refused(_("De tabel heeft meer dan 200.000 cellen. Haal lege rijen en kolommen weg."), "file")
        self.length += sum(map(len, row))
        if self.length > MAX_TEXT:
            raise Refused(_("De tabel heeft meer dan 10 miljoen tekens. Verdeel haar over meer bestanden."), "file")


def _not_empty(sheet: Sheet) -> Sheet:
    if not sheet.rows:
        raise Refused(_("De tabel is leeg. Vul het sjabloon in en bied het opnieuw aan."), "file")
    return sheet


def _within_limits(rows: Iterable[tuple[list[str], list[int]]], size: _Size) -> Sheet:
    """Number the rows; ``rows`` gives the cells and the places (from 0) of formulas among them."""
    found: list[tuple[int, list[str]]] = []
    problems: list[Problem] = []
    for number, (row, formulas) in enumerate(rows, start=1):
        size.add(row)
        for place in formulas:
            title = found[0][1][place] if found and place < len(found[0][1]) else str(place + 1)
            problems.append(Problem(number, title, _("Hier staat een formule. Plak in plaats daarvan de waarde.")))
        too_long = [i for i, cell in enumerate(row) if len(cell) > MAX_CELL]
        problems += [
            Problem(number, str(i + 1), _("Deze cel heeft meer dan 10.000 tekens. Kort de tekst in.")) for i in too_long
        ]
        if any(row):
            found.append((number, [cell[:MAX_CELL] for cell in row]))
    return Sheet(found, problems)


# --- CSV --------------------------------------------------------------------------------------------------------------


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Excel's "CSV" in the Netherlands. Five bytes have no character there; they stay visible as such.
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise Refused(_("Dit is geen tekst in CSV-vorm. Bewaar de tabel als “CSV UTF-8” of als .xlsx."), "file")
    return text


def _csv_rows(content: bytes) -> Iterator[tuple[list[str], list[int]]]:
    text = _decoded(content)
    first, _newline, rest = text.partition("\n")
    if first.strip().lower() in {"sep=;", "sep=,"}:  # a hint that Excel writes
        delimiter, text = first.strip()[-1], rest
    else:
        delimiter = ";" if first.count(";") >= first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            yield [plain(cell) for cell in row], []
    except csv.Error as error:
        hint = _("Regel %(line)d van het bestand is niet te lezen. Staat er een aanhalingsteken te veel of te weinig?")
        raise Refused(hint % {"line": reader.line_num}, "file") from error


def plain(text: str) -> str:
    """The text of a cell; the apostrophe that our own exports put before a risky first character is taken off."""
    return text[1:].strip() if text.startswith("'") and is_dangerous(text[1:]) else text.strip()


# --- XLSX -------------------------------------------------------------------------------------------------------------


@contextmanager
def _workbook(content: bytes) -> Iterator[Any]:
    """The workbook, to read within the block; whatever is wrong with it or its sheets is ``Refused``."""
    if not openpyxl.DEFUSEDXML:
        raise RuntimeError("defusedxml must be installed and OPENPYXL_DEFUSEDXML not be switched off.")
    broken = Refused(_("Dit Excel-bestand is beschadigd of geen gewone werkmap. Bewaar het opnieuw als .xlsx."), "file")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
        # A part is never unpacked beyond the size that is stated for it, so a lie here ends as a broken file.
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise Refused(_("Dit Excel-bestand is uitgepakt groter dan 50 MB. Bewaar alleen de tabel."), "file")
        yield openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    except (Refused, MemoryError):
        raise
    except DefusedXmlException as error:
        raise Refused(
            _("Dit Excel-bestand bevat opdrachten die wij niet uitvoeren. Bewaar het opnieuw."), "file"
        ) from error
    except Exception as error:  # openpyxl raises whatever its parsers raise: KeyError, ValueError, BadZipFile, ...
        raise broken from error


def _sheet_rows(sheet: Any) -> Iterator[tuple[list[str], list[int]]]:
    sheet.reset_dimensions()  # the stated size may be a million empty rows
    for row in sheet.iter_rows():
        formulas = [i for i, cell in enumerate(row) if cell.data_type == "f"]
        yield ["" if cell.data_type == "f" else plain(_cell_text(cell.value)) for cell in row], formulas


def _cell_text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nee"
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes")
        case date() | time():
            return value.isoformat()
    return str(value)
