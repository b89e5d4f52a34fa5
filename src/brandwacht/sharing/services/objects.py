"""The use cases of STIX objects: what the circle publishes itself, and what members' programs bring by TAXII."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from brandwacht.engines.intel import TLP
from brandwacht.engines.intel.stix import InvalidStix
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.models import Organisation
from brandwacht.network.policy import visible
from brandwacht.network.usecase import use_case
from brandwacht.sharing.models import StixCollection, StixObject, TaxiiStatus
from brandwacht.sharing.policies.objects import SEE_OBJECT, WRITE_OBJECT
from brandwacht.sharing.queries.objects import Root
from brandwacht.sharing.tasks.ndn import tell_node_feed
from brandwacht.sharing.taxii.incoming import FIXED, Incoming, Left, read_envelope
from brandwacht.sharing.taxii.naming import collection_id, stamp

TICK = timedelta(milliseconds=1)
AT_ONCE = 500
"""Ids in one query. With thousands SQLite, whose statistics of a large table are rough, walks through a whole owner."""


def publish_source(circle: Organisation, source: UUID, bundle: dict[str, object], now: datetime) -> None:
    """Put the objects of a warning or report in the circle's collection, as a new version of what is there.

    What may not go by a coupling (TLP:RED, PAP:RED) is not put there, and then nothing of this source stays there. An
    older version gets no milder than the new one.
    """
    good, left = read_envelope(orjson.dumps(bundle))
    if left:
        StixObject.objects.filter(organisation=circle, source=source).delete()
        tell_node_feed(circle.pk)
        return
    collection = _locked(circle, None)
    good += _dropped(collection, source, {each.stix_id for each in good}, now)
    _add(collection, good, now, origin=circle.public_id, source=source)
    tlp = TLP.strictest(*(each.marking.tlp for each in good))
    milder = [each.name for each in TLP if each.strictness < tlp.strictness]
    StixObject.objects.filter(collection=collection, source=source, tlp__in=milder).update(tlp=tlp.name)


def _dropped(collection: StixCollection, source: UUID, kept: set[str], now: datetime) -> list[Incoming]:
    """What this source no longer holds, as revoked: whoever took it over must hear that it counts no more.

    What another source holds too stays as it is.
    """
    last = StixObject.objects.filter(collection=collection, source=source, is_last=True).exclude(stix_id__in=kept)
    rows = [row for row in last if "modified" in row.content and not row.content.get("revoked")]
    others = StixObject.objects.filter(collection=collection, stix_id__in=[row.stix_id for row in rows])
    shared = set(others.exclude(source=source).values_list("stix_id", flat=True))
    objects = [
        row.content | {"revoked": True, "modified": stamp(max(now, row.version + TICK))}
        for row in rows
        if row.stix_id not in shared
    ]
    return read_envelope(orjson.dumps({"objects": objects}))[0] if objects else []


def keep_objects(
    circle: Organisation,
    member: Organisation | None,
    objects: Sequence[Incoming],
    now: datetime,
    *,
    origin: UUID,
    where: UUID | None = None,
) -> None:
    """Add objects that were read (``read_envelope``) to the collection of the circle, or of this member.

    ``where`` is the id of a collection of its own, which only that member reads.
    """
    if objects:
        _add(_locked(circle, member, where), objects, now, origin=origin, member=member)


def receive(actor: Actor, root: Root, member: Organisation | None, data: bytes) -> TaxiiStatus:
    """An envelope that a member's program sends to a circle, or to its own collection; each object is taken or left.

    Sending the same version again is a success. An object of another that the sender can see is not overwritten; one
    that the sender can not see is met by an object beside it, so that the answer does not tell that it is there.
    """
    circle = root.circle
    with use_case(actor, WRITE_OBJECT) as case:
        case.require(root)
        if member is not None and member.pk != actor.organisation_id:
            raise NotFound
        try:
            read, left = read_envelope(data)
        except InvalidStix as error:
            raise Refused(str(error)) from error
        if not read and not left:
            raise Refused(_("De envelope heeft geen objecten onder “objects”."))
        origin = Organisation.objects.get(pk=actor.organisation_id).public_id
        theirs = _of_others(actor, circle, (each.stix_id for each in read), origin)
        good = [each for each in read if each.version is None or each.kind in FIXED or each.stix_id not in theirs]
        kept = {id(each) for each in good}
        of_other = _("Dit object is van een ander. Stuur er een eigen object bij.")
        left += [Left(each.stix_id, of_other) for each in read if id(each) not in kept]
        if good:
            _add(_locked(circle, member), good, actor.now, origin=origin, member=member)
        status = TaxiiStatus(
            organisation=circle, member_id=actor.organisation_id, at=actor.now, total=len(good) + len(left),
            successes=[{"id": each.stix_id, "version": stamp(each.version or actor.now)} for each in good],
            failures=[{"id": each.stix_id, "version": stamp(actor.now), "message": each.why} for each in left],
        )  # fmt: skip
        status.save()
        case.audit(status, {"gelukt": len(good), "geweigerd": len(left)})
    return status


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of objects that a coupling brought: how many are new here, and what was left out."""

    fresh: int
    left: list[Left]


def bring(
    actor: Actor,
    circle: Organisation,
    member: Organisation | None,
    read: Sequence[Incoming],
    shut: Sequence[str],
    *,
    origin: UUID,
) -> Brought:
    """Objects that a coupling (``origin``) brings for the actor, inside the use case and transaction of that coupling.

    For the circle's collection, or for that of ``member``. Bringing again what is there adds nothing. ``shut`` are ids
    that its source no longer lets be there (TLP:RED): what was there of them is gone, and an older version of anything
    gets no milder than the new one.
    """
    rows = StixObject.objects.filter(visible(actor, SEE_OBJECT), organisation=circle).exclude(origin=origin)
    theirs: dict[str, set[datetime]] = defaultdict(set)
    for ids in _parts(sorted({each.stix_id for each in read if each.kind != "marking-definition"})):
        for stix_id, version in rows.filter(stix_id__in=ids).values_list("stix_id", "version"):
            theirs[stix_id].add(version)
    good, left = [], []
    for each in read:
        if each.stix_id not in theirs:
            good.append(each)
        elif each.version is not None and each.kind not in FIXED and each.version not in theirs[each.stix_id]:
            left.append(Left(each.stix_id, _("Hiervan staat al een andere versie in de kring, van een ander.")))
    if not good and not shut:
        return Brought(0, left)
    collection = _locked(circle, member)
    mine = StixObject.objects.filter(collection=collection, origin=origin)
    for ids in _parts(shut):
        mine.filter(stix_id__in=ids).delete()
    fresh = _add(collection, good, actor.now, origin=origin, member=member)
    _as_strict(mine, good)
    return Brought(fresh, left)


def _as_strict(mine: QuerySet[StixObject], good: Sequence[Incoming]) -> None:
    """Make older versions of these objects no milder than the last one that was brought."""
    for label in TLP:
        ids = sorted({each.stix_id for each in good if each.marking.tlp is label})
        milder = [each.name for each in TLP if each.strictness < label.strictness]
        for part in _parts(ids if milder else ()):
            mine.filter(stix_id__in=part, tlp__in=milder).update(tlp=label.name)


def _of_others(actor: Actor, circle: Organisation, ids: Iterable[str], origin: UUID) -> set[str]:
    rows = StixObject.objects.filter(visible(actor, SEE_OBJECT), organisation=circle).exclude(origin=origin)
    return {
        pk
        for part in _parts(sorted(set(ids)))
        for pk in rows.filter(stix_id__in=part).values_list("stix_id", flat=True)
    }


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _locked(circle: Organisation, member: Organisation | None, where: UUID | None = None) -> StixCollection:
    """The collection, locked until the transaction ends: moments and keys rise in the order in which rows are seen."""
    wanted = where or collection_id(circle, member)
    StixCollection.objects.get_or_create(organisation=circle, public_id=wanted, defaults={"member": member})
    found: StixCollection = StixCollection.objects.select_for_update(of=("self",)).get(public_id=wanted)
    return found


def _add(
    collection: StixCollection,
    objects: Sequence[Incoming],
    now: datetime,
    *,
    origin: UUID,
    source: UUID | None = None,
    member: Organisation | None = None,
) -> int:
    """Add what is not there yet, and keep of each id which version is the first and which the last; how many."""
    at = max(now, collection.last_added or now)
    known: dict[str, dict[datetime, Any]] = defaultdict(dict)
    mine = StixObject.objects.filter(collection=collection, origin=origin)
    for ids in _parts(sorted({each.stix_id for each in objects})):
        for row in mine.filter(stix_id__in=ids).only(
            "pk", "organisation_id", "stix_id", "version", "is_first", "is_last"
        ):
            known[row.stix_id][row.version] = row
    fresh, touched = [], {each.stix_id for each in objects}
    for each in objects:
        version = each.version or at
        if version in known[each.stix_id] or (each.version is None and known[each.stix_id]):
            continue
        row = StixObject(
            organisation_id=collection.organisation_id, collection=collection, member=member, stix_id=each.stix_id,
            kind=each.kind, spec_version=each.spec_version, version=version, date_added=at, tlp=each.marking.tlp.name,
            source=None if each.kind in FIXED else source, origin=origin,
            content=each.content,
        )  # fmt: skip
        known[each.stix_id][version] = row
        fresh.append(row)
    changed = []
    for stix_id in touched:
        versions = known[stix_id]
        first, last = min(versions), max(versions)
        for version, row in versions.items():
            flags = (version == first, version == last)
            if (row.is_first, row.is_last) != flags:
                row.is_first, row.is_last = flags
                if row.pk is not None:
                    changed.append(row)
    StixObject.objects.get_queryset().insert_many(fresh)
    if changed:
        StixObject.objects.bulk_update(changed, ["is_first", "is_last"], batch_size=500)
    collection.last_added = at
    collection.save()
    if any(each.kind == "indicator" for each in objects):
        tell_node_feed(collection.organisation_id)
    return len(fresh)
