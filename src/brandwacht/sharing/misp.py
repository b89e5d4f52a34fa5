"""A report of the circle's objects as an event of MISP, with the indicators that it names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from brandwacht.engines.intel import TLP, Marking, stated_on, stix_id, strictest
from brandwacht.engines.intel.misp import DraftAttribute, DraftEvent, Level, Reach, misp_of_stix, write_misp_event
from brandwacht.engines.intel.stix import InvalidStix, Reading, read_stored
from brandwacht.network.models import Organisation
from brandwacht.sharing.models import StixObject

TOGETHER: Final = ("report", "grouping")
"""Kinds of object that become an event, with what they name."""
MOST_IN_EVENT: Final = 5000
"""Objects of one report that go along in an event."""


def namespace() -> UUID:
    """Of this installation: the same thing has the same id each time."""
    return uuid5(NAMESPACE_URL, settings.SITE_URL)


def event_uuid(key: str) -> str:
    """The UUID that the event of a report with this STIX id gets (as ``write_misp_event`` makes it)."""
    return stix_id("misp", namespace(), key).removeprefix("misp--")


def marking_of(row: StixObject) -> Marking:
    """The marking of an object: the label of its row, which follows its source, and what the object says itself."""
    stated = stated_on(row.content).marking()
    return Marking(TLP.strictest(TLP[row.tlp], stated.tlp), stated.pap)


def named_by(report: StixObject) -> list[str]:
    """The ids of what a report names, as far as they fit in one event."""
    named: list[str] = report.content.get("object_refs", [])[:MOST_IN_EVENT]
    return named


def event_of(
    circle: Organisation,
    report: StixObject,
    rows: Sequence[StixObject],
    reach: Reach,
    fits: Callable[[Reach], bool] = lambda _reach: True,
) -> tuple[dict[str, Any], list[str]]:
    """The event, in the name of the circle, and in Dutch what stays behind.

    ``rows`` are the objects that go along; ``fits`` says whether a part with a reach of its own may. What was withdrawn
    goes as deleted. Raises ``ValueError`` (Dutch) for what MISP can not hold.
    """
    live = [each for each in rows if not each.content.get("revoked")]
    gone = [each for each in rows if each.content.get("revoked")]
    whole = bool(report.content.get("revoked"))
    draft, told = _draft(circle, report, live, reach)
    event = _written(draft, fits, told, deleted=whole)
    if gone:
        former, _more = _draft(circle, report, gone, reach)
        event["Event"]["Attribute"] += _written(former, fits, [], deleted=True)["Event"]["Attribute"]
    if not whole:
        event["Event"]["Attribute"] += _text_of(circle, report, draft)
    return event, told


def _draft(
    circle: Organisation, report: StixObject, rows: Sequence[StixObject], reach: Reach
) -> tuple[DraftEvent, list[str]]:
    objects = []
    for row in rows:
        try:
            objects.append(read_stored(orjson.dumps(row.content)))
        except InvalidStix:  # read well when it came; a later reader is stricter
            continue
    draft, told = misp_of_stix(
        Reading(objects, []),
        key=report.stix_id,
        info=str(report.content.get("name", "")) or _("Zonder titel"),
        changed=report.version,
        organisation=circle.name,
        organisation_uuid=str(circle.public_id),
        reach=reach,
    )
    markings = [marking_of(report), *(marking_of(row) for row in rows)]
    return replace(draft, marking=strictest(markings)), told


def _written(draft: DraftEvent, fits: Callable[[Reach], bool], told: list[str], *, deleted: bool) -> dict[str, Any]:
    kept = [each for each in draft.attributes if each.reach is None or (_one(each.reach) and fits(each.reach))]
    if len(kept) < len(draft.attributes):
        told.append(
            _("Aantal waarden dat binnen een deelgroep van een ander hoort en hier blijft: %(n)d.")
            % {"n": len(draft.attributes) - len(kept)}
        )
    event = write_misp_event(replace(draft, attributes=tuple(kept)), namespace())
    if deleted:
        for each in event["Event"]["Attribute"]:
            each["deleted"], each["to_ids"] = True, False
    return event


def _one(reach: Reach) -> bool:
    return len(reach.groups) < 2


def _text_of(circle: Organisation, report: StixObject, draft: DraftEvent) -> list[dict[str, Any]]:
    """What a report says, as the text that MISP has no other place for."""
    text = str(report.content.get("description", "")).strip()
    if not text or text == draft.info:
        return []
    said = DraftAttribute(None, _("Omschrijving"), marking_of(report), None, "text", text)
    found: list[dict[str, Any]] = write_misp_event(replace(draft, attributes=(said,)), namespace())["Event"][
        "Attribute"
    ]
    return found


def reach_for_member(tlp: TLP) -> Reach:
    """How far something may go in the MISP of a member: what is stricter than GREEN stays in that organisation."""
    if tlp.strictness >= TLP.AMBER.strictness:
        return Reach(Level.OWN)
    return Reach(Level.COMMUNITY if tlp is TLP.GREEN else Level.ALL)
