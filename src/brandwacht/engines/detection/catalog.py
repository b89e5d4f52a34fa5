"""Folders of rules, with what they compile to kept on disk: the second time they are there at once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

import orjson

from brandwacht.engines.detection.correlations import OutdatedForm
from brandwacht.engines.detection.documents import MAX_RULE
from brandwacht.engines.detection.reasons import UnusableRule
from brandwacht.engines.detection.rules import FORM, RuleSet, load_rules

SUFFIXES: Final = (".yml", ".yaml")
KEPT: Final = 8
"""Compiled sets that stay in the cache; the oldest go first."""


def read_rule_files(folder: Path) -> tuple[list[tuple[str, str]], list[UnusableRule]]:
    """The texts of the rule files in `folder` (or of the one file) by relative name, and the files that give none."""
    paths = [folder] if folder.is_file() else sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    texts: list[tuple[str, str]] = []
    unreadable: list[UnusableRule] = []
    for path in paths:
        name = path.name if path == folder else path.relative_to(folder).as_posix()
        try:
            content = path.read_bytes()
            if len(content) > 4 * MAX_RULE:
                raise ValueError
            texts.append((name, content.decode("utf-8-sig")))
        except UnicodeDecodeError:
            unreadable.append(UnusableRule(name, "", "", "Dit bestand is geen UTF-8-tekst. Sla het op als UTF-8."))
        except ValueError:
            unreadable.append(UnusableRule(name, "", "", "Het bestand is te groot voor een regel (meer dan 1 MB)."))
        except OSError as error:
            unreadable.append(UnusableRule(name, "", "", f"Het bestand is niet te lezen ({error.strerror})."))
    return texts, unreadable


def load_folder(folder: Path, cache: Path | None = None) -> RuleSet:
    """The rules below `folder`. With a `cache` folder their compiled form is kept there, by the rules' fingerprint.

    A kept form that is damaged or of another version counts as absent; a cache that can not be written is no error.
    Plain JSON, so that reading it runs nothing; who may write in the cache decides what is detected, as with the rules.
    """
    texts, unreadable = read_rule_files(folder)
    kept = cache / f"regels-{fingerprint(texts)}.json" if cache else None
    found = _revive(kept) if kept else None
    if found is None:
        found = load_rules(texts)
        if kept:
            _keep(kept, found)
    return RuleSet(found.rules, [*found.unusable, *unreadable], found.correlations, found.filters)


def fingerprint(texts: Iterable[tuple[str, str]]) -> str:
    """One number for names and texts of rules and the version of the compiled form, as 64 hexadecimal digits."""
    digest = hashlib.sha256(f"brandwacht {FORM}\n".encode())
    for part in (part for pair in texts for part in pair):
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(encoded) + encoded)
    return digest.hexdigest()


def _revive(path: Path) -> RuleSet | None:
    """The kept rules. Before them stands their fingerprint, so that a damaged file does not pass for other rules."""
    try:
        mark, _, content = path.read_bytes().partition(b"\n")
        if mark.decode("ascii") != hashlib.sha256(content).hexdigest():
            return None
        return RuleSet.from_json(orjson.loads(content))
    except (OSError, UnicodeDecodeError, orjson.JSONDecodeError, OutdatedForm):
        return None


def _keep(path: Path, rules: RuleSet) -> None:
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        content = orjson.dumps(rules.to_json())
        part.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
        part.replace(path)
        oldest_last = sorted(path.parent.glob("regels-*.json"), key=lambda kept: kept.stat().st_mtime, reverse=True)
        for old in oldest_last[KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
