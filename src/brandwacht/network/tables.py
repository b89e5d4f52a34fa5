"""Tables that leave the system: CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify

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
    response = HttpResponse("\ufeff" + csv_text(header, rows), content_type="text/csv; charset=utf-8")
    stem = slugify(filename.removesuffix(".csv")) or "tabel"
    response["Content-Disposition"] = f'attachment; filename="{stem}.csv"'
    response["Cache-Control"] = "no-store"
    return response
