"""Reads of the national node: connections, what came in, what went back, and how sure an indicator is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from brandwacht.baseline.queries.conditions import ConditionCheck, condition_check
from brandwacht.engines.intel import Indicator
from brandwacht.network.actor import Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Grant
from brandwacht.network.policy import owners, visible
from brandwacht.network.queries import in_force
from brandwacht.network.tenancy import owner_scope
from brandwacht.sharing.models import (
    FeedIndicator,
    FeedState,
    IndicatorWord,
    ListChoice,
    NationalNode,
    NodeConnection,
    Opinion,
    SentSighting,
    Threat,
    ThreatState,
)
from brandwacht.sharing.ndn import Report, Sure, how_sure, indicator_key, node_data
from brandwacht.sharing.policy_ndn import RUN_NODE, SEE_FEED, SEE_NODE
from brandwacht.sharing.services.feed import reports_of
from brandwacht.sharing.steps import down, stepped

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


def feed(actor: Actor) -> QuerySet[FeedIndicator]:
    """What came in that the actor may see, newest first."""
    rows: QuerySet[FeedIndicator] = FeedIndicator.objects.filter(visible(actor, SEE_FEED))
    return rows.select_related("organisation").order_by(*SORTS[""])


def held(actor: Actor) -> QuerySet[FeedIndicator]:
    """What waits for the coordinator that the actor is; empty for others."""
    return feed(actor).filter(state=FeedState.HELD, organisation_id__in=sorted(owners(actor, RUN_NODE)))


def counts(actor: Actor) -> dict[str, int]:
    """How many indicators that the actor may see are in each state."""
    rows = FeedIndicator.objects.filter(visible(actor, SEE_FEED)).order_by().values("state")
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
    """An indicator of a report, how sure it is, what the reader's organisation said of it, and the author's choice."""

    indicator: Indicator
    key: UUID
    sure: Sure
    ours: str
    kept: ListChoice | None


def weighed(actor: Actor, threat: Threat) -> list[Weighed]:
    """The indicators of a report that the actor may see. Three queries."""
    indicators = threat.parsed_indicators
    if not indicators or threat.state == ThreatState.WITHDRAWN:
        return []
    keys = {each: indicator_key(threat.public_id, each) for each in indicators}
    said = reports_of(threat.organisation_id, keys.values(), threat.public_id)
    choices = ListChoice.objects.filter(organisation_id=threat.organisation_id, about=threat.public_id)
    kept = {(each.kind, each.value): each for each in choices}
    given = threat.shared_at or threat.written_at
    trust = node_data().trust["kring"]
    found = []
    for each, key in keys.items():
        reports = [*said.get(key, ()), *said.get(threat.public_id, ())]
        sure = how_sure(each.kind, trust, given, reports, actor.now)
        found.append(Weighed(each, key, sure, _ours(actor, said.get(key, ())), kept.get((each.kind, each.value))))
    return found


def _ours(actor: Actor, reports: Iterable[Report]) -> str:
    mine = [(on, seen) for member, on, seen in reports if member == actor.organisation_id]
    return "" if not mine else Opinion.SEEN if max(mine)[1] else Opinion.FALSE


def word_months(circle_id: int, keys: Iterable[UUID]) -> Mapping[date, set[int]]:
    """Per month (its first day) the members that saw one of these indicators."""
    rows = IndicatorWord.objects.filter(organisation_id=circle_id, key__in=list(keys), opinion=Opinion.SEEN)
    found: dict[date, set[int]] = {}
    for on, member in rows.values_list("on", "member_id"):
        found.setdefault(on.replace(day=1), set()).add(member)
    return found


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


def month_bars(months: Mapping[date, set[int]], today: date) -> list[MonthBar]:
    """The last months up to today as bars, oldest first; empty when nothing was seen in them."""
    firsts = [today.replace(day=1)]
    while len(firsts) < MONTHS:
        firsts.insert(0, _before(firsts[0]))
    steps = [len(months.get(first, ())) for first in firsts]
    shown = [down(each) for each in steps]
    if not any(shown):
        return []
    top = max(3, *shown)
    return [
        MonthBar(first, stepped(count), 8 + place * GAP, TOP + TALL - high, high)
        for place, (first, count, bar) in enumerate(zip(firsts, steps, shown, strict=True))
        for high in [round(bar / top * TALL)]
    ]


def _before(first: date) -> date:
    return first.replace(year=first.year - 1, month=12) if first.month == 1 else first.replace(month=first.month - 1)
