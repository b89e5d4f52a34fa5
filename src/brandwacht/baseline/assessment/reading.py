"""Reading the workbook back: which rows it has, as texts, and what is wrong in each. Nothing is compared here.

Sheets are known by their titles, not by their names or order, so that a workbook with other sheets, rows above the
titles or columns in another order is read as well. What is not read is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from brandwacht.baseline.assessment.columns import BY_KEY, EDITABLE, MARK, NUMBER, Cells, one_break
from brandwacht.network.errors import Refused
from brandwacht.network.services.imports import BadValue
from brandwacht.network.services.sheets import Sheet

MOST_ROWS: Final = 2000
"""Rows over all sheets; the norm has about a hundred."""
MOST_NOTES: Final = 20
_LOOK_FOR_TITLES: Final = 20
Fault = tuple[str, str]
"""The title of a column, or "" for the whole row; and what is wrong with the mend."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One row: where it stands, the number of the control, the mark, and the cells of the columns that were there."""

    sheet: str
    row: int
    number: str
    mark: str
    cells: Cells
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """All rows, and in ``notes`` (Dutch) what was not read."""

    rows: list[Typed]
    notes: list[str]


def read(book: Mapping[str, Sheet]) -> Reading:
    """Read the sheets that have the titles of ours. Raises ``Refused`` when there is none, or far too many rows."""
    rows: list[Typed] = []
    notes: list[str] = []
    for title, sheet in book.items():
        start = _titles_at(sheet.rows)
        if start is None:
            if sheet.rows and title not in (_("Uitleg"), _("Maatregelen")):
                notes.append(
                    _("Blad %(title)s is niet gelezen: de kolommen Nummer en Antwoord ontbreken.")
                    % {"title": title[:40]}
                )
            continue
        places, missed = _places(title, sheet.rows[start][1])
        notes += missed
        rows += _rows(title, sheet, start, places)
        if len(rows) > MOST_ROWS:
            raise Refused(
                _("Dit bestand heeft meer dan 2.000 rijen met antwoorden. Haal weg wat er niet bij hoort."), "file"
            )
    if not rows:
        raise Refused(
            _(
                "In dit bestand staat geen blad met de kolommen Nummer en Antwoord. Download de beantwoording en vul "
                "die in."
            ),
            "file",
        )
    _twice(rows)
    return Reading(rows, notes[:MOST_NOTES])


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())


def _titles_at(rows: Sequence[tuple[int, list[str]]]) -> int | None:
    wanted = {_folded(str(NUMBER)), _folded(EDITABLE[0].title)}
    for place, (_number, cells) in enumerate(rows[:_LOOK_FOR_TITLES]):
        if wanted <= {_folded(cell) for cell in cells}:
            return place
    return None


def _places(sheet: str, titles: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Where each column stands that is read ("number", "mark" and those to edit), and which of ours are missing."""
    known = {_folded(column.title): column.key for column in EDITABLE}
    known |= {_folded(str(NUMBER)): "number", _folded(str(MARK)): "mark"}
    places: dict[str, int] = {}
    for place, title in enumerate(titles):
        key = known.get(_folded(title))
        if key and key not in places:
            places[key] = place
    missing = [column.title for column in EDITABLE if column.key not in places]
    told = _("Blad %(sheet)s heeft geen kolom %(title)s; wat daar in Brandwacht staat, blijft zoals het is.")
    return places, [told % {"sheet": sheet[:40], "title": title} for title in missing]


def _rows(title: str, sheet: Sheet, start: int, places: Mapping[str, int]) -> list[Typed]:
    found = []
    wrong: dict[int, list[Fault]] = {}
    titles = {_folded(cell) for cell in sheet.rows[start][1]}
    for problem in sheet.problems:
        known = _folded(problem.column) in titles
        wrong.setdefault(problem.row, []).append((problem.column if known else "", problem.message))
    for row, texts in sheet.rows[start + 1 :]:
        raw = {key: one_break(texts[place]) if place < len(texts) else "" for key, place in places.items()}
        number = raw["number"].removeprefix("BIO2").strip()
        if not any(raw[key] for key in raw if key != "mark"):
            continue
        faults = list(wrong.get(row, ()))
        if not number:
            faults.append((str(NUMBER), _("Hier staat geen nummer. Zet het nummer van de vraag terug.")))
        cells: Cells = {}
        for key, column in BY_KEY.items():
            if key in raw:
                try:
                    cells[key] = str(column.read(raw[key]))
                except BadValue as error:
                    faults.append((column.title, str(error)))
                    cells[key] = raw[key][:200]
        found.append(Typed(title[:40], row, number[:20], raw.get("mark", "")[:16], cells, faults))
    return found


def _twice(rows: Sequence[Typed]) -> None:
    """A fault for every row whose number stood in an earlier one."""
    first: dict[str, Typed] = {}
    for row in rows:
        if row.number and row.number in first:
            words = {"number": row.number, "sheet": first[row.number].sheet, "row": first[row.number].row}
            row.faults.append(
                (str(NUMBER), _("%(number)s staat ook op blad %(sheet)s, rij %(row)d. Laat één rij staan.") % words)
            )
        first.setdefault(row.number, row)
