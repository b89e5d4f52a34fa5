"""What STIX 2.1 asks beyond types: rules between the properties of one object."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ..patterns import InvalidPattern, parse_pattern
from .common import Seen, Shape, Versioned
from .observables import File, NetworkTraffic
from .shapes import (
    ExtensionDefinition,
    Indicator,
    Location,
    Malware,
    MarkingDefinition,
    ObservedData,
    Relationship,
    Sighting,
)


def broken_rules(shape: Shape) -> Iterator[tuple[str, str]]:
    """Each rule that this object breaks: the property and a Dutch sentence."""
    if shape.id.rpartition("--")[0] != shape.type:
        yield "id", f"De id hoort te beginnen met {shape.type}--."
    yield from _references(shape)
    if isinstance(shape, Versioned):
        if shape.spec_version != "2.1":
            yield "spec_version", "Dit is geen STIX 2.1: hier hoort 2.1 te staan."
        if shape.modified < shape.created:
            yield "modified", "Het object is gewijzigd voordat het gemaakt is."
    for part in shape.granular_markings:
        if (part.marking_ref is None) == (part.lang is None):
            yield "granular_markings", "Een markering op een deel noemt een marking_ref of een taal, en niet beide."
    yield from _own(shape)


def _references(shape: Shape) -> Iterator[tuple[str, str]]:
    wanted: list[tuple[str, str, tuple[str, ...]]] = []
    wanted += [("object_marking_refs", ref, ("marking-definition",)) for ref in shape.object_marking_refs]
    wanted += [
        ("granular_markings", part.marking_ref, ("marking-definition",))
        for part in shape.granular_markings
        if part.marking_ref
    ]
    maker = getattr(shape, "created_by_ref", None)
    if maker:
        wanted.append(("created_by_ref", maker, ("identity",)))
    if isinstance(shape, Sighting):
        wanted += [("where_sighted_refs", ref, ("identity", "location")) for ref in shape.where_sighted_refs]
        wanted += [("observed_data_refs", ref, ("observed-data",)) for ref in shape.observed_data_refs]
        if shape.sighting_of_ref.rpartition("--")[0] in ("relationship", "sighting", "marking-definition"):
            yield "sighting_of_ref", "Gezien wordt een object, niet een verband of een markering."
    for name, ref, types in wanted:
        if ref.rpartition("--")[0] not in types:
            yield name, f"Deze verwijzing hoort naar een {' of '.join(types)} te gaan."


def _own(shape: Shape) -> Iterator[tuple[str, str]]:
    if isinstance(shape, Indicator):
        yield from _in_order("valid_until", shape.valid_from, shape.valid_until, strictly=True)
        if shape.pattern_type == "stix":
            try:
                parse_pattern(shape.pattern)
            except InvalidPattern as error:
                yield "pattern", str(error)
    elif isinstance(shape, Seen | Malware | Sighting):
        yield from _in_order("last_seen", shape.first_seen, shape.last_seen)
    elif isinstance(shape, Relationship):
        yield from _in_order("stop_time", shape.start_time, shape.stop_time, strictly=True)
    elif isinstance(shape, ObservedData):
        yield from _in_order("last_observed", shape.first_observed, shape.last_observed)
        if bool(shape.objects) == bool(shape.object_refs):
            yield "object_refs", "Wat gezien is staat in object_refs of (oud) in objects, en niet in beide."
    elif isinstance(shape, Location):
        if (shape.latitude is None) != (shape.longitude is None):
            yield "latitude", "Breedte- en lengtegraad horen bij elkaar; één ontbreekt."
        elif shape.latitude is None and not (shape.region or shape.country):
            yield "region", "Een plaats heeft een gebied, een land of een punt op de kaart."
    elif isinstance(shape, File):
        if not shape.hashes and shape.name is None:
            yield "hashes", "Een bestand heeft een hash of een naam."
    elif isinstance(shape, NetworkTraffic):
        if shape.src_ref is None and shape.dst_ref is None:
            yield "src_ref", "Netwerkverkeer heeft een begin (src_ref) of een eind (dst_ref)."
    elif isinstance(shape, MarkingDefinition):
        if not shape.extensions and not (shape.definition_type and shape.definition):
            yield "definition", "Een markering zegt wat zij betekent: in definition of in een extensie."
    elif isinstance(shape, ExtensionDefinition) and shape.created_by_ref is None:
        yield "created_by_ref", "Een extensie noemt haar maker."


def _in_order(
    name: str, start: datetime | None, end: datetime | None, *, strictly: bool = False
) -> Iterator[tuple[str, str]]:
    if start is not None and end is not None and (end < start or (strictly and end == start)):
        yield name, "Het einde ligt niet na het begin."
