"""Reads of the CERT, already restricted to what the actor may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from brandwacht.cert.models import Incident, IncidentAsset, IncidentClock, IncidentEntry, IncidentState
from brandwacht.engines.authority import KNOWN, load_clocks
from brandwacht.network import queries as network
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Node, Organisation
from brandwacht.network.policy import may_anywhere, owners, visible

SEE, OPEN, LEAD = "cert.incident.see", "cert.incident.open", "cert.incident.lead"
LINES = 200
"""So many lines of a story are shown at once; the rest is a click away."""
TO_JOIN = 20
"""So many running incidents are offered to add an alert to."""
RUNNING, DRILLS, EVERY = "", "oefening", "alle"
"""Values of the state filter that are no state: what runs (real and drill), drills only, and everything."""
SORTS = MappingProxyType(
    {
        "": ("exercise", "-opened_at", "-pk"),
        "geopend": ("opened_at", "pk"),
        "ernst": ("severity", "-opened_at", "-pk"),
        "-ernst": ("-severity", "-opened_at", "-pk"),
    }
)


def incidents(actor: Actor) -> QuerySet[Incident]:
    """All incidents that the actor may see, drills too, newest first."""
    return Incident.objects.filter(visible(actor, SEE)).select_related("organisation").order_by("-opened_at", "-pk")


def running(actor: Actor) -> QuerySet[Incident]:
    """The incidents that really run: not closed, and no drills."""
    return incidents(actor).exclude(state=IncidentState.CLOSED).filter(exercise=False)


def to_join(actor: Actor, owner_id: int) -> list[Incident]:
    """The running incidents of an owner that an alert can be added to, the latest first."""
    if not may_anywhere(actor, SEE):
        return []
    return list(running(actor).filter(organisation_id=owner_id).order_by("-opened_at", "-pk")[:TO_JOIN])


def running_clocks() -> QuerySet[IncidentClock]:
    """The clocks of which the time runs: not done, and not waiting for the duty before them."""
    return IncidentClock.objects.filter(done_at__isnull=True, provisional=False)


def with_first_deadline(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """Adds ``first_due``: the first legal clock that still runs."""
    first = running_clocks().filter(incident=OuterRef("pk")).order_by("due").values("due")[:1]
    return rows.annotate(first_due=Subquery(first))


def incident(actor: Actor, public_id: Any) -> Incident:
    """One incident; raises ``NotFound``."""
    found = incidents(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


# --- the list -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """How the list is narrowed: ``state`` is a state or one of ``RUNNING``, ``DRILLS``, ``EVERY``."""

    state: str = RUNNING
    owner_code: str = ""
    text: str = ""


def filtered(actor: Actor, narrow: IncidentFilter) -> QuerySet[Incident]:
    """The incidents that fit a filter, each with ``first_due``."""
    rows = with_first_deadline(incidents(actor))
    if narrow.state == RUNNING:
        rows = rows.exclude(state=IncidentState.CLOSED)
    elif narrow.state == DRILLS:
        rows = rows.filter(exercise=True)
    elif narrow.state != EVERY:
        rows = rows.filter(state=narrow.state)
    if narrow.owner_code:
        rows = rows.filter(organisation__code=narrow.owner_code)
    if narrow.text:
        rows = rows.filter(Q(title__icontains=narrow.text) | Q(number__icontains=narrow.text))
    return rows


def owners_shown(actor: Actor) -> list[Organisation]:
    """The organisations whose incidents the actor may see, by name."""
    return _by_name(actor, SEE)


def may_open_for(actor: Actor) -> list[Organisation]:
    """The organisations for which the actor may open an incident: the own one first, then by name."""
    found = _by_name(actor, OPEN)
    return sorted(found, key=lambda each: each.pk != actor.organisation_id)


def _by_name(actor: Actor, action: str) -> list[Organisation]:
    return list(Organisation.objects.filter(pk__in=sorted(owners(actor, action))).order_by("name"))


# --- one incident -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Story:
    """What belongs to one incident: its lines newest first, its clocks, and what is hit.

    The clocks that run come first, then those that wait for another, then those that are done. ``cut``: there are
    older lines than these.
    """

    entries: Sequence[IncidentEntry]
    clocks: Sequence[IncidentClock]
    assets: Sequence[IncidentAsset]
    cut: bool

    @property
    def running_clocks(self) -> list[IncidentClock]:
        """The clocks of which the time runs, first due first."""
        return [clock for clock in self.clocks if clock.done_at is None and not clock.provisional]

    @property
    def duties_left(self) -> list[str]:
        """The titles of the duties that are not done, those that wait for another too: a real incident stays open."""
        return [clock.title for clock in self.clocks if clock.done_at is None]


def story(found: Incident, *, whole: bool = False) -> Story:
    """Everything that hangs on an incident that the actor was already allowed to see; three queries."""
    rows = IncidentEntry.objects.filter(incident=found).order_by("-at", "-pk")
    entries = list(rows if whole else rows[: LINES + 1])
    cut = not whole and len(entries) > LINES
    assets = IncidentAsset.objects.filter(incident=found).select_related("node").order_by("node__name")
    return Story(entries[:LINES] if cut else entries, clocks(found), list(assets), cut)


def clocks(found: Incident) -> list[IncidentClock]:
    """The clocks of an incident that the actor may see: running, waiting, done; each by due moment."""
    rows = IncidentClock.objects.filter(incident=found).order_by("due")
    return sorted(rows, key=lambda clock: (clock.done_at is not None, clock.provisional))


def follows(key: str) -> str:
    """The title of the duty that a clock waits for; empty when it runs from the moment of awareness."""
    by_key = {row.key: row for row in load_clocks().rows}
    before = by_key[key].runs_from if key in by_key else KNOWN
    return "" if before == KNOWN else by_key[before].title


def asked_of_board(running: Sequence[IncidentClock]) -> list[IncidentClock]:
    """Of these clocks, those whose duty the law lays on the board itself."""
    of_board = {row.key for row in load_clocks().rows if row.board}
    return [clock for clock in running if clock.key in of_board]


def nodes(actor: Actor, owner_id: int) -> QuerySet[Node]:
    """The nodes of the register of an incident's owner, as far as the actor may see them."""
    return network.nodes(actor).filter(organisation_id=owner_id).order_by("name")


# --- for other pages ----------------------------------------------------------------------------------------------


def open_clocks(actor: Actor, action: str = SEE) -> QuerySet[IncidentClock]:
    """The legal clocks that run, first due first, over the real incidents to which the actor may do ``action``."""
    mine = Incident.objects.filter(visible(actor, action), exercise=False).exclude(state=IncidentState.CLOSED)
    return running_clocks().filter(incident__in=mine).select_related("incident").order_by("due", "pk")


def clocks_to_meet(actor: Actor) -> QuerySet[IncidentClock]:
    """The legal clocks that ask for the actor's action."""
    return open_clocks(actor, LEAD)


def of_node(actor: Actor, node_id: int) -> QuerySet[Incident]:
    """The real incidents in which a node of the register was hit."""
    return incidents(actor).filter(assets__node_id=node_id, exercise=False)


LOOKED_AT = 200
"""So many of the latest incidents are looked at for a technique; it stands in a list, which no index reaches."""


def with_techniques(actor: Actor, owner_id: int, techniques: Sequence[str], limit: int = 5) -> list[Incident]:
    """The latest real incidents of an owner in which one of these ATT&CK techniques, or a part of one, was seen."""
    latest = incidents(actor).filter(organisation_id=owner_id, exercise=False)[:LOOKED_AT]
    touched = (each for each in latest if any(_same(seen, wanted) for seen in each.attack for wanted in techniques))
    return list(islice(touched, limit))


def _same(seen: str, wanted: str) -> bool:
    return seen == wanted or seen.startswith(f"{wanted}.") or wanted.startswith(f"{seen}.")
