"""Reading a table: the same in every dress, within limits, as text, and never anything but a table or a refusal."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.formula import ArrayFormula

from brandwacht.network.errors import Refused
from brandwacht.network.services import sheets
from brandwacht.network.services.sheets import read_book, read_sheet
from brandwacht.network.tables import DANGEROUS, csv_text, harmless, is_dangerous


def xlsx(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The same workbook with some parts replaced ("sheet1", "workbook", ...)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            stem = name.rsplit("/", 1)[-1].removesuffix(".xml")
            new.writestr(name, parts.get(stem, old.read(name)))
    return out.getvalue()


def cells(content: bytes) -> list[list[str]]:
    return [row for _number, row in read_sheet(content).rows]


@pytest.mark.parametrize(
    "content",
    [
        "naam;soort\nCafé;proces\n".encode(),
        "\ufeffnaam;soort\r\nCafé;proces\r\n".encode(),
        "naam,soort\nCafé,proces\n".encode("cp1252"),
        "sep=;\nnaam;soort\nCafé;proces".encode(),
        '"naam";"soort"\n"Café";"proces"\n'.encode(),
        "naam ; soort\n\n Café ;proces;\n;;\n".encode(),
        xlsx(["naam", "soort"], ["Café", "proces"], [None, " "]),
    ],
)
def test_the_same_table_in_every_dress(content: bytes) -> None:
    found = [[cell for cell in row if cell] for row in cells(content)]
    assert found == [["naam", "soort"], ["Café", "proces"]]


def test_rows_keep_the_number_that_the_spreadsheet_shows() -> None:
    assert [n for n, _row in read_sheet(b'naam\n\n"twee\nregels"\nvier').rows] == [1, 3, 4]
    assert [n for n, _row in read_sheet(xlsx(["naam"], [None], [None], ["vier"])).rows] == [1, 4]


def test_values_of_a_workbook_become_text() -> None:
    from datetime import date, datetime

    row = [1, 2.5, 90.0, True, False, date(2026, 11, 22), datetime(2026, 11, 22, 14, 5), "tekst", None]
    text = ["1", "2.5", "90", "ja", "nee", "2026-11-22 00:00", "2026-11-22 14:05", "tekst"]
    assert cells(xlsx(["x"], row))[1][:8] == text


def test_a_formula_is_not_run_but_named() -> None:
    book = openpyxl.Workbook()
    book.active.append(["naam", "soort"])
    book.active.append(["=1+1", "proces"])
    book.active["B3"] = ArrayFormula("B3", "=SUM(1,2)")
    out = io.BytesIO()
    book.save(out)
    sheet = read_sheet(out.getvalue())
    assert [(p.row, p.column) for p in sheet.problems] == [(2, "naam"), (3, "soort")]
    assert all("formule" in p.message for p in sheet.problems)
    assert "=" not in str(sheet.rows)


def test_in_csv_a_formula_is_plain_text() -> None:
    assert cells(b"naam\n=1+1")[1] == ["=1+1"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "leeg"),
        (b" \n;;\n", "leeg"),
        (b"x" * (sheets.MAX_BYTES + 1), "groter dan 5 MB"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "oud Excel-bestand"),
        (b"naam\x00;soort", "geen tekst in CSV-vorm"),
        ("naam;soort\n".encode("utf-16"), "geen tekst in CSV-vorm"),
        (b"a\n" * 200_001, "200.000 cellen"),
        (b";" * 200_001, "200.000 cellen"),
        (b'naam\n"' + b"x" * 140_000, "Regel 2"),
        (b"PK\x03\x04geen zip", "beschadigd"),
        (xlsx(["a"])[:-200], "beschadigd"),
        (xlsx(), "leeg"),
    ],
)
def test_what_is_no_table_is_refused_with_the_mend(content: bytes, message: str) -> None:
    with pytest.raises(Refused, match=message) as refused:
        read_sheet(content)
    assert refused.value.field == "file"


def test_a_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (sheets.MAX_UNPACKED + 1))
    assert len(out.getvalue()) < 100_000
    with pytest.raises(Refused, match="50 MB"):
        read_sheet(out.getvalue())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(sheets.MAX_PARTS + 1):
            archive.writestr(f"{n}.xml", b"")
    with pytest.raises(Refused, match="50 MB"):
        read_sheet(out.getvalue())


def test_a_bomb_that_lies_about_its_size_is_broken() -> None:
    content = bytearray(xlsx(["naam"], ["x"]))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    true_size = info.file_size.to_bytes(4, "little")
    assert bytes(content).count(true_size) >= 1
    lied = bytes(content).replace(true_size, (10).to_bytes(4, "little"))
    with pytest.raises(Refused, match="beschadigd"):
        read_sheet(lied)


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("part", ["sheet1", "workbook", "styles"])
def test_entities_in_a_workbook_are_refused(part: str) -> None:
    body = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    body += b'<c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    with pytest.raises(Refused, match="niet uitvoeren|beschadigd"):
        read_sheet(repacked(xlsx(["naam"]), **{part: ENTITIES + body}))


def test_defusedxml_is_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    assert openpyxl.DEFUSEDXML
    monkeypatch.setattr(openpyxl, "DEFUSEDXML", False)
    with pytest.raises(RuntimeError, match="defusedxml"):
        read_sheet(xlsx(["naam"]))


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
        b'<row r="1"><c r="XFD1"><v>1</v></c></row>' + b'<row><c r="XFD2"><v>1</v></c></row>' * 40,
    ],
)
def test_a_sheet_that_claims_to_be_endless_is_refused_quickly(row: bytes) -> None:
    head = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
    )
    sheet = head + b"<sheetData>" + row + b"</sheetData></worksheet>"
    with pytest.raises(Refused, match=r"200\.000 cellen"):
        read_sheet(repacked(xlsx(["naam"]), sheet1=sheet))


@given(st.binary(max_size=3000))
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    try:
        read_sheet(content)
    except Refused as refused:
        assert refused.message.endswith((".", "?"))


@pytest.fixture(scope="module")
def workbook() -> bytes:
    """One workbook for all examples: a workbook holds the moment it was made, so that another may be a byte longer."""
    return xlsx(["naam", "soort"], ["a", "proces"], ["b", "dienst"])


@given(st.data())
def test_a_damaged_workbook_is_a_table_or_refused(workbook: bytes, data: st.DataObject) -> None:
    content = bytearray(workbook)
    for _hit in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    for read in (read_sheet, read_book):
        try:
            read(bytes(content))
        except Refused:
            pass


def test_a_book_gives_every_sheet_within_the_limits_of_one_table(monkeypatch: pytest.MonkeyPatch) -> None:
    book = openpyxl.Workbook()
    book.active.append(["naam", "=1+1"])
    book.create_sheet("Leeg")
    book.create_sheet("Twee").append(["x"] * 6)
    out = io.BytesIO()
    book.save(out)
    found = read_book(out.getvalue())
    assert list(found) == ["Sheet", "Leeg", "Twee"]
    assert (found["Sheet"].rows, found["Leeg"].rows) == ([(1, ["naam", ""])], [])
    assert [problem.row for problem in found["Sheet"].problems] == [1]
    monkeypatch.setattr("brandwacht.network.services.sheets.MAX_CELLS", 7)
    with pytest.raises(Refused, match=r"200\.000 cellen"):
        read_book(out.getvalue())
    for content, words in (
        (b"naam;soort", "geen Excel-bestand"),
        (b"\xd0\xcf\x11\xe0", "wachtwoord"),
        (b"x" * 6_000_000, "5 MB"),
    ):
        with pytest.raises(Refused, match=words):
            read_book(content)


XML_TEXT = st.text(st.sampled_from("<>/=\"' abrcv1tsXFD&;#x0![]-?\n") | st.characters(codec="utf-8"), max_size=300)


@given(XML_TEXT, st.sampled_from(["sheet1", "workbook", "sharedStrings", "styles"]))
def test_any_part_of_a_workbook_may_be_nonsense(text: str, part: str) -> None:
    try:
        read_sheet(repacked(xlsx(["naam"], ["a"]), **{part: text.encode()}))
    except Refused:
        pass


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), min_size=1, max_size=8))
def test_what_we_export_comes_back_the_same(rows: list[list[str]]) -> None:
    # An apostrophe of the writer's own before a risky character looks like ours; it is the price of a safe export.
    ours = [[c[1:] if c[:1] == "'" and is_dangerous(c[1:]) else c for c in row] for row in rows]
    expected = [[c.strip() for c in row] for row in ours if any(c.strip() for c in row)]
    text = csv_text(["a", "b"], rows)
    found = [[c.strip() for c in row] for row in cells(text.encode())[1:]]
    assert [[c.replace("\r\n", "\n") for c in row] for row in found] == [
        [c.replace("\r\n", "\n") for c in row] for row in expected
    ]


@given(st.one_of(CELL, st.integers(), st.floats(), st.booleans(), st.none()))
def test_no_exported_cell_starts_a_formula(value: Any) -> None:
    text = harmless(value)
    assert not text.startswith(DANGEROUS) or (isinstance(value, int | float) and not isinstance(value, bool))
