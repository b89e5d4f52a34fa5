"""From matched events to alerts: one per asset and stretch of time, whatever number of rules and events it took.

Events are taken in the order of the file, never sorted by batch, so that the alerts do not depend on where one batch
ends and the next begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from brandwacht.engines.detection import Event, Match
from brandwacht.network import events as bus
from brandwacht.network.models import Node
from brandwacht.network.services.register import log_name
from brandwacht.soc.events import AlertOpened
from brandwacht.soc.models import Alert, AlertRule, AlertState, IngestFile, MatchedEvent, Severity
from brandwacht.soc.services.rules import LEVELS
from brandwacht.soc.wording import by_weight, title

REACH: Final = timedelta(hours=6)
"""An event joins an open alert of its asset when it lies no further than this before or after what the alert holds."""
MAX_TEXT: Final = 20_000
MAX_DEPTH: Final = 40
MAX_REASONS: Final = 20
ALERT_COLUMNS: Final = (
    "title",
    "severity",
    "waiting",
    "first_seen",
    "last_seen",
    "event_count",
    "rule_count",
    "attack",
)


@dataclass(frozen=True, slots=True)
class Found:
    """An event with its matches; ``time`` is the moment to file it under, in UTC."""

    event: Event
    time: datetime
    matches: Sequence[Match]


@dataclass(slots=True)
class _Draft:
    """An alert as this batch changes it. ``before`` is its severity when the batch began; -1 for a new alert."""

    alert: Alert
    before: int
    rules: dict[str, AlertRule] = field(default_factory=dict)
    events: list[Found] = field(default_factory=list)


def file_matches(
    ledger: IngestFile,
    found: Iterable[Found],
    assets: Mapping[str, Node],
    attack: Mapping[str, tuple[str, ...]],
    now: datetime,
) -> None:
    """File matched events under alerts, inside the caller's transaction. ``assets`` is by ``log_name``."""
    rows = list(found)
    if not rows:
        return
    drafts = _open_alerts({assets[_host(row.event)].pk for row in rows})
    for row in rows:
        asset = assets[_host(row.event)]
        mine = drafts.setdefault(asset.pk, [])
        draft = _nearest(mine, row.time)
        if draft is None:
            draft = _Draft(_new_alert(ledger, asset, row.time, now), -1)
            mine.append(draft)
        _join(draft, row)
    touched = [draft for mine in drafts.values() for draft in mine if draft.events]
    _write_alerts(touched, attack)
    MatchedEvent.objects.bulk_create(
        [_matched_event(ledger, draft.alert, row) for draft in touched for row in draft.events], batch_size=200
    )
    for draft in touched:
        if draft.before < Severity.MEDIUM <= draft.alert.severity:
            bus.publish(_opened(draft.alert, now))


def _host(event: Event) -> str:
    return log_name(event.host)


def _open_alerts(asset_ids: set[int]) -> dict[int, list[_Draft]]:
    """The open alerts of these assets. The assets are locked, so that two runs never open the same alert twice."""
    list(Node.objects.select_for_update().filter(pk__in=asset_ids).order_by("pk").values_list("pk"))
    alerts = list(
        Alert.objects.select_for_update(of=("self",))
        .filter(asset_id__in=asset_ids, open=True)
        .select_related("asset")
        .order_by("first_seen", "pk")
    )
    drafts: dict[int, list[_Draft]] = {}
    for alert in alerts:
        drafts.setdefault(alert.asset_id, []).append(_Draft(alert, alert.severity))
    return drafts


def _nearest(drafts: Sequence[_Draft], time: datetime) -> _Draft | None:
    """The alert that ``time`` falls in, or the nearest one within reach; the earliest wins a tie."""

    def distance(draft: _Draft) -> timedelta:
        return max(draft.alert.first_seen - time, time - draft.alert.last_seen, timedelta(0))

    near = min(drafts, key=distance, default=None)
    return near if near is not None and distance(near) <= REACH else None


def _new_alert(ledger: IngestFile, asset: Node, time: datetime, now: datetime) -> Alert:
    return Alert(
        organisation_id=ledger.organisation_id,
        asset=asset,
        severity=Severity.INFORMATIONAL,
        first_seen=time,
        last_seen=time,
        received_at=ledger.started_at,
        opened_at=now,
    )


def _join(draft: _Draft, row: Found) -> None:
    alert = draft.alert
    alert.first_seen, alert.last_seen = min(alert.first_seen, row.time), max(alert.last_seen, row.time)
    alert.event_count += 1
    draft.events.append(row)


def _write_alerts(drafts: Sequence[_Draft], attack: Mapping[str, tuple[str, ...]]) -> None:
    """Count the rules of every alert, and write alerts and rules."""
    by_alert = {draft.alert.pk: draft for draft in drafts if draft.alert.pk is not None}
    for rule in AlertRule.objects.filter(alert_id__in=by_alert):
        by_alert[rule.alert_id].rules[rule.rule_id] = rule
    stored = {rule.pk for draft in drafts for rule in draft.rules.values()}
    counted = {id(rule): rule for draft in drafts for rule in _count_events(draft, attack)}
    for draft in drafts:
        _summarise(draft)
    Alert.objects.bulk_create([draft.alert for draft in drafts if draft.before < 0])
    for draft in drafts:
        # One statement per row: few alerts change in a batch, and a bulk update costs far more than that.
        if draft.before >= 0:
            draft.alert.save(update_fields=ALERT_COLUMNS)
        for rule in draft.rules.values():
            rule.alert = draft.alert
    AlertRule.objects.bulk_create([rule for rule in counted.values() if rule.pk is None], batch_size=200)
    for rule in counted.values():
        if rule.pk in stored:
            rule.save(update_fields=["count", "first_seen", "last_seen"])


def _count_events(draft: _Draft, attack: Mapping[str, tuple[str, ...]]) -> Iterator[AlertRule]:
    """Count the matches of this batch; yields the rules that were counted, some of them more than once."""
    for row in draft.events:
        for match in row.matches:
            yield _count(draft, match, row.time, attack)


def _count(draft: _Draft, match: Match, time: datetime, attack: Mapping[str, tuple[str, ...]]) -> AlertRule:
    rule = draft.rules.get(match.rule_id)
    if rule is None:
        rule = draft.rules[match.rule_id] = AlertRule(
            organisation_id=draft.alert.organisation_id,
            rule_id=match.rule_id,
            title=match.title[:255],
            level=LEVELS.get(match.level, Severity.MEDIUM),
            attack=list(attack.get(match.rule_id, ())),
            first_seen=time,
            last_seen=time,
        )
    rule.count += 1
    rule.first_seen, rule.last_seen = min(rule.first_seen, time), max(rule.last_seen, time)
    return rule


def _summarise(draft: _Draft) -> None:
    alert, rules = draft.alert, list(draft.rules.values())
    alert.severity = max(rule.level for rule in rules)
    alert.rule_count = len(rules)
    alert.attack = by_weight(number for rule in rules for number in rule.attack)
    alert.title = title(rules, alert.asset.name)
    if alert.state == AlertState.ACKNOWLEDGED and alert.severity > draft.before:
        alert.waiting = True  # it became worse than what the analyst confirmed


def _matched_event(ledger: IngestFile, alert: Alert, row: Found) -> MatchedEvent:
    event_id = row.event.event_id
    return MatchedEvent(
        organisation_id=ledger.organisation_id,
        alert=alert,
        file=ledger,
        number=row.event.number,
        time=row.time,
        channel=str(storable(row.event.channel))[:120],
        event_id=event_id if event_id is not None and 0 <= event_id < 2**31 else None,
        matches=[
            {
                "rule_id": match.rule_id,
                "title": match.title,
                "level": match.level,
                "matched": storable(match.matched),
                "because": [str(storable(reason)) for reason in match.because[:MAX_REASONS]],
            }
            for match in row.matches
        ],
        raw=storable(row.event.raw),
    )


def storable(value: Any, depth: int = 0) -> Any:
    """The value as both databases can keep it as JSON: no NUL, no endless text, no endless nesting."""
    if isinstance(value, str):
        text = value.replace("\x00", "\u2400")
        return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}… ({len(text)} tekens, hier ingekort)"
    if depth >= MAX_DEPTH and isinstance(value, (dict, list)):
        return "… (te diep genest, hier ingekort)"
    if isinstance(value, dict):
        return {storable(str(key)): storable(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [storable(inner, depth + 1) for inner in value]
    return value


def _opened(alert: Alert, now: datetime) -> AlertOpened:
    return AlertOpened(
        owner_id=alert.organisation_id,
        alert=alert.public_id,
        asset=alert.asset.public_id,
        severity=alert.severity,
        title=alert.title,
        at=now,
    )
