"""Tables that come in: within limits, as text, previewed with every bad row named, applied whole or not at all."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.formula import ArrayFormula

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import Node, NodeName, Organisation, TableImport
from brandwacht.network.roles import Role
from brandwacht.network.services import imports, sheets
from brandwacht.network.services.node_table import NODE_COLUMNS, NODE_TABLE
from brandwacht.network.services.sheets import read_sheet
from brandwacht.network.tables import DANGEROUS, csv_text, harmless
from brandwacht.network.tenancy import every_owner
from tests.network.faces import log_in
from tests.world import acting, actor, asset, organisation, person

HEAD = "naam;soort"


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


# --- Reading ----------------------------------------------------------------------------------------------------------


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


@given(st.data())
def test_a_damaged_workbook_is_a_table_or_refused(data: st.DataObject) -> None:
    content = bytearray(xlsx(["naam", "soort"], ["a", "proces"], ["b", "dienst"]))
    for _hit in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_sheet(bytes(content))
    except Refused:
        pass


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
    ours = [[c[1:] if c[:1] == "'" and c[1:].startswith(DANGEROUS) else c for c in row] for row in rows]
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


# --- Offering and applying --------------------------------------------------------------------------------------------


@pytest.fixture
def region() -> Organisation:
    return organisation("VR17")


@pytest.fixture
def me(region: Organisation) -> Iterator[Actor]:
    with acting(actor(person(region, Role.CISO), region)) as who:
        yield who


def offer(me: Actor, *lines: str) -> TableImport:
    return imports.offer(me, NODE_TABLE, "tabel.csv", "\n".join(lines).encode())


@pytest.mark.django_db
def test_a_good_table_is_previewed_and_applied(me: Actor) -> None:
    offered = offer(
        me,
        "Naam;SOORT;vitaal;herstart_in_minuten;namen in logs",
        "Meldkamer;Proces;ja;30;",
        "DC 1;middel;;;DC1, 10.0.0.1 dc1",
    )
    assert offered.problems == []
    assert not Node.objects.exists()
    _offered, done = imports.apply(me, offered.public_id)
    assert done == "2 toegevoegd, 0 bijgewerkt."
    process, machine = Node.objects.order_by("kind")[1], Node.objects.get(key="dc-1")
    assert (process.name, process.vital, process.restart, process.repair) == ("Meldkamer", True, 30, None)
    assert sorted(n.value for n in machine.names.all()) == ["10.0.0.1", "dc1"]
    with pytest.raises(Refused, match="al verwerkt"):
        imports.apply(me, offered.public_id)


@pytest.mark.django_db
def test_a_known_key_is_renewed_and_missing_columns_are_left_alone(me: Actor, region: Organisation) -> None:
    node = asset(region, "dc01", sector="Telecom", repair=60, restart=5, confirmed=False)
    offered = offer(me, "sleutel;naam;soort;herstel in minuten", "dc01;Domeincontroller;dienst;")
    assert imports.apply(me, offered.public_id)[1] == "0 toegevoegd, 1 bijgewerkt."
    node.refresh_from_db()
    assert (node.name, node.kind, node.sector, node.restart) == ("Domeincontroller", "dienst", "Telecom", 5)
    assert (node.repair, node.confirmed) == (None, True)
    assert [n.value for n in node.names.all()] == ["dc01"]


@pytest.mark.django_db
def test_every_bad_row_is_named_with_row_column_and_mend(me: Actor, region: Organisation) -> None:
    asset(region, "BEZET")
    offered = offer(
        me,
        "sleutel;naam;soort;vitaal;herstart in minuten;namen in logs",
        "a;A;proces;ja;1;a1",
        ";;proces;;;",
        "c;C;gebouw;misschien;anderhalf uur;",
        "a;A2;dienst;;;",
        "e;E;middel;;;a1",
        "f;F;middel;;;bezet",
        f"g;{'x' * 121};middel;;999999999;",
        "h;H;middel;;;;;te veel",
        "!!;!!;middel;;;",
    )
    found = {(p["row"], p["column"]): p["message"] for p in offered.problems}
    assert found.keys() == {
        (3, "naam"), (4, "soort"), (4, "vitaal"), (4, "herstart in minuten"), (5, "sleutel"), (6, "namen in logs"),
        (7, "namen in logs"), (8, "naam"), (8, "herstart in minuten"), (9, ""), (10, "sleutel"),
    }  # fmt: skip
    assert found[(4, "soort")] == "“gebouw” kennen we niet. Kies uit: proces, dienst, middel."
    assert found[(7, "namen in logs")] == "“bezet” is al een naam van bezet."
    assert all(message.endswith(".") for message in found.values())
    with pytest.raises(Refused, match="Rij 3, naam: Vul deze cel in."):
        imports.apply(me, offered.public_id)
    assert Node.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("header", "column", "message"),
    [
        ("naam;soort;kleur", "kleur", "kennen we niet"),
        ("naam", "soort", "ontbreekt"),
        ("naam;soort;Naam", "Naam", "twee keer"),
        ("naam;soort", "", "geen enkele rij"),
    ],
)
def test_a_bad_header_is_named(me: Actor, header: str, column: str, message: str) -> None:
    offered = offer(me, header)
    assert [p["column"] for p in offered.problems] == [column]
    assert message in offered.problems[0]["message"]


@pytest.mark.django_db
def test_what_changed_since_the_preview_is_checked_again(me: Actor, region: Organisation) -> None:
    offered = offer(me, "naam;soort;namen in logs", "Een;middel;srv1", "Twee;middel;srv2")
    asset(region, "srv2")
    with pytest.raises(Refused, match="Rij 3, namen in logs: “srv2” is al een naam van srv2"):
        imports.apply(me, offered.public_id)
    assert list(Node.objects.values_list("key", flat=True)) == ["srv2"]
    assert NodeName.objects.count() == 1


@pytest.mark.django_db
def test_nothing_is_left_when_it_breaks_half_way(me: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    offered = offer(me, HEAD, "Een;middel")

    def broken(*_args: object) -> str:
        NODE_TABLE_APPLY(me, [{"name": "Een", "kind": "middel"}])
        raise RuntimeError("stroom weg")

    kind = imports.TableKind(**{f: getattr(NODE_TABLE, f) for f in NODE_TABLE.__dataclass_fields__} | {"apply": broken})
    monkeypatch.setitem(imports._kinds, "middelen", kind)
    with pytest.raises(RuntimeError):
        imports.apply(me, offered.public_id)
    assert not Node.objects.exists()
    offered.refresh_from_db()
    assert offered.state == imports.OFFERED


NODE_TABLE_APPLY = NODE_TABLE.apply


@pytest.mark.django_db
def test_only_who_may_edit_offers_and_only_the_owner_applies(me: Actor, region: Organisation) -> None:
    offered = offer(me, HEAD, "Een;middel")
    with acting(actor(person(region, Role.MAYOR), region)) as mayor:
        with pytest.raises(Denied):
            offer(mayor, HEAD, "Twee;middel")
        with pytest.raises((Denied, NotFound)):
            imports.apply(mayor, offered.public_id)
    other = organisation("VR15")
    with acting(actor(person(other, Role.CISO), other)) as stranger, pytest.raises(NotFound):
        imports.apply(stranger, offered.public_id)
    assert not Node.objects.exists()


@pytest.mark.django_db
def test_a_big_table_stays_quick(me: Actor, django_assert_max_num_queries: Any) -> None:
    offered = offer(
        me, "naam;soort;namen in logs", *(f"Machine {n};middel;m{n} 10.1.{n // 250}.{n % 250}" for n in range(2000))
    )
    with django_assert_max_num_queries(80):
        assert imports.apply(me, offered.public_id)[1] == "2000 toegevoegd, 0 bijgewerkt."


@pytest.mark.django_db
@given(rows=st.lists(st.lists(CELL, max_size=10), max_size=6))
def test_any_table_is_applied_whole_or_named(rows: list[list[str]]) -> None:
    from django.db import transaction

    owner = organisation("VR17")
    with acting(actor(person(owner, Role.CISO), owner)) as who, transaction.atomic():
        text = csv_text([c.title for c in NODE_COLUMNS], rows)
        offered = imports.offer(who, NODE_TABLE, "tabel.csv", text.encode())
        before = Node.objects.count()
        if offered.problems:
            with pytest.raises(Refused):
                imports.apply(who, offered.public_id)
            assert Node.objects.count() == before
        else:
            imports.apply(who, offered.public_id)
        transaction.set_rollback(True)


# --- Pages ------------------------------------------------------------------------------------------------------------


def upload(client: Client, name: str, content: bytes) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("beheer:import", args=["middelen"]), {"file": file}, follow=True)


@pytest.mark.django_db
def test_from_template_to_register_and_back(client: Client, region: Organisation) -> None:
    log_in(client, person(region, Role.CISO))
    assert client.get(reverse("beheer:import", args=["middelen"])).status_code == 200
    template = client.get(reverse("beheer:import-template", args=["middelen"]))
    preview = upload(client, "ingevuld.csv", template.content)
    text = preview.content.decode()
    assert "Deze tabel kan verwerkt worden" in text
    assert "Verwerk 1 rij" in text
    with every_owner():
        offered = TableImport.objects.get()
    done = client.post(reverse("beheer:import-apply", args=[offered.public_id]), follow=True).content.decode()
    assert "1 toegevoegd, 0 bijgewerkt." in done
    assert "Meldkamer" in done
    exported = client.get(reverse("beheer:register-export")).content
    rows = list(csv.reader(io.StringIO(exported.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == [c.title for c in NODE_COLUMNS]
    assert rows[1][:3] == ["meldkamer", "Meldkamer", "proces"]
    again = upload(client, "terug.csv", exported)
    assert "Verwerk 1 rij" in again.content.decode()


@pytest.mark.django_db
def test_bad_rows_are_shown_and_nothing_can_be_applied(client: Client, region: Organisation) -> None:
    log_in(client, person(region, Role.CISO))
    text = upload(client, "fout.xlsx", xlsx(["naam", "soort"], ["<b>Een</b>", "gebouw"])).content.decode()
    assert "Deze tabel is nog niet goed" in text
    assert "“gebouw” kennen we niet" in text
    assert "&lt;b&gt;Een&lt;/b&gt;" in text
    assert "verwerk" not in text.split("<main")[1].split("Wat wij lazen")[0].lower()


@pytest.mark.django_db
def test_an_unreadable_file_is_an_error_at_the_field(client: Client, region: Organisation) -> None:
    log_in(client, person(region, Role.CISO))
    answer = upload(client, "plaatje.png", b"\x89PNG\r\n\x1a\n\x00")
    assert answer.status_code == 422
    assert "geen tekst in CSV-vorm" in answer.content.decode()
    assert upload(client, "groot.csv", b"a" * (sheets.MAX_BYTES + 10)).status_code == 422
    assert client.post(reverse("beheer:import", args=["middelen"])).status_code == 422
    assert client.get(reverse("beheer:import", args=["verzonnen"])).status_code == 404


@pytest.mark.django_db
def test_a_preview_is_for_its_owner(client: Client, region: Organisation, me: Actor) -> None:
    offered = offer(me, HEAD, "Een;middel")
    for who in (person(organisation("VR15"), Role.CISO), person(region, Role.MAYOR)):
        log_in(client, who)
        assert client.get(reverse("beheer:import-preview", args=[offered.public_id])).status_code == 404
        assert client.post(reverse("beheer:import-apply", args=[offered.public_id])).status_code in {302, 403, 404}
    with every_owner():
        assert not Node.objects.exists()
