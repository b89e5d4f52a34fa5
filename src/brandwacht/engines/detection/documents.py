"""The documents in a file with Sigma rules: what each of them is, and pySigma's object for it.

A file may hold several documents: rules, correlations, filters, and the old collection actions (`global` gives the
rules after it something in common, `reset` ends that, `repeat` gives the last rule again with changes). Every document
but a `global` or `reset` becomes exactly one `Document`, or one `UnusableRule` that says why not.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from sigma.collection import SigmaCollection
from sigma.correlations import SigmaCorrelationRule
from sigma.exceptions import SigmaError
from sigma.filters import SigmaFilter
from sigma.rule import SigmaRule
from sigma.rule.base import check_alias_expansion

from brandwacht.engines.detection.events import text_of
from brandwacht.engines.detection.reasons import UnusableRule, detail, reason

MAX_RULE: Final = 1024 * 1024
"""Characters in one rule file."""
MAX_REPEATS: Final = 100
"""Times a rule may be repeated with changes: each time all earlier changes are made again."""

OPERATORS: Final = frozenset({"lt", "lte", "gt", "gte", "eq", "neq"})
"""What a condition of a correlation may ask of a number."""
_OPERATOR_WORDS: Final = re.compile(r"\b(?:AND|OR|NOT)\b")

_OF_TEXT: Final = frozenset({"contains", "startswith", "endswith", "cased", "re", "base64", "base64offset", "windash"})
_EXACT: Final = 2**53
"""Whole numbers beyond this are not all floats."""

Parsed = SigmaRule | SigmaCorrelationRule | SigmaFilter


@dataclass(frozen=True, slots=True)
class Document:
    """One document: where it stands ("name", or "name#2" in a file with several), its YAML and pySigma's object."""

    name: str
    data: dict[str, Any]
    parsed: Parsed


class _Loader(yaml.CSafeLoader):
    """The safe C loader (pySigma's own is many times slower), which also refuses a key that is given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(None, None, f"duplicate key {key.value!r}", key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep)


@dataclass(slots=True)
class _Context:
    """What the documents before it in the file mean for the next one."""

    shared: list[dict[str, Any]] = field(default_factory=list)
    last: list[dict[str, Any]] = field(default_factory=list)


def read_documents(name: str, text: str) -> Iterator[Document | UnusableRule]:
    """What is in the file `name` with this text. A file without any document gives one `UnusableRule`."""
    if len(text) > MAX_RULE:
        yield UnusableRule(name, "", "", "Het bestand is te groot voor een regel (meer dan 1 MB).")
        return
    loaded, broken = _load(name, text)
    context = _Context()
    speaking = sum(document.get("action") not in ("global", "reset") for document in loaded)
    number = 0
    for data in loaded:
        if data.get("action") in ("global", "reset"):
            context.shared = [data] if data["action"] == "global" else []
            context.last = context.shared or context.last
            continue
        number += 1
        yield _parse(name if speaking == 1 else f"{name}#{number}", data, context)
    if broken:
        yield broken
    elif not number:
        yield UnusableRule(name, "", "", "Het bestand bevat geen regel.")


def _load(name: str, text: str) -> tuple[list[dict[str, Any]], UnusableRule | None]:
    """The YAML documents in `text`, and what is wrong with the rest where reading stopped."""
    documents: list[dict[str, Any]] = []
    try:
        for document in yaml.load_all(text, _Loader):
            if document is None:
                continue
            if not isinstance(document, dict):
                return documents, UnusableRule(name, "", "", "Dit is geen Sigma-regel: er staan geen velden in.")
            documents.append(document)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" bij regel {mark.line + 1}" if mark else ""
        return documents, UnusableRule(name, "", "", f"Het bestand is geen geldige YAML{place}. Controleer de opmaak.")
    return documents, None


def _parse(name: str, data: dict[str, Any], context: _Context) -> Document | UnusableRule:
    rule_id, title, called = (str(data.get(key) or "") for key in ("id", "title", "name"))
    action = data.get("action")
    if action == "repeat":
        context.last = [*context.last, data]
        if len(context.last) > MAX_REPEATS:
            why = f"Een regel mag hoogstens {MAX_REPEATS} keer herhaald worden."
            return UnusableRule(name, rule_id, title, why, called)
        chain = context.last
    else:
        chain = [data]
        if action is None and "correlation" not in data and "filter" not in data:
            context.last = [*context.shared, data]
            chain = context.last
    try:
        check_alias_expansion(chain)
        given = copy.deepcopy(chain) if len(chain) > 1 else chain
        given = [_for_pysigma(item) for item in given]
        collection = SigmaCollection.from_dicts(given, True, collect_filters=True, resolve_references=False)
    except SigmaError as error:
        return UnusableRule(name, rule_id, title, reason(error), called)
    except Exception as error:  # pySigma raises many kinds on odd input; one bad document must not stop the others
        return UnusableRule(name, rule_id, title, f"De regel is niet te lezen ({detail(error)}).", called)
    found: list[Parsed] = [*collection.rules, *collection.filters]
    if not found:
        why = reason(collection.errors[0]) if collection.errors else "Dit is geen Sigma-regel."
        return UnusableRule(name, rule_id, title, why, called)
    parsed = found[-1]
    rule_id, title, called = str(parsed.id or ""), str(parsed.title or ""), str(parsed.name or "")
    if parsed.errors:
        why = " ".join(dict.fromkeys(reason(error) for error in parsed.errors))
        return UnusableRule(name, rule_id, title, why, called)
    return Document(name, data, parsed)


def _for_pysigma(data: dict[str, Any]) -> dict[str, Any]:
    """The document as pySigma can take it, where the specification says more than pySigma reads.

    The condition of a correlation may be a range (`gt: 100` with `lte: 200`; it is read from the document itself), and
    has its operators in capitals in the specification. For values in a detection see `_detection`.
    """
    fitting = {key: _detection(data[key]) for key in ("detection", "filter") if isinstance(data.get(key), dict)}
    correlation = data.get("correlation")
    condition = correlation.get("condition") if isinstance(correlation, dict) else None
    if isinstance(condition, dict):
        first = next((key for key in condition if key in OPERATORS), None)
        condition = {key: value for key, value in condition.items() if key not in OPERATORS or key == first}
        fitting["correlation"] = {**data["correlation"], "condition": condition}
    elif isinstance(condition, str):
        condition = _OPERATOR_WORDS.sub(lambda match: match[0].lower(), condition)
        fitting["correlation"] = {**data["correlation"], "condition": condition}
    return {**data, **fitting} if fitting else data


def _detection(detection: dict[Any, Any]) -> dict[Any, Any]:
    """The selections with values as pySigma can take them."""
    return {name: _selection(part) if name != "condition" else part for name, part in detection.items()}


def _selection(part: object) -> object:
    if isinstance(part, list):
        return [_selection(item) for item in part]
    if not isinstance(part, dict):
        return part
    fitting: dict[Any, Any] = {}
    for key, value in part.items():
        name, *modifiers = key.split("|") if isinstance(key, str) else (key,)
        if "utf16le" in modifiers:
            key = "|".join([name, *("wide" if item == "utf16le" else item for item in modifiers)])
        fitting[key] = (
            [_value(item, modifiers) for item in value] if isinstance(value, list) else _value(value, modifiers)
        )
    return fitting


def _value(value: object, modifiers: list[str]) -> object:
    """A number or boolean as its text, where text is asked for, or where pySigma would round it."""
    if not isinstance(value, (int, float)):
        return value
    rounded = not modifiers and isinstance(value, int) and abs(value) > _EXACT
    return text_of(value) if rounded or not _OF_TEXT.isdisjoint(modifiers) else value
