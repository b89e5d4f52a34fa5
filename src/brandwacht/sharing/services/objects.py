"""The use cases of STIX objects: what the circle publishes itself, and what members' programs bring by TAXII."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.utils.translation import gettext as _

from brandwacht.engines.intel import TLP
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Organisation
from brandwacht.network.policy import Owner, visible
from brandwacht.network.usecase import use_case
from brandwacht.sharing.models import StixCollection, StixObject, TaxiiStatus
from brandwacht.sharing.policy_objects import SEE_OBJECT, WRITE_OBJECT
from brandwacht.sharing.taxii.incoming import BadObject, Incoming, read_object
from brandwacht.sharing.taxii.naming import collection_id, stamp

AT_ONCE = 5000
"""Ids in one query."""


def publish_source(circle: Organisation, source: UUID, tlp: TLP, bundle: dict[str, object], now: datetime) -> None:
    """Put the objects of a warning or report in the circle's collection, as a new version of what is there.

    What was there gets no milder: an older version is hidden from those whom the new label leaves out.
    """
    objects = [read_object(each) for each in cast(list[object], bundle["objects"])]
    collection = _locked(circle, None)
    _add(collection, objects, now, origin=circle.public_id, source=source)
    milder = [each.name for each in TLP if each.strictness < tlp.strictness]
    rows = StixObject.objects.filter(collection=collection, source=source, tlp__in=milder)
    rows.exclude(kind__in=("marking-definition", "identity")).update(tlp=tlp.name)


def withhold_source(circle: Organisation, source: UUID) -> None:
    """Take what was made from a report out of the collection: it may leave the system no longer."""
    StixObject.objects.filter(organisation=circle, source=source).delete()


def receive(actor: Actor, circle: Organisation, member: Organisation | None, things: Sequence[object]) -> TaxiiStatus:
    """Objects that a member's program sends to the circle, or to its own collection; each is taken or refused.

    Sending the same version again is a success. An object of another that the sender can see is not overwritten; one
    that the sender can not see is met by an object beside it, so that the answer does not tell that it is there.
    """
    with use_case(actor, WRITE_OBJECT) as case:
        case.require(Owner(circle.pk))
        if member is not None and member.pk != actor.organisation_id:
            raise NotFound
        good: list[Incoming] = []
        failures: list[dict[str, str]] = []
        origin = Organisation.objects.get(pk=actor.organisation_id).public_id
        named = [str(thing.get("id")) for thing in things if isinstance(thing, dict)]
        theirs = _of_others(actor, circle, named, origin)
        for thing in things:
            try:
                read = read_object(thing)
                if read.tlp is TLP.RED:
                    raise BadObject(_("TLP:RED heeft namen nodig. Meld dit op de pagina Delen en kies daar de lezers."))
                if read.stix_id in theirs and read.version is not None:
                    raise BadObject(_("Dit object is van een ander. Stuur er een eigen object bij."))
                good.append(read)
            except BadObject as error:
                failures.append({"id": _id_of(thing), "version": _version_of(thing, actor.now), "message": str(error)})
        if good:
            _add(_locked(circle, member), good, actor.now, origin=origin, member=member)
        status = TaxiiStatus(
            organisation=circle, member_id=actor.organisation_id, at=actor.now, total=len(things), failures=failures,
            successes=[{"id": each.stix_id, "version": stamp(each.version or actor.now)} for each in good],
        )  # fmt: skip
        status.save()
        case.audit(status, {"gelukt": len(good), "geweigerd": len(failures)})
    return status


def _id_of(thing: object) -> str:
    return str(thing.get("id", ""))[:120] if isinstance(thing, dict) else ""


def _version_of(thing: object, now: datetime) -> str:
    given = (thing.get("modified") or thing.get("created")) if isinstance(thing, dict) else None
    return str(given)[:40] if isinstance(given, str) else stamp(now)


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


def _locked(circle: Organisation, member: Organisation | None) -> StixCollection:
    """The collection, locked until the transaction ends: moments and keys rise in the order in which rows are seen."""
    wanted = collection_id(circle, member)
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
) -> None:
    """Add what is not there yet, and keep of each id which version is the first and which the last."""
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
            kind=each.kind, spec_version=each.spec_version, version=version, date_added=at, tlp=each.tlp.name,
            source=None if each.kind in ("marking-definition", "identity") else source, origin=origin,
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
    StixObject.objects.bulk_create(fresh, batch_size=AT_ONCE)
    if changed:
        StixObject.objects.bulk_update(changed, ["is_first", "is_last"], batch_size=500)
    collection.last_added = at
    collection.save()
