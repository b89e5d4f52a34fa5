"""What an organisation runs: products with, where known, their versions."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from .names import parse_cpe, parse_purl, product_key, words_of

MAX_ROWS: Final = 5_000
"""Rows of one sheet."""
MAX_UNPACKED: Final = 50_000_000
"""Bytes of one sheet when it is unpacked."""


class InvalidAsset(ValueError):
    """Something that can not be looked for; the message is Dutch."""


class InvalidSheet(ValueError):
    """A file that is no sheet we can read; the message is Dutch."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A product in use. `key` is the caller's own. It has a CPE name, a package URL or a product name; or several.

    Without `version` nobody knows which one runs; a match then says so. Raises InvalidAsset.
    """

    key: str
    product: str = ""
    vendor: str = ""
    version: str = ""
    cpe: str = ""
    purl: str = ""

    def __post_init__(self) -> None:
        if self.cpe and parse_cpe(self.cpe) is None:
            raise InvalidAsset(f"‘{self.cpe[:60]}’ is geen CPE-naam (Common Platform Enumeration).")
        if self.purl and parse_purl(self.purl) is None:
            raise InvalidAsset(f"‘{self.purl[:60]}’ is geen package-URL.")
        if not self.cpe and not self.purl and not product_key(self.product, self.vendor):
            raise InvalidAsset("Er is geen product genoemd.")

    @property
    def running(self) -> str:
        """The version that runs, from whichever says so; empty when nobody does."""
        cpe, purl = parse_cpe(self.cpe) if self.cpe else None, parse_purl(self.purl) if self.purl else None
        return self.version.strip() or (cpe and cpe.version) or (purl and purl.version) or ""

    @property
    def name(self) -> str:
        """How to call it."""
        cpe = parse_cpe(self.cpe) if self.cpe else None
        words = self.product or (cpe and f"{cpe.vendor} {cpe.product}") or self.purl
        known = self.vendor and words_of(self.vendor)[:1] != words_of(words)[:1]
        return f"{self.vendor} {words}" if known else words


@dataclass(frozen=True, slots=True)
class Profile:
    """What one organisation runs; `organisation` is the caller's key."""

    organisation: str
    assets: tuple[Asset, ...]


class RowProblem(NamedTuple):
    """A row that was left out: its number in the sheet (from 1) and the Dutch reason."""

    row: int
    message: str


_COLUMNS: Final = {
    "product": {"product", "productnaam", "applicatie", "software", "naam", "systeem", "component", "pakket", "name"},
    "vendor": {"leverancier", "fabrikant", "vendor", "merk", "producent", "maker", "uitgever"},
    "version": {"versie", "version", "versienummer", "release", "firmware"},
    "cpe": {"cpe", "cpenaam", "cpe23"},
    "purl": {"purl", "packageurl"},
}
_HEAD_ROWS: Final = 20


def read_rows(rows: Iterable[Sequence[object]]) -> tuple[list[Asset], list[RowProblem]]:
    """Read the rows of an "ICT-foto": a heading that names the columns, somewhere in the first rows, then a row each.

    Columns are known by their Dutch or English names, in any order; a product, a CPE name or a package URL is needed.
    The key of an asset is the number of its row. Raises InvalidSheet when no heading is found.
    """
    columns: dict[str, int] | None = None
    found: dict[tuple[str, ...], Asset] = {}
    problems: list[RowProblem] = []
    for number, cells in enumerate(rows, start=1):
        if number > MAX_ROWS:
            problems.append(RowProblem(number, f"Er zijn meer dan {MAX_ROWS} regels; de rest is niet gelezen."))
            break
        if columns is None:
            columns = _heading(cells)
            if columns is None and number >= _HEAD_ROWS:
                break
            continue
        values = {name: _text(cells[place]) if place < len(cells) else "" for name, place in columns.items()}
        if not any(values.values()):
            continue
        try:
            asset = Asset(str(number), **values)
        except InvalidAsset as error:
            problems.append(RowProblem(number, str(error)))
            continue
        found.setdefault((asset.product, asset.vendor, asset.version, asset.cpe, asset.purl), asset)
    if columns is None:
        raise InvalidSheet(
            "Er is geen regel met kolomnamen gevonden. Zet boven de lijst een kolom Product, en graag Leverancier en "
            "Versie."
        )
    return list(found.values()), problems


def read_xlsx(data: bytes) -> tuple[list[Asset], list[RowProblem]]:
    """Read the first sheet of an XLSX file that has a heading (see `read_rows`). Raises InvalidSheet (Dutch)."""
    from openpyxl import load_workbook  # heavy, and only for who reads a sheet

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
                raise InvalidSheet("Dit bestand is uitgepakt te groot om te lezen.")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = [[tuple(row) for row in _capped(sheet)] for sheet in book.worksheets[:10]]
    except InvalidSheet:
        raise
    except Exception:  # the package raises whatever a broken file makes it stumble on
        raise InvalidSheet("Dit is geen leesbaar Excel-bestand (XLSX). Bewaar het opnieuw als XLSX.") from None
    last: InvalidSheet | None = None
    for rows in sheets:
        try:
            return read_rows(rows)
        except InvalidSheet as error:
            last = last or error
    raise last or InvalidSheet("Dit bestand heeft geen werkblad.")


def _capped(sheet: Any) -> Iterable[Sequence[object]]:
    return sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=60, values_only=True) if hasattr(sheet, "iter_rows") else ()


def _heading(cells: Sequence[object]) -> dict[str, int] | None:
    columns: dict[str, int] = {}
    for place, cell in enumerate(cells):
        word = "".join(words_of(_text(cell)))
        for name, known in _COLUMNS.items():
            if word in known:
                columns.setdefault(name, place)
    return columns if columns.keys() & {"product", "cpe", "purl"} else None


def _text(cell: object) -> str:
    """A cell as text; a version that the sheet took for a number (2019.0) loses its made-up decimal."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "".join(char for char in str(cell) if char.isprintable()).strip()[:300]
