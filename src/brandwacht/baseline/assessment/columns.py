"""The columns of the workbook, and an answer as the texts of their cells.

An answer is compared in the form in which it comes back from a workbook (`plain`), so that a cell that nobody touched
is never taken for a change. The mark in the last column says what the row held when it went out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.baseline.models import AnswerContent, AnswerState, Finding
from brandwacht.engines.norms import MATURITY
from brandwacht.network.services.imports import BadValue, Column, choice, text, whole
from brandwacht.network.services.sheets import plain
from brandwacht.network.tables import cell_value

Cells = dict[str, str]
"""The texts of the cells that may be edited, by column key; a day as 2026-12-31, a choice as its stored value."""
_DAY = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?: 00:00(?::00)?)?|(\d\d?)[-/.](\d\d?)[-/.](\d{4})")
_FINDINGS = choice({str(label).casefold(): value for value, label in Finding.choices})
_LEVELS = whole(0, len(MATURITY) - 1)
_ANSWERS = choice({str(label).casefold(): value for value, label in AnswerState.choices})


def _state(cell: str) -> str:
    return _ANSWERS(cell) if cell else AnswerState.OPEN


def _finding(cell: str) -> str:
    return _FINDINGS(cell) if cell else Finding.UNSEEN


def _level(cell: str) -> str:
    level = _LEVELS(cell)
    return "" if level is None else str(level)


def _day(cell: str) -> str:
    """A day as it is kept; what a spreadsheet makes of it is understood, a guess is never made."""
    if not cell:
        return ""
    match = _DAY.fullmatch(cell)
    try:
        if match is None:
            raise ValueError
        year, month, number = (int(part) for part in (match.group(1, 2, 3) if match[1] else match.group(6, 5, 4)))
        return date(year, month, number).isoformat()
    except ValueError as error:
        raise BadValue(_("“%(cell)s” is geen datum. Schrijf bijvoorbeeld 31-12-2026.") % {"cell": cell[:40]}) from error


NUMBER, TITLE, MARK = gettext_lazy("Nummer"), gettext_lazy("Onderwerp"), gettext_lazy("Kenmerk")
EDITABLE: Final = (
    Column("state", "Antwoord", gettext_lazy("Kies uit de lijst."), "Voldoet", _state, required=True),
    Column(
        "reason", "Waarom",
        gettext_lazy("Eén of twee zinnen. Verplicht bij ‘niet van toepassing’ en ‘risico geaccepteerd’."), "",
        text(4000),
    ),
    Column("evidence", "Bewijs", gettext_lazy("De naam en de vindplaats van het stuk. Geen geheimen."), "", text(2000)),
    Column(
        "evidence_valid_to", "Bewijs telt tot en met", gettext_lazy("Een datum vanaf vandaag, zoals 31-12-2026."),
        "31-12-2026", _day,
    ),
    Column(
        "risk_analysis", "Risicoanalyse",
        gettext_lazy("Alleen bij ‘risico geaccepteerd’: het nummer of de vindplaats van de analyse."), "", text(200),
    ),
    Column("design", "Opzet", gettext_lazy("Is het bedacht en vastgelegd? Leeg: niet bekeken."), "Ja", _finding),
    Column("existence", "Bestaan", gettext_lazy("Is het er ook echt? Leeg: niet bekeken."), "Ja", _finding),
    Column("operation", "Werking", gettext_lazy("Werkt het al een tijd? Leeg: niet bekeken."), "Deels", _finding),
    Column("maturity", "Volwassenheid", gettext_lazy("Een niveau van 0 tot en met 5, of leeg."), "3", _level),
)  # fmt: skip
FINDINGS: Final = ("design", "existence", "operation")
BY_KEY: Final[Mapping[str, Column]] = {column.key: column for column in EDITABLE}


def cells_of(answer: AnswerContent | None) -> Cells:
    """An answer as cells; no answer is an open one with empty cells."""
    return {column.key: _text(getattr(answer, column.key) if answer else _EMPTY[column.key]) for column in EDITABLE}


_EMPTY: Final[Mapping[str, Any]] = {column.key: "" for column in EDITABLE} | {"state": AnswerState.OPEN.value}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return plain(str(cell_value(one_break(str(value)))))


def one_break(content: str) -> str:
    """The text with every line break as a newline, as a cell holds it."""
    return content.replace("\r\n", "\n").replace("\r", "\n")


def given(cells: Mapping[str, str]) -> dict[str, Any]:
    """The cells as the arguments of ``answer_control``; a column that was not there yet says nothing."""
    whole_row = {**_EMPTY, **cells}
    day, level = whole_row["evidence_valid_to"], whole_row["maturity"]
    return whole_row | {
        "evidence_valid_to": date.fromisoformat(day) if day else None,
        "maturity": int(level) if level else None,
    }


def shown(key: str, value: str) -> str:
    """A cell as people read it."""
    if key == "state":
        return str(AnswerState(value).label)
    if key in FINDINGS:
        return str(Finding(value).label)
    if key == "evidence_valid_to" and value:
        year, month, number = value.split("-")
        return f"{number}-{month}-{year}"
    return value
