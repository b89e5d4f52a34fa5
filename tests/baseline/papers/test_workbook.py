"""The assessment as a workbook: out and back, every conflict before anything changes, and all of it or nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.baseline import queries
from brandwacht.baseline.assessment import reading
from brandwacht.baseline.assessment.columns import EDITABLE, cells_of
from brandwacht.baseline.assessment.judging import CHANGE, CLASH, WRONG
from brandwacht.baseline.models import AnswerState, AssessmentImport, ControlAnswer, ImportState
from brandwacht.baseline.services import answer_control, workbooks
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import AuditEntry, Organisation, User
from brandwacht.network.roles import Role
from brandwacht.network.services.sheets import Problem, Sheet, read_book
from brandwacht.network.tables import cell_value, mark, saved_book
from tests.world import NOW, acting, actor, organisation, person

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def ciso(region: Organisation) -> User:
    """Who offers the workbooks."""
    return person(region, Role.CISO, name="Imke Smit")


def at(user: User, region: Organisation, minutes: int) -> Actor:
    """This person, so many minutes later."""
    return actor(user, region, NOW + timedelta(minutes=minutes))


def edited(content: bytes, change: Callable[[Any, dict[str, Any]], None]) -> bytes:
    """The workbook after somebody worked in it; ``change`` gets it, and the first cell of every row by number."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = {
        row[0].value: row for sheet in book.worksheets[1:-1] for row in sheet.iter_rows(min_row=2) if row[0].value
    }  # fmt: skip
    change(book, rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def place(key: str) -> int:
    """The place of an editable column in a row."""
    return 5 + [column.key for column in EDITABLE].index(key)


def offered(me: Actor, content: bytes) -> AssessmentImport:
    """Offer a workbook and let the worker read it."""
    row = workbooks.offer(me, "ingevuld.xlsx", content)
    workbooks.run(me.organisation_code, str(row.public_id), lambda: me.now)
    row.refresh_from_db()
    return row


def taken(me: Actor, row: AssessmentImport, choices: dict[str, str], *, skip: bool) -> AssessmentImport:
    """Have it taken over by the worker."""
    workbooks.ask_take(me, row.public_id, choices, skip=skip)
    workbooks.run(me.organisation_code, str(row.public_id), lambda: me.now)
    row.refresh_from_db()
    return row


def test_what_goes_out_is_protected_harmless_and_comes_back_unchanged(region: Organisation, ciso: User) -> None:
    with acting(at(ciso, region, 0)) as me:
        answer_control(me, "6.01", state="deels", reason='=HYPERLINK("x")\r\nregel twee', evidence="")
        content = workbooks.made_book(me)
        assert content == workbooks.made_book(me)
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert book.sheetnames == ["Uitleg", "Organisatorisch", "Mensgericht", "Fysiek", "Technologisch", "Maatregelen"]
        sheet = book["Mensgericht"]
        cell = sheet.cell(2, 1 + place("reason"))
        assert cell.value == '\'=HYPERLINK("x")\nregel twee'
        assert (cell.data_type, cell.protection.locked, sheet.cell(2, 1).protection.locked) == ("s", False, True)
        assert sheet.protection.sheet
        choices = {
            rule.formula1: str(rule.sqref) for rule in sheet.data_validations.dataValidation if rule.type == "list"
        }
        assert {"Voldoet deels" in formula for formula in choices} == {True, False}
        assert '"Ja,Deels,Nee"' in choices
        assert not any("geaccepteerd" in formula and "F2" in cells.split() for formula, cells in choices.items())
        assert book["Maatregelen"].cell(2, 1).value == "Elke maand een reservekopie terugzetten"
        row = offered(me, content)
        assert (row.state, row.rows, row.untouched, row.faults, bytes(row.file)) == (ImportState.READ, [], 93, [], b"")
        with pytest.raises(Refused, match="niets om over te nemen"):
            workbooks.ask_take(me, row.public_id, {}, skip=True)


def test_every_conflict_is_shown_then_taken_in_one_act_and_put_back(region: Organisation, ciso: User) -> None:
    def work(book: Any, rows: dict[str, Any]) -> None:
        rows["8.13"][place("state")].value = "Voldoet deels"
        rows["7.01"][place("state")].value = "voldoet niet"
        rows["5.01"][place("reason")].value = "Uit het bestand."
        rows["5.02"][place("state")].value = "Risico geaccepteerd"
        rows["8.25"][place("state")].value = None
        rows["6.02"][place("state")].value = "Misschien"
        rows["6.03"][place("state")].value = "Voldoet"
        rows["6.03"][place("evidence_valid_to")].value = "31 februari"
        rows["6.04"][place("reason")].value = "=SUM(A1:A2)"
        rows["7.02"][0].value = "99.99"
        rows["7.03"][0].value = "7.04"
        book["Fysiek"].cell(1, 30, "Mijn kolom")
        book.create_sheet("Kladblad").append(["zomaar", "iets"])

    with acting(at(ciso, region, 0)) as me:
        content = edited(workbooks.made_book(me), work)
        answer_control(me.at(LATER), "5.01", state="deels", reason="Hier gewijzigd.")
    with acting(at(ciso, region, 6)) as me:
        row = offered(me, content)
        kinds = {each["number"]: each["kind"] for each in row.rows}
        assert kinds == {
            "8.13": CHANGE, "7.01": CHANGE, "5.01": CLASH, "5.02": WRONG, "8.25": WRONG, "6.02": WRONG, "6.03": WRONG,
            "6.04": WRONG, "99.99": WRONG, "7.04": WRONG,
        }  # fmt: skip
        faults = {each["number"]: " ".join(message for _title, message in each["faults"]) for each in row.rows}
        for number, words in {
            "5.02": "kunt u het risico niet accepteren", "8.25": "niet leeg", "6.02": "Kies uit", "6.03": "geen datum",
            "6.04": "formule", "99.99": "geen maatregel met nummer", "7.04": "staat ook op blad Fysiek",
        }.items():  # fmt: skip
            assert words in faults[number], number
        assert row.faults == ["Blad Kladblad is niet gelezen: de kolommen Nummer en Antwoord ontbreken."]
        clash = next(each for each in row.rows if each["kind"] == CLASH)
        assert (clash["there"]["reason"], clash["mine"]["reason"], clash["by"]) == (
            "Hier gewijzigd.", "Uit het bestand.", "Imke Smit",
        )  # fmt: skip
        before = {answer.control: cells_of(answer) for answer in queries.answers_of(me, region.pk)}
        assert before["8.13"]["state"] == "voldoet_niet"  # nothing has changed yet
        with pytest.raises(Refused, match=r"Kies bij vraag 5\.01"):
            workbooks.ask_take(me, row.public_id, {}, skip=True)
        with pytest.raises(Refused, match="overgeslagen"):
            workbooks.ask_take(me, row.public_id, {"5.01": "bestand"}, skip=False)
    with acting(at(ciso, region, 7)) as me:
        taken(me, row, {"5.01": "bestand"}, skip=True)
        assert (row.state, len(row.undo)) == (ImportState.TAKEN, 3)
        states = dict(queries.answers_of(me, region.pk).values_list("control", "state"))
        assert (states["8.13"], states["7.01"], states["5.01"]) == ("deels", "voldoet_niet", "voldoet")
        newest, former = queries.history(me, "8.13")[:2]
        assert (newest.import_ref, newest.answered_by, former.import_ref) == (row.public_id, "Imke Smit", None)
        entry = AuditEntry.objects.filter(action="baseline.workbook").order_by("-seq").first()
        assert entry is not None
        assert sorted(entry.detail["vragen"]) == ["5.01", "7.01", "8.13"]
    with acting(at(ciso, region, 8)) as me:
        workbooks.undo(me, row.public_id)
        assert {answer.control: cells_of(answer) for answer in queries.answers_of(me, region.pk)} == before
        assert [change.state for change in queries.history(me, "7.01")] == [AnswerState.OPEN, AnswerState.NOT_MET]
        with pytest.raises(Refused, match="Alleen wat is overgenomen"):
            workbooks.undo(me, row.public_id)


def test_an_answer_given_since_it_was_read_stops_all_of_it(region: Organisation, ciso: User) -> None:
    def work(_book: Any, rows: dict[str, Any]) -> None:
        rows["8.13"][place("reason")].value = "Uit het bestand."
        rows["8.14"][place("state")].value = "Voldoet niet"

    with acting(at(ciso, region, 0)) as me:
        row = offered(me, edited(workbooks.made_book(me), work))
        answer_control(me.at(LATER), "8.13", state="deels", reason="Net gegeven.")
    with acting(at(ciso, region, 7)) as me:
        taken(me, row, {}, skip=False)
        assert (row.state, row.undo) == (ImportState.READ, [])
        assert "intussen" in row.reason
        assert {each["number"]: each["kind"] for each in row.rows} == {"8.13": CLASH, "8.14": CHANGE}
        assert not ControlAnswer.objects.filter(control="8.14").exists()
    with acting(at(ciso, region, 8)) as me:
        taken(me, row, {"8.13": "hier"}, skip=False)
        assert [each["number"] for each in row.undo] == ["8.14"]
        answer_control(me.at(me.now + timedelta(minutes=1)), "8.14", state="deels")
        with pytest.raises(Refused, match=r"8\.14 is daarna opnieuw"):
            workbooks.undo(me, row.public_id)


def test_who_may_not_answer_may_not_offer_and_others_find_nothing(region: Organisation, ciso: User) -> None:
    with acting(at(ciso, region, 0)) as me:
        row = offered(me, b"PK\x03\x04 geen werkmap")
        assert (row.state, "beschadigd" in row.reason) == (ImportState.FAILED, True)
    with acting(actor(person(region, Role.RISK_ADVISER), region)) as adviser:
        assert workbooks.made_book(adviser)
        with pytest.raises(Denied):
            workbooks.offer(adviser, "x.xlsx", b"")
    stranger = organisation("VR01")
    with acting(actor(person(stranger, Role.CISO), stranger)) as other, pytest.raises(NotFound):
        queries.workbook(other, row.public_id)


def test_rights_are_those_of_the_moment_of_taking_over(region: Organisation, ciso: User) -> None:
    with acting(at(ciso, region, 0)) as me:
        content = edited(
            workbooks.made_book(me), lambda _book, rows: setattr(rows["8.14"][place("state")], "value", "Voldoet")
        )
        row = workbooks.offer(me, "x.xlsx", content)
    ciso.is_active = False
    ciso.save()
    workbooks.run("VR17", str(row.public_id), lambda: LATER)
    with acting(at(ciso, region, 1)):
        row.refresh_from_db()
        assert (row.state, "geen toegang" in row.reason) == (ImportState.FAILED, True)


# --- the parser, on anything ------------------------------------------------------------------------------------------

WORDS = st.sampled_from(["Nummer", "Antwoord", "Waarom", "Bewijs", "Bewijs telt tot en met", "Kenmerk", "Voldoet",
                         "5.01", "BIO2 5.01", "31-12-2026", "2026-02-31", "=1", "", "99.99"])  # fmt: skip
CELL = WORDS | st.text(max_size=12)
ROWS = st.lists(st.lists(CELL, max_size=7), max_size=6)
TITLES = ["Nummer", "Antwoord", "Waarom", "Bewijs", "Bewijs telt tot en met", "Risicoanalyse", "Kenmerk"]


@settings(deadline=None, max_examples=25)
@given(st.dictionaries(st.text(max_size=8), ROWS, max_size=3), st.booleans(), st.lists(st.integers(1, 8), max_size=3))
def test_any_sheets_are_read_or_refused(sheets: dict[str, Any], ours: bool, broken: list[int]) -> None:
    book = {
        title: Sheet(
            [(n, row) for n, row in enumerate([TITLES, *rows] if ours else rows, 1) if any(row)],
            [Problem(n, "Waarom", "Hier staat een formule.") for n in broken],
        )
        for title, rows in sheets.items()
    }
    try:
        found = reading.read(book)
    except Refused as refused:
        assert refused.message.endswith(".")
        return
    assert found.rows
    for row in found.rows:
        assert set(row.cells) <= {column.key for column in EDITABLE}
        assert all(message for _title, message in row.faults)
        assert row.faults or row.number


TEXT = st.text(st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    ["=1+1", "'=x", " -5", "_x000D_", "a\r\nb", "+31"]
)


@settings(deadline=None, max_examples=25)
@given(st.lists(TEXT, min_size=1, max_size=8))
def test_a_text_that_nobody_touched_is_never_a_change(texts: list[str]) -> None:
    answers = [ControlAnswer(state="voldoet", reason=text, evidence=text) for text in texts]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Nummer", "Antwoord", "Waarom", "Bewijs", "Kenmerk"])
    for answer in answers:
        reason = cell_value(answer.reason.replace("\r\n", "\n").replace("\r", "\n"))
        sheet.append(["5.01", "Voldoet", reason, reason, mark(cells_of(answer))])
    found = reading.read(read_book(saved_book(book, NOW)))
    for answer, row in zip(answers, found.rows, strict=True):
        assert cells_of(answer) | row.cells == cells_of(answer)
