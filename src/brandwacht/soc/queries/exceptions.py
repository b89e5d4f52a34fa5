"""Reads of exceptions, and what one would have covered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from brandwacht.engines.detection import Event, Match, stored_event
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Node
from brandwacht.network.policy import visible
from brandwacht.soc.models import (
    Alert,
    AlertException,
    AlertRule,
    CoveredMatch,
    ExceptionState,
    MatchedEvent,
    RuleDay,
)
from brandwacht.soc.services.exceptions import Exceptions
from brandwacht.soc.tuning import Seen, seen_in

BACK: Final = timedelta(days=30)
"""So far back a preview looks."""
ALERTS_READ: Final = 300
EVENTS_READ: Final = 2000
HOSTS_SHOWN: Final = 10
WORKING, WAITING, PAST = "werkt", "voorgesteld", "voorbij"


@dataclass(frozen=True, slots=True)
class Preview:
    """What an exception would have covered: of the ``read`` kept matches ``covered``, by asset; of ``counted`` in all.

    ``alerts_gone`` of the ``alerts`` that were looked at would not have been there.
    """

    read: int
    covered: int
    counted: int
    alerts: int
    alerts_gone: int
    hosts: tuple[tuple[str, int], ...]
    hosts_more: int

    @property
    def left(self) -> int:
        """Kept matches that would still give an alert."""
        return self.read - self.covered

    @property
    def estimate(self) -> int:
        """How many of all counted matches it would have covered, by the share among those that are kept."""
        return round(self.counted * self.covered / self.read) if self.read else 0


@dataclass(frozen=True, slots=True)
class KeptMatch:
    """A kept match, as the engine gave it: with its event and the alert that has it."""

    match: Match
    event: Event
    alert_id: int
    asset_id: int
    asset_name: str


def exceptions(actor: Actor, standing: str = "", text: str = "") -> QuerySet[AlertException]:
    """The exceptions that the actor may see; ``standing`` is one of the words above, or everything."""
    rows: QuerySet[AlertException] = AlertException.objects.filter(visible(actor, "soc.exception.see"))
    if standing == WORKING:
        rows = rows.filter(state=ExceptionState.APPROVED, expires_at__gt=actor.now)
    elif standing == WAITING:
        rows = rows.filter(state=ExceptionState.PROPOSED)
    elif standing == PAST:
        rows = rows.exclude(state=ExceptionState.PROPOSED).exclude(
            state=ExceptionState.APPROVED, expires_at__gt=actor.now
        )
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(value__icontains=text) | Q(asset__name__icontains=text))
    return rows.select_related("asset", "organisation")


def exception(actor: Actor, public_id: Any) -> AlertException:
    """One exception; raises ``NotFound``."""
    found = exceptions(actor).filter(public_id=public_id).select_related("asset", "organisation", "renews").first()
    if found is None:
        raise NotFound
    return found


def covered(actor: Actor, of: AlertException, text: str = "") -> QuerySet[CoveredMatch]:
    """What an exception covered, by day, asset and rule; order it by ``("-last_seen", "-id")``."""
    rows: QuerySet[CoveredMatch] = CoveredMatch.objects.filter(visible(actor, "soc.exception.see"), exception=of)
    if text:
        rows = rows.filter(asset__name__icontains=text)
    return rows.select_related("asset")


def proposed_for(actor: Actor, owner_id: int, rule_id: str) -> list[AlertException]:
    """The exceptions of this rule that work or wait for approval."""
    rows = exceptions(actor).filter(organisation_id=owner_id, rule_id=rule_id, expires_at__gt=actor.now)
    return list(rows.filter(state__in=[ExceptionState.PROPOSED, ExceptionState.APPROVED]).order_by("-pk")[:5])


def rule_ids(actor: Actor, owner_id: int, technique: str, since: datetime) -> list[str]:
    """The rules with a technique (or a part of it) that did something at this owner since then."""
    rows = RuleDay.objects.filter(
        visible(actor, "soc.alert.see"), organisation_id=owner_id, day__gte=timezone.localdate(since)
    )
    return sorted(
        {
            rule_id
            for rule_id, attack in rows.values_list("rule_id", "attack").distinct()
            if any(number == technique or number.startswith(f"{technique}.") for number in attack)
        }
    )


def kept_matches(
    actor: Actor, owner_id: int, rules: Sequence[str], *, alert: Alert | None = None
) -> tuple[list[KeptMatch], list[AlertRule]]:
    """The latest kept matches of these rules, of one alert or of the last 30 days; and the rows that count them."""
    since = actor.now - BACK
    counted = AlertRule.objects.filter(
        visible(actor, "soc.alert.see"), organisation_id=owner_id, rule_id__in=list(rules)
    )
    counted = counted.filter(last_seen__gte=since) if alert is None else counted.filter(alert=alert)
    rows = list(counted.select_related("alert", "alert__asset").order_by("-last_seen", "-pk")[:ALERTS_READ])
    by_alert = {row.alert_id: row.alert for row in rows}
    attack = {row.rule_id: row.attack for row in rows}
    events = MatchedEvent.objects.filter(visible(actor, "soc.alert.see"), alert_id__in=list(by_alert))
    found = []
    for stored in events.order_by("-pk")[:EVENTS_READ].only(
        "alert_id", "number", "matches", "raw", "kind", "organisation"
    ):
        event = stored_event(stored.number, stored.raw, stored.kind)
        asset = by_alert[stored.alert_id].asset
        for each in stored.matches:
            if each["rule_id"] in attack:
                tags = tuple(f"attack.{number.lower()}" for number in attack[each["rule_id"]])
                match = Match(each["rule_id"], each["title"], each["level"], tags, each["matched"], ())
                found.append(KeptMatch(match, event, stored.alert_id, asset.pk, asset.name))
    return found, rows


def preview(actor: Actor, row: AlertException, basis: tuple[list[KeptMatch], list[AlertRule]] | None = None) -> Preview:
    """What an exception, saved or not, would have covered in the last 30 days.

    ``basis`` is what ``kept_matches`` gave for its rule, where that was read already.
    """
    owner_id = row.organisation_id
    if basis is None:
        rules = [row.rule_id] if row.rule_id else rule_ids(actor, owner_id, row.technique, actor.now - BACK)
        basis = kept_matches(actor, owner_id, rules)
    kept, counted = basis
    deciding = Exceptions.of(owner_id, [row])
    hosts: Counter[str] = Counter()
    left: Counter[int] = Counter()
    for each in kept:
        if deciding.covers(each.match, each.event, each.event.host, each.asset_id):
            hosts[each.asset_name] += 1
        else:
            left[each.alert_id] += 1
    read_of = {each.alert_id for each in kept}
    rules_of = Counter(each.alert_id for each in counted)
    gone = [
        each.alert_id
        for each in counted
        if each.alert_id in read_of and not left[each.alert_id] and each.alert.rule_count == rules_of[each.alert_id]
    ]
    return Preview(
        read=len(kept),
        covered=sum(hosts.values()),
        counted=sum(each.count for each in counted),
        alerts=len(rules_of),
        alerts_gone=len(set(gone)),
        hosts=tuple(hosts.most_common(HOSTS_SHOWN)),
        hosts_more=max(0, len(hosts) - HOSTS_SHOWN),
    )


def seen(kept: Sequence[KeptMatch]) -> list[Seen]:
    """What the kept matches show, for ``soc.tuning``."""
    return [seen_in(each.event, each.asset_id, each.match.matched) for each in kept]


def asset_of(actor: Actor, owner_id: int, public_id: Any = None, pk: int | None = None) -> Node | None:
    """An asset of the owner's register that the actor may see, by public id or primary key."""
    rows = Node.objects.filter(visible(actor, "register.see"), organisation_id=owner_id)
    found: Node | None = rows.filter(pk=pk).first() if pk is not None else rows.filter(public_id=public_id).first()
    return found
