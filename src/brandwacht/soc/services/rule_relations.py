"""The rules that a text of Sigma refers to, found among those that an organisation has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import yaml

from brandwacht.engines.detection.correlations import key_of
from brandwacht.soc.models import SigmaRule
from brandwacht.soc.services.rule_files import hostile

MOST: Final = 50
"""So many rules that a text refers to are looked up, those that they refer to included."""
STORED: Final = "bewaard/"
"""Begins the name under which a stored rule is read along."""
_WORD: Final = re.compile(r"[\w.-]+")


def related_texts(owner_id: int, texts: Iterable[str]) -> list[tuple[str, str]]:
    """The stored texts of the rules that correlations in these texts rest on, as (name, text); at most ``MOST``."""
    found: dict[str, str] = {}
    asked: set[str] = set()
    waiting = [name for text in texts for name in references_in(text)]
    while waiting and len(found) < MOST:
        wanted = sorted({key_of(name) for name in waiting} - asked)[: MOST - len(found)]
        asked.update(wanted)
        waiting = []
        for row in _rows(owner_id, wanted):
            name = row.name.partition("#")[0]
            if name not in found:
                found[name] = row.source
                waiting += references_in(row.source)
    return [(f"{STORED}{name}", text) for name, text in found.items()]


def references_in(text: str) -> list[str]:
    """The rules that correlations in a text refer to, by identifier or name; nothing of a text that can not be read."""
    if "correlation" not in text or hostile(text):
        return []
    try:
        documents = list(yaml.load_all(text, yaml.CSafeLoader))
    except (yaml.YAMLError, RecursionError, ValueError):
        return []
    return [name for document in documents for name in _named(document)]


def _named(document: Any) -> Iterator[str]:
    section = document.get("correlation") if isinstance(document, dict) else None
    if not isinstance(section, dict):
        return
    rules, condition = section.get("rules"), section.get("condition")
    for name in rules if isinstance(rules, list) else [rules]:
        if isinstance(name, str):
            yield name
    if isinstance(condition, str):
        yield from (word for word in _WORD.findall(condition) if word not in ("and", "or", "not"))


def _rows(owner_id: int, wanted: Iterable[str]) -> Iterator[SigmaRule]:
    mine = SigmaRule.objects.filter(organisation_id=owner_id, usable=True).only("name", "source", "rule_id")
    names = [name.replace("\x00", "") for name in wanted]
    known = {row.rule_id: row for row in mine.filter(rule_id__in=names)}
    yield from known.values()
    for name in names:
        if name and name not in known:
            says = re.compile(rf"^name:\s*['\"]?{re.escape(name)}['\"]?\s*$", re.MULTILINE)
            rows = mine.filter(source__contains=name).order_by("pk")[: 2 * MOST]
            yield from (row for row in rows if says.search(row.source))
