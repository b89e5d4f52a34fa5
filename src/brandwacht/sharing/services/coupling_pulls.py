"""Pulling: pages of a TAXII collection, of a MISP server, and the events of a MISP feed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import orjson
from django.utils.translation import gettext as _

from brandwacht.engines.intel import PAP, TLP, Action, Audience, Marking, Purpose, Reader, decide, strictest
from brandwacht.engines.intel.misp import (
    InvalidMisp,
    ManifestEntry,
    MispEvent,
    effective,
    read_misp_event,
    stix_of_misp,
)
from brandwacht.engines.intel.stix import InvalidStix
from brandwacht.sharing.couplings import misp, taxii
from brandwacht.sharing.couplings.asking import Trouble
from brandwacht.sharing.misp import namespace
from brandwacht.sharing.models import Coupling, CouplingItem, StixObject
from brandwacht.sharing.services.coupling_runs import Run, operator_of
from brandwacht.sharing.services.objects import bring
from brandwacht.sharing.taxii.incoming import Incoming, Left, read_envelope
from brandwacht.sharing.taxii.naming import stamp

MOST_AT_ONCE: Final = 100_000
"""Objects that are asked for at once when a server can not be paged otherwise."""
TICK: Final = timedelta(microseconds=1)
OVERLAP: Final = 600
"""Seconds that are read again, for what changed at a MISP server while its pages were read."""
MOST_REFUSED: Final = 100
"""Refused objects of one page that are told one by one."""
_HERE, _NETWORK = "eigenaar", "netwerk"


# --- TAXII -----------------------------------------------------------------------------------------------------------


class Following(NamedTuple):
    """Where to go on after a page, how much to ask for, and whether that was the last page."""

    position: dict[str, Any]
    limit: int
    done: bool


def pull_taxii(run: Run) -> None:
    """Read a collection from where it stopped, page by page."""
    limit = taxii.PAGE
    for _number in run.pages():
        position = dict(run.row.position)
        page = taxii.page(
            run.peer, run.row.place, run.clock(), added_after=position.get("added_after", ""),
            after=position.get("next", ""), limit=limit,
        )  # fmt: skip
        if page is None:  # the server forgot its "next": again from the last moment, where all is known already
            position.pop("next")
            with run.step() as row:
                row.position = position
            continue
        following = follow(position, page, limit)
        with run.step() as row:
            if page.count:
                _keep(run, row, page.content)
            row.position = following.position
        if following.done:
            return
        limit = following.limit


def follow(position: dict[str, Any], page: taxii.Envelope, limit: int) -> Following:
    """Where to go on after this page; raises ``Trouble`` when the server leaves no way to get further.

    With a "next" that is it. Without one the moment of the last object is; objects of that very moment may still
    follow, so it is read again. When a whole page has one moment, or none, more is asked for at once.
    """
    base = position.get("added_after", "")
    reached = max(base, position.get("reached", ""), stamp(page.last) if page.last is not None else "")
    if not page.more:
        return Following({"added_after": reached} if reached else {}, limit, True)
    if page.next:
        if page.next == position.get("next"):
            raise Trouble(_("De server geeft steeds dezelfde bladzijde. Vraag de beheerder daar om dat te herstellen."))
        return Following({"added_after": base, "next": page.next, "reached": reached}, limit, False)
    if page.last is not None:
        before = stamp(page.last - TICK)
        if before > base and page.first != page.last:
            return Following({"added_after": before}, limit, False)
    if page.count < limit or limit >= MOST_AT_ONCE:
        raise Trouble(_("De server zegt dat er meer is, maar niet vanaf waar. Vraag de beheerder daar om TAXII 2.1."))
    return Following({"added_after": base} if base else {}, min(limit * 10, MOST_AT_ONCE), False)


def _keep(run: Run, row: Coupling, content: bytes) -> None:
    try:
        read, left = read_envelope(content)
    except InvalidStix as error:
        raise Trouble(str(error)) from error
    left += _store(run, row, read, left)
    for each in left[:MOST_REFUSED]:
        key = each.stix_id or hashlib.sha256(each.why.encode()).hexdigest()[:32]
        row.refused += run.tell(row, key, [each.why], good=False)
    row.refused += max(0, len(left) - MOST_REFUSED)


def _store(run: Run, row: Coupling, read: Sequence[Incoming], left: Sequence[Left]) -> list[Left]:
    """Put objects where they belong; returns what could not be put there besides.

    What a member got from a third party for itself goes to its own collection, however wide the coupling was set: only
    what may go round in the whole network goes to the circle.
    """
    shut = [each.stix_id for each in left if each.shut]
    circle, member = row.circle, operator_of(row) if row.for_node else None if row.of_circle else row.organisation
    origin = row.public_id
    if row.of_circle or not row.for_circle:
        brought = bring(run.actor, circle, member, read, shut, origin=origin)
        row.taken += brought.fresh
        return brought.left
    wide = [each for each in read if _for_network(each.marking)]
    narrow = [each for each in read if not _for_network(each.marking)]
    gone = [*shut, *(each.stix_id for each in narrow)]
    first = bring(run.actor, circle, None, wide, gone, origin=origin)
    second = bring(run.actor, circle, member, narrow, shut, origin=origin)
    row.taken += first.fresh + second.fresh
    return [*first.left, *second.left]


def _for_network(marking: Marking) -> bool:
    reader = Reader(communities=frozenset({_NETWORK}))
    audience = Audience(organisations=frozenset({_HERE}), communities=frozenset({_NETWORK}))
    return bool(decide(marking, reader=reader, audience=audience, purpose=Purpose.TAXII, action=Action.EXPORT))


# --- MISP ------------------------------------------------------------------------------------------------------------


def pull_misp(run: Run) -> None:
    """Read the events of a server that changed since the last time, page by page."""
    for _number in run.pages():
        position = dict(run.row.position)
        since, number = int(position.get("since", 0)), int(position.get("page", 1))
        found = misp.events(run.peer, run.clock(), since=since, number=number)
        mark = hashlib.sha256(b"\n".join(found.events)).hexdigest()
        if found.events and mark == position.get("mark"):
            raise Trouble(_("De server geeft steeds dezelfde bladzijde. Vraag de beheerder daar om dat te herstellen."))
        began = int(position.get("began") or (found.at or run.clock()).timestamp())
        newest = int(position.get("newest", since))
        with run.step() as row:
            for data in found.events:
                newest = max(newest, _seconds(keep_event(run, row, data)))
            if len(found.events) < misp.PAGE:
                row.position = {"since": max(since, min(newest, began - OVERLAP))}
            else:
                row.position = {
                    "since": since, "page": number + 1, "newest": newest, "began": began, "mark": mark
                }  # fmt: skip
        if len(found.events) < misp.PAGE:
            return


def pull_misp_feed(run: Run) -> None:
    """Read the events of a feed that are new or changed, oldest change first; a broken one does not stop the rest."""
    entries = misp.manifest(run.peer, run.clock())
    known = dict(CouplingItem.objects.filter(coupling=run.row).values_list("key", "changed"))
    todo = [each for each in entries if _is_news(known, each)]
    for entry, _number in zip(todo, run.pages(), strict=False):
        data = misp.feed_event(run.peer, entry, run.clock())
        with run.step() as row:
            if data is None:
                told = [_("Dit staat in het overzicht van de feed, maar is er niet.")]
                row.refused += run.tell(row, entry.uuid.lower(), told, good=False, changed=entry.changed)
            else:
                keep_event(run, row, data, entry.uuid.lower(), entry.changed)
            seen = max(int(row.position.get("since", 0)), _seconds(entry.changed))
            row.position = {"since": seen} if seen else {}


def _is_news(known: Mapping[str, datetime | None], entry: ManifestEntry) -> bool:
    uuid = entry.uuid.lower()
    return uuid not in known or (entry.changed is not None and known[uuid] != entry.changed)


def _seconds(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment is not None else 0


def keep_event(run: Run, row: Coupling, data: bytes, key: str = "", changed: datetime | None = None) -> datetime | None:
    """Take one event over; returns when it changed. What can not be taken is told at the event, by ``key``.

    ``changed`` is what a manifest says of it. Objects whose value went from the event are withdrawn.
    """
    try:
        event = read_misp_event(data)
    except InvalidMisp as error:
        known_as = key or f"onleesbaar-{hashlib.sha256(data).hexdigest()[:32]}"
        row.refused += run.tell(row, known_as, [str(error)], good=False, changed=changed)
        return None
    if key and event.uuid != key:
        told = [_("In het bestand staat een andere gebeurtenis dan het overzicht zegt.")]
        row.refused += run.tell(row, key, told, good=False, changed=changed)
        return None
    version = changed or event.changed
    held = CouplingItem.objects.filter(coupling=row, key=event.uuid).only("changed", "organisation_id").first()
    if held is not None and held.changed is not None and held.changed == version:
        return event.changed
    if effective(event).tlp is TLP.RED or effective(event).pap is PAP.RED:
        _refuse(run, row, event, version)
        return event.changed
    _take_over(run, row, event, version)
    return event.changed


def _refuse(run: Run, row: Coupling, event: MispEvent, version: datetime | None) -> None:
    """Nothing of an event that is for persons only; and what came of it when it was milder goes."""
    converted = stix_of_misp(event, namespace=namespace(), now=run.actor.now)
    ids = [str(each["id"]) for each in converted.objects if each["type"] in ("report", "indicator")]
    report = next(each for each in ids if each.startswith("report--"))
    _store(run, row, [], [Left(each, "", shut=True) for each in {*ids, *_refs_before(row, report)}])
    told = [_("%(label)s: dit gaat niet door een koppeling.") % {"label": _label(effective(event))}]
    row.refused += run.tell(row, event.uuid, told, good=False, changed=version)


def _label(marking: Marking) -> str:
    return marking.tlp.label if marking.tlp is TLP.RED else marking.pap.label


def _take_over(run: Run, row: Coupling, event: MispEvent, version: datetime | None) -> None:
    converted = stix_of_misp(event, namespace=namespace(), now=run.actor.now)
    read, left = read_envelope(orjson.dumps({"objects": converted.objects}))
    shut = {each.stix_id for each in left if each.shut}
    report = next((each for each in read if each.kind == "report"), None)
    told = list(converted.left_out)
    if shut:
        told.append(_("%(n)d waarden met TLP:RED of PAP:RED zijn niet overgenomen.") % {"n": len(shut)})
    told += [each.why for each in left if not each.shut]
    if report is not None:
        maker = str(report.content.get("created_by_ref", ""))
        before = _refs_before(row, report.stix_id)
        refs = [each for each in report.content["object_refs"] if each not in shut]  # an id tells that there is one
        report.content["object_refs"] = refs or [maker]  # type: ignore[index]
        read += _withdrawn(row, before - set(refs) - shut, version or run.actor.now)
    told += [f"{each.stix_id}: {each.why}" for each in _store(run, row, read, left)]
    original, tlp = _original(event)
    run.tell(row, event.uuid, told, good=True, changed=version, original=original, tlp=tlp)


def _original(event: MispEvent) -> tuple[dict[str, Any] | None, str]:
    """The event as it came with its strictest label; nothing when a part of it may not be kept."""
    whole = strictest([effective(event), *(effective(each) for each in event.attributes)])
    if whole.tlp is TLP.RED or whole.pap is PAP.RED:
        return None, TLP.RED.name
    return event.whole(), whole.tlp.name


def _refs_before(row: Coupling, report: str) -> set[str]:
    """The indicators of the last version of a report that this coupling brought."""
    rows = StixObject.objects.filter(origin=row.public_id, stix_id=report, is_last=True)
    content = rows.values_list("content", flat=True).first() or {}
    return {each for each in content.get("object_refs", []) if each.startswith("indicator--")}


def _withdrawn(row: Coupling, ids: set[str], at: datetime) -> list[Incoming]:
    """New versions, marked as revoked, of objects that went from their event."""
    found = []
    for each in StixObject.objects.filter(origin=row.public_id, stix_id__in=ids, is_last=True):
        if at <= each.version or each.content.get("revoked"):
            continue
        content = each.content | {"revoked": True, "modified": stamp(at)}
        data = orjson.dumps({"objects": [content]})
        found += read_envelope(data)[0]
    return found
