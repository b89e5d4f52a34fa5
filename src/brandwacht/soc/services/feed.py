"""What a circle feeds to the watch of who is connected, and what the watch found of it: hits, judgements, sightings.

The indicators that ``sharing`` says are worth watching for become lists like any other: one per way and label, owned by
the circle. Every watch takes a list's new version over by itself, so nothing is restarted.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final

import orjson
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from brandwacht.engines.intel import TLP
from brandwacht.network.models import Organisation
from brandwacht.network.tenancy import owner_scope
from brandwacht.sharing.events import FeedChanged
from brandwacht.sharing.models import FeedIndicator, FeedVia, Opinion
from brandwacht.sharing.ndn import node_data
from brandwacht.sharing.queries.ndn import feeding, to_watch
from brandwacht.sharing.services.node_feed import say
from brandwacht.sharing.services.sighted import Seen, send_back
from brandwacht.sharing.tasks.ndn import tell_node_feed
from brandwacht.soc.models import Alert, FeedHit, IndicatorList, ListState
from brandwacht.soc.services.indicator_sets import Item, path_of, set_of, write_items, write_set
from brandwacht.soc.services.watchlists import ListMatch

LIFE: Final = timedelta(days=366)
"""How long such a list works when nobody renews it: the periodic weighing renews it long before."""
KEPT: Final = 2
"""Versions of a list that stay on disk: a watch may still be on the one before."""
LATE: Final = timedelta(days=30)
"""Hits older than this are told no more."""


def on_change(event: FeedChanged) -> None:
    """What the circle feeds changed: let a worker make the lists anew."""
    renew_lists.enqueue(event.circle_id)


@task()
def renew_lists(circle_id: int) -> int:
    """Make the lists of a circle's feed anew where their values changed; returns how many changed."""
    return renew(circle_id, timezone.now())


def renew(circle_id: int, now: datetime) -> int:
    """As ``renew_lists``, at a given moment. The circle is held: two workers do not write the same version."""
    changed = 0
    with owner_scope(circle_id), transaction.atomic():
        circle = Organisation.objects.select_for_update().get(pk=circle_id)
        present = {(row.via, row.tlp): row for row in IndicatorList.objects.exclude(via="").filter(organisation=circle)}
        for (via, tlp), group in groupby(to_watch(circle_id), key=lambda each: (each.via, each.tlp)):
            label = TLP[tlp].label
            row = present.pop((via, label), None) or IndicatorList(
                organisation=circle, via=via, tlp=label, name=f"{FeedVia(via).label}, {label}",
                origin=str(FeedVia(via).label), made_at=now, valid_until=now,
            )  # fmt: skip
            changed += _write(row, _items(group), now)
        for row in present.values():
            if row.state == ListState.ACTIVE:
                row.state, row.ended_at, row.changed_at, row.sha256 = ListState.ENDED, now, now, ""
                row.save()
                changed += 1
    return changed


def _items(rows: Iterable[FeedIndicator]) -> list[Item]:
    """Of a value that came more than once the surest counts."""
    best: dict[tuple[str, str], FeedIndicator] = {}
    for row in rows:
        name = (row.kind, row.value)
        if name not in best or row.score > best[name].score:
            best[name] = row
    return [Item(row.kind, row.value, str(row.key), row.score, row.valid_until) for row in best.values()]


def _write(row: IndicatorList, items: Sequence[Item], now: datetime) -> bool:
    """Write a version of a list when its values changed; whether they did."""
    facts = hashlib.sha256()
    for item in items:
        facts.update(orjson.dumps(item.to_json()))
    same = row.sha256 == facts.hexdigest()
    if same and row.state == ListState.ACTIVE and row.valid_until - now > LIFE / 2:
        return False
    row.valid_until, row.state, row.ended_at, row.changed_at = now + LIFE, ListState.ACTIVE, None, now
    if not same:
        row.version, row.sha256, row.total = row.version + 1, facts.hexdigest(), len(items)
        row.counts = dict(Counter(item.kind for item in items))
        path = path_of(row.public_id, row.version)
        write_items(path, items)  # before the row says so: a file too many does no harm, one too few does
        write_set(path)
        for old in range(1, row.version - KEPT + 1):
            path_of(row.public_id, old).unlink(missing_ok=True)
            set_of(path_of(row.public_id, old)).unlink(missing_ok=True)
    row.save()
    return True


# --- what was found --------------------------------------------------------------------------------------------------


def note_hits(owner_id: int, found: Iterable[tuple[Alert, Iterable[ListMatch]]], now: datetime) -> None:
    """Count the hits of these alerts (saved), inside the caller's transaction."""
    counts: Counter[tuple[int, int, str]] = Counter()
    for alert, matches in found:
        for match in matches:
            counts.update((alert.pk, match.circle, key) for key in match.keys)
    if not counts:
        return
    on = timezone.localdate(now)
    FeedHit.objects.bulk_create(
        [
            FeedHit(organisation_id=owner_id, alert_id=alert_id, circle_id=circle, key=key, on=on)
            for alert_id, circle, key in counts
        ],
        ignore_conflicts=True,
    )
    for (alert_id, _circle, key), number in counts.items():
        FeedHit.objects.filter(alert_id=alert_id, key=key, on=on).update(count=F("count") + number)


def judge_hits(alert: Alert, *, false: bool) -> None:
    """The alert was closed as a false one, or that was taken back: the circle weighs its indicators anew."""
    if FeedHit.objects.filter(alert=alert).exclude(false=false).update(false=false, weighed=False):
        tell_hits.enqueue()


@task()
def tell_hits() -> int:
    """Tell the circle what was seen and what was found to be nothing; returns how many words that were."""
    return weigh_hits(timezone.now())


def weigh_hits(now: datetime) -> int:
    """As ``tell_hits``, at a given moment. Of an organisation that agreed to tell nothing, nothing is counted."""
    words = 0
    waiting = FeedHit._base_manager.filter(weighed=False).order_by().values_list("organisation_id", flat=True)
    for owner_id in sorted(set(waiting)):
        agreed = feeding(owner_id, now)
        with owner_scope(owner_id, *agreed), transaction.atomic():
            rows = list(FeedHit.objects.select_for_update(of=("self",)).filter(weighed=False, organisation_id=owner_id))
            said: dict[int, list[tuple[object, date, Opinion]]] = defaultdict(list)
            for row in sorted(rows, key=lambda each: each.false):
                if node_data().agreements[agreed.get(row.circle_id, "niets")].where != "niemand":
                    opinion = Opinion.FALSE if row.false else Opinion.SEEN
                    said[row.circle_id].append((row.key, row.on, opinion))
            for circle_id, told in said.items():
                say(circle_id, owner_id, told)  # type: ignore[arg-type]
                words += len(told)
                tell_node_feed(circle_id)
            FeedHit.objects.filter(pk__in=[row.pk for row in rows]).update(weighed=True)
    return words


def tell_back(now: datetime) -> str:
    """The periodic job: weigh what was found, and send the sightings of the days that ended to the node."""
    words = weigh_hits(now)
    today = timezone.localdate(now)
    waiting = FeedHit._base_manager.filter(told=False, on__lt=today).order_by()
    seen: dict[int, list[Seen]] = defaultdict(list)
    done: dict[int, list[int]] = defaultdict(list)
    for owner_id in sorted(set(waiting.values_list("organisation_id", flat=True))):
        agreed = feeding(owner_id, now)
        with owner_scope(owner_id):
            rows = FeedHit.objects.filter(told=False, on__lt=today, organisation_id=owner_id)
            counts: Counter[tuple[int, object, date]] = Counter()
            for row in rows:
                done[owner_id].append(row.pk)
                if not row.false and row.circle_id in agreed and today - row.on <= LATE:
                    counts[row.circle_id, row.key, row.on] += row.count
        for (circle_id, key, on), number in counts.items():
            seen[circle_id].append(Seen(key, on, owner_id, number, agreed[circle_id]))  # type: ignore[arg-type]
    sent = 0
    with transaction.atomic():
        for circle_id, told in seen.items():
            sent += send_back(circle_id, told, now)
        for owner_id, pks in done.items():
            with owner_scope(owner_id):
                FeedHit.objects.filter(pk__in=pks).update(told=True)
    return _("%(words)d oordelen, %(sent)d waarnemingen") % {"words": words, "sent": sent} if words or sent else ""
