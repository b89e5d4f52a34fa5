"""How what is nested in a record becomes fields with one name each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from brandwacht.engines.detection.events import FLAT, json_text

MAX_DEPTH: Final = 32
"""Levels of nesting that become dotted field names; deeper parts stay as JSON text."""


def is_flat(content: object) -> bool:
    """Whether a section is a plain table of texts and numbers, so that it needs no flattening."""
    return (
        isinstance(content, dict)
        and FLAT.issuperset(map(type, content.values()))
        and "#text" not in content
        and "#attributes" not in content
    )


def flatten(prefix: str, value: object, into: dict[str, object], depth: int = 0) -> None:
    """Put `value` into `into` under dotted names. Nothing already there is overwritten: the first of a name stays."""
    if isinstance(value, dict):
        if "#text" in value or (prefix and set(value) == {"#attributes"}):
            _flatten_element(prefix, value, into)
        elif depth >= MAX_DEPTH:
            into.setdefault(prefix, json_text(value))
        else:
            for name, inner in value.items():
                if name != "#attributes":
                    flatten(f"{prefix}.{name}" if prefix else name, inner, into, depth + 1)
    elif isinstance(value, list):
        if any(isinstance(item, dict) for item in value):
            _flatten_list(prefix, value, into, depth)
        else:
            into.setdefault(prefix or "Data", [_scalar(item) for item in value])
    elif prefix:
        into.setdefault(prefix, value)
    elif value is not None:
        into.setdefault("Data", value)


def _flatten_element(prefix: str, value: dict[str, Any], into: dict[str, object]) -> None:
    """An XML element with attributes: `<Data Name="Image">x</Data>` is the field Image."""
    name = attribute(value, "Name")
    content = value.get("#text")
    if isinstance(content, list):
        content = [_scalar(item) for item in content]
    into.setdefault(name if isinstance(name, str) and name else prefix or "Data", content)


def _flatten_list(prefix: str, values: list[Any], into: dict[str, object], depth: int) -> None:
    """A list of objects becomes one field per name that holds all the values, so that any of them can match."""
    collected: dict[str, list[object]] = {}
    for item in values:
        part: dict[str, object] = {}
        flatten(prefix, item, part, depth + 1)
        for name, inner in part.items():
            collected.setdefault(name, []).extend(inner if isinstance(inner, list) else [inner])
    for name, gathered in collected.items():
        into.setdefault(name, gathered[0] if len(gathered) == 1 else gathered)


def _scalar(value: object) -> object:
    return json_text(value) if isinstance(value, (dict, list)) else value


def plain(value: object) -> object:
    """The text of an XML element, whether or not it has attributes."""
    return value.get("#text") if isinstance(value, dict) else value


def attribute(value: object, name: str) -> object:
    """An attribute of an XML element, or the element itself when it is a text."""
    if not isinstance(value, dict):
        return value
    attributes = value.get("#attributes", value)
    return attributes.get(name) if isinstance(attributes, dict) else None


def child(record: Mapping[str, Any], section: str, name: str) -> object:
    """A part of a part of a record, whether nested or with a dotted name."""
    part = record.get(section)
    return part.get(name) if isinstance(part, dict) else record.get(f"{section}.{name}")


def string(value: object) -> str:
    """The value when it is a text, else "" (no text)."""
    return value if isinstance(value, str) else ""
