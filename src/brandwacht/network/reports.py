"""Reports as PDF: the one way for all rooms.

A room ships a template (`.typ`) and passes plain data; `pdf` sets them with typst to PDF/A-2a (to keep) and PDF/UA-1
(to read aloud). The template follows `network/data/report.typ`, which gives the look and `d`, the data.

- Text from people reaches typst as JSON in an input, never as source: it cannot become code. Characters that our
  fonts cannot show (emoji, say) become U+FFFD, as PDF/A asks that every character can be shown.
- Typst works in a folder with nothing but the pictures that the room passes, which it checked itself (`png`);
  a template that names a package is refused, so nothing is fetched.
- Fonts: those inside the typst wheel (Libertinus Serif, DejaVu Sans Mono; SIL Open Font License and the like), never
  those of the machine, so that equal data and moment give equal bytes on every machine.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, Final

import orjson
import typst
from django.http import HttpResponse
from django.utils.text import slugify

STANDARDS: Final[list[Any]] = ["a-2a", "ua-1"]
MOST_BYTES: Final = 4_000_000
"""A report holds at most so much data (JSON): hundreds of pages."""
_HIDDEN: Final = re.compile(
    "[^ -~\u00a0-\u036f\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u04ff\u1e00-\u1eff"
    "\u2010-\u2027\u2030-\u2040\u20a0-\u20bf\u2122\u2190-\u22ff\ufffd]"
)
"""What the fonts in the typst wheel cannot show, or we do not count on."""
_PICTURE: Final = re.compile(r"[a-z]+\.png")
_PACKAGE: Final = re.compile(r"[\"']@[\w-]+/")


def pdf(
    package: str,
    template: str,
    data: Mapping[str, Any],
    *,
    title: str,
    author: str,
    moment: datetime,
    pictures: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    """The report as PDF. ``template`` is the name of a file in ``data`` of a Python package.

    ``pictures`` are files by a name such as "logo.png", for ``image("/logo.png")`` in the template.

    ``data`` holds texts, numbers, lists and mappings; it gets ``title`` and ``author`` too. ``moment`` is written
    in the document as when it was made. The same arguments give the same bytes. Raises ``ValueError`` for a template
    that names a package, a picture with another name and data that is too large, and ``typst.TypstError`` for a
    template that is wrong.
    """
    source = _source("brandwacht.network", "report.typ") + _source(package, template)
    told = _shown({**data, "title": title, "author": author})
    payload = orjson.dumps(told)
    if len(payload) > MOST_BYTES:
        raise ValueError(f"The data of the report {template} takes {len(payload)} bytes; {MOST_BYTES} is the most.")
    with TemporaryDirectory(prefix="brandwacht-report-") as folder:
        for name, content in pictures.items():
            if not _PICTURE.fullmatch(name):
                raise ValueError(f"A picture is not called {name}.")
            Path(folder, name).write_bytes(content)
        compiler = typst.Compiler(
            source.encode(),
            root=folder,
            ignore_system_fonts=True,
            sys_inputs={"data": payload.decode()},
            package_path=folder,
            package_cache_path=folder,
        )
        made = compiler.compile(
            format="pdf", pdf_standards=STANDARDS, timestamp=moment.astimezone(UTC).replace(microsecond=0)
        )
    if not isinstance(made, bytes):
        raise TypeError(f"Typst made no single document of {template}.")
    return made


def download(filename: str, content: bytes) -> HttpResponse:
    """A PDF to download; ``filename`` is reduced to letters, digits and dashes and gets ".pdf"."""
    response = HttpResponse(content, content_type="application/pdf")
    stem = slugify(filename.removesuffix(".pdf")) or "rapport"
    response["Content-Disposition"] = f'attachment; filename="{stem}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _source(package: str, template: str) -> str:
    text = resources.files(package).joinpath("data", template).read_text(encoding="utf-8")
    if _PACKAGE.search(text):
        raise ValueError(f"The template {template} names a package; reports are made without the network.")
    return text


def _shown(value: Any) -> Any:
    """The same data with every text in characters that can be shown, on one line."""
    if isinstance(value, str):
        return _HIDDEN.sub("\ufffd", " ".join(unicodedata.normalize("NFC", value).split()))
    if isinstance(value, Mapping):
        return {str(key): _shown(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(each) for each in value]
    return value
