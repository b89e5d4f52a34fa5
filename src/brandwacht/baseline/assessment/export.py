"""The workbook that goes out: a sheet with instructions, one per theme, and the measures to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from brandwacht.baseline.assessment.columns import EDITABLE, FINDINGS, MARK, NUMBER, TITLE, cells_of, one_break
from brandwacht.baseline.models import AnswerState, Finding, Measure
from brandwacht.baseline.queries import ControlRow
from brandwacht.engines.norms import MATURITY, Control, Framework
from brandwacht.network.models import Organisation
from brandwacht.network.tables import cell_value, mark

WIDTHS: Final = {
    "reason": 40,
    "evidence": 34,
    "evidence_valid_to": 15,
    "risk_analysis": 20,
    "state": 20,
    "design": 10,
    "existence": 10,
    "operation": 10,
}
_HEAD = PatternFill("solid", fgColor="FF1B2433")
_OPEN = PatternFill("solid", fgColor="FFFFF8DC")
_TOP = Alignment(vertical="top", wrap_text=True)
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def workbook(
    owner: Organisation, framework: Framework, rows: Sequence[ControlRow], measures: Sequence[Measure], today: date
) -> Workbook:
    """The assessment of an organisation as it is now."""
    book = Workbook()
    front = book.active
    assert isinstance(front, Worksheet)  # noqa: S101 - a new workbook has one sheet
    _instructions(front, owner, framework, today)
    open_at: dict[str, list[str]] = {}
    for measure in measures:
        open_at.setdefault(measure.control, []).append(measure.title)
    for theme in framework.themes:
        sheet = book.create_sheet(capfirst(theme).translate(_FORBIDDEN)[:31])
        _questions(sheet, [row for row in rows if row.control.theme == theme], open_at, today)
    _measures(book.create_sheet(_("Maatregelen")), measures)
    return book


def _instructions(sheet: Worksheet, owner: Organisation, framework: Framework, today: date) -> None:
    sheet.title = _("Uitleg")
    words = {
        "name": owner.full_name, "version": framework.version, "day": date_format(today, "j F Y"),
        "norm": date_format(framework.date, "j F Y"),
    }  # fmt: skip
    lines = [
        _("De beantwoording van %(name)s op %(day)s") % words,
        _("Norm: Baseline Informatiebeveiliging Overheid 2 (BIO2), versie %(version)s van %(norm)s.") % words,
        "",
        _("Zo werkt het"),
        _("1. Elk thema heeft een blad. Vul de lichtgele cellen in; de andere cellen zijn op slot."),
        _("2. Kies het antwoord uit de lijst. Plak alleen waarden. Een rij met een formule wordt geweigerd."),
        _("3. Laat rijen die u niet wijzigt zoals ze zijn. Wat u niet wijzigt, verandert ook in Brandwacht niet."),
        _(
            "4. Verander niets in de kolommen Nummer en Kenmerk. Daaraan ziet Brandwacht of iemand anders intussen "
            "iets wijzigde."
        ),
        _(
            "5. Stuur het bestand terug. De CISO (de functionaris voor informatiebeveiliging) biedt het aan bij ‘In "
            "Excel’."
        ),
        _("6. Eerst ziet de CISO alles wat zou veranderen en elke botsing. Pas daarna wordt het overgenomen."),
        "",
        _("De kolommen"),
        *(f"{column.title}: {column.help}" for column in EDITABLE),
        "",
        _("Vertrouwelijk: dit bestand laat zien wat nog niet op orde is. Deel het alleen met wie het nodig heeft."),
    ]
    for number, line in enumerate(lines, start=1):
        cell = sheet.cell(number, 1, cell_value(line))
        cell.alignment = _TOP
        if number == 1 or line in (_("Zo werkt het"), _("De kolommen")):
            cell.font = Font(bold=True, size=13)
    sheet.column_dimensions["A"].width = 110
    sheet.protection.sheet = True


def _questions(sheet: Worksheet, rows: Sequence[ControlRow], open_at: Mapping[str, Sequence[str]], today: date) -> None:
    titles = [
        str(NUMBER), str(TITLE), _("Vraag"), _("Uitleg"), _("Voorgeschreven door de overheid"),
        *(column.title for column in EDITABLE), _("Maatregelen die lopen"), _("Beantwoord op"), _("Beantwoord door"),
        str(MARK),
    ]  # fmt: skip
    widths = [9, 26, 42, 42, 30, *(WIDTHS.get(column.key, 14) for column in EDITABLE), 34, 14, 18, 18]
    _head(sheet, titles, widths)
    first = 6
    for place, row in enumerate(rows, start=2):
        control, answer = row.control, row.answer
        cells = cells_of(answer)
        values: list[Any] = [
            control.number, control.title, control.question, control.explanation, _government(control),
            *(_value(column.key, answer, cells) for column in EDITABLE), "\n".join(open_at.get(control.number, ())),
            answer.answered_on if answer else "", answer.answered_by if answer else "", mark(cells),
        ]  # fmt: skip
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(place, column)
            _put(cell, value)
            if first <= column < first + len(EDITABLE):
                cell.fill, cell.protection = _OPEN, Protection(locked=False)
    _choices(sheet, rows, get_column_letter(first))
    letters = {column.key: get_column_letter(first + place) for place, column in enumerate(EDITABLE)}
    findings = [str(finding.label) for finding in Finding if finding]
    _list(sheet, findings, [f"{letters[key]}2:{letters[key]}{len(rows) + 1}" for key in FINDINGS])
    _list(
        sheet, [str(each.level) for each in MATURITY], [f"{letters['maturity']}2:{letters['maturity']}{len(rows) + 1}"]
    )
    _days(sheet, len(rows), letters["evidence_valid_to"], today)
    sheet.column_dimensions[get_column_letter(len(titles))].hidden = True


def _value(key: str, answer: Any, cells: Mapping[str, str]) -> Any:
    if key == "state":
        return "" if cells["state"] == AnswerState.OPEN else AnswerState(cells["state"]).label
    if key in FINDINGS:
        return Finding(cells[key]).label if cells[key] else ""
    return "" if answer is None else getattr(answer, key)


def _government(control: Control) -> str:
    return "\n".join(f"{measure.number} {measure.title}".strip() for measure in control.active_measures)


def _put(cell: Any, value: Any) -> None:
    """A value in a cell, as text that nothing is made of, or as a day."""
    if type(value) is date:
        cell.value, cell.number_format = value, "DD-MM-YYYY"
    else:
        known = cell_value(one_break(value) if isinstance(value, str) else value)
        cell.value = None if known == "" else known
        cell.number_format = "0" if type(known) is int else "@"
        if isinstance(cell.value, str):
            cell.data_type = "s"
    cell.alignment = _TOP


def _head(sheet: Worksheet, titles: Sequence[str], widths: Sequence[int]) -> None:
    for column, (title, width) in enumerate(zip(titles, widths, strict=True), start=1):
        cell = sheet.cell(1, column, title)
        cell.font, cell.fill, cell.alignment = Font(bold=True, color="FFFFFFFF"), _HEAD, _TOP
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "C2"
    guard = sheet.protection
    guard.sheet = True
    guard.formatColumns = guard.formatRows = guard.autoFilter = guard.sort = False  # these may be done
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 8
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    sheet.print_title_rows = "1:1"


def _choices(sheet: Worksheet, rows: Sequence[ControlRow], column: str) -> None:
    """The answers to choose from; a risk can not be accepted where the government asks for measures."""
    usual = [state for state in AnswerState if state != AnswerState.OPEN]
    bound = [state for state in usual if state != AnswerState.ACCEPTED]
    for states, strict in ((usual, False), (bound, True)):
        places = [place for place, row in enumerate(rows, start=2) if bool(row.control.active_measures) == strict]
        more = (
            _(" Bij deze vraag schrijft de overheid maatregelen voor: het risico accepteren kan niet.")
            if strict
            else ""
        )
        _list(sheet, [str(state.label) for state in states], [f"{column}{place}" for place in places], more)


def _list(sheet: Worksheet, words: Sequence[str], places: Sequence[str], more: str = "") -> None:
    """Cells with these words to choose from, and what is said when somebody types another."""
    rule = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = _("Kies uit de lijst"), _("Kies een van de woorden uit de lijst.") + more
    for place in places:
        rule.add(place)
    if places:
        sheet.add_data_validation(rule)


def _days(sheet: Worksheet, count: int, column: str, today: date) -> None:
    rule = DataValidation(
        "date",
        operator="greaterThanOrEqual",
        formula1=f"DATE({today.year},{today.month},{today.day})",
        allow_blank=True,
    )
    rule.errorTitle, rule.error = _("Geen datum"), _("Vul een datum in vanaf vandaag, bijvoorbeeld 31-12-2026.")
    rule.showErrorMessage = True
    rule.add(f"{column}2:{column}{count + 1}")
    sheet.add_data_validation(rule)
    sheet.auto_filter.ref = f"A1:{get_column_letter(sheet.max_column)}{count + 1}"


def _measures(sheet: Worksheet, measures: Iterable[Measure]) -> None:
    titles = [
        _("Maatregel"), _("Vraag"), _("Wie"), _("Klaar op"), _("Stap"), _("Kosten in euro"),
        _("Besluit van het bestuur"),
    ]  # fmt: skip
    _head(sheet, titles, [50, 10, 24, 14, 20, 14, 14])
    for place, each in enumerate(measures, start=2):
        values = [
            each.title, each.control, each.owner_name, each.due, each.get_state_display(), each.cost, each.for_board,
        ]  # fmt: skip
        for column, value in enumerate(values, start=1):
            _put(sheet.cell(place, column), value)
