"""Reads of stories, of what an alert names, and of what is seen at several organisations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Max, Min, Q

from brandwacht.network.actor import SEE, Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Grant, Organisation
from brandwacht.network.policy import visible
from brandwacht.network.queries import in_force
from brandwacht.network.tenancy import owner_scope
from brandwacht.soc.entities import Entity, is_public, untied
from brandwacht.soc.models import Alert, AlertEntity, AlertRule, AlertStory, EntityKind, MatchedEvent
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
    """For the alerts of a list that lead a story: the others of that story, by the key of the story. Two queries."""
    ids = {alert.story_id for alert in shown if alert.story_id is not None}
    if not ids:
        return {}
    stories = AlertStory.objects.filter(visible(actor, "soc.alert.see")).in_bulk(ids)
    rows = alerts(actor).prefetch_related(None).filter(story_id__in=ids, lead__in=[False])
    rows = rows.order_by("-open", "-waiting", "-severity", "-last_seen", "-pk")[: 25 * len(ids)]
    found: dict[int, list[Alert]] = defaultdict(list)
    for row in rows:
        if row.story_id is not None:
            found[row.story_id].append(row)
    return {pk: Others(stories[pk], each[:UNFOLDED], max(0, len(each) - UNFOLDED)) for pk, each in found.items()}


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


def named_in(actor: Actor, of: Alert) -> list[AlertEntity]:
    """What an alert names, the most often first; their number is limited when they are written."""
    rows = AlertEntity.objects.filter(visible(actor, "soc.alert.see"), alert=of)
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


@dataclass(frozen=True, slots=True)
class Kept:
    """How many events of an alert stand here, and whether one of them has no identity that its log gave it."""

    number: int
    nameless: bool


def kept_of(actor: Actor, of: Alert) -> Kept:
    """What is kept of an alert's events; one query."""
    rows = MatchedEvent.objects.filter(visible(actor, "soc.alert.see"), alert=of)
    counts = rows.aggregate(number=Count("pk"), nameless=Count("pk", filter=Q(identity="")))
    return Kept(counts["number"], counts["nameless"] > 0)


def _comparable(rows: Iterable[AlertEntity]) -> list[Entity]:
    """What may be compared between organisations: files, domain names and addresses of the internet."""
    found = (Entity(row.kind, row.value) for row in rows if row.kind in ACROSS)
    return [e for e in found if e.kind != EntityKind.ADDRESS or is_public(e.value)]


def seen_elsewhere(actor: Actor, of: Alert, rows: Iterable[AlertEntity], rules: Iterable[str]) -> int | None:
    """At how many other organisations the same file, domain name or address was seen with the same rule in these days.

    ``rows`` are what the alert names, ``rules`` the rules that matched in it. ``None`` when at none; 0 when at fewer
    than ``TOLD_FROM``, which is all that may be said then. It is looked up by Brandwacht itself, on behalf of the SOC
    that the owner gave a mandate, among those who gave that SOC one too: they agreed to comparing, and nothing but this
    number comes out.
    """
    named = _comparable(rows)
    members = _watched_together(of.organisation_id, actor) if named else []
    if not members:
        return None
    wanted = Q(pk__in=[])
    for kind in ACROSS:
        wanted |= Q(kind=kind, value__in=[e.value for e in named if e.kind == kind])
    near = Q(last_seen__gte=of.first_seen - PATTERN_DAYS, first_seen__lte=of.last_seen + PATTERN_DAYS)
    with owner_scope(*members):
        there = AlertEntity.objects.filter(wanted, near, organisation_id__in=members, rule_id__in=list(rules))
        number = there.values("organisation_id").distinct().count()
    if not number:
        return None
    return number if number >= TOLD_FROM else 0


def _watched_together(owner_id: int, actor: Actor) -> list[int]:
    """The other organisations that gave a mandate to a SOC that this owner gave one too."""
    with owner_scope(owner_id):
        mine = in_force(Grant.objects.filter(kind=GrantKind.SOC_MANDATE, thing__isnull=True), actor.now)
        holders = {grantee for grantee, may in mine.values_list("grantee_id", "may") if SEE in may}
    # The grants that a SOC holds are rows of those who gave them: read as ``network.actor`` reads them.
    given = in_force(
        Grant._base_manager.filter(kind=GrantKind.SOC_MANDATE, thing__isnull=True, grantee_id__in=holders), actor.now
    )
    return sorted({owner for owner, may in given.values_list("organisation_id", "may") if SEE in may} - {owner_id})


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
