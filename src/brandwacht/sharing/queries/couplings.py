"""Reads of couplings and of what they brought, restricted to what the actor may see; and the feed of MISP for a reader.

The feed holds what the reader's organisation may take into a system of its own, each thing decided by the engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

import orjson
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from brandwacht.engines.intel import TLP, Action, Audience, Marking, Purpose, Reader, decide
from brandwacht.engines.intel.misp import InvalidMisp, read_misp_event, write_feed
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Organisation
from brandwacht.network.policy import visible
from brandwacht.sharing.misp import TOGETHER, event_of, event_uuid, marking_of, named_by, reach_for_member
from brandwacht.sharing.models import Coupling, CouplingItem, StixObject
from brandwacht.sharing.policies.couplings import SEE_COUPLING, SEE_ITEM
from brandwacht.sharing.queries.objects import Filter, Root, collections, objects

ORDER = ("name", "public_id")
ITEM_ORDER = ("-at", "-public_id")
MOST_IN_MISP_FEED: Final = 500
"""Events of each sort in a feed: the newest."""
MOST_LOOSE: Final = 5000
"""Indicators in a feed that no report names: the newest."""


def couplings(actor: Actor) -> QuerySet[Coupling]:
    """The couplings that the actor may see, without their secrets."""
    rows: QuerySet[Coupling] = Coupling.objects.filter(visible(actor, SEE_COUPLING)).defer("secret")
    return rows.select_related("organisation", "circle", "started_by").order_by(*ORDER)


def coupling(actor: Actor, public_id: Any) -> Coupling:
    """One coupling; raises ``NotFound``."""
    found = couplings(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def told(row: Coupling) -> QuerySet[CouplingItem]:
    """What there is to tell of events and objects of a coupling that the actor may see: never what they say."""
    rows: QuerySet[CouplingItem] = CouplingItem.objects.filter(coupling=row).exclude(told=[]).defer("original")
    return rows.order_by(*ITEM_ORDER)


def misp_feed(actor: Actor, circle: Organisation) -> dict[str, bytes]:
    """The files of a MISP feed by name, with what the actor's organisation may take over; events newest first."""
    return write_feed(_events(actor, circle))


def misp_feed_file(actor: Actor, circle: Organisation, name: str) -> bytes | None:
    """One file of the feed; ``None`` when it is not there. An event is made without making all the others."""
    uuid = name.removesuffix(".json") if name.endswith(".json") and name != "manifest.json" else ""
    return write_feed(_events(actor, circle, uuid)).get(name)


def _events(actor: Actor, circle: Organisation, only: str = "") -> list[Any]:
    """The events of the feed; with ``only`` just the one with this UUID, if it is there."""
    reader = Reader(
        organisations=frozenset({str(actor.organisation_id)}), circles=frozenset({str(circle.pk)})
    )  # fmt: skip
    events = _originals(actor, circle, reader, only)
    whole = {str(each.uuid) for each in events}
    for where in collections(actor, Root(circle)):
        newest = objects(actor, where, Filter(kinds=TOGETHER)).order_by("-date_added", "-pk")[:MOST_IN_MISP_FEED]
        reports = newest
        if only:  # which one it is shows without reading them
            wanted = [pk for pk, stix_id in newest.values_list("pk", "stix_id") if event_uuid(stix_id) == only]
            reports = objects(actor, where, Filter(kinds=TOGETHER)).filter(pk__in=wanted)
        events += _reports(circle, [row for row in reports if not _events_of(row) & whole], reader)
        if only and events:
            break
        loose = objects(actor, where, Filter(kinds=("indicator",))).order_by("-date_added", "-pk")[:MOST_LOOSE]
        events += _loose(circle, list(loose), {each for row in newest for each in named_by(row)}, reader)
    return events


def _may_take(reader: Reader, circle: Organisation, owner_id: int, marking: Marking) -> bool:
    """By the engine: for the members of the circle what the circle owns, else for the owner alone."""
    circles = frozenset({str(circle.pk)}) if owner_id == circle.pk else frozenset()
    homes = frozenset({str(owner_id)}) | (reader.organisations if circles else frozenset())
    audience = Audience(organisations=homes, circles=circles)
    return bool(decide(marking, reader=reader, audience=audience, purpose=Purpose.TAXII, action=Action.EXPORT))


def _events_of(report: StixObject) -> set[str]:
    """The events of MISP that a report was made of."""
    refs = report.content.get("external_references") or []
    return {str(each.get("external_id")) for each in refs if each.get("source_name") == "MISP"}


def _originals(actor: Actor, circle: Organisation, reader: Reader, only: str) -> list[Any]:
    """Events that couplings brought, as they came."""
    rows = CouplingItem.objects.filter(visible(actor, SEE_ITEM), original__isnull=False, coupling__circle=circle)
    if only:
        rows = rows.filter(key=only)
    events = []
    for row in rows.order_by("-at", "-pk")[:MOST_IN_MISP_FEED]:
        if _may_take(reader, circle, row.organisation_id, Marking(TLP[row.tlp])):
            try:
                events.append(read_misp_event(orjson.dumps(row.original)))
            except InvalidMisp:  # read well when it came; a later reader is stricter
                continue
    return events


def _reports(circle: Organisation, reports: list[StixObject], reader: Reader) -> Iterable[Any]:
    named = sorted({each for report in reports for each in named_by(report)})
    parts: dict[tuple[int, Any], dict[str, StixObject]] = defaultdict(dict)
    owners = {report.collection_id for report in reports}
    for row in StixObject.objects.filter(collection_id__in=owners, stix_id__in=named, is_last=True):
        if row.kind != "marking-definition" and _may_take(reader, circle, circle.pk, marking_of(row)):
            parts[row.collection_id, row.origin][row.stix_id] = row
    for report in reports:
        if not _may_take(reader, circle, circle.pk, marking_of(report)):
            continue
        mine = parts[report.collection_id, report.origin]
        rows = [mine[each] for each in named_by(report) if each in mine]
        try:
            event = event_of(circle, report, rows, reach_for_member(marking_of(report).tlp))[0]
        except ValueError:  # what MISP can not hold
            continue
        yield event


def _loose(circle: Organisation, rows: list[StixObject], named: set[str], reader: Reader) -> Iterable[Any]:
    """Indicators that no report of the feed names: an event per month and marking, so that none is milder than it was.

    Those that came out of an event of MISP are left to that event.
    """
    months: dict[tuple[str, Marking], list[StixObject]] = defaultdict(list)
    for row in rows:
        marking = marking_of(row)
        if row.stix_id not in named and not _events_of(row) and _may_take(reader, circle, circle.pk, marking):
            months[f"{timezone.localtime(row.date_added):%Y-%m}", marking].append(row)
    for (month, marking), parts in months.items():
        key = f"loose:{parts[0].collection_id}:{month}:{marking.tlp.name}:{marking.pap.name}"
        together = StixObject(
            stix_id=key, kind="grouping", tlp=marking.tlp.name, version=max(each.date_added for each in parts),
            content={"name": _("Losse kenmerken, %(month)s") % {"month": month}, "object_marking_refs": marking.refs},
        )  # fmt: skip
        try:
            yield event_of(circle, together, parts, reach_for_member(marking.tlp))[0]
        except ValueError:  # what MISP can not hold
            continue
