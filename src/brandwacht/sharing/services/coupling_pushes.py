"""Bringing: objects of the circle to a TAXII collection, and its reports as events to a MISP server.

What may go is decided per object by ``engines.intel.decide``. A system of somebody else is no reader in the circle: it
gets what may go round in the network (TLP:GREEN and TLP:CLEAR), and what the owner itself brought as far as the owner
says. A system of one's own gets what its owner may read. What a coupling brought in, it never sends back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from brandwacht.engines.intel import TLP, Action, Audience, Purpose, Reader, decide
from brandwacht.engines.intel.misp import Group, Level, Reach
from brandwacht.sharing.couplings import misp, taxii
from brandwacht.sharing.misp import TOGETHER, marking_of, named_by
from brandwacht.sharing.misp import event_of as event_as_misp
from brandwacht.sharing.models import Coupling, Party, StixObject
from brandwacht.sharing.queries.objects import Collection, Filter, Root, collection, objects
from brandwacht.sharing.services.coupling_runs import Run, operator_of
from brandwacht.sharing.services.sighted import back_id
from brandwacht.sharing.taxii.naming import collection_id

AT_ONCE: Final = 500
"""Objects in one envelope."""
_NETWORK, _THEM = "netwerk", "wederpartij"
WIDEST: Final = {
    TLP.AMBER_STRICT: Level.OWN, TLP.AMBER: Level.COMMUNITY, TLP.GREEN: Level.CONNECTED, TLP.CLEAR: Level.ALL,
    TLP.RED: Level.OWN,
}  # fmt: skip
"""How far something may go at a MISP server at the most, by its label."""


def may_leave(coupling: Coupling, row: StixObject) -> bool:
    """Whether an object of the circle may go out by this coupling."""
    marking = marking_of(row)
    if row.kind == "marking-definition":
        return True
    if row.origin == coupling.public_id or marking.tlp.strictness > coupling.tlp_out.strictness:
        return False
    circle, owner = str(coupling.circle_id), str(coupling.organisation_id)
    if coupling.party == Party.OWN:
        reader = Reader(organisations=frozenset({owner}), circles=frozenset({circle}))
    else:
        reader = Reader(organisations=frozenset({_THEM}), communities=frozenset({_NETWORK}))
    given = {owner}
    if coupling.for_node:
        if row.kind not in ("sighting", "identity") or row.origin != coupling.circle.public_id:
            return False
        given.add(_THEM)  # each organisation agreed to exactly this, or it would not have been made
    if not coupling.of_circle and row.origin == coupling.organisation.public_id:
        given.add(_THEM)  # who brought it chooses who else gets it
    audience = Audience(frozenset(), frozenset(given), frozenset({circle}), frozenset({_NETWORK}))
    return bool(decide(marking, reader=reader, audience=audience, purpose=Purpose.TAXII, action=Action.EXPORT))


# --- TAXII -----------------------------------------------------------------------------------------------------------


def push_taxii(run: Run) -> None:
    """Bring what is new in the circle's collection, and follow what came of what was brought before."""
    _follow(run)
    for _number in run.pages():
        rows = _rows(run, ())
        may = [each for each in rows if may_leave(run.row, each)]
        good = may if run.row.for_node else _whole(run, may)  # a sighting points at what NCSC gave itself
        outcome = None
        if good:
            outcome = taxii.bring(run.peer, run.row.place, [row.content for row in good], run.clock())
        with run.step() as row:
            if rows:
                row.position = row.position | _place(rows[-1])
            for each in may:
                if each not in good:
                    told = [_("Dit wijst naar iets dat hier moet blijven, en blijft daarom ook hier.")]
                    row.refused += run.tell(row, each.stix_id, told, good=False, changed=each.version)
            if outcome is not None:
                _keep_outcome(run, row, outcome)
        if len(rows) < AT_ONCE:
            return


def _follow(run: Run) -> None:
    """Ask what came of what was still pending; what the other end forgot is pending no longer."""
    for status in list(run.row.position.get("pending", [])):
        outcome = taxii.follow(run.peer, run.row.place, status, run.clock())
        with run.step() as row:
            pending = [each for each in row.position.get("pending", []) if each != status]
            row.position = row.position | {"pending": pending}
            if outcome is not None:
                _keep_outcome(run, row, outcome)


def _keep_outcome(run: Run, row: Coupling, outcome: taxii.Outcome) -> None:
    if not outcome.done and outcome.id:
        pending = row.position.get("pending", [])
        row.position = row.position | {"pending": [*pending, outcome.id][-AT_ONCE:]}
        return
    row.taken += min(max(outcome.succeeded, 0), AT_ONCE)
    for key, _message in outcome.failures[:AT_ONCE]:
        told = [_("De ander nam dit object niet aan.")]
        row.refused += run.tell(row, key or _("zonder nummer"), told, good=False)


def _rows(run: Run, kinds: Sequence[str], size: int = AT_ONCE) -> list[StixObject]:
    """The next objects of the circle's collection, in order of arrival, from where the coupling got to."""
    circle = run.row.circle
    if run.row.for_node:
        where = Collection(back_id(circle), Root(circle), operator_of(run.row), False)
    else:
        where = collection(run.actor, Root(circle), collection_id(circle))
    rows: QuerySet[StixObject] = objects(run.actor, where, Filter(kinds=kinds))
    position = run.row.position
    if "sent" in position:
        at, key = datetime.fromisoformat(position["sent"]), int(position["key"])
        rows = rows.filter(Q(date_added__gt=at) | Q(date_added=at, pk__gt=key))
    return list(rows[:size])


def _place(row: StixObject) -> dict[str, Any]:
    return {"sent": row.date_added.isoformat(), "key": row.pk}


def _whole(run: Run, rows: Sequence[StixObject]) -> list[StixObject]:
    """Those that point at nothing that stays behind: an id alone tells that there is something."""
    named = {row.pk: set(_refs(row.content)) for row in rows}
    wanted = sorted(set().union(*named.values())) if named else []
    held = [
        each for each in StixObject.objects.filter(
            collection_id__in={row.collection_id for row in rows}, stix_id__in=wanted, is_last=True
        )  # not those of members: whether somebody else has an object must not show
        if each.kind != "marking-definition"
    ]  # fmt: skip
    behind = {each.stix_id for each in held if not may_leave(run.row, each) and each.origin != run.row.public_id}
    return [row for row in rows if not named[row.pk] & behind]


def _refs(content: Mapping[str, Any]) -> Iterable[str]:
    for name, value in content.items():
        if name.endswith("_ref") and isinstance(value, str):
            yield value
        elif name.endswith("_refs") and isinstance(value, list):
            yield from (each for each in value if isinstance(each, str))


# --- MISP ------------------------------------------------------------------------------------------------------------


def push_misp(run: Run) -> None:
    """Bring each report that is new or changed as an event, with the indicators that it names."""
    for _number in run.pages():
        rows = _rows(run, TOGETHER, 1)
        if not rows:
            return
        (report,) = rows
        event: dict[str, Any] | None = None
        told: list[str] = []
        good = True
        if may_leave(run.row, report):
            event, told = event_of(run.row, report)
            good = event is not None
        if event is not None:
            misp.put(run.peer, event, run.clock())
        with run.step() as row:
            row.position = _place(report)
            row.taken += event is not None
            if told or event is not None:
                row.refused += run.tell(row, report.stix_id, told, good=good, changed=report.version) and not good


def event_of(coupling: Coupling, report: StixObject) -> tuple[dict[str, Any] | None, list[str]]:
    """A report with what it names as MISP takes it, and what of it stays behind, in Dutch; no event when MISP can not
    hold it.
    """
    wanted = named_by(report)
    mine = StixObject.objects.filter(collection_id=report.collection_id, origin=report.origin, is_last=True)
    held = list(mine.filter(stix_id__in=wanted).exclude(kind="marking-definition"))
    rows = [each for each in held if may_leave(coupling, each)]
    told = []
    if len(rows) < len(held):
        told.append(
            _("Aantal objecten waarvan het label niet toelaat dat ze gaan: %(n)d.") % {"n": len(held) - len(rows)}
        )
    reach = _reach(coupling, marking_of(report).tlp)
    try:
        event, left_out = event_as_misp(coupling.circle, report, rows, reach, lambda own: _same_group(own, reach))
    except ValueError as error:
        return None, [*told, str(error)]
    _number_groups(coupling, event["Event"])
    return event, [*told, *left_out]


def _reach(coupling: Coupling, tlp: TLP) -> Reach:
    if coupling.group_uuid:
        return Reach(Level.ALL, (Group(coupling.group_uuid, coupling.group_name, ()),))
    return Reach(Level(min(coupling.distribution, WIDEST[tlp])))


def _same_group(own: Reach, whole: Reach) -> bool:
    """Whether a part stays within the group that was chosen, or within none."""
    return {each.uuid for each in own.groups} <= {each.uuid for each in whole.groups}


def _number_groups(coupling: Coupling, event: dict[str, Any]) -> None:
    """Name the sharing group as that server knows it: by its own number."""
    for each in (event, *event["Attribute"]):
        if each.get("distribution") == "4":
            each["sharing_group_id"] = coupling.group_number
            each.pop("SharingGroup", None)
