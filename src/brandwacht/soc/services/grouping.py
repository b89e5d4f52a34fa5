"""From matched events to alerts: one per asset and stretch of time, whatever number of rules and events it took.

Events are taken in the order of the file, never sorted by batch, so that the alerts do not depend on where one batch
ends and the next begins. Events without a host are grouped by user, else by address. What exceptions cover is counted
with them; what came before through another source is not counted again; of a flood only the first and last events are
kept whole. Alerts that share a user or address are tied into a story.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F

from brandwacht.engines.detection import Event, Match
from brandwacht.network import events as bus
from brandwacht.network.actor import system_actor
from brandwacht.network.models import Node
from brandwacht.network.services.register import log_name
from brandwacht.riskmap.queries import exposed_by_node
from brandwacht.soc.entities import entities_of, limits, main_entity
from brandwacht.soc.events import AlertOpened
from brandwacht.soc.models import Alert, AlertRule, AlertState, IngestFile, MatchedEvent, Severity
from brandwacht.soc.services import severity, stories
from brandwacht.soc.services.counting import Tallies
from brandwacht.soc.services.exceptions import sift
from brandwacht.soc.services.feed import note_hits
from brandwacht.soc.services.kept_events import Found, heaviest, keep, trim, without_doubles
from brandwacht.soc.services.rule_rows import LEVELS
from brandwacht.soc.services.severity import Criticality, criticality
from brandwacht.soc.services.stories import REACH
from brandwacht.soc.services.watchlists import ListMatch
from brandwacht.soc.wording import by_weight, title

__all__ = ["Found", "file_matches"]

ALERT_COLUMNS = (
    "title",
    "severity",
    "severity_sum",
    "waiting",
    "first_seen",
    "last_seen",
    "event_count",
    "rule_count",
    "attack",
    "doubles",
)
Group = tuple[int, str, str]
"""What events are grouped by: the asset, and without a host the kind and value of an entity."""


@dataclass(slots=True)
class _Draft:
    """An alert as this batch changes it. ``before`` is its severity when the batch began; -1 for a new alert.

    ``counted`` is how often each rule had matched when the batch began, ``new_rules`` those it had not. ``indicator``
    is the confidence of the surest hit of a list in this batch.
    """

    alert: Alert
    before: int
    rules: dict[str, AlertRule] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    new_rules: bool = False
    indicator: int = 0
    events: list[tuple[Found, str]] = field(default_factory=list)
    seen: stories.Seen = field(default_factory=dict)


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
    owner_id = ledger.organisation_id
    stories.hold(owner_id)

    def asset_of(event: Event) -> Node:
        return assets[log_name(event.host)]

    tallies = Tallies(attack)
    fresh, again, within = without_doubles(owner_id, sift(owner_id, rows, asset_of, tallies, now), asset_of)
    for pk, number in again.items():
        Alert.objects.filter(pk=pk).update(doubles=F("doubles") + number)
    touched = _drafts(ledger, fresh, asset_of, now)
    _load_rules(touched)
    for draft in touched:
        _count_events(draft, attack, tallies)
    _summarise(touched, ledger, now)
    _write_alerts(touched, within)
    written = [row for draft in touched for row in keep(ledger, draft.alert, draft.events, draft.counted)]
    MatchedEvent.objects.bulk_create(written, batch_size=200)
    trim(written)
    stories.link(owner_id, stories.write_entities(owner_id, [(draft.alert, draft.seen) for draft in touched]))
    for story_id in sorted({draft.alert.story_id for draft in touched if draft.alert.story_id is not None}):
        stories.refresh(story_id)
    tallies.write(owner_id, now)
    note_hits(owner_id, ((draft.alert, _fed(draft)) for draft in touched), now)
    for draft in touched:
        if draft.before < Severity.MEDIUM <= draft.alert.severity:
            bus.publish(_opened(draft.alert, now))


def _fed(draft: _Draft) -> list[ListMatch]:
    """The hits of this batch on what a circle feeds."""
    return [
        match for row, _name in draft.events for match in row.matches if isinstance(match, ListMatch) and match.keys
    ]


def _group(event: Event, asset: Node) -> Group:
    if log_name(event.host):
        return (asset.pk, "", "")
    entity = main_entity(event)
    return (asset.pk, entity.kind, entity.value) if entity else (asset.pk, "", "")


def _drafts(
    ledger: IngestFile, rows: Sequence[tuple[Found, str]], asset_of: Callable[[Event], Node], now: datetime
) -> list[_Draft]:
    """The alerts that these events fall in, with their events."""
    placed = [(row, name, asset_of(row.event)) for row, name in rows]
    groups = [_group(row.event, asset) for row, _name, asset in placed]
    drafts = _open_alerts(groups, [row.time for row, _name in rows])
    for (row, name, asset), group in zip(placed, groups, strict=True):
        mine = drafts.setdefault(group, [])
        draft = _nearest(mine, row.time)
        if draft is None:
            draft = _Draft(_new_alert(ledger, asset, group, row.time, now), -1)
            mine.append(draft)
        _join(draft, row, name)
    return [draft for mine in drafts.values() for draft in mine if draft.events]


def _open_alerts(groups: Sequence[Group], times: Sequence[datetime]) -> dict[Group, list[_Draft]]:
    """The open alerts of these groups that are near enough. The owner is held: no alert is opened twice."""
    drafts: dict[Group, list[_Draft]] = {}
    if not groups:
        return drafts
    alerts = (
        Alert.objects.select_for_update(of=("self",))
        .filter(
            asset_id__in={asset for asset, _kind, _value in groups},
            entity_value__in={value for _asset, _kind, value in groups},
            open=True,
            last_seen__gte=min(times) - REACH,
            first_seen__lte=max(times) + REACH,
        )
        .select_related("asset")
        .order_by("first_seen", "pk")
    )
    for alert in alerts:
        group = (alert.asset_id, alert.entity_kind, alert.entity_value)
        drafts.setdefault(group, []).append(_Draft(alert, alert.severity))
    return drafts


def _nearest(drafts: Sequence[_Draft], time: datetime) -> _Draft | None:
    """The alert that ``time`` falls in, or the nearest one within reach; the earliest wins a tie.

    An alert does not stretch beyond the limit: a machine that never falls silent gets a new one each day.
    """
    if len(drafts) == 1 and drafts[0].alert.first_seen <= time <= drafts[0].alert.last_seen:
        return drafts[0]

    def distance(draft: _Draft) -> timedelta:
        return max(draft.alert.first_seen - time, time - draft.alert.last_seen, timedelta(0))

    def stretch(draft: _Draft) -> timedelta:
        return max(draft.alert.last_seen, time) - min(draft.alert.first_seen, time)

    open_to = [draft for draft in drafts if not distance(draft) or stretch(draft) <= limits().stretch]
    near = min(open_to, key=distance, default=None)
    return near if near is not None and distance(near) <= REACH else None


def _new_alert(ledger: IngestFile, asset: Node, group: Group, time: datetime, now: datetime) -> Alert:
    return Alert(
        organisation_id=ledger.organisation_id,
        asset=asset,
        entity_kind=group[1],
        entity_value=group[2],
        severity=Severity.INFORMATIONAL,
        first_seen=time,
        last_seen=time,
        received_at=ledger.started_at,
        opened_at=now,
    )


def _join(draft: _Draft, row: Found, name: str) -> None:
    alert = draft.alert
    alert.first_seen, alert.last_seen = min(alert.first_seen, row.time), max(alert.last_seen, row.time)
    alert.event_count += 1
    draft.events.append((row, name))
    hits = (match.confidence for match in row.matches if isinstance(match, ListMatch))
    draft.indicator = max(draft.indicator, max(hits, default=0))
    stories.note(draft.seen, entities_of(row.event), row.time, heaviest(row.matches).rule_id)


def _load_rules(drafts: Sequence[_Draft]) -> None:
    by_alert = {draft.alert.pk: draft for draft in drafts if draft.alert.pk is not None}
    for rule in AlertRule.objects.filter(alert_id__in=by_alert):
        draft = by_alert[rule.alert_id]
        draft.rules[rule.rule_id] = rule
        draft.counted[rule.rule_id] = rule.count


def _count_events(draft: _Draft, attack: Mapping[str, tuple[str, ...]], tallies: Tallies) -> None:
    """Count the matches of this batch by rule."""
    for row, _name in draft.events:
        for match in row.matches:
            rule = draft.rules.get(match.rule_id)
            if rule is None:
                rule = draft.rules[match.rule_id] = _new_rule(draft.alert, match, row.time, attack)
                draft.new_rules = True
                tallies.opened(match)
            rule.count += 1
            rule.first_seen, rule.last_seen = min(rule.first_seen, row.time), max(rule.last_seen, row.time)
            tallies.matched(match)


def _new_rule(alert: Alert, match: Match, time: datetime, attack: Mapping[str, tuple[str, ...]]) -> AlertRule:
    return AlertRule(
        organisation_id=alert.organisation_id,
        rule_id=match.rule_id,
        title=match.title[:255],
        level=LEVELS.get(match.level, Severity.MEDIUM),
        attack=list(attack.get(match.rule_id, ())),
        first_seen=time,
        last_seen=time,
    )


def _summarise(drafts: Sequence[_Draft], ledger: IngestFile, now: datetime) -> None:
    """Title, severity and techniques of the alerts that got a rule they had not, or a surer hit of a list."""
    changed = [draft for draft in drafts if draft.new_rules or draft.indicator > severity.surest_hit(draft.alert)]
    hangs = _criticality(changed, ledger, now)
    for draft in changed:
        alert, rules = draft.alert, list(draft.rules.values())
        alert.rule_count = len(rules)
        alert.attack = by_weight(number for rule in rules for number in rule.attack)
        alert.title = title(rules, alert.asset.name, alert.entity_kind, alert.entity_value)
        sure = max(draft.indicator, severity.surest_hit(alert))
        severity.apply(alert, rules, hangs.get(alert.asset_id, Criticality()), indicator=sure)
        if alert.state == AlertState.ACKNOWLEDGED and alert.severity > draft.before:
            alert.waiting = True  # it became worse than what the analyst confirmed


def _criticality(drafts: Sequence[_Draft], ledger: IngestFile, now: datetime) -> dict[int, Criticality]:
    """How much hangs on the assets that their owner recognised, by primary key; the risk map is read at most once."""
    nodes = {draft.alert.asset_id: draft.alert.asset for draft in drafts if draft.alert.asset.confirmed}
    if not nodes:
        return {}
    actor = system_actor(ledger.organisation, now, "werker")
    exposed = exposed_by_node(actor, ledger.organisation_id, list(nodes.values()))
    return {pk: criticality(each, known=True) for pk, each in exposed.items()}


def _write_alerts(drafts: Sequence[_Draft], within: Mapping[str, int]) -> None:
    """Write alerts and rules. ``within`` are events that stood in this batch more than once, by identity."""
    for draft in drafts:
        draft.alert.doubles += sum(within.get(name, 0) for _row, name in draft.events if name)
    Alert.objects.bulk_create([draft.alert for draft in drafts if draft.before < 0])
    for draft in drafts:
        # One statement per row: few alerts change in a batch, and a bulk update costs far more than that.
        if draft.before >= 0:
            draft.alert.save(update_fields=ALERT_COLUMNS)
        for rule in draft.rules.values():
            rule.alert = draft.alert
    rules = [(draft, rule) for draft in drafts for rule in draft.rules.values()]
    AlertRule.objects.bulk_create([rule for _draft, rule in rules if rule.pk is None], batch_size=200)
    for draft, rule in rules:
        if rule.rule_id in draft.counted and rule.count != draft.counted[rule.rule_id]:
            rule.save(update_fields=["count", "first_seen", "last_seen"])


def _opened(alert: Alert, now: datetime) -> AlertOpened:
    return AlertOpened(
        owner_id=alert.organisation_id,
        alert=alert.public_id,
        asset=alert.asset.public_id,
        severity=alert.severity,
        title=alert.title,
        at=now,
    )
