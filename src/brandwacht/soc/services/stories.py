"""Alerts of one attack on several assets: which users and addresses they share, and the story that ties them.

A story is one line in the queue. Nothing is merged: every alert keeps its asset, rules and events, and can be handled
by itself or taken out. What ties is decided in ``soc.entities``; a cap on number and time keeps one busy account from
swallowing a day.

Locks are taken in one order: the owner (``hold``), then alerts. Whoever changes an alert holds its owner first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count

from brandwacht.network.models import Organisation
from brandwacht.soc.entities import Entity, limits, ties
from brandwacht.soc.models import Alert, AlertEntity, AlertStory, EntityKind

REACH: Final = timedelta(hours=6)
"""What lies no further apart than this may belong together."""
CANDIDATES: Final = 500
THROUGH: Final = 10
"""So many shared users and addresses are kept with a story."""


@dataclass(slots=True)
class Sighting:
    """How often an entity was seen within an alert in this batch, from when to when, and by which rule first."""

    count: int
    first: datetime
    last: datetime
    rule_id: str


Seen = dict[Entity, Sighting]


def hold(owner_id: int) -> None:
    """Lock an owner for what follows in this transaction: of its alerts, only one transaction changes the ties."""
    list(Organisation.objects.select_for_update(no_key=True).filter(pk=owner_id).values_list("pk"))


def note(seen: Seen, entities: Iterable[Entity], moment: datetime, rule_id: str) -> None:
    """Count what one event names."""
    for entity in entities:
        sighting = seen.get(entity)
        if sighting is None:
            seen[entity] = Sighting(1, moment, moment, rule_id)
        else:
            sighting.count += 1
            sighting.first, sighting.last = min(sighting.first, moment), max(sighting.last, moment)


def write_entities(owner_id: int, seen: Sequence[tuple[Alert, Seen]]) -> list[AlertEntity]:
    """Write what the events of these alerts named, of each kind a limited number; returns the rows that are new."""
    stored: dict[tuple[int, str, str], AlertEntity] = {}
    number: dict[tuple[int, str], int] = defaultdict(int)
    for row in AlertEntity.objects.filter(alert_id__in=[alert.pk for alert, _seen in seen]):
        stored[row.alert_id, row.kind, row.value] = row
        number[row.alert_id, row.kind] += 1
    fresh: list[AlertEntity] = []
    for alert, entities in seen:
        for (kind, value), sighting in entities.items():
            row = stored.get((alert.pk, kind, value))
            if row is not None:
                row.count += sighting.count
                row.first_seen, row.last_seen = min(row.first_seen, sighting.first), max(row.last_seen, sighting.last)
                row.save(update_fields=["count", "first_seen", "last_seen"])
            elif number[alert.pk, kind] < limits().per_alert:
                number[alert.pk, kind] += 1
                fresh.append(
                    AlertEntity(
                        organisation_id=owner_id, alert=alert, kind=kind, value=value, rule_id=sighting.rule_id,
                        count=sighting.count, first_seen=sighting.first, last_seen=sighting.last,
                    )
                )  # fmt: skip
    AlertEntity.objects.bulk_create(fresh, batch_size=200)
    return fresh


def link(owner_id: int, fresh: Sequence[AlertEntity]) -> None:
    """Tie the alerts of these new rows to open alerts that name the same user or address within reach."""
    tying = [row for row in fresh if ties(Entity(row.kind, row.value)) and not row.alert.apart and row.alert.open]
    if not tying:
        return
    shared = _shared(owner_id, tying)
    tying = [row for row in tying if (row.kind, row.value) not in shared]
    rows = _candidates(owner_id, tying)
    known = {row.alert_id: row.alert for row in fresh}
    book = _Book(known, owner_id)
    for row in sorted(tying, key=lambda row: (row.first_seen, row.alert_id, row.kind, row.value)):
        for other in rows.get((row.kind, row.value), ()):
            if other.alert_id != row.alert_id and _near(row, other):
                alert = known.setdefault(other.alert_id, other.alert)
                book.tie(row.alert, alert, Entity(row.kind, row.value))
    book.write()


def _shared(owner_id: int, rows: Collection[AlertEntity]) -> set[tuple[str, str]]:
    """Those that were on many assets in the days before: a proxy, a scanner, the account of a job. A burst is not."""
    if not rows:
        return set()
    began = min(row.first_seen for row in rows) - REACH
    before = AlertEntity.objects.filter(
        organisation_id=owner_id,
        kind__in={row.kind for row in rows},
        value__in={row.value for row in rows},
        last_seen__gte=began - limits().shared_days,
        last_seen__lt=began,
    )
    many = before.values("kind", "value").annotate(n=Count("alert__asset", distinct=True))
    return set(many.filter(n__gte=limits().shared_assets).values_list("kind", "value"))


def _candidates(owner_id: int, rows: Collection[AlertEntity]) -> Mapping[tuple[str, str], list[AlertEntity]]:
    found: dict[tuple[str, str], list[AlertEntity]] = defaultdict(list)
    if rows:
        near = AlertEntity.objects.filter(
            organisation_id=owner_id,
            kind__in=[EntityKind.USER, EntityKind.ADDRESS],
            value__in={row.value for row in rows},
            last_seen__gte=min(row.first_seen for row in rows) - REACH,
            first_seen__lte=max(row.last_seen for row in rows) + REACH,
            alert__open=True,
            alert__apart=False,
        )
        for row in near.select_related("alert", "alert__story").order_by("-last_seen", "pk")[:CANDIDATES]:
            found[row.kind, row.value].append(row)
    return found


def _near(one: AlertEntity, other: AlertEntity) -> bool:
    return one.first_seen - REACH <= other.last_seen and other.first_seen - REACH <= one.last_seen


class _Book:
    """The stories as this batch changes them. Alerts are by primary key, so that each stands for itself once."""

    def __init__(self, alerts: dict[int, Alert], owner_id: int) -> None:
        self._alerts = alerts
        self._owner_id = owner_id
        self._members: dict[int, tuple[AlertStory, list[Alert]]] = {}
        self._touched: set[int] = set()

    def tie(self, one: Alert, other: Alert, entity: Entity) -> None:
        """Bring two alerts under one story, unless that would grow past the limits."""
        if one.story_id is not None and one.story_id == other.story_id:
            return
        mine, theirs = self._of(one), self._of(other)
        if not _fits([*mine[1], *theirs[1]]):
            return
        story, old = sorted((mine[0], theirs[0]), key=lambda s: (s is None, s.pk if s is not None else 0))
        if story is None:
            story = AlertStory(
                organisation_id=self._owner_id, first_seen=one.first_seen, last_seen=one.last_seen
            )  # the rest follows in ``refresh``
            story.save()
        together = [*mine[1], *theirs[1]]
        if old is not None:
            self._members.pop(old.pk, None)
            self._touched.discard(old.pk)
            story.through = [*story.through, *old.through]
        what = {"kind": str(entity.kind), "value": entity.value}
        if what not in story.through:
            story.through = [*story.through, what][:THROUGH]
        for alert in together:
            if alert.story_id != story.pk:
                alert.story = story
                alert.save(update_fields=["story"])
        if old is not None:
            old.delete()
        self._members[story.pk] = (story, together)
        self._touched.add(story.pk)

    def _of(self, alert: Alert) -> tuple[AlertStory | None, list[Alert]]:
        if alert.story_id is None:
            return None, [alert]
        if alert.story_id not in self._members:
            story = AlertStory.objects.get(pk=alert.story_id)
            rows = Alert.objects.select_for_update(of=("self",)).filter(story=story).order_by("pk")
            self._members[alert.story_id] = (story, [self._alerts.setdefault(row.pk, row) for row in rows])
        return self._members[alert.story_id]

    def write(self) -> None:
        """Write the stories that changed."""
        for pk in sorted(self._touched):
            story, _alerts = self._members[pk]
            story.save(update_fields=["through"])
            refresh(pk)


def _fits(alerts: Sequence[Alert]) -> bool:
    stretch = max(alert.last_seen for alert in alerts) - min(alert.first_seen for alert in alerts)
    return len(alerts) <= limits().alerts and stretch <= limits().stretch


def rank(alert: Alert) -> tuple[bool, bool, int, datetime, int]:
    """Where an alert stands in the queue; the highest comes first."""
    return (alert.open, alert.waiting, alert.severity, alert.last_seen, alert.pk)


def refresh(story_id: int | None) -> None:
    """After something changed in a story: who leads it, how many alerts, from when to when. One alert is no story."""
    if story_id is None:
        return
    alerts = list(Alert.objects.select_for_update(of=("self",)).filter(story_id=story_id).order_by("pk"))
    if len(alerts) < 2:
        Alert.objects.filter(story_id=story_id).update(story=None, lead=True)
        AlertStory.objects.filter(pk=story_id).delete()
        return
    first = max(alerts, key=rank)
    for alert in alerts:
        if alert.lead is not (alert.pk == first.pk):
            alert.lead = not alert.lead
            alert.save(update_fields=["lead"])
    AlertStory.objects.filter(pk=story_id).update(
        first_seen=min(alert.first_seen for alert in alerts),
        last_seen=max(alert.last_seen for alert in alerts),
        alert_count=len(alerts),
    )
