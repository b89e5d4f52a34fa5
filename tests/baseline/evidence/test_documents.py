"""What a document may be: told from its bytes, never from its name."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.baseline.documents import MAX_BYTES, TYPES, check_document
from brandwacht.network.errors import Refused


def archive(*parts: tuple[str, bytes]) -> bytes:
    """An archive with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in parts:
            made.writestr(name, content)
    return out.getvalue()


WORD = archive(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>"))
ODT = archive(("mimetype", TYPES[".odt"].encode()), ("content.xml", b"<o/>"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("verslag.pdf", b"%PDF-1.7 ..."),
        ("FOTO.JPG", b"\xff\xd8\xff\xe0..."),
        ("scherm.png", b"\x89PNG\r\n\x1a\n..."),
        ("brief.docx", WORD),
        ("brief.odt", ODT),
        ("lijst.csv", "naam;functie\r\nZoë;leidinggevende".encode()),
        ("oud.txt", "Zo\xeb schreef dit met een oude editor".encode("cp1252")),
    ],
)
def test_a_document_passes(name: str, content: bytes) -> None:
    assert check_document(name, content).content == content


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("virus.exe", b"MZ...", "Dit soort bestand"),
        ("pagina.html", b"<html>", "Dit soort bestand"),
        ("plaat.svg", b"<svg>", "Dit soort bestand"),
        ("zonder-einde", b"tekst", "Dit soort bestand"),
        (".pdf", b"%PDF-1.7", "Dit soort bestand"),
        ("verslag.pdf", b"<html><script>", "past niet bij de naam"),
        ("verslag.pdf", WORD, "past niet bij de naam"),
        ("brief.docx", archive(("[Content_Types].xml", b""), ("xl/workbook.xml", b"")), "past niet bij de naam"),
        (
            "brief.docx",
            archive(("[Content_Types].xml", b""), ("word/document.xml", b""), ("word/vbaProject.bin", b"")),
            "past niet bij de naam",
        ),
        ("brief.odt", archive(("mimetype", b"text/html")), "past niet bij de naam"),
        ("brief.docx", b"PK\x03\x04kapot", "past niet bij de naam"),
        ("tekst.txt", b"  <!DOCTYPE html>", "past niet bij de naam"),
        ("tekst.txt", b"#!/bin/sh", "past niet bij de naam"),
        ("tekst.txt", b"\x00\x01", "past niet bij de naam"),
        ("leeg.pdf", b"", "leeg"),
        ("groot.pdf", b"%PDF-" + b"0" * MAX_BYTES, "groter dan 10 MB"),
    ],
)
def test_anything_else_is_refused_with_what_to_do(name: str, content: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        check_document(name, content)
    assert refused.value.field == "file"


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/verslag.pdf", "verslag.pdf"),
        ("C:\\map\\verslag.pdf", "verslag.pdf"),
        ('ver"slag\r\nSet-Cookie: a.pdf', "verslagSet-Cookie a.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(given_name: str, kept: str) -> None:
    assert check_document(given_name, b"%PDF-1.7").filename == kept


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40), st.sampled_from(sorted(TYPES)), st.binary(max_size=200), st.sampled_from([b"", WORD, ODT]))
def test_whatever_comes_in_passes_or_is_refused(name: str, ending: str, content: bytes, start: bytes) -> None:
    try:
        kept = check_document(name + ending, start + content)
    except Refused as error:
        assert error.field == "file"
    else:
        assert kept.media_type in TYPES.values()
        assert 0 < len(kept.filename) <= 150
        assert not set('/\\\r\n"') & set(kept.filename)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(WORD) - 1), st.binary(min_size=1, max_size=4))
def test_a_damaged_office_document_never_breaks_us(at: int, noise: bytes) -> None:
    try:
        check_document("brief.docx", WORD[:at] + noise + WORD[at + len(noise) :])
    except Refused as error:
        assert error.field == "file"
