"""Tables that leave the system: CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import openpyxl
from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

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
        sheet.append([cell if type(cell) is int else _sheet_text(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return _download(out.getvalue(), XLSX, filename.removesuffix(".xlsx"), "xlsx")


def _sheet_text(cell: Any) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("\ufffd", harmless(cell))


def _download(content: bytes, content_type: str, stem: str, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{slugify(stem) or "tabel"}.{ending}"'
    response["Cache-Control"] = "no-store"
    return response
