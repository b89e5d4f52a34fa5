"""What the figures of the watch rest on: bounded reads, counts in the database.

SQLite has no percentiles, so median and 90th percentile are taken of values: those of at most ``TIMES_MOST`` alerts a
month, the latest ones; the page says so where there were more. Counts are of all alerts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Case, Count, F, Field, Func, Max, Q, QuerySet, Value, When
from django.utils import timezone

from brandwacht.network.actor import Actor
from brandwacht.network.policy import visible
from brandwacht.soc.figures import KINDS, Times, Verdicts
from brandwacht.soc.models import Alert, AlertRule, Severity
from brandwacht.soc.queries.alerts import YES_OPEN

SEE = "soc.alert.see"
TIMES_MOST: Final = 500
RULES_SHOWN: Final = 20
AGES: Final = (timedelta(hours=1), timedelta(hours=4), timedelta(days=1), timedelta(days=7))
"""The ages by which open alerts are counted; the last group is older than all of them."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month in local time: from ``since`` up to ``until``."""

    first: date
    since: datetime
    until: datetime

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that a day is in."""
        first = day.replace(day=1)
        after = (first + timedelta(days=32)).replace(day=1)
        return cls(first, _midnight(first), _midnight(after))

    def before(self, months: int = 1) -> Month:
        """The month so many months earlier."""
        found = self
        for _each in range(months):
            found = Month.of(found.first - timedelta(days=1))
        return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


@dataclass(frozen=True, slots=True)
class Sampled:
    """The times of the alerts that came in a month. ``cut``: there were more than were taken."""

    rows: Sequence[Times]
    cut: bool


def times(actor: Actor, months: Sequence[Month], owner_id: int | None = None) -> list[Sampled]:
    """The times of the alerts of severity "midden" or higher that were opened in each of these months, the latest ones.

    One query: each month's latest alerts are found along the index of their owner, whatever the other months hold.
    """
    wanted = Q(pk__in=[])
    for month in months:
        rows = _opened(actor, owner_id).filter(opened_at__gte=month.since, opened_at__lt=month.until)
        wanted |= Q(pk__in=rows.order_by("-opened_at").values("pk")[: TIMES_MOST + 1])
    fields = sorted({name for kind in KINDS for name in (kind.begin, kind.end)})
    place = {name: number for number, name in enumerate(fields)}
    spans = [(place[kind.begin], place[kind.end]) for kind in KINDS]
    found = Alert.objects.filter(wanted).order_by("-opened_at")
    taken: list[list[Times]] = [[] for _month in months]
    of_month = _month_of("opened_at", months)
    for number, owner, *at in found.values_list(of_month, "organisation_id", *(Clock(F(name)) for name in fields)):
        minutes = [None if (began := at[a]) is None or (ended := at[b]) is None else ended - began for a, b in spans]
        taken[number].append(Times(owner, minutes))
    return [Sampled(rows[:TIMES_MOST], len(rows) > TIMES_MOST) for rows in taken]


class Clock(Func):
    """A moment as minutes since some moment long ago, reckoned in the database: reading moments takes longer."""

    arity = 1
    output_field = Field()  # what comes is a number already; that of numbers looks at each
    template = "CAST(EXTRACT(EPOCH FROM %(expressions)s) / 60.0 AS double precision)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """SQLite counts in days from a far past: good to a tenth of a millisecond."""
        return self.as_sql(compiler, connection, template="JULIANDAY(%(expressions)s) * 1440.0", **context)


def opened(actor: Actor, months: Sequence[Month], owner_id: int | None = None) -> list[int]:
    """How many alerts were opened in each of these months. One query."""
    since, until = min(m.since for m in months), max(m.until for m in months)
    rows = _opened(actor, owner_id).filter(opened_at__gte=since, opened_at__lt=until)
    found = dict(rows.values_list(_month_of("opened_at", months)).annotate(n=Count("pk")))
    return [found.get(number, 0) for number, _month in enumerate(months)]


def verdicts(actor: Actor, months: Sequence[Month], owner_id: int | None = None) -> list[dict[int, Verdicts]]:
    """How the alerts closed in each of these months were judged, by organisation; incidents of that month included.

    One query.
    """
    since, until = min(m.since for m in months), max(m.until for m in months)
    rows = _opened(actor, owner_id).filter(triaged_at__gte=since, triaged_at__lt=until)
    counts: list[dict[int, dict[str, int]]] = [{} for _month in months]
    of_month = _month_of("triaged_at", months)
    for number, owner, disposition, n in rows.values_list(of_month, "organisation_id", "disposition").annotate(
        n=Count("pk")
    ):
        if number is not None:
            counts[number].setdefault(owner, {})[disposition] = n
    return [{owner: Verdicts.of(found) for owner, found in each.items()} for each in counts]


def _month_of(name: str, months: Sequence[Month]) -> Case:
    """The place among these months of the one that a moment is in."""
    return Case(
        *(
            When(**{f"{name}__gte": month.since, f"{name}__lt": month.until}, then=Value(number))
            for number, month in enumerate(months)
        )
    )


@dataclass(frozen=True, slots=True)
class RuleVerdicts:
    """How the alerts in which a rule matched were judged; an alert with three rules counts for each of them."""

    rule_id: str
    title: str
    verdicts: Verdicts


def rule_verdicts(actor: Actor, since: datetime, until: datetime, owner_id: int | None = None) -> list[RuleVerdicts]:
    """Per rule how its alerts were judged in a stretch of time, the most false alarms first."""
    judged = Alert.objects.filter(visible(actor, SEE), triaged_at__gte=since, triaged_at__lt=until)
    if owner_id is not None:
        judged = judged.filter(organisation_id=owner_id)
    keys = ("echt", "vals", "onschuldig", "onbeslist")
    counts = {key: Count("rules__pk", filter=Q(disposition=key)) for key in keys}
    # Counted from the alerts and by identifier alone, all of this stands in indexes; only what is shown is read.
    told = judged.order_by().values("rules__rule_id").annotate(**counts, latest=Max("rules__pk"))
    shown = list(told.filter(latest__isnull=False).order_by("-vals", "-onschuldig", "rules__rule_id")[:RULES_SHOWN])
    wanted = AlertRule.objects.filter(visible(actor, SEE), pk__in=[row["latest"] for row in shown])
    titles = dict(wanted.values_list("rule_id", "title"))
    return [
        RuleVerdicts(
            row["rules__rule_id"],
            titles.get(row["rules__rule_id"], row["rules__rule_id"]),
            Verdicts.of({key: row[key] for key in keys}),
        )
        for row in shown
    ]


def open_by_age(actor: Actor, owner_id: int | None = None) -> list[int]:
    """How many alerts are open, by age since they were opened: one count per step of ``AGES``, and the rest."""
    edges = [actor.now - age for age in AGES]
    steps = (When(opened_at__gt=edge, then=Value(number)) for number, edge in enumerate(edges))
    age = Case(*steps, default=Value(len(AGES)))
    rows = _opened(actor, owner_id).filter(**YES_OPEN).values_list(age).annotate(n=Count("pk"))
    found = dict(rows.order_by())
    return [found.get(number, 0) for number in range(len(AGES) + 1)]


def _opened(actor: Actor, owner_id: int | None) -> QuerySet[Alert]:
    rows: QuerySet[Alert] = Alert.objects.filter(visible(actor, SEE), severity__gte=Severity.MEDIUM)
    return rows if owner_id is None else rows.filter(organisation_id=owner_id)
