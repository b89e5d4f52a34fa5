"""Reads of stories, of what an alert names, and of what is seen at several organisations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Contains

from brandwacht.network.actor import SEE, Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Grant, Organisation
from brandwacht.network.policy import visible
from brandwacht.network.queries import in_force
from brandwacht.soc.entities import Entity, is_public, untied
from brandwacht.soc.models import Alert, AlertEntity, AlertRule, AlertStory, EntityKind
from brandwacht.soc.queries.alerts import alerts

UNFOLDED: Final = 10
"""So many other alerts of a story are shown under its line in the queue."""
NAMED: Final = 5
"""So many users, addresses and so on of each kind are shown with an alert."""
PATTERN_DAYS: Final = timedelta(days=7)
PATTERNS: Final = 50
ACROSS: Final = (EntityKind.ADDRESS, EntityKind.HASH, EntityKind.DOMAIN)
"""What may be compared between organisations: never a user."""
TOLD_FROM: Final = 3
"""From so many other organisations on a member is told a number; below it only that it was seen."""


@dataclass(frozen=True, slots=True)
class Others:
    """The other alerts of a story, in the order of the queue, and how many are not shown."""

    story: AlertStory
    alerts: list[Alert]
    more: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """The same thing at several organisations that the actor watches, in the same days."""

    kind: str
    value: str
    organisations: list[Organisation]
    rules: list[str]
    alerts: list[Alert]
    first_seen: datetime
    last_seen: datetime


def others_of(actor: Actor, shown: Iterable[Alert]) -> dict[int, Others]:
    """For the alerts of a list that lead a story: the others of that story, by the key of the story. One query."""
    ids = {alert.story_id for alert in shown if alert.story_id is not None}
    if not ids:
        return {}
    rows = (
        alerts(actor)
        .prefetch_related(None)
        .select_related("asset", "holder", "story")
        .filter(story_id__in=ids, lead__in=[False])
    )
    rows = rows.order_by("-open", "-waiting", "-severity", "-last_seen", "-pk")[: 25 * len(ids)]
    found: dict[AlertStory, list[Alert]] = defaultdict(list)
    for row in rows:
        if row.story is not None:
            found[row.story].append(row)
    return {of.pk: Others(of, each[:UNFOLDED], max(0, len(each) - UNFOLDED)) for of, each in found.items()}


def story(actor: Actor, public_id: Any) -> AlertStory:
    """One story; raises ``NotFound``."""
    found: AlertStory | None = (
        AlertStory.objects.filter(visible(actor, "soc.alert.see"), public_id=public_id)
        .select_related("organisation")
        .first()
    )
    if found is None:
        raise NotFound
    return found


def story_alerts(actor: Actor, of: AlertStory) -> list[Alert]:
    """The alerts of a story in time order; their number is limited when they are tied."""
    return list(alerts(actor).filter(story=of).order_by("first_seen", "pk"))


def shared_by(actor: Actor, of: AlertStory) -> dict[int, list[AlertEntity]]:
    """By alert which of the users and addresses that tie the story it has."""
    through = [Entity(each["kind"], each["value"]) for each in of.through]
    rows = AlertEntity.objects.filter(visible(actor, "soc.alert.see"), alert__story=of)
    wanted = Q(pk__in=[])
    for entity in through:
        wanted |= Q(kind=entity.kind, value=entity.value)
    found: dict[int, list[AlertEntity]] = defaultdict(list)
    for row in rows.filter(wanted).order_by("kind", "value"):
        found[row.alert_id].append(row)
    return found


def named_in(actor: Actor, of: Alert, rules: Iterable[str]) -> list[AlertEntity]:
    """What an alert names, the most often first; their number is limited when they are written. One query.

    Each row has ``elsewhere``: at how many other organisations the same was seen in these days with one of ``rules``;
    ``None`` when at none. It is looked up on behalf of the SOC that the owner gave a mandate, among those who gave that
    SOC one too: they agreed to comparing. Nothing but the number comes out, and ``seen_elsewhere`` says what of it may
    be told.
    """
    there = AlertEntity._base_manager.filter(
        kind=OuterRef("kind"),
        value=OuterRef("value"),
        kind__in=ACROSS,
        rule_id__in=list(rules),
        last_seen__gte=of.first_seen - PATTERN_DAYS,
        first_seen__lte=of.last_seen + PATTERN_DAYS,
        organisation_id__in=_watched_together(of.organisation_id, actor),
    )
    number = there.order_by().values("kind").annotate(n=Count("organisation", distinct=True)).values("n")
    rows = AlertEntity.objects.filter(visible(actor, "soc.alert.see"), alert=of).annotate(elsewhere=Subquery(number))
    return list(rows.order_by("-count", "kind", "value"))


def most_named(rows: Iterable[AlertEntity]) -> list[tuple[str, list[tuple[AlertEntity, str]], int]]:
    """By kind what is named most, each with why it ties no alerts together (Dutch, mostly empty), and how many more."""
    found: dict[str, list[AlertEntity]] = defaultdict(list)
    for row in rows:
        found[row.kind].append(row)
    return [
        (
            str(kind.label),
            [(row, untied(Entity(row.kind, row.value)) or "") for row in found[kind][:NAMED]],
            max(0, len(found[kind]) - NAMED),
        )
        for kind in EntityKind
        if found[kind]
    ]


def seen_elsewhere(rows: Iterable[AlertEntity]) -> int | None:
    """What may be told of the rows of ``named_in``: the number of other organisations from ``TOLD_FROM`` on, else 0.

    ``None`` when nothing was seen elsewhere. Addresses of somebody's own network are not compared.
    """
    compared = (row for row in rows if row.kind != EntityKind.ADDRESS or is_public(row.value))
    numbers = [number for row in compared if (number := getattr(row, "elsewhere", None))]
    if not numbers:
        return None
    return max(numbers) if max(numbers) >= TOLD_FROM else 0


def _watched_together(owner_id: int, actor: Actor) -> QuerySet[Any]:
    """The other organisations that gave a mandate to a SOC that this owner gave one too.

    The grants that a SOC holds are rows of those who gave them: read as ``network.actor`` reads them.
    """
    text = Cast("may", TextField())
    mandates = in_force(Grant._base_manager.filter(kind=GrantKind.SOC_MANDATE, thing__isnull=True), actor.now)
    seeing = mandates.filter(Contains(text, Value(f'"{SEE}"')))
    holders = seeing.filter(organisation_id=owner_id).values("grantee_id")
    return seeing.filter(grantee_id__in=holders).exclude(organisation_id=owner_id).values("organisation_id")


def patterns(actor: Actor) -> list[Pattern]:
    """What was seen with the same rule at two or more organisations that the actor watches, in the last seven days.

    Named, since the actor may see each of these alerts through a mandate. Four queries.
    """
    since = actor.now - PATTERN_DAYS
    rows = AlertEntity.objects.filter(visible(actor, "soc.pattern.see"), kind__in=ACROSS, last_seen__gte=since)
    groups = list(
        rows.values("kind", "value", "rule_id")
        .annotate(places=Count("organisation", distinct=True), first=Min("first_seen"), last=Max("last_seen"))
        .filter(places__gte=2)
        .order_by("-places", "-last", "kind", "value", "rule_id")[: 4 * PATTERNS]
    )
    groups = [g for g in groups if g["kind"] != EntityKind.ADDRESS or is_public(g["value"])]
    merged: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for group in groups:
        merged[group["kind"], group["value"]].append(group)
    chosen = dict(list(merged.items())[:PATTERNS])
    found = rows.filter(value__in={value for _kind, value in chosen}).select_related("alert", "alert__asset")
    by_value: dict[tuple[str, str], list[AlertEntity]] = defaultdict(list)
    for row in found.order_by("-last_seen", "pk")[: 20 * PATTERNS]:
        by_value[row.kind, row.value].append(row)
    titles = dict(
        AlertRule.objects.filter(
            visible(actor, "soc.pattern.see"), alert_id__in={row.alert_id for each in by_value.values() for row in each}
        ).values_list("rule_id", "title")
    )
    names = Organisation.objects.in_bulk({row.organisation_id for each in by_value.values() for row in each})
    return [_pattern(key, chosen[key], by_value[key], titles, names) for key in chosen]


def _pattern(
    key: tuple[str, str],
    groups: Sequence[dict[str, Any]],
    rows: Sequence[AlertEntity],
    titles: dict[str, str],
    names: dict[int, Organisation],
) -> Pattern:
    rules = [group["rule_id"] for group in groups]
    fitting = [row for row in rows if row.rule_id in rules]
    where = {row.organisation_id for row in fitting}
    return Pattern(
        kind=key[0],
        value=key[1],
        organisations=sorted((names[pk] for pk in where), key=lambda o: o.name),
        rules=list(dict.fromkeys(titles.get(rule, rule) for rule in rules)),
        alerts=list({row.alert_id: row.alert for row in fitting}.values())[:10],
        first_seen=min(group["first"] for group in groups),
        last_seen=max(group["last"] for group in groups),
    )
