"""Reads of the sources: how each is doing, and when nobody watched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any, Final

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Sum

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Organisation
from brandwacht.network.policy import owners, visible
from brandwacht.soc.models import LogSource, SourceError, SourceHour, WatchGap

SEE: Final = "soc.sources.see"
ORDER: Final = ("-enabled", "-is_silent", "name", "id")
"""What needs action first: it works and is silent; what was ended comes last."""
GAP_ORDER: Final = ("-since", "-id")
ERRORS_SHOWN: Final = 25
HOURS_SHOWN: Final = 24


@dataclass(frozen=True, slots=True)
class Day:
    """The sums of the last 24 hours of a source."""

    events: int = 0
    bytes: int = 0
    doubles: int = 0
    errors: int = 0
    matched: int = 0


def log_sources(actor: Actor) -> QuerySet[LogSource]:
    """The sources that the actor may see, with whose they are; order them by ``ORDER``."""
    rows: QuerySet[LogSource] = LogSource.objects.filter(visible(actor, SEE))
    silent = ExpressionWrapper(Q(silent_since__isnull=False), output_field=BooleanField())
    shown: QuerySet[LogSource] = rows.annotate(is_silent=silent).select_related("organisation", "alert")
    return shown


def log_source(actor: Actor, public_id: Any) -> LogSource:
    """One source; raises ``NotFound``."""
    found = log_sources(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def last_day(actor: Actor, of: LogSource) -> Day:
    """What came from a source in the last 24 hours."""
    sums = last_hours(actor, of).aggregate(
        **{name: Sum(name, default=0) for name in ("events", "bytes", "doubles", "errors", "matched")}
    )
    return Day(**sums)


def last_hours(actor: Actor, of: LogSource) -> QuerySet[SourceHour]:
    """The hours of the last 24 in which something came, newest first."""
    since = actor.now.astimezone(UTC) - timedelta(hours=HOURS_SHOWN)
    return SourceHour.objects.filter(visible(actor, SEE), source=of, hour__gt=since).order_by("-hour")


def bad_lines(actor: Actor, of: LogSource, limit: int = ERRORS_SHOWN) -> list[SourceError]:
    """The latest lines that could not be read."""
    return list(SourceError.objects.filter(visible(actor, SEE), source=of).order_by("-day", "-id")[:limit])


def gaps(actor: Actor, of: LogSource | None = None) -> QuerySet[WatchGap]:
    """When nobody watched, of one source or of all; order them by ``GAP_ORDER``."""
    rows: QuerySet[WatchGap] = WatchGap.objects.filter(visible(actor, SEE))
    if of is not None:
        rows = rows.filter(source=of)
    return rows.select_related("source", "organisation")


def connectable(actor: Actor) -> list[Organisation]:
    """The organisations for which the actor may connect sources: the own one first."""
    reach = owners(actor, "soc.sources.manage")
    found = list(Organisation.objects.filter(pk__in=sorted(reach)).order_by("name"))
    return sorted(found, key=lambda organisation: organisation.pk != actor.organisation_id)
