"""How sources are doing: silence as an alert, and what the operator must know in Deze week."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.network import events as bus
from brandwacht.network.actor import ITSELF, system_actor
from brandwacht.network.models import Node, NodeKind
from brandwacht.network.services import actions
from brandwacht.network.services.actions import Todo
from brandwacht.network.tenancy import every_owner, tenancy_scope
from brandwacht.network.usecase import use_case
from brandwacht.soc.events import AlertOpened
from brandwacht.soc.models import OPEN_STATES, Alert, AlertState, GapReason, LogSource, Severity, WatchGap
from brandwacht.soc.services.accounting import note_gap
from brandwacht.soc.services.intake import why_full

STANDS_STILL: Final = timedelta(minutes=3)
"""Without a sign of life of the processing for this long the operator is told."""
ASKED_FOR: Final = timedelta(days=7)
STILL, FULL, ASIDE = "soc.verwerking", "soc.spool", "soc.apart"
PAGE: Final = "/waakzaam/logbronnen"


def fell_silent(source: LogSource, now: datetime) -> None:
    """Open the alert that says so, and the gap; once, until the source speaks again."""
    actor = system_actor(source.organisation, now, "werker")
    with tenancy_scope(actor.tenancy()), transaction.atomic():
        row = LogSource.objects.select_for_update(of=("self",)).get(pk=source.pk)
        if row.silent_since is not None or not row.enabled:
            return
        since = min(row.seen_at or row.created_at, now)
        row.asset = row.asset or _asset(row)
        row.alert = Alert.objects.create(
            organisation_id=row.organisation_id,
            asset=row.asset,
            title=(_("De bron %(name)s stuurt niets meer") % {"name": row.name})[:255],
            severity=Severity.MEDIUM,
            first_seen=since,
            last_seen=now,
            opened_at=now,
        )
        row.silent_since = since
        row.save(update_fields=["silent_since", "asset", "alert"])
        note_gap(row, GapReason.SILENT, since, None)
        bus.publish(
            AlertOpened(
                owner_id=row.organisation_id,
                alert=row.alert.public_id,
                asset=row.asset.public_id,
                severity=row.alert.severity,
                title=row.alert.title,
                at=now,
            )
        )


def spoke_again(source: LogSource, now: datetime) -> WatchGap | None:
    """Close the alert, unless somebody made more of it, and the gap; returns the gap, whose events may still come."""
    actor = system_actor(source.organisation, now, "werker")
    with tenancy_scope(actor.tenancy()), transaction.atomic():
        row = LogSource.objects.select_for_update(of=("self",)).get(pk=source.pk)
        if row.silent_since is None:
            return None
        if row.alert_id is not None:
            _close(row.alert_id, now)
        row.silent_since, row.alert = None, None
        row.save(update_fields=["silent_since", "alert"])
        gap: WatchGap | None = WatchGap.objects.filter(source=row, reason=GapReason.SILENT, until=None).first()
        if gap is not None:
            gap.until = max(now, gap.since)
            gap.save(update_fields=["until"])
        return gap


def _close(alert_id: int, now: datetime) -> None:
    alert = Alert.objects.select_for_update(of=("self",)).get(pk=alert_id)
    if alert.state in OPEN_STATES:
        alert.state, alert.open, alert.waiting = AlertState.CLOSED, False, False
        alert.note = _("De bron stuurt weer; deze melding is vanzelf gesloten.")
        alert.handled_by, alert.handled_at, alert.last_seen = ITSELF, now, max(alert.last_seen, now)
        alert.save(update_fields=["state", "open", "waiting", "note", "handled_by", "handled_at", "last_seen"])


def _asset(source: LogSource) -> Node:
    """The source as an asset of the register, so that its silence stands beside what depends on it."""
    node, _made = Node.objects.get_or_create(
        organisation_id=source.organisation_id,
        key=f"bron-{str(source.public_id)[:13]}",
        defaults={"name": source.name, "kind": NodeKind.ASSET, "source": _("een bron van logs")},
    )
    found: Node = node
    return found


def ended_quietly(source: LogSource, now: datetime) -> None:
    """A source that is ended is not silent: what was open about it closes."""
    if source.silent_since is not None:
        spoke_again(source, now)


def stands_still(source: LogSource, now: datetime) -> bool:
    """Whether nobody processes what this source sends, by the last sign of life."""
    return source.enabled and now - (source.watched_at or source.created_at) > STANDS_STILL


def look_after(now: datetime) -> str:
    """Tell in Deze week what stands still, is full, or was set aside; end what is over. Runs every minute."""
    with every_owner():
        rows = list(LogSource.objects.filter(enabled=True).select_related("organisation").order_by("pk"))
        failed = WatchGap.objects.filter(reason=GapReason.FAILED, since__gt=now - ASKED_FOR).order_by()
        aside = dict(failed.values_list("organisation_id").annotate(last=Max("since")))
    by_owner: dict[int, list[LogSource]] = {}
    for row in rows:
        by_owner.setdefault(row.organisation_id, []).append(row)
    for owner_id, sources in by_owner.items():
        actor = system_actor(sources[0].organisation, now, "werker")
        stopped = [s.name for s in sources if stands_still(s, now)]
        full = [s.name for s in sources if why_full(s)]
        todos = [
            _todo(STILL, _stopped_title(len(stopped)), _("Logs worden bewaard, maar niet bekeken."))
            if stopped
            else None,
            _todo(FULL, _full_title(len(full)), _("Schijf of wachtrij is vol: afzenders wachten.")) if full else None,
            _aside(aside[owner_id]) if owner_id in aside else None,
        ]
        with tenancy_scope(actor.tenancy()), use_case(actor, "soc.ingest"):
            for key, todo in zip((STILL, FULL, ASIDE), todos, strict=True):
                if todo is not None:
                    actions.put(owner_id, todo, now)
                else:
                    actions.complete(owner_id, key, actor)
    return ""


def _todo(key: str, title: str, why: str, due: datetime | None = None) -> Todo:
    return Todo(key, title, "soc", PAGE, why, risk=3, effort=15, due=due, closes_itself=due is None)


def _aside(last: datetime) -> Todo:
    """Asks again when more was set aside after the person said that it is done: its due moment is then another."""
    title = _("Bekijk logregels die niet konden worden verwerkt")
    return _todo(ASIDE, title, _("Wat erin stond, is niet bekeken."), last + ASKED_FOR)


def _stopped_title(count: int) -> str:
    return ngettext(
        "De logs van %(n)d bron worden niet verwerkt", "De logs van %(n)d bronnen worden niet verwerkt", count
    ) % {"n": count}


def _full_title(count: int) -> str:
    return ngettext("%(n)d bron kan niets kwijt", "%(n)d bronnen kunnen niets kwijt", count) % {"n": count}
