"""Sightings back to the national node: once a day, per indicator, with nothing more than each organisation agreed.

Of those who agreed to the sector only, one sighting tells that it was seen and on which day; a number is added from
three organisations on (``data/knooppunt.yaml``). A day is told after it ended, once, so that two versions never differ
by one organisation. Each organisation keeps exactly what went out because of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

import orjson
from django.db import transaction

from brandwacht.engines.intel import TLP
from brandwacht.engines.intel.ids import stamp, stix_id
from brandwacht.network import audit
from brandwacht.network.actor import system_actor
from brandwacht.network.models import Organisation
from brandwacht.network.tenancy import owner_scope
from brandwacht.sharing.models import FeedIndicator, FeedVia, NationalNode, SentSighting, StixObject
from brandwacht.sharing.ndn import node_data
from brandwacht.sharing.services.objects import keep_objects
from brandwacht.sharing.taxii.incoming import read_envelope

SEND: Final = "sharing.node.tell"
SINCE: Final = "2026-01-01T00:00:00.000Z"
"""An identity says only that somebody exists, so it has one age."""


@dataclass(frozen=True, slots=True)
class Seen:
    """That an organisation (primary key) saw an indicator on a day, how often, and what it agreed to tell."""

    key: UUID
    on: date
    member_id: int
    count: int
    level: str


def back_id(circle: Organisation) -> UUID:
    """The id of the collection in which sightings wait for the node's operator to fetch or push them."""
    return uuid5(circle.public_id, "knooppunt:terug")


def send_back(circle_id: int, seen: Iterable[Seen], now: datetime) -> int:
    """Make the sightings of days that ended, and keep for each organisation what went out; returns how many went.

    What was told of an indicator and a day is not told again, also not by who saw it later. For Brandwacht itself.
    """
    agreements = node_data().agreements
    told = [each for each in seen if agreements[each.level].where != "niemand"]
    if not told:
        return 0
    with owner_scope(circle_id, *{each.member_id for each in told}), transaction.atomic():
        node = NationalNode.objects.select_for_update(of=("self",)).filter(organisation_id=circle_id).first()
        if node is None:
            return 0
        circle = Organisation.objects.get(pk=circle_id)
        operator = Organisation.objects.get(pk=node.operator_id)
        members = Organisation.objects.in_bulk({each.member_id for each in told})
        keys = {each.key for each in told}
        fed = {
            row.key: row
            for row in FeedIndicator.objects.filter(organisation_id=circle_id, key__in=keys, via=FeedVia.NODE)
        }
        groups: dict[tuple[UUID, date, int], list[Seen]] = defaultdict(list)
        for each in told:
            if each.key in fed:
                named = agreements[each.level].where == "regio"
                groups[each.key, each.on, each.member_id if named else 0].append(each)
        objects: list[dict[str, Any]] = []
        kept: list[SentSighting] = []
        since = datetime.combine(min(each.on for each in told), time(), UTC)
        gone = StixObject.objects.filter(organisation=circle, kind="sighting", origin=circle.public_id)
        before = set(gone.filter(date_added__gte=since).values_list("stix_id", flat=True))
        for (key, on, alone), group in sorted(groups.items(), key=lambda item: (item[0][1], item[0][0], item[0][2])):
            who = _identity(circle, members[alone] if alone else None)
            made = _sighting(circle, fed[key], on, group, who, now)
            if made["id"] in before:
                continue
            objects += [who, made]
            kept += [
                SentSighting(
                    organisation_id=each.member_id, key=key, on=on, level=each.level, together=not alone, sent_at=now,
                    content=made,
                )
                for each in group
            ]  # fmt: skip
        good, _left = read_envelope(orjson.dumps({"objects": objects}))
        keep_objects(circle, operator, good, now, origin=circle.public_id, where=back_id(circle))
        SentSighting.objects.bulk_create(kept, ignore_conflicts=True)
        for member_id, member in members.items():
            mine = [row for row in kept if row.organisation_id == member_id]
            if mine:
                facts = {"waarnemingen": len(mine), "afspraak": mine[0].level}
                audit.write(
                    system_actor(member, now, "werker"),
                    [audit.Fact(member_id, SEND, SentSighting._meta.label, str(mine[0].public_id), detail=facts)],
                )
    return len(objects) // 2


def _identity(circle: Organisation, member: Organisation | None) -> dict[str, Any]:
    """Who saw it: the sector as a class, or the organisation that agreed to be named."""
    name = member.full_name if member else node_data().sector
    key = str(member.public_id) if member else "sector"
    return {
        "type": "identity", "spec_version": "2.1", "id": stix_id("identity", circle.public_id, key), "created": SINCE,
        "modified": SINCE, "name": name, "identity_class": "organization" if member else "class",
        "object_marking_refs": [(TLP.AMBER if member else TLP.CLEAR).marking_id],
    }  # fmt: skip


def _sighting(
    circle: Organisation, row: FeedIndicator, on: date, group: Sequence[Seen], who: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """One sighting of one day; marked no milder than TLP:AMBER, and as strict as the indicator."""
    data = node_data()
    begin = datetime.combine(on, time(), UTC)
    key = (str(row.key), on.isoformat(), who["id"])
    made: dict[str, Any] = {
        "type": "sighting", "spec_version": "2.1", "id": stix_id("sighting", circle.public_id, *key),
        "created": stamp(now), "modified": stamp(now),
        "first_seen": stamp(begin), "last_seen": stamp(begin + timedelta(days=1) - timedelta(milliseconds=1)),
        "sighting_of_ref": row.stix_id, "where_sighted_refs": [who["id"]],
        "object_marking_refs": [TLP.strictest(TLP.AMBER, row.marking).marking_id],
    }  # fmt: skip
    rule = data.agreements[group[0].level].count
    if rule == "altijd" or (rule == "vanaf" and len({each.member_id for each in group}) >= data.least):
        made["count"] = sum(each.count for each in group)
    return made
