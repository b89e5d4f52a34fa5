"""Reads of alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Contains

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import NodeName, Organisation
from brandwacht.network.paging import part, place
from brandwacht.network.policy import owners, visible
from brandwacht.network.queries import capped_count
from brandwacht.network.tenancy import TenantModel
from brandwacht.soc.models import (
    OPEN_STATES,
    Alert,
    AlertRule,
    AlertState,
    MatchedEvent,
    Severity,
)

_M = TypeVar("_M", bound=TenantModel)
AROUND: Final = timedelta(hours=48)
"""Alerts this near to each other at one organisation may well be one attack."""
QUEUE: Final = ("-open", "-waiting", "-severity", "-last_seen", "-id")
SORTS: Final[dict[str, tuple[str, ...]]] = {
    "": QUEUE,
    "ernst": ("severity", "last_seen", "id"),
    "gezien": ("last_seen", "id"),
}
WORST: Final = ("-severity", "-last_seen", "-pk")
LATEST: Final = ("-last_seen", "-pk")
YES_OPEN: Final = {"open__in": [True]}
YES_WAITING: Final = {"waiting__in": [True]}
YES_LEAD: Final = {"lead__in": [True]}
"""Written as a list of one: SQLite takes an index for ``open IN (1)`` but not for a bare ``open``."""
MINE, NOBODYS = "mij", "niemand"
"""Values of the filter on who holds an alert."""
OPEN, EVERY = "open", "alle"
"""Two values of the state filter that are no state: what still needs work, and everything."""


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """How the list of alerts is narrowed; empty means not at all. ``severity`` is the lowest one shown."""

    severity: int = Severity.MEDIUM
    state: str = OPEN
    owner_id: int | None = None
    technique: str = ""
    text: str = ""
    holder: str = ""
    """Empty, ``MINE`` or ``NOBODYS``."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the actor: how many alerts of severity "midden" or higher (capped), and the first in the queue."""

    count: int
    first: Alert | None


def alerts(actor: Actor) -> QuerySet[Alert]:
    """The alerts that the actor may see."""
    rows: QuerySet[Alert] = Alert.objects.filter(visible(actor, "soc.alert.see"))
    # The owners come in a query of their own: joined, SQLite walks owner by owner instead of along the queue's index.
    return rows.select_related("asset", "holder").prefetch_related("organisation")


def alert(actor: Actor, public_id: Any) -> Alert:
    """One alert with its owner and story; raises ``NotFound``. ``kept`` is how many events of it stand here."""
    rows = alerts(actor).prefetch_related(None).select_related("asset", "organisation", "story")
    events = MatchedEvent.objects.filter(alert=OuterRef("pk")).order_by().values("alert").annotate(n=Count("pk"))
    rows = rows.annotate(kept=Coalesce(Subquery(events.values("n")), 0))
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def waiting(actor: Actor) -> QuerySet[Alert]:
    """The alerts that ask for an analyst, in order of the queue."""
    return alerts(actor).filter(**YES_OPEN, **YES_WAITING).order_by(*QUEUE)


def next_waiting(actor: Actor, after: UUID | None) -> UUID | None:
    """The public id of the waiting alert that comes after this one in the queue, which begins again at its end.

    What a colleague already holds is passed over. ``None`` when nothing else waits.
    """
    rows = waiting(actor).filter(severity__gte=Severity.MEDIUM)
    rows = rows.filter(Q(holder__isnull=True) | Q(holder_id=actor.user_id))
    rows = rows.exclude(public_id=after) if after else rows
    past = place(alerts(actor), QUEUE, str(after)) if after else None
    found, _more = part(rows, QUEUE, past, 1)
    first = found[0] if found else rows.first()
    return first.public_id if first else None


def waiting_for(actor: Actor) -> Waiting:
    """What the sentence above the queue says; a story counts once, as it is one line there."""
    rows = waiting(actor).filter(severity__gte=Severity.MEDIUM, **YES_LEAD)
    return Waiting(capped_count(rows), rows.prefetch_related(None).first())


def menu_waiting(actor: Actor) -> QuerySet[Alert]:
    """What the number beside the room counts: what waits, "midden" or higher, and may be handled by the actor."""
    rows: QuerySet[Alert] = Alert.objects.filter(
        visible(actor, "soc.alert.triage"), **YES_OPEN, **YES_WAITING, **YES_LEAD
    )
    return rows.filter(severity__gte=Severity.MEDIUM)


def opened_since(actor: Actor, moment: datetime) -> int:
    """How many waiting alerts of severity "midden" or higher were opened after ``moment`` (capped)."""
    return capped_count(waiting(actor).filter(severity__gte=Severity.MEDIUM, opened_at__gt=moment))


def filtered(actor: Actor, narrow: AlertFilter) -> QuerySet[Alert]:
    """The alerts that fit a filter, without order.

    In the queue itself a story is one line: the alert that leads it. Who looks for something finds each alert.
    """
    rows = alerts(actor).filter(severity__gte=narrow.severity)
    if narrow.state == OPEN and not narrow.technique and not narrow.text:
        rows = rows.filter(**YES_LEAD)
    if narrow.state == OPEN:
        rows = rows.filter(**YES_OPEN)
    elif narrow.state != EVERY:
        rows = rows.filter(state=narrow.state, open=narrow.state in OPEN_STATES)
    if narrow.owner_id is not None:
        rows = rows.filter(organisation_id=narrow.owner_id)
    if narrow.holder == MINE:
        rows = rows.filter(holder_id=actor.user_id)
    elif narrow.holder == NOBODYS:
        rows = rows.filter(holder__isnull=True)
    if narrow.technique:
        rows = with_technique(rows, narrow.technique)
    if narrow.text:
        named = NodeName.objects.filter(value__icontains=narrow.text).values("node")
        rows = rows.filter(Q(asset__name__icontains=narrow.text) | Q(asset__in=named))
    return rows


def with_technique(rows: QuerySet[_M], technique: str) -> QuerySet[_M]:
    """Only the rows whose techniques have this one."""
    # A JSON list as text reads ["T1003.001", ...] on both databases; a technique also finds its sub-techniques.
    text = Cast("attack", TextField())
    return rows.filter(Contains(text, Value(f'"{technique.strip().upper()}')))


def owners_shown(actor: Actor) -> list[Organisation]:
    """The organisations whose alerts the actor may see, by name."""
    reach = owners(actor, "soc.alert.see")
    return list(Organisation.objects.filter(pk__in=sorted(reach)).order_by("name"))


def alert_rules(actor: Actor, of: Alert) -> list[AlertRule]:
    """The rules that matched within an alert: the most serious first, then in time order."""
    rows = AlertRule.objects.filter(visible(actor, "soc.alert.see"), alert=of)
    return list(rows.order_by("-level", "first_seen", "pk"))


def rule_titles(actor: Actor, of: Alert) -> list[str]:
    """The titles of the rules that matched within an alert, the most serious first."""
    return [rule.title for rule in alert_rules(actor, of)]


def matched_events(actor: Actor, of: Alert) -> QuerySet[MatchedEvent]:
    """The events of an alert with the file they came from; order them by ``("time", "id")``."""
    rows: QuerySet[MatchedEvent] = MatchedEvent.objects.filter(visible(actor, "soc.alert.see"), alert=of)
    return rows.select_related("file")


def others_around(actor: Actor, of: Alert, limit: int = 5) -> list[Alert]:
    """What else waits or became an incident at the same organisation within ``AROUND`` of an alert, the worst first."""
    return list(_beside(actor, of).filter(_around(of)).order_by(*WORST)[:limit])


def beside(actor: Actor, of: Alert, limit: int = 5) -> tuple[list[Alert], list[Alert]]:
    """What helps to decide on an alert: (``others_around`` of it, other alerts on the same asset). One query.

    Those on the same asset, the latest first, tell what colleagues decided before.
    """
    rows = _beside(actor, of)
    worst = rows.filter(_around(of)).order_by(*WORST).values("pk")[:limit]
    latest = rows.filter(asset_id=of.asset_id).order_by(*LATEST).values("pk")[:limit]
    chosen: QuerySet[Alert] = rows.filter(Q(pk__in=worst) | Q(pk__in=latest)).annotate(around=_around(of))
    found = list(chosen.order_by(*LATEST))
    same = [row for row in found if row.asset_id == of.asset_id]
    around = [row for row in found if getattr(row, "around", False)]
    # The order of the latest stays among those of one severity: sorting is stable.
    return sorted(around, key=lambda row: -row.severity)[:limit], same[:limit]


def _beside(actor: Actor, of: Alert) -> QuerySet[Alert]:
    rows = alerts(actor).prefetch_related(None).filter(organisation_id=of.organisation_id)
    return rows.exclude(pk=of.pk)


def _around(of: Alert) -> Q:
    near = Q(last_seen__gte=of.first_seen - AROUND, first_seen__lte=of.last_seen + AROUND)
    return near & (Q(waiting=True) | Q(state=AlertState.INCIDENT))
