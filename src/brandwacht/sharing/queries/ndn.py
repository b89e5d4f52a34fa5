"""Reads of the national node: connections, what came in, what went back, and how sure an indicator is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from brandwacht.baseline.queries.conditions import ConditionCheck, condition_check
from brandwacht.engines.intel import Indicator, refang
from brandwacht.network.actor import Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Grant
from brandwacht.network.policy import owners, visible
from brandwacht.network.queries import in_force
from brandwacht.network.tenancy import owner_scope
from brandwacht.sharing.models import (
    FeedIndicator,
    FeedState,
    NationalNode,
    NodeConnection,
    Opinion,
    SentSighting,
    Threat,
)
from brandwacht.sharing.ndn import Report, Sure, how_sure, node_data
from brandwacht.sharing.policies.ndn import RUN_NODE, SEE_NODE, SEE_NODE_FEED
from brandwacht.sharing.queries.threats import Month, by_month
from brandwacht.sharing.services.node_feed import keys_of, reports_of
from brandwacht.sharing.steps import STEP

DOOR: Final = "ndn"
SORTS = MappingProxyType({"": ("-given_at", "-public_id")})
MONTHS: Final = 6


@dataclass(frozen=True, slots=True)
class Node:
    """A circle that has a national node, by primary key."""

    circle_id: int
    operator: str
    read_at: datetime | None


def node_for(actor: Actor) -> Node | None:
    """The node of a circle that gave the actor's organisation a door; that somebody is a member shows in its grants."""
    circles = {grant.owner_id for grant in actor.grants if grant.kind == GrantKind.CIRCLE} | owners(actor, RUN_NODE)
    with owner_scope(*circles):
        rows = NationalNode.objects.select_related("operator").order_by("pk")
        found = next(iter(rows[:1]), None) if circles else None
    return Node(found.organisation_id, found.operator.full_name, found.read_at) if found else None


def connection(actor: Actor) -> NodeConnection | None:
    """The connection of the actor's organisation that runs, or the last one that did."""
    rows = NodeConnection.objects.filter(visible(actor, SEE_NODE), organisation_id=actor.organisation_id)
    found: NodeConnection | None = rows.order_by("-began_at", "-pk").first()
    return found


def works(row: NodeConnection | None, today: date) -> bool:
    """Whether this connection lets anything in today."""
    return row is not None and row.ended_at is None and (row.until is None or row.until >= today)


def condition(actor: Actor, row: NodeConnection | None) -> ConditionCheck:
    """How the organisation stands against the condition for connecting."""
    return condition_check(actor, actor.organisation_id, DOOR, row.until if row and row.ended_at is None else None)


def node_feed(actor: Actor) -> QuerySet[FeedIndicator]:
    """What came in that the actor may see, newest first."""
    rows: QuerySet[FeedIndicator] = FeedIndicator.objects.filter(visible(actor, SEE_NODE_FEED))
    return rows.select_related("organisation").order_by(*SORTS[""])


def matching_feed(rows: QuerySet[FeedIndicator], text: str) -> QuerySet[FeedIndicator]:
    """Those of ``rows`` of which the value holds ``text``, also when that is written unclickably."""
    return rows.filter(value__icontains=refang(text.strip()))


def held(actor: Actor) -> QuerySet[FeedIndicator]:
    """What waits for the coordinator that the actor is; empty for others."""
    return node_feed(actor).filter(state=FeedState.HELD, organisation_id__in=sorted(owners(actor, RUN_NODE)))


def counts(actor: Actor) -> dict[str, int]:
    """How many indicators that the actor may see are in each state."""
    rows = FeedIndicator.objects.filter(visible(actor, SEE_NODE_FEED)).order_by().values("state")
    return dict(rows.annotate(n=Count("pk")).values_list("state", "n"))


def sent(actor: Actor) -> QuerySet[SentSighting]:
    """What went back because of the actor's organisation, newest first."""
    rows: QuerySet[SentSighting] = SentSighting.objects.filter(visible(actor, SEE_NODE))
    return rows.filter(organisation_id=actor.organisation_id).order_by("-on", "-public_id")


# --- for the rooms above, as Brandwacht itself -----------------------------------------------------------------------


def feeding(organisation_id: int, now: datetime) -> dict[int, str]:
    """The circles whose indicators watch over an organisation at ``now``, with the agreement: a connection runs, and
    it is a member still. Two queries; one for who is not connected.
    """
    today = timezone.localdate(now)
    with owner_scope(organisation_id):
        rows = NodeConnection.objects.filter(ended_at__isnull=True, organisation_id=organisation_id)
        found = dict(rows.filter(Q(until__isnull=True) | Q(until__gte=today)).values_list("circle_id", "level"))
    if not found:
        return {}
    with owner_scope(*found):
        given = in_force(
            Grant.objects.filter(kind=GrantKind.CIRCLE, thing__isnull=True, grantee_id=organisation_id), now
        )
        members = set(given.filter(organisation_id__in=sorted(found)).values_list("organisation_id", flat=True))
    return {circle_id: level for circle_id, level in found.items() if circle_id in members}


def to_watch(circle_id: int) -> Iterator[FeedIndicator]:
    """What is watched for in a circle, in a fixed order. In the scope of the circle."""
    rows = FeedIndicator.objects.filter(organisation_id=circle_id, state=FeedState.WATCHED)
    return rows.order_by("via", "tlp", "key").iterator()


# --- how sure --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Weighed:
    """An indicator of a report, how sure it is, what the reader's organisation said of it, and why the author keeps it.

    ``kept`` is {"lists", "why"} of an indicator that stands on a warning list, else ``None``.
    """

    indicator: Indicator
    key: UUID
    sure: Sure
    ours: str
    kept: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Voices:
    """What members say of a report: by indicator, per month in steps, and the days on which the reader's saw it."""

    indicators: Sequence[Weighed]
    months: Sequence[Month]
    ours: Sequence[date]


def voices(actor: Actor, threat: Threat) -> Voices:
    """What members say of a report that the actor may see. Two queries."""
    keys = keys_of(threat)
    said = reports_of(threat.organisation_id, keys.values(), threat.public_id)
    kept = {(each["kind"], each["value"]): each for each in threat.kept}
    given, trust = threat.shared_at or threat.written_at, node_data().trust["kring"]
    about = said.get(threat.public_id, [])
    weighed = [
        Weighed(
            each, key, how_sure(each.kind, trust, given, [*said.get(key, ()), *about], actor.now),
            _ours(actor, said.get(key, ())), kept.get((each.kind, each.value)),
        )
        for each, key in keys.items()
    ]  # fmt: skip
    seen = {(on, member) for reports in said.values() for member, on, is_seen in reports if is_seen}
    ours = sorted({on for on, member in seen if member == actor.organisation_id}, reverse=True)
    return Voices(weighed, by_month(seen), ours)


def _ours(actor: Actor, reports: Iterable[Report]) -> str:
    mine = [(on, seen) for member, on, seen in reports if member == actor.organisation_id]
    return "" if not mine else Opinion.SEEN if max(mine)[1] else Opinion.FALSE


@dataclass(frozen=True, slots=True)
class MonthBar:
    """One month of the chart: where its bar stands and how many organisations it tells of, in steps."""

    first: date
    count: str
    x: int
    y: int
    height: int

    @property
    def middle(self) -> int:
        """Where the label stands."""
        return self.x + BAR // 2


BAR: Final = 52
GAP: Final = 84
TALL: Final = 64
TOP: Final = 20


def month_bars(months: Iterable[Month], today: date) -> list[MonthBar]:
    """The last months up to today as bars, oldest first; empty when nothing was seen in them."""
    firsts = [today.replace(day=1)]
    while len(firsts) < MONTHS:
        firsts.insert(0, _before(firsts[0]))
    known = {month.first: month for month in months}
    shown = [known[first].steps if first in known else 0 for first in firsts]
    if not any(shown):
        return []
    top = max(STEP, *shown)
    bars = []
    for place, (first, steps) in enumerate(zip(firsts, shown, strict=True)):
        high = round(steps / top * TALL)
        bars.append(MonthBar(first, known[first].count if steps else "0", 8 + place * GAP, TOP + TALL - high, high))
    return bars


def _before(first: date) -> date:
    return first.replace(year=first.year - 1, month=12) if first.month == 1 else first.replace(month=first.month - 1)
