"""Reports as PDF: the standards by a second tool, the same bytes again, and hostile text that stays text."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.network import reports

MOMENT = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
TEMPLATE = """
#opening()
= Kop
#d.text
#figure(rows-of(("Naam", "Waarde"), d.rows), caption: "Een tabel")
"""


@pytest.fixture(autouse=True)
def template(monkeypatch: pytest.MonkeyPatch) -> None:
    """A template of our own beside the shipped one."""
    whole = reports._source
    monkeypatch.setattr(
        reports, "_source", lambda package, name: TEMPLATE if package == "proef" else whole(package, name)
    )


def made(text: str = "Gewone tekst.", rows: Any = (("a", "b"),), title: str = "Een verslag") -> bytes:
    data = {"text": text, "rows": rows, "footer": "Veiligheidsregio Test", "subtitle": "Proef"}
    return reports.pdf("proef", "proef.typ", data, title=title, author="Persoon", moment=MOMENT)


def words(content: bytes) -> int:
    """The number of things that show text, over all pages."""
    with pikepdf.open(io.BytesIO(content)) as document:
        return sum(
            str(operator) in ("Tj", "TJ")
            for page in document.pages
            for _operands, operator in pikepdf.parse_content_stream(page)
        )


def test_holds_what_pdf_a_and_pdf_ua_ask_for_by_another_tool() -> None:
    with pikepdf.open(io.BytesIO(made())) as document:
        root = document.Root
        assert root.MarkInfo.Marked is True or bool(root.MarkInfo.Marked)
        assert root.StructTreeRoot.Type == "/StructTreeRoot"
        assert str(root.Lang) == "nl-NL"
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert root.OutputIntents[0].S == "/GTS_PDFA1"
        assert not document.is_encrypted
        with document.open_metadata() as facts:
            assert (facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("2", "A")
            assert facts["pdfuaid:part"] == "1"
            assert facts["dc:title"] == "Een verslag"
            assert facts["xmp:CreateDate"].startswith("2026-11-22T13:05:00")
        tags = _tags(root.StructTreeRoot)
        assert {"/Document", "/H1", "/Table", "/TH", "/TD", "/P", "/Caption"} <= tags
        for font in (font for page in document.pages for font in page.resources.Font.values()):
            assert "/FontFile" in str(font.DescendantFonts[0].FontDescriptor.keys())
            assert "/ToUnicode" in font


def _tags(node: Any) -> set[str]:
    found = {str(node.S)} if "/S" in node else set()
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            found |= _tags(kid)
    return found


def test_the_same_data_gives_the_same_bytes() -> None:
    assert made() == made()
    assert made() != made("Andere tekst.")


HOSTILE = [
    '#panic("x")',
    '#eval("1 + 1")',
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0"',
    '"] + [#panic()',
    "*vet* _schuin_ $x^2$ `code` <label> @ref = Kop",
    "\\u{0} \x00 \x07 \u202e \ue000 😀 漢字",
    "// alles weg /* en dit */",
    "#" * 500,
    "]" * 500,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    content = made(text, rows=[[text, text]], title=text)
    with pikepdf.open(io.BytesIO(content)) as document:
        assert len(document.pages) == 1


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=80))
def test_any_text_can_be_set(text: str) -> None:
    assert made(text, rows=[[text, "x"]]).startswith(b"%PDF-1.7")


def test_markup_in_data_does_not_become_markup() -> None:
    """A heading, a table or emphasis in the data adds no structure."""

    def structure(content: bytes) -> list[str]:
        with pikepdf.open(io.BytesIO(content)) as document:
            return sorted(_all(document.Root.StructTreeRoot))

    plain = structure(made("aaa bbb ccc"))
    assert structure(made("= Kop #table[a] *b* - punt")) == plain
    assert words(made("x")) > 0


def _all(node: Any) -> list[str]:
    found = [str(node.S)] if "/S" in node else []
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            found += _all(kid)
    return found


@pytest.mark.parametrize("code", ['#read("/etc/passwd")', '#read("../geheim")', '#image("/etc/hostname")'])
def test_a_template_reaches_no_file(code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(
        reports,
        "_source",
        lambda package, name: code if package == "proef" else "#let d = 1\n#set document(title: [t])\n",
    )
    with pytest.raises(typst.TypstError, match=r"not found|escape"):
        made()


def test_a_template_that_names_a_package_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(reports, "resources", _Shelf('#import "@preview/cetz:0.3.0": canvas'))
    with pytest.raises(ValueError, match="names a package"):
        made()


class _Shelf:
    """Stands for ``importlib.resources`` with one text in every place."""

    def __init__(self, text: str) -> None:
        self.text = text

    def files(self, package: str) -> _Shelf:
        return self

    def joinpath(self, *parts: str) -> _Shelf:
        return self

    def read_text(self, encoding: str) -> str:
        return self.text


def test_too_much_data_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "MOST_BYTES", 1000)
    with pytest.raises(ValueError, match="is the most"):
        made("x" * (reports.MOST_BYTES + 1))


def test_a_download_has_a_plain_name() -> None:
    answer = reports.download('Plan "2026"/../x\r\n', b"%PDF")
    assert answer["Content-Disposition"] == 'attachment; filename="plan-2026x.pdf"'


def test_a_picture_has_a_plain_name() -> None:
    data = {"text": "", "rows": [["a", "b"]], "footer": "", "subtitle": ""}
    with pytest.raises(ValueError, match="not called"):
        reports.pdf(
            "proef", "proef.typ", data, title="T", author="P", moment=MOMENT, pictures={"../../logo.png": b"x"}
        )  # fmt: skip
