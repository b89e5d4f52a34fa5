"""A hostile table: small as a file, endless when read."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from brandwacht.network.errors import Refused
from brandwacht.network.models import TableImport
from brandwacht.network.roles import Role
from brandwacht.network.services.sheets import read_sheet
from brandwacht.network.tenancy import every_owner
from tests.security.conftest import Visit
from tests.world import organisation, person

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def workbook(strings: list[str], rows: list[list[int]]) -> bytes:
    """A workbook whose cells point at shared strings: one long string can stand in every cell."""
    shared = "".join(f"<si><t>{text}</t></si>" for text in strings)
    lines = ("".join(f'<c t="s"><v>{n}</v></c>' for n in row) for row in rows)
    cells = "".join(f"<row>{line}</row>" for line in lines)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{DOCUMENT}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{DOCUMENT}/worksheet"'
            f' Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{DOCUMENT}/sharedStrings"'
            ' Target="sharedStrings.xml"/></Relationships>',
        )
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{shared}</sst>')
        archive.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'
        )
    return out.getvalue()


def test_the_workbook_of_these_tests_is_a_workbook() -> None:
    assert read_sheet(workbook(["naam", "soort"], [[0, 1], [1, 0]])).rows == [
        (1, ["naam", "soort"]),
        (2, ["soort", "naam"]),
    ]


def test_one_long_text_in_every_cell_is_refused() -> None:
    bomb = workbook(["naam", "soort", "x" * 10_000], [[0, 1], *([[2, 2]] * 20_000)])
    assert len(bomb) < 200_000
    with pytest.raises(Refused, match="tekens"):
        read_sheet(bomb)


@pytest.mark.django_db
def test_a_number_of_thousands_of_figures_is_a_bad_cell(visit: Visit) -> None:
    region = organisation("VR17")
    text = f"naam;soort;herstel in minuten\nx;middel;{'9' * 5000}\n"
    file = SimpleUploadedFile("tabel.csv", text.encode())
    answer = visit(person(region, Role.CISO)).post("/beheer/tabel/middelen", {"file": file})
    assert answer.status_code == 302
    with every_owner():
        (problem,) = TableImport.objects.get().problems
    assert "heel aantal minuten" in problem["message"]


@pytest.mark.django_db
def test_a_table_with_very_many_names_is_read(visit: Visit) -> None:
    region = organisation("VR17")
    rows = "".join(f"n{k};middel;{' '.join(f'{k}x{i}' for i in range(200))}\n" for k in range(1500))
    file = SimpleUploadedFile("tabel.csv", f"naam;soort;namen in logs\n{rows}".encode())
    assert visit(person(region, Role.CISO)).post("/beheer/tabel/middelen", {"file": file}).status_code in (302, 422)
