"""Documents that are attached: what may come in, by what the bytes are and not by what the name says.

No program, no web page and no drawing that carries script passes: what came in leaves as a download only, and even so
nobody should receive such a thing from a colleague's evidence.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from django.utils.translation import gettext as _

from brandwacht.network.errors import Refused

MAX_BYTES: Final = 10 * 1024 * 1024
MOST_PARTS: Final = 5_000
"""Parts in an office document; a real one has some hundreds."""
_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
TYPES: Final = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".docx": _OOXML + "wordprocessingml.document",
    ".xlsx": _OOXML + "spreadsheetml.sheet",
    ".pptx": _OOXML + "presentationml.presentation",
    ".odt": _ODF + "text",
    ".ods": _ODF + "spreadsheet",
    ".odp": _ODF + "presentation",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
"""What may be attached, by the end of the name."""
ACCEPT: Final = ",".join(TYPES)
_STARTS: Final = {".pdf": b"%PDF-", ".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff"}
_OFFICE_PART: Final = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/presentation.xml"}


@dataclass(frozen=True, slots=True)
class Document:
    """A document that may be kept: its name without folders, and its media type."""

    filename: str
    media_type: str
    content: bytes


def check_document(filename: str, content: bytes) -> Document:
    """Let a document pass, or raise ``Refused`` on the field ``file`` with what is wrong and what to do."""
    name = _clean_name(filename)
    ending = PurePosixPath(name).suffix.lower()
    if ending not in TYPES:
        raise Refused(
            _("Dit soort bestand bewaren wij niet. Kies een bestand dat eindigt op %(endings)s.")
            % {"endings": ", ".join(TYPES)},
            "file",
        )
    if not content:
        raise Refused(_("Dit bestand is leeg. Kies een ander bestand."), "file")
    if len(content) > MAX_BYTES:
        raise Refused(_("Dit bestand is groter dan 10 MB. Maak het kleiner, of schrijf op waar het ligt."), "file")
    if not _is(ending, content):
        raise Refused(
            _("De inhoud van dit bestand past niet bij de naam (%(ending)s). Bewaar het opnieuw als zo'n bestand.")
            % {"ending": ending},
            "file",
        )
    return Document(name, TYPES[ending], content)


def _clean_name(filename: str) -> str:
    """The last part of a path, without control signs, at most 150 characters with its ending kept."""
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*').strip(" .")
    path = PurePosixPath(name)
    return path.stem[: 150 - len(path.suffix)].strip() + path.suffix if path.suffix else name[:150]


def _is(ending: str, content: bytes) -> bool:
    if start := _STARTS.get(ending):
        return content.startswith(start)
    if ending in (".txt", ".csv"):
        return _is_text(content)
    return _is_office(ending, content)


def _is_text(content: bytes) -> bool:
    """Readable text that no browser would take for a page and no system for a program."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError:
            return False
    start = text.lstrip()[:2]
    return not any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text) and not start.startswith(
        ("<", "#!", "MZ")
    )


def _is_office(ending: str, content: bytes) -> bool:
    """An office document of this kind without macros, told from the list of its parts; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if len(names) > MOST_PARTS or any(_carries_program(name) for name in names):
                return False
            if part := _OFFICE_PART.get(ending):
                return part in names and "[Content_Types].xml" in names
            kind = archive.getinfo("mimetype")
            return kind.file_size < 200 and archive.read(kind).decode("ascii").strip() == TYPES[ending]
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, OSError, RuntimeError, EOFError):
        return False


def _carries_program(name: str) -> bool:
    low = name.lower()
    return low.endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs", ".bat", ".cmd", ".ps1")) or low.startswith(
        ("basic/", "scripts/")
    )
