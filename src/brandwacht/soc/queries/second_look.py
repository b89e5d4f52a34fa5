"""The sample of closed alerts for a second look, and how often two people agree.

An alert is in the sample when its number lies under the share; the number follows from the day and the alert's random
id alone, so that everybody sees the same sample and nobody chooses it. Of every disposition of a day the lowest numbers
are in whatever the share. Only days that are over count: their sample no longer changes.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from brandwacht.network.actor import Actor
from brandwacht.network.policy import visible
from brandwacht.soc.models import Alert, SecondLook
from brandwacht.soc.terms import terms

SHOWN: Final = 10
"""Alerts on the page: a form takes room, and more than a handful nobody judges at a stretch."""
MOST: Final = 3_000
"""So many of the latest closed alerts are drawn from; with more, the oldest days are left out."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two people agreed, over so many second looks."""

    agreed: int
    total: int

    @property
    def percent(self) -> int | None:
        """Rounded down; ``None`` without any."""
        return 100 * self.agreed // self.total if self.total else None


@lru_cache(4 * MOST)
def draw(day: date, alert: UUID) -> float:
    """The number of an alert on the day that it was closed, from 0 up to 1: SHA-256 of both, as a fraction."""
    digest = hashlib.sha256(f"{day.isoformat()}:{alert}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def sampled(closed: Iterable[tuple[int, UUID, str, datetime]]) -> set[int]:
    """The primary keys in the sample, of (key, public id, disposition, closed at)."""
    rule, here = terms().sample, timezone.get_current_timezone()
    drawn: dict[tuple[date, str], list[tuple[float, int]]] = defaultdict(list)
    for pk, public_id, disposition, closed_at in closed:
        day = closed_at.astimezone(here).date()
        drawn[day, disposition].append((draw(day, public_id), pk))
    chosen: set[int] = set()
    for numbers in drawn.values():
        numbers.sort()
        chosen.update(pk for place, (number, pk) in enumerate(numbers) if number < rule.share or place < rule.least)
    return chosen


def _sample(actor: Actor) -> QuerySet[Alert]:
    """The alerts in the sample of the days that are over."""
    today = timezone.localtime(actor.now).replace(hour=0, minute=0, second=0, microsecond=0)
    since = today - timedelta(days=terms().sample.days)
    closed = Alert.objects.filter(
        visible(actor, "soc.alert.triage"), closed_at__gte=since, closed_at__lt=today, open=False
    ).exclude(disposition="")
    rows = closed.order_by("-closed_at", "-pk").values_list("pk", "public_id", "disposition", "closed_at")
    chosen = sampled(rows[:MOST])
    found: QuerySet[Alert] = Alert.objects.filter(visible(actor, "soc.alert.triage"), pk__in=chosen)
    return found


def waiting(actor: Actor) -> QuerySet[Alert]:
    """What asks for a second look of this actor: in the sample, closed by somebody else, and not looked at yet."""
    looked = SecondLook.objects.filter(
        visible(actor, "soc.alert.see"), alert=OuterRef("pk"), closed_at=OuterRef("closed_at")
    )
    rows = _sample(actor).filter(~Exists(looked)).filter(~Q(closed_by_id=actor.user_id) | Q(closed_by__isnull=True))
    return rows


def offered(actor: Actor, most: int = SHOWN) -> tuple[list[Alert], int]:
    """The alerts that wait for a second look of this actor, the oldest first, at most so many; and how many wait."""
    keys = list(waiting(actor).order_by("closed_at", "pk").values_list("pk", flat=True))
    rows = Alert.objects.filter(visible(actor, "soc.alert.triage"), pk__in=keys[:most])
    return list(rows.select_related("asset", "organisation").order_by("closed_at", "pk")), len(keys)


def latest_looks(actor: Actor, limit: int = 20) -> list[SecondLook]:
    """The second looks that were given last."""
    rows = SecondLook.objects.filter(visible(actor, "soc.alert.see")).select_related("alert", "organisation")
    return list(rows.order_by("-at", "-pk")[:limit])


def agreement(actor: Actor, since: datetime, until: datetime, owner_id: int | None = None) -> Agreement:
    """How often the second look agreed with the first, from ``since`` up to ``until``."""
    rows = SecondLook.objects.filter(visible(actor, "soc.alert.see"), at__gte=since, at__lt=until)
    if owner_id is not None:
        rows = rows.filter(organisation_id=owner_id)
    counts = rows.aggregate(total=Count("pk"), agreed=Count("pk", filter=Q(agreed=True)))
    return Agreement(counts["agreed"], counts["total"])
