"""Between MISP and STIX 2.1, with the marking, the reach and the comment of every part, and what can not be said named.

STIX has no distribution: it goes along in an extension of ours, and so do MISP's type and category. Whoever does not
know the extension still has the marking; a part that may not leave its organisation or its sharing group is never
milder than TLP:AMBER+STRICT, so that it does not go further there than in MISP.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from ..ids import stamp, stix_id
from ..indicators import Indicator
from ..marking import UNMARKED, Marking, strictest
from ..patterns import InvalidPattern, parse_pattern
from ..stix import Reading, StixObject
from ..stix.shapes import Indicator as IndicatorShape
from ..tlp import TLP
from .reading import Group, Level, MispAttribute, MispEvent, Reach
from .writing import DraftAttribute, DraftEvent

EXTENSION: Final = "extension-definition--5b0f6f0a-9d5e-4c55-8f5b-2a6f0a1c7e10"
_SINCE: Final = "2026-01-01T00:00:00.000Z"


class Converted(NamedTuple):
    """What came of it, and in Dutch what could not be said in the other form (it stays in the original)."""

    objects: list[dict[str, Any]]
    left_out: list[str]


def effective(part: MispAttribute | MispEvent) -> Marking:
    """The marking that holds for a part: what it says, and at least AMBER+STRICT when it may not leave its group."""
    marking = part.stated.marking()
    if part.reach.groups or part.reach.level is Level.OWN:
        return Marking(TLP.strictest(marking.tlp, TLP.AMBER_STRICT), marking.pap)
    if part.reach.level is Level.COMMUNITY:
        return Marking(TLP.strictest(marking.tlp, TLP.GREEN), marking.pap)
    return marking


def stix_of_misp(event: MispEvent, *, namespace: UUID, now: datetime) -> Converted:
    """An event as STIX objects: a report with an indicator for each value that can be watched.

    `now` is used when the event does not say when it changed. The same event gives the same ids.
    """
    when = stamp(event.changed or now)
    indicators: list[dict[str, Any]] = []
    markings = [effective(event)]
    missed: Counter[str] = Counter()
    maker = _identity(event, namespace)
    for attribute in event.attributes:
        if not attribute.indicators:
            missed[attribute.type] += 1
        for indicator in attribute.indicators:
            markings.append(effective(attribute))
            indicators.append(_indicator(attribute, indicator, event, namespace, when, maker["id"]))
    report = {
        "type": "report",
        "spec_version": "2.1",
        "id": stix_id("report", namespace, event.uuid),
        "created": when,
        "modified": when,
        "created_by_ref": maker["id"],
        "name": event.info or "Zonder titel",
        "description": event.comment or event.info or "Zonder omschrijving",
        "report_types": ["threat-report"],
        "published": when,
        "object_refs": [each["id"] for each in indicators] or [maker["id"]],
        "object_marking_refs": markings[0].refs,
        "external_references": [{"source_name": "MISP", "external_id": event.uuid}],
        "extensions": {EXTENSION: _extension(event.reach, tags=list(event.tags))},
    }
    every = dict.fromkeys((*markings, Marking(TLP.CLEAR)))
    definitions = {each["id"]: each for marking in every for each in marking.definitions}
    left_out = [
        f"{count} keer {kind}: daar kan in STIX niet op worden gezocht." for kind, count in sorted(missed.items())
    ]
    objects = [*definitions.values(), _definition(maker["id"]), maker, report, *indicators]
    return Converted(objects, [*left_out, *event.unread])


def _indicator(
    attribute: MispAttribute, indicator: Indicator, event: MispEvent, namespace: UUID, when: str, maker: str
) -> dict[str, Any]:
    facts = {"type": attribute.type, "category": attribute.category, "to_ids": attribute.to_ids}
    facts |= {"comment": attribute.comment, "object": attribute.object_name}
    # What the event says may be for fewer readers than this one value in it.
    told = event.info if effective(attribute).tlp.strictness >= effective(event).tlp.strictness else ""
    return {
        "type": "indicator",
        "spec_version": "2.1",
        "id": stix_id("indicator", namespace, attribute.uuid, indicator.value),
        "created": when,
        "modified": when,
        "created_by_ref": maker,
        "name": f"{indicator.kind.dutch} {indicator.defanged}",
        "description": attribute.comment or told or "Zonder toelichting",
        "indicator_types": ["malicious-activity" if attribute.to_ids else "unknown"],
        "pattern": indicator.pattern,
        "pattern_type": "stix",
        "pattern_version": "2.1",
        "valid_from": when,
        "object_marking_refs": effective(attribute).refs,
        "external_references": [{"source_name": "MISP", "external_id": attribute.uuid}],
        "extensions": {EXTENSION: _extension(attribute.reach, **facts, tags=list(attribute.tags))},
    }


def _extension(reach: Reach, **facts: Any) -> dict[str, Any]:
    groups = [{"uuid": group.uuid, "name": group.name, "members": list(group.members)} for group in reach.groups]
    told = {name: value for name, value in facts.items() if value not in ("", [], None)}
    found = {"extension_type": "property-extension", "distribution": int(reach.level), **told}
    return found | ({"sharing_groups": groups} if groups else {})


def _definition(maker: str) -> dict[str, Any]:
    return {
        "type": "extension-definition",
        "spec_version": "2.1",
        "id": EXTENSION,
        "created": _SINCE,
        "modified": _SINCE,
        "created_by_ref": maker,
        "name": "MISP distribution",
        "description": "Distribution, sharing groups and comment of the MISP attribute or event that this was made of.",
        "schema": "https://www.misp-standard.org/rfc/misp-standard-core.txt",
        "version": "1.0.0",
        "extension_types": ["property-extension"],
        "object_marking_refs": [TLP.CLEAR.marking_id],
    }


def _identity(event: MispEvent, namespace: UUID) -> dict[str, Any]:
    name = event.organisation or "Onbekende organisatie"
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": stix_id("identity", namespace, "misp", event.organisation_uuid or name),
        "created": _SINCE,
        "modified": _SINCE,
        "name": name,
        "identity_class": "organization",
        "object_marking_refs": [TLP.CLEAR.marking_id],
    }


def misp_of_stix(
    reading: Reading, *, key: str, info: str, changed: datetime, organisation: str, organisation_uuid: str, reach: Reach
) -> tuple[DraftEvent, list[str]]:
    """The indicators of STIX objects as an event of our own, and in Dutch what MISP has no place for.

    A pattern that is more than values goes along whole (`stix2-pattern`). Marking, reach and comment of each go along;
    `reach` is that of the event, within which the parts stay.
    """
    attributes: list[DraftAttribute] = []
    missed: Counter[str] = Counter()
    markings: list[Marking] = []
    for thing, stated in zip(reading.objects, reading.stated(), strict=True):
        if not isinstance(thing.shape, IndicatorShape):
            if thing.type not in ("marking-definition", "extension-definition", "identity", "report", "grouping"):
                missed[thing.type] += 1
            continue
        marking = stated.marking()
        markings.append(marking)
        attributes += _drafts(thing, thing.shape, marking, reach)
    left_out = [f"{count} objecten van soort {kind} passen niet in MISP." for kind, count in sorted(missed.items())]
    whole = strictest(markings, unmarked=UNMARKED)
    event = DraftEvent(key, info, whole, reach, changed, tuple(attributes), organisation, organisation_uuid)
    return event, left_out


def _drafts(thing: StixObject, shape: IndicatorShape, marking: Marking, reach: Reach) -> list[DraftAttribute]:
    extension = shape.extensions.get(EXTENSION)
    facts: Mapping[str, Any] = extension if isinstance(extension, Mapping) else {}
    comment = str(facts.get("comment", "")) if facts else shape.description
    own = _reach_of(facts).within(reach) if facts else None
    if own == reach:
        own = None
    if shape.pattern_type == "stix":
        try:
            pattern = parse_pattern(shape.pattern)
        except InvalidPattern:
            pattern = None
        if pattern and pattern.values and not pattern.left_out:
            return [DraftAttribute(value, comment, marking, own) for value in pattern.values]
        return [DraftAttribute(None, comment, marking, own, "stix2-pattern", shape.pattern)]
    return [DraftAttribute(None, comment, marking, own, "text", f"{shape.pattern_type}: {shape.pattern}")]


def _reach_of(facts: Mapping[str, Any]) -> Reach:
    given = facts.get("distribution")
    level = Level(given) if isinstance(given, int) and given in (0, 1, 2, 3) else Level.OWN
    groups = []
    for each in facts.get("sharing_groups") or []:
        if isinstance(each, Mapping):
            members = each.get("members")
            names = tuple(map(str, members)) if isinstance(members, list) else ()
            groups.append(Group(str(each.get("uuid", "")), str(each.get("name", "")), names))
    return Reach(level, tuple(groups))
