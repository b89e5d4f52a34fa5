"""When nobody watched, added up: over a month for the figures, and within a shift."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from brandwacht.network.actor import Actor
from brandwacht.network.policy import visible
from brandwacht.soc.models import GapReason, WatchGap

SEE: Final = "soc.sources.see"
MOST: Final = 2000
"""So many gaps of one stretch of time are added up, the latest; the page says so where there were more."""
LONGEST: Final = 5
SILENT_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class GapSum:
    """Gaps of one reason: how many, minutes over all sources together, how many were filled, what was lost."""

    reason: GapReason
    times: int
    minutes: float
    filled: int
    lost: int


@dataclass(frozen=True, slots=True)
class GapSums:
    """The gaps of a stretch of time by reason, most minutes first; ``sources`` had any, ``longest`` are named."""

    rows: Sequence[GapSum]
    sources: int
    longest: Sequence[WatchGap]
    cut: bool

    @property
    def minutes(self) -> float:
        """Minutes over all sources together."""
        return sum(row.minutes for row in self.rows)


def gap_sums(actor: Actor, since: datetime, until: datetime, owner_id: int | None = None) -> GapSums:
    """The gaps between two moments, as far as they lie between them. One query.

    Of one source and reason, time counts once, however many gaps it is in.
    """
    end = min(until, actor.now)
    rows = _within(actor, since, end)
    if owner_id is not None:
        rows = rows.filter(organisation_id=owner_id)
    found = list(rows.select_related("source", "organisation").order_by("-since", "-pk")[: MOST + 1])
    gaps = found[:MOST]
    by_reason: dict[str, list[WatchGap]] = defaultdict(list)
    for gap in gaps:
        by_reason[gap.reason].append(gap)
    sums = [_sum(GapReason(reason), of_reason, since, end) for reason, of_reason in by_reason.items()]
    longest = sorted(gaps, key=lambda gap: min(gap.until or end, end) - max(gap.since, since), reverse=True)
    return GapSums(
        rows=sorted(sums, key=lambda row: (-row.minutes, -row.times, row.reason)),
        sources=len({gap.source_id for gap in gaps}),
        longest=longest[:LONGEST],
        cut=len(found) > MOST,
    )


def silent_within(actor: Actor, since: datetime, until: datetime) -> list[WatchGap]:
    """The sources that were silent between two moments, those that still are first; at most ``SILENT_SHOWN`` + 1."""
    rows = _within(actor, since, until).filter(reason=GapReason.SILENT).select_related("source", "organisation")
    lasting = list(rows.filter(until__isnull=True).order_by("since", "pk")[: SILENT_SHOWN + 1])
    over = rows.filter(until__isnull=False).order_by("-until", "-pk")
    return [*lasting, *over[: SILENT_SHOWN + 1 - len(lasting)]]


def _within(actor: Actor, since: datetime, until: datetime) -> QuerySet[WatchGap]:
    lasts = Q(until__isnull=True) | Q(until__gte=since)
    rows: QuerySet[WatchGap] = WatchGap.objects.filter(visible(actor, SEE), lasts, since__lt=until)
    return rows


def _sum(reason: GapReason, gaps: Sequence[WatchGap], since: datetime, until: datetime) -> GapSum:
    by_source: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for gap in gaps:
        by_source[gap.source_id].append((max(gap.since, since), min(gap.until or until, until)))
    time = sum((together(spans) for spans in by_source.values()), timedelta())
    return GapSum(
        reason=reason,
        times=len(gaps),
        minutes=time.total_seconds() / 60,
        filled=sum(gap.filled_at is not None for gap in gaps),
        lost=sum(gap.lost_events for gap in gaps),
    )


def together(spans: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """How long these stretches of time are together; what lies in more of them counts once."""
    total, reached = timedelta(), None
    for begin, end in sorted(spans):
        start = begin if reached is None else max(begin, reached)
        if end > start:
            total += end - start
        reached = end if reached is None else max(reached, end)
    return total
