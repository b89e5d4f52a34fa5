"""The node feed, what the connected organisations watch for: indicators out of STIX objects, weighed, held and let go.

It starts from the rows of the circle's own collection and of the node's, so that it does not matter which way they came
in: a file, a member's program or a coupling. Each collection is read up to where it was read before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from brandwacht.engines.intel import Indicator, read_bundle
from brandwacht.engines.intel.stix import InvalidStix
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.events import publish
from brandwacht.network.models import Organisation
from brandwacht.network.policy import Owner, owners
from brandwacht.network.tenancy import owner_scope
from brandwacht.network.usecase import use_case
from brandwacht.sharing.circle import circle_for
from brandwacht.sharing.events import FeedChanged
from brandwacht.sharing.models import (
    Coupling,
    FeedIndicator,
    FeedState,
    FeedVia,
    IndicatorWord,
    NationalNode,
    Opinion,
    Sighting,
    StixCollection,
    StixObject,
    Threat,
)
from brandwacht.sharing.ndn import Report, how_sure, indicator_key, node_data
from brandwacht.sharing.policies.ndn import RUN_NODE, SEE_NODE_FEED
from brandwacht.sharing.services.objects import keep_objects
from brandwacht.sharing.tasks.ndn import read_node_feed, tell_node_feed
from brandwacht.sharing.taxii.incoming import Left, read_envelope
from brandwacht.sharing.taxii.naming import collection_id
from brandwacht.sharing.warning_lists import listed

AT_ONCE: Final = 1000
"""Objects read in one go."""
MAX_WHY: Final = 200
MAX_FILE: Final = 50 * 1024 * 1024
_FIELDS: Final = ("object", "tlp", "trust", "given_at", "valid_until", "state", "score", "lists")


def set_node(actor: Actor, operator: Organisation) -> NationalNode:
    """The node of the circle, in whose collection what NCSC gives stands; made, or moved to another operator."""
    with use_case(actor, RUN_NODE) as case:
        circle_id = circle_for(actor, RUN_NODE).pk
        case.require(Owner(circle_id))
        node: NationalNode | None = NationalNode.objects.filter(organisation_id=circle_id).first()
        if node is None or node.operator_id != operator.pk:
            node = node or NationalNode(organisation_id=circle_id)
            node.operator = operator
            node.save()
            case.audit(node, {"beheerder": operator.code})
    return node


def import_bundle(actor: Actor, data: bytes) -> tuple[int, list[Left]]:
    """Take a STIX bundle of NCSC into the node's collection; returns how many objects were read, and what was left out.

    Raises ``Refused`` (field "file") when it is no bundle, or when there is no node yet.
    """
    with use_case(actor, RUN_NODE) as case:
        circle = circle_for(actor, RUN_NODE)
        case.require(Owner(circle.pk))
        node = NationalNode.objects.filter(organisation=circle).select_related("operator").first()
        if node is None:
            raise Refused(_("De kring heeft nog geen landelijk knooppunt. Richt het eerst in."), "file")
        if len(data) > MAX_FILE:
            raise Refused(_("Dit bestand is groter dan 50 MB. Verdeel het."), "file")
        try:
            good, left = read_envelope(data)
        except InvalidStix as error:
            raise Refused(str(error), "file") from error
        if not good and not left:
            raise Refused(_("In dit bestand staan geen STIX-objecten."), "file")
        keep_objects(circle, node.operator, good, actor.now, origin=node.public_id)
        case.audit(node, {"objecten": len(good), "geweigerd": len(left)})
    return len(good), left


def refresh(circle_id: int, now: datetime) -> int:
    """Read what came since, weigh everything, and tell who watches; returns how many objects were read.

    For Brandwacht itself. The row of the node is held, so that two workers do not read the same.
    """
    with owner_scope(circle_id), transaction.atomic():
        node = NationalNode.objects.select_for_update(of=("self",)).filter(organisation_id=circle_id).first()
        if node is None:
            return 0
        circle = Organisation.objects.get(pk=circle_id)
        operator = Organisation.objects.get(pk=node.operator_id)
        done = 0
        for via, where in ((FeedVia.NODE, collection_id(circle, operator)), (FeedVia.CIRCLE, collection_id(circle))):
            collection = StixCollection.objects.filter(organisation_id=circle_id, public_id=where).first()
            if collection is not None:
                done += _read(node, collection, via, now)
        node.read_at = now
        node.save()
        weigh(circle_id, now)
        publish(FeedChanged(circle_id))
    return done


def _read(node: NationalNode, collection: StixCollection, via: FeedVia, now: datetime) -> int:
    """The newer objects of one collection. Keys rise in the order in which rows are seen (``services.objects``)."""
    done, name = 0, str(collection.pk)
    while True:
        rows = list(
            StixObject.objects.filter(collection=collection, pk__gt=node.read_to.get(name, 0)).order_by("pk")[:AT_ONCE]
        )
        if not rows:
            return done
        _take([row for row in rows if row.kind == "indicator" and row.is_last], via, now)
        done += len(rows)
        node.read_to[name] = rows[-1].pk


def _take(rows: Sequence[StixObject], via: FeedVia, now: datetime) -> None:
    """Make or renew the indicators of these objects, and let go what a newer version no longer holds."""
    wanted: dict[UUID, FeedIndicator] = {}
    # A coupling is told by its owner how far its source is trusted; that of a member stands outside this scope.
    couplings = Coupling._base_manager.filter(public_id__in={row.origin for row in rows})
    trusted = dict(couplings.values_list("public_id", "trust"))
    for row in rows:
        trust = trusted.get(row.origin, node_data().trust[via])
        about = row.source or uuid5(row.origin, row.stix_id)
        found, _left = read_bundle({"objects": [row.content]})
        for each in found:
            key = indicator_key(about, each.indicator)
            wanted[key] = FeedIndicator(
                organisation_id=row.organisation_id, object=row, origin=row.origin, stix_id=row.stix_id, key=key,
                about=about, via=via, kind=each.indicator.kind, value=each.indicator.value, tlp=row.tlp,
                trust=trust if each.confidence is None else each.confidence,
                given_at=_given(row), valid_until=each.valid_until,
            )  # fmt: skip
    present: dict[UUID, FeedIndicator] = {}
    if rows:
        circle_id = rows[0].organisation_id
        ids = {row.stix_id for row in rows}
        origins = {(row.origin, row.stix_id) for row in rows}
        there = FeedIndicator.objects.filter(organisation_id=circle_id, stix_id__in=ids)
        present = {each.key: each for each in there if (each.origin, each.stix_id) in origins}
    gone = [each.pk for key, each in present.items() if key not in wanted]
    FeedIndicator.objects.filter(pk__in=gone).delete()
    _hold(wanted.values())
    for key, fresh in wanted.items():
        if (before := present.get(key)) is not None:
            fresh.pk, fresh.public_id = before.pk, before.public_id
            fresh.decided_by, fresh.decided_at = before.decided_by, before.decided_at
            fresh.decided_why = before.decided_why
            if fresh.lists and (before.decided_at or before.state == FeedState.HELD):
                fresh.state = before.state
    FeedIndicator.objects.bulk_create([each for key, each in wanted.items() if key not in present], batch_size=500)
    known = [each for key, each in wanted.items() if key in present]
    FeedIndicator.objects.bulk_update(known, list(_FIELDS), batch_size=200)


def _hold(wanted: Iterable[FeedIndicator]) -> None:
    """What stands on a warning list waits for a coordinator. Of a report or warning the author decided already."""
    asked = [row for row in wanted if row.object.source is None]
    names = {each.indicator: list(each.names) for each in listed({row.indicator for row in asked})}
    for row in asked:
        row.lists = names.get(row.indicator, [])
        if row.lists:
            row.state = FeedState.HELD


def _given(row: StixObject) -> datetime:
    """From when it holds, and else when it was made; never later than when it arrived."""
    try:
        given = datetime.fromisoformat(str(row.content.get("valid_from", "")))
    except ValueError:
        given = row.version
    return min(given if given.tzinfo else row.version, row.date_added)


def weigh(circle_id: int, now: datetime) -> int:
    """Reckon anew how sure every indicator is, and let go what expired or became too unsure; returns what changed.

    In the scope of the circle.
    """
    said = reports_of(circle_id)
    changed = []
    for row in FeedIndicator.objects.filter(organisation_id=circle_id).iterator():
        reports = [*said.get(row.key, ()), *said.get(row.about, ())]
        sure = how_sure(row.kind, row.trust, row.given_at, reports, now)
        before = (row.score, row.state)
        row.score = sure.score
        if row.state not in (FeedState.HELD, FeedState.LEFT_OUT):
            ended = row.valid_until is not None and row.valid_until <= now
            row.state = FeedState.ENDED if ended else FeedState.WATCHED if sure.useful else FeedState.WEAK
        if (row.score, row.state) != before:
            changed.append(row)
    FeedIndicator.objects.bulk_update(changed, ["score", "state"], batch_size=200)
    return len(changed)


def reports_of(
    circle_id: int, keys: Iterable[UUID] | None = None, about: UUID | None = None
) -> dict[UUID, list[Report]]:
    """What members said, by key of an indicator, and by public id of a report; all of it, or of these only."""
    words = IndicatorWord.objects.filter(organisation_id=circle_id)
    sightings = Sighting.objects.filter(organisation_id=circle_id)
    if keys is not None:
        words, sightings = words.filter(key__in=list(keys)), sightings.filter(threat__public_id=about)
    found: dict[UUID, list[Report]] = defaultdict(list)
    for key, member, on, opinion in words.values_list("key", "member_id", "on", "opinion"):
        found[key].append((member, on, opinion == Opinion.SEEN))
    for report, member, on in sightings.values_list("threat__public_id", "member_id", "on"):
        found[report].append((member, on, True))
    return found


def weigh_all(_now: datetime) -> str:
    """The periodic job: let the worker age, and read what may have been missed."""
    with_node: list[int] = list(NationalNode._base_manager.order_by("pk").values_list("organisation_id", flat=True))
    for circle_id in with_node:
        read_node_feed.enqueue(circle_id)
    return ""


def say(circle_id: int, member_id: int, words: Iterable[tuple[UUID, date, Opinion]]) -> None:
    """Keep what a member says of indicators; of one day the latest counts. In the scope of the circle."""
    for key, on, opinion in words:
        IndicatorWord.objects.update_or_create(
            organisation_id=circle_id, key=key, member_id=member_id, on=on, defaults={"opinion": opinion}
        )


def decide_held(actor: Actor, public_id: Any, *, keep: bool, why: str) -> FeedIndicator:
    """A coordinator lets an indicator in that stands on a warning list, or leaves it out; with a reason."""
    with use_case(actor, RUN_NODE) as case:
        # Weighing holds the node, and writes back what it read of its indicators: one after the other.
        list(NationalNode.objects.select_for_update(of=("self",)).filter(organisation_id__in=owners(actor, RUN_NODE)))
        row = case.get(FeedIndicator, public_id, see=SEE_NODE_FEED)
        why = " ".join(why.split())
        if not row.lists:
            raise Refused(_("Dit kenmerk staat op geen waarschuwingslijst; er is niets te beslissen."))
        if not why or len(why) > MAX_WHY:
            raise Refused(_("Schrijf in hoogstens 200 tekens op waarom."), "why")
        row.state = FeedState.WATCHED if keep else FeedState.LEFT_OUT
        row.decided_by, row.decided_at, row.decided_why = actor.name, actor.now, why
        row.save()
        case.audit(row, {"toegelaten": keep, "lijsten": row.lists, "waarom": why})
        tell_node_feed(row.organisation_id)
    return row


def keys_of(threat: Threat) -> dict[Indicator, UUID]:
    """The keys of a report's indicators."""
    return {each: indicator_key(threat.public_id, each) for each in threat.parsed_indicators}
