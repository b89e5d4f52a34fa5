"""Tables that leave the system: CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.xml.functions import tostring

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BLANK = " \t\r\n\v\f\x00\xa0\ufeff\u200b\u3000"
DANGEROUS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""First characters with which a spreadsheet takes a cell for a formula or a command (OWASP, CSV injection)."""


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet may run this text; some look past spaces and what does not show in front of it."""
    return text.startswith(DANGEROUS) or text.lstrip(BLANK).startswith(DANGEROUS)


def harmless(value: Any) -> str:
    """The text of one exported cell; text that a spreadsheet could run gets an apostrophe in front.

    Numbers and moments are ours and stay as they are: a negative number is no formula. Moments are local time.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(sep=" ", timespec="seconds")
    text = str(value)
    if isinstance(value, int | float):
        return text
    return f"'{text}" if is_dangerous(text) else text


def csv_text(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> str:
    """A whole table as CSV: separated by semicolons, as Dutch spreadsheets expect, every cell made harmless."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def csv_response(filename: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A download of a table (UTF-8 with a byte order mark, so that Excel reads the accents).

    ``filename`` is reduced to letters, digits and dashes and gets ".csv".
    """
    content = ("\ufeff" + csv_text(header, rows)).encode()
    return _download(content, "text/csv; charset=utf-8", filename.removesuffix(".csv"), "csv")


def xlsx_response(filename: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The same table as a workbook with one sheet; whole numbers stay numbers, all else is harmless text."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for row in (header, *rows):
        sheet.append([cell_value(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return xlsx_download(filename, out.getvalue())


def xlsx_download(filename: str, content: bytes) -> HttpResponse:
    """A download of a workbook that was made; the name as for ``csv_response``."""
    return _download(content, XLSX, filename.removesuffix(".xlsx"), "xlsx")


def saved_book(book: openpyxl.Workbook, moment: datetime) -> bytes:
    """The bytes of a workbook, equal for an equal workbook and moment: the time of day of the machine is in none."""
    out, again = io.BytesIO(), io.BytesIO()
    book.save(out)
    book.properties.created = book.properties.modified = moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    with zipfile.ZipFile(out) as made, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in made.namelist():
            part = made.read(name)
            if name == "docProps/core.xml":  # openpyxl writes the moment of saving there
                part = tostring(book.properties.to_tree())
            kept.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return again.getvalue()


def cell_value(cell: Any) -> Any:
    """What goes in a cell of a workbook: whole numbers and days as they are, all else as harmless text."""
    return cell if type(cell) in (int, date) else _sheet_text(cell)


def mark(cells: Mapping[str, str]) -> str:
    """A short mark of what a row held (texts by column), to see whether it changed meanwhile."""
    return hashlib.sha256("\x1f".join(f"{key}={cells[key]}" for key in sorted(cells)).encode()).hexdigest()[:16]


def _sheet_text(cell: Any) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("\ufffd", harmless(cell))


def _download(content: bytes, content_type: str, stem: str, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{slugify(stem) or "tabel"}.{ending}"'
    response["Cache-Control"] = "no-store"
    return response
