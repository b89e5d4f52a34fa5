"""Records of JSON as flat fields with dotted names, in the way in which Sigma rules name what is nested."""

from __future__ import annotations

from typing import Any, Final

from brandwacht.engines.detection.events import json_text
from brandwacht.engines.detection.flattening import MAX_DEPTH

MAX_FIELDS: Final = 10_000
"""Fields of one record; what comes after them is left out."""

_ABSENT: Final = object()


def flat_fields(record: dict[str, Any]) -> dict[str, object]:
    """The values of `record` under dotted names. A list of objects gives one field per name, with all the values."""
    fields: dict[str, object] = {}
    for name, value in record.items():
        _put(name, value, fields, 1)
    return fields


def _put(name: str, value: object, into: dict[str, object], depth: int) -> None:
    if len(into) >= MAX_FIELDS:
        return
    if isinstance(value, dict):
        if depth >= MAX_DEPTH:
            into.setdefault(name, json_text(value))
            return
        for inner, content in value.items():
            _put(f"{name}.{inner}" if name else inner, content, into, depth + 1)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        collected: dict[str, list[object]] = {}
        for item in value[:MAX_FIELDS]:
            part: dict[str, object] = {}
            _put(name, item, part, depth + 1)
            for inner, content in part.items():
                collected.setdefault(inner, []).extend(content if isinstance(content, list) else [content])
        for inner, contents in collected.items():
            into.setdefault(inner, contents[0] if len(contents) == 1 else contents)
    elif isinstance(value, list):
        into.setdefault(name, [json_text(item) if isinstance(item, list) else item for item in value])
    elif name:
        into.setdefault(name, value)


def at(record: object, path: str, default: object = None) -> Any:
    """What stands at a dotted path, also when the record has the dotted name itself; `default` when nothing does."""
    if not isinstance(record, dict):
        return default
    found = record.get(path, _ABSENT)
    if found is not _ABSENT:
        return found
    name, dot, rest = path.partition(".")
    if not dot or name not in record:
        return default
    inner = record[name]
    if isinstance(inner, list):
        return next((value for item in inner if (value := at(item, rest)) is not None), default)
    return at(inner, rest, default)
