"""What the objects of STIX 2.1 have in common, as typed structures (STIX 2.1, sections 2, 3 and 7)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from msgspec import Meta, Struct

_UUID: Final = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
Id = Annotated[str, Meta(pattern=rf"^[a-z0-9][a-z0-9-]{{1,248}}--{_UUID}\Z")]
Time = Annotated[datetime, Meta(tz=True)]
Name = Annotated[str, Meta(min_length=1)]
Percent = Annotated[int, Meta(ge=0, le=100)]
Hashes = dict[str, str]


class Reference(Struct, frozen=True):
    """An external reference: where to read on (STIX 2.1, 2.5)."""

    source_name: str
    description: str | None = None
    url: str | None = None
    hashes: Hashes = {}
    external_id: str | None = None


class Granular(Struct, frozen=True):
    """A marking on parts of an object (STIX 2.1, 7.2.3)."""

    selectors: list[str]
    marking_ref: Id | None = None
    lang: str | None = None


class KillChainPhase(Struct, frozen=True):
    """A step in an attack (STIX 2.1, 2.11)."""

    kill_chain_name: str
    phase_name: str


class Shape(Struct, frozen=True, kw_only=True):
    """What every object has."""

    type: str
    id: Id
    spec_version: str | None = None
    object_marking_refs: list[Id] = []
    granular_markings: list[Granular] = []
    extensions: dict[str, Any] = {}


class Versioned(Shape, frozen=True, kw_only=True):
    """A domain or relationship object: it has a maker, and versions by `modified` (STIX 2.1, 3.2)."""

    created: Time
    modified: Time
    created_by_ref: Id | None = None
    revoked: bool = False
    labels: list[str] = []
    confidence: Percent | None = None
    lang: str | None = None
    external_references: list[Reference] = []


class Named(Versioned, frozen=True, kw_only=True):
    """A domain object with a name."""

    name: str
    description: str = ""
    aliases: list[str] = []
    kill_chain_phases: list[KillChainPhase] = []


class Seen(Named, frozen=True, kw_only=True):
    """A named object that was seen for some time."""

    first_seen: Time | None = None
    last_seen: Time | None = None
