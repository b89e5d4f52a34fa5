"""Objects as another program sends them: checked one by one, and marked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from django.utils.translation import gettext as _

from brandwacht.engines.intel import TLP, effective_marking

LARGEST: Final = 500_000
"""Bytes of one object."""
_ID: Final = re.compile(r"([a-z0-9-]{3,60})--[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
UNMARKED: Final = TLP.AMBER_STRICT
"""What carries no TLP label counts as this, and gets it."""


class BadObject(ValueError):
    """An object that is not taken; the message (Dutch) says why and what to do."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A checked object. ``version`` is its modified, else created, moment; ``None`` when it has neither."""

    stix_id: str
    kind: str
    spec_version: str
    version: datetime | None
    tlp: TLP
    content: Mapping[str, Any]


def read_object(thing: object) -> Incoming:
    """Check one STIX object and give it its effective marking; raises ``BadObject``."""
    if not isinstance(thing, dict):
        raise BadObject(_("Dit is geen STIX-object."))
    kind, stix_id = thing.get("type"), thing.get("id")
    found = _ID.fullmatch(stix_id) if isinstance(stix_id, str) else None
    if found is None or not isinstance(kind, str) or found[1] != kind or not isinstance(stix_id, str):
        raise BadObject(_("Het id past niet bij het type. Schrijf type--uuid."))
    if kind == "bundle":
        raise BadObject(_("Stuur de objecten los in een envelope, niet als bundle."))
    try:
        size = len(orjson.dumps(thing))
    except (TypeError, ValueError) as error:  # deeper than any object is, or a number that JSON does not have
        raise BadObject(_("Dit object is niet te lezen.")) from error
    if size > LARGEST:
        raise BadObject(_("Dit object is te groot."))
    version = moment(thing["modified"]) if "modified" in thing else None
    if version is None and "created" in thing:
        version = moment(thing["created"])
    spec = thing.get("spec_version", "2.0" if "created" in thing else "2.1")
    if spec not in ("2.0", "2.1"):
        raise BadObject(_("Alleen STIX 2.0 en 2.1 worden gelezen."))
    marking = effective_marking(thing, unmarked=UNMARKED) if kind != "marking-definition" else TLP.CLEAR
    return Incoming(stix_id, kind, spec, version, marking, _marked(thing, kind, marking))


def moment(value: object) -> datetime:
    """A STIX or TAXII timestamp; raises ``BadObject``."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise BadObject(_("Schrijf een moment als 2026-11-22T13:05:00.000Z."))
    try:
        return datetime.fromisoformat(f"{value[:-1][:26]}+00:00").astimezone(UTC)
    except ValueError as error:
        raise BadObject(_("Dit moment bestaat niet.")) from error


def _marked(thing: Mapping[str, Any], kind: str, marking: TLP) -> dict[str, Any]:
    """The object with its effective marking on the whole, in TLP 2.0, so that no conversion loses it."""
    if kind == "marking-definition":
        return dict(thing)
    refs = thing.get("object_marking_refs")
    there = [ref for ref in refs if isinstance(ref, str)] if isinstance(refs, list) else []
    return dict(thing) | {"object_marking_refs": list(dict.fromkeys([*there, marking.marking_id]))}
