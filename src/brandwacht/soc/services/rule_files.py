"""Files with detection rules: from a folder, or from a zip whose every promise is distrusted."""

from __future__ import annotations

import hashlib
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import yaml
from django.utils.translation import gettext as _

from brandwacht.network.errors import Refused

SUFFIXES: Final = frozenset({".yml", ".yaml"})
MAX_FILES: Final = 20_000
"""Entries in one zip, of whatever kind."""
MAX_FILE: Final = 1024 * 1024
"""Bytes of one rule file; a larger one is listed as unusable."""
MAX_UNPACKED: Final = 100 * 1024 * 1024
"""Bytes of all rule files of a zip together."""
MAX_NODES: Final = 50_000
"""Values in one rule once its YAML references are written out."""

_ANCHOR = re.compile(r"(?:^|[\s\[{,:-])&[^\s,\[\]{}]")


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A file with rules: its name below the collection, its text, and the fingerprint of that text.

    ``problem`` says in Dutch why the text must not be read as a rule; "" when there is nothing against it.
    """

    name: str
    text: str
    sha256: str
    problem: str = ""


def rule_file(name: str, content: bytes) -> RuleFile:
    """The file with this name and content."""
    # PostgreSQL keeps no NUL in text; a rule has no use for it.
    text = content[:MAX_FILE].decode("utf-8", errors="replace").replace("\x00", "\ufffd")
    if len(content) > MAX_FILE:
        problem = _("Het bestand is te groot voor een regel (meer dan 1 MB).")
    else:
        problem = hostile(text)
    return RuleFile(name[:240], text, hashlib.sha256(content).hexdigest(), problem)


def hostile(text: str) -> str:
    """Why this text must not be read as YAML: a few references can stand for more values than memory holds; else ""."""
    if not _ANCHOR.search(text):
        return ""
    try:
        size = sum(_written_out(node, {}) for node in yaml.compose_all(text, yaml.CSafeLoader))
    except (yaml.YAMLError, RecursionError, ValueError):
        return ""  # what is no YAML is told, with its place, by the engine
    if size > MAX_NODES:
        return _("De regel verwijst zo vaak naar zichzelf (& en *) dat hij niet te lezen is. Schrijf hem uit.")
    return ""


def _written_out(node: yaml.Node | None, known: dict[int, int]) -> int:
    """How many values a node stands for when every reference in it is written out; endless counts as too many."""
    if node is None:
        return 0
    if id(node) not in known:
        known[id(node)] = MAX_NODES + 1  # while it is being counted: a reference to itself never ends
        if isinstance(node, yaml.MappingNode):
            parts: list[yaml.Node] = [part for pair in node.value for part in pair]
        else:
            parts = node.value if isinstance(node, yaml.SequenceNode) else []
        known[id(node)] = min(MAX_NODES + 1, 1 + sum(_written_out(part, known) for part in parts))
    return known[id(node)]


def read_folder(folder: Path) -> list[RuleFile]:
    """The rule files below a folder in order of name. Raises ``Refused`` when there are none."""
    inside = folder.resolve()  # a collection from elsewhere may hold links to files that are not part of it
    found = (p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
    paths = sorted(p for p in found if p.resolve().is_relative_to(inside))
    if not paths:
        raise Refused(_("In de map %(folder)s staat geen enkel .yml-bestand.") % {"folder": folder})
    return [rule_file(f"{inside.name}/{path.relative_to(folder).as_posix()}", path.read_bytes()) for path in paths]


def read_zip(path: Path, collection: str) -> list[RuleFile]:
    """The rule files in a zip in order of name, each named below ``collection``; nothing is unpacked to disk.

    One folder around everything is left out of the names, so that two deliveries of a collection are named alike.
    Raises ``Refused`` (field "file") when it is no zip, breaks a limit, or holds a name that is a trick.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_FILES:
                raise Refused(_("In deze zip staan meer dan 20.000 bestanden. Verdeel de regels."), "file")
            wanted = sorted(_rule_entries(entries), key=lambda entry: entry.filename)
            if not wanted:
                raise Refused(_("In deze zip staat geen enkel .yml-bestand."), "file")
            around = _folder_around(wanted)
            return list(_unpack(archive, wanted, around, collection))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise Refused(_("Dit bestand is geen zip, of het is beschadigd. Maak de zip opnieuw."), "file") from error
    except NotImplementedError as error:
        raise Refused(_("Deze zip is op een ongewone manier ingepakt. Pak hem gewoon in."), "file") from error


def _rule_entries(entries: list[zipfile.ZipInfo]) -> Iterator[zipfile.ZipInfo]:
    seen: set[str] = set()
    for entry in entries:
        if entry.is_dir():
            continue
        name = entry.filename
        parts = PurePosixPath(name).parts
        if "\\" in name or name.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", name):
            shown = "".join(c if c.isprintable() else "?" for c in name[:80])
            raise Refused(
                _("De zip noemt een plek buiten zichzelf: %(name)s. Maak hem opnieuw.") % {"name": shown}, "file"
            )
        if PurePosixPath(name).suffix.lower() not in SUFFIXES or stat.S_ISLNK(entry.external_attr >> 16):
            continue
        if name in seen:
            raise Refused(_("De zip bevat %(name)s twee keer. Maak hem opnieuw.") % {"name": name[:80]}, "file")
        if entry.flag_bits & 1:
            raise Refused(_("Deze zip heeft een wachtwoord. Maak een zip zonder wachtwoord."), "file")
        seen.add(name)
        yield entry


def _folder_around(entries: list[zipfile.ZipInfo]) -> str:
    first = {PurePosixPath(entry.filename).parts[0] for entry in entries}
    deep = all(len(PurePosixPath(entry.filename).parts) > 1 for entry in entries)
    return f"{next(iter(first))}/" if deep and len(first) == 1 else ""


def _unpack(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], around: str, collection: str
) -> Iterator[RuleFile]:
    size = 0
    for entry in entries:
        with archive.open(entry) as stream:
            content = stream.read(MAX_FILE + 1)  # what really comes out counts, not what the zip says
        size += len(content)
        if size > MAX_UNPACKED:
            raise Refused(_("De regels in deze zip zijn uitgepakt groter dan 100 MB. Verdeel ze."), "file")
        yield rule_file(f"{collection}/{entry.filename.removeprefix(around)}", content)
