"""Records of known logs in JSON: which log, which envelope, under which names rules ask for what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from brandwacht.engines.detection.events import json_text, parse_time
from brandwacht.engines.detection.readers.flat import at, flat_fields
from brandwacht.engines.detection.readers.text import Parsed, kind_of
from brandwacht.engines.detection.readers.zeek import zeek_parsed

_PACKAGE: Final = "brandwacht.engines.detection"
_ABSENT: Final = object()
MAX_PARAMETERS: Final = 500
MAX_WRAPPER: Final = 4
"""Names in an object that does no more than wrap records."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One entry of `data/shapes.yaml`."""

    kind: str
    has: tuple[str, ...]
    any: tuple[str, ...]
    values_of: Mapping[str, frozenset[str]]
    time: tuple[str, ...]
    host: tuple[str, ...]
    provider: str
    aliases: Mapping[str, Sequence[str]]
    texts: tuple[str, ...]
    joined: tuple[str, ...]
    pairs: tuple[str, ...]
    values: Mapping[str, Mapping[str, str]]
    zeek: bool
    journal: bool

    def fits(self, record: dict[str, Any]) -> bool:
        """Whether `record` has this shape."""
        for name in self.has:
            if name not in record and (("." not in name) or at(record, name, _ABSENT) is _ABSENT):
                return False
        if self.any and all(name not in record and at(record, name, _ABSENT) is _ABSENT for name in self.any):
            return False
        return all(_text_at(record, name) in values for name, values in self.values_of.items())

    def parse(self, record: dict[str, Any]) -> Parsed:
        """What `record`, which has this shape, says."""
        kind = self.kind
        if kind.endswith("}"):
            family, _, name = kind[:-1].partition(".{")
            kind = kind_of(family, record.get(name))
        fields = flat_fields(record)
        if self.zeek:
            return zeek_parsed(kind, fields)
        for name in self.texts:
            _put_text(record, name, fields)
        for name in self.joined:
            if isinstance(parts := fields.get(name), list):
                fields[name] = " ".join(map(str, parts))
        for name in self.pairs:
            _put_pairs(at(record, name), fields)
        for name, sources in self.aliases.items():
            if fields.get(name) is None:
                found = next((fields[source] for source in sources if fields.get(source) is not None), None)
                if found is not None:
                    table = self.values.get(name)
                    fields[name] = table.get(found, found) if table and isinstance(found, str) else found
        time = next((moment for name in self.time if (moment := parse_time(fields.get(name)))), None)
        host = next((value for name in self.host if isinstance(value := fields.get(name), str) and value), "")
        return Parsed(kind, fields, time, host, self.provider)


def _text_at(record: dict[str, Any], name: str) -> str:
    value = at(record, name)
    return value if isinstance(value, str) else ""


def _put_text(record: dict[str, Any], name: str, fields: dict[str, object]) -> None:
    """Give what is nested at `name` as text beside its parts, since there are rules that search it so."""
    value = at(record, name)
    if isinstance(value, list) and value:
        fields[name] = [json_text(item) if isinstance(item, (dict, list)) else item for item in value[:MAX_PARAMETERS]]
    elif isinstance(value, dict) and value:
        fields[name] = json_text(value)


def _put_pairs(value: object, fields: dict[str, object]) -> None:
    """A list of `{name: ..., value: ...}` as fields, under the name as given and in lower case."""
    if not isinstance(value, list):
        return
    for item in value[:MAX_PARAMETERS]:
        if not isinstance(item, dict):
            continue
        name = next(
            (item[key] for key in ("name", "Name", "key", "displayName") if isinstance(item.get(key), str)), None
        )
        content = next(
            (
                item[key]
                for key in ("value", "Value", "intValue", "boolValue", "multiValue", "newValue")
                if item.get(key) is not None
            ),
            None,
        )
        if name and content is not None:
            # Changed properties of Entra stand in quotes inside their own text.
            plain = content.strip('"') if isinstance(content, str) else content
            if isinstance(plain, (dict, list)):
                plain = json_text(plain)
            fields.setdefault(name, plain)
            fields.setdefault(name.lower(), plain)


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((files(_PACKAGE) / "data" / "shapes.yaml").read_text(encoding="utf-8"))
    return data


@cache
def shapes() -> tuple[Shape, ...]:
    """All shapes, in the order in which they are tried."""
    return tuple(
        Shape(
            kind=entry["kind"],
            has=tuple(entry.get("has", ())),
            any=tuple(entry.get("any", ())),
            values_of={name: frozenset(values) for name, values in entry.get("is", {}).items()},
            time=tuple(entry.get("time", ())),
            host=tuple(entry.get("host", ())),
            provider=entry.get("provider", ""),
            aliases=entry.get("aliases", {}),
            texts=tuple(entry.get("texts", ())),
            joined=tuple(entry.get("joined", ())),
            pairs=tuple(entry.get("pairs", ())),
            values=entry.get("values", {}),
            zeek=entry.get("zeek", False),
            journal=entry.get("journal", False),
        )
        for entry in _data()["shapes"]
    )


@cache
def _programs() -> dict[str, str]:
    return {program: kind for kind, programs in _data()["programs"].items() for program in programs}


def program_kind(program: str) -> str:
    """The kind of log that a program writes in syslog."""
    return _programs().get(program, "linux.syslog")


def shape_of(record: dict[str, Any]) -> Shape | None:
    """The first shape that `record` has; None when it has none that is known."""
    return next((shape for shape in shapes() if shape.fits(record)), None)


def wrapped(record: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The records inside a file or message of a cloud service; None when `record` is no such wrapper."""
    if len(record) > MAX_WRAPPER:
        return None
    for name in ("Records", "records", "value"):
        items = record.get(name)
        if isinstance(items, list) and items and all(isinstance(item, dict) for item in items):
            # A record that says more by itself is no wrapper; what Microsoft Graph adds is about the answer.
            return items if all(key == name or key.startswith("@odata.") for key in record) else None
    return None
