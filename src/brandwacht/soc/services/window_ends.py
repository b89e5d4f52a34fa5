"""Telling time to correlations: what is judged when its window is over, also when nothing more comes in.

The time that counts is that up to which everything received was processed: as long as a source is behind, a window is
not over, since what belongs in it may still wait.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from brandwacht.engines.detection import CorrelationMatch, Correlator, Event
from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.models import Organisation
from brandwacht.network.services.register import assets_by_name
from brandwacht.network.tenancy import every_owner, tenancy_scope
from brandwacht.soc.models import CorrelationMemory, IngestFile, IngestState, LogSource
from brandwacht.soc.services.correlations import LIMITS, as_match, read_memory
from brandwacht.soc.services.grouping import file_matches
from brandwacht.soc.services.kept_events import CLOUD_IDS, Found
from brandwacht.soc.services.pipeline import source_key
from brandwacht.soc.services.rulebook import Rulebook, correlations_for
from brandwacht.soc.services.stored import event_scan

log = structlog.get_logger(__name__)

ALIVE: Final = timedelta(minutes=15)
"""A file that is being read holds the time back as long as its reading gave a sign of life within this."""


def tell_time(now: datetime) -> str:
    """Judge the windows that are over, of every organisation; the result says how many correlations became true."""
    with every_owner():
        homes = list(
            Organisation.objects.filter(pk__in=CorrelationMemory.objects.values("organisation_id")).order_by("pk")
        )
    told = 0
    for home in homes:
        actor = system_actor(home, now, "werker")
        with tenancy_scope(actor.tenancy()):
            told += _tell(actor, home)
    return _("%(n)d verband(en) waar geworden aan het eind van hun tijd") % {"n": told} if told else ""


def _tell(actor: Actor, home: Organisation) -> int:
    until = processed_until(home.pk, actor.now)
    if until is None:
        return 0
    rules = correlations_for(actor)
    if not Correlator(rules.shared.correlations, (), limits=LIMITS).waits:
        return 0
    with transaction.atomic():
        row = CorrelationMemory.objects.select_for_update(of=("self",)).get(organisation=home)
        correlator = read_memory(row, rules.shared)
        before = _size(correlator)
        found = correlator.advance(until)
        if _size(correlator) == before and not found:
            return 0
        _file(actor, home, rules, found)
        row.number, row.state, row.saved_at = row.number + 1, correlator.to_json(), actor.now
        row.save(update_fields=["number", "state", "saved_at"])
    return len(found)


def processed_until(owner_id: int, now: datetime) -> datetime | None:
    """Up to when all that came in was processed; ``None`` while that is not known, or a file is being read."""
    if IngestFile.objects.filter(
        organisation_id=owner_id, source__isnull=True, state=IngestState.RUNNING, seen_at__gt=now - ALIVE
    ).exists():
        return None
    rows = LogSource.objects.filter(organisation_id=owner_id, enabled=True)
    moments = [now, *rows.values_list("caught_up_at", flat=True)]
    known = [moment for moment in moments if moment is not None]
    return min(known) if len(known) == len(moments) else None


def _size(correlator: Correlator) -> list[tuple[int, int]]:
    return [(each.groups, each.records) for each in correlator.state().values()]


def _file(actor: Actor, home: Organisation, rules: Rulebook, told: Sequence[CorrelationMatch]) -> None:
    """File what became true under the alerts of its own time, on the newest record that each rests on.

    That record may have an alert of its own already, so that these have a row of their own in the ledger, numbered on.
    """
    placed = [(each, *_newest_record(home, each)) for each in told]
    placed = [(each, event, key) for each, event, key in placed if rules.counts(each.rule_id, event, key)]
    if not placed:
        return
    ledger = _ledger(actor, home)
    assets = assets_by_name(actor, home.pk, {event.host for _each, event, _key in placed})
    found = []
    for each, event, _key in placed:
        ledger.position += 1
        event.number = ledger.position
        found.append(Found(event, each.last, [as_match(each)]))
    file_matches(ledger, found, assets, rules.attack, actor.now)
    ledger.events, ledger.matched = ledger.position, ledger.position
    ledger.seen_at = ledger.finished_at = actor.now
    ledger.save(update_fields=["position", "events", "matched", "seen_at", "finished_at"])


def _newest_record(home: Organisation, told: CorrelationMatch) -> tuple[Event, str]:
    """The newest record that this rests on, as it is kept, else what is known of it; and the key of its source."""
    record = told.records[-1]
    ledger = IngestFile.objects.filter(organisation=home, public_id=record.source).select_related("source").first()
    key = source_key(ledger) if ledger is not None else ""
    scan = event_scan()
    if scan is not None and key:
        try:
            until = record.time + timedelta(milliseconds=1)
            for stored, event in scan([home.code], record.time, until, source_keys=[key]):
                batch = getattr(stored, "batch", "")
                if event.number == record.number and batch.startswith(record.source):
                    return _without_identity(event), key
        except Exception:  # the store is an extra here: without it the alert says what is known
            log.exception("the record of a correlation could not be read", owner=home.code)
    fields: dict[str, object] = dict(told.group)
    raw: dict[str, Any] = {"verband": told.title, **told.group}
    host = next((value for name, value in told.group.items() if name.lower() in ("computer", "host", "hostname")), "")
    return Event(record.number, None, record.time, host, "", "", None, fields, raw), key


def _without_identity(event: Event) -> Event:
    """The event as a new one: that this record was filed before is no reason to leave the correlation out."""
    fields = {name: value for name, value in event.fields.items() if name not in CLOUD_IDS}
    return Event(
        event.number, None, event.time, event.host, event.channel, event.provider, event.event_id, fields, event.raw,
        event.kind,
    )  # fmt: skip


def _ledger(actor: Actor, home: Organisation) -> IngestFile:
    ledger: IngestFile
    ledger, _made = IngestFile.objects.select_for_update().get_or_create(
        organisation=home,
        sha256=hashlib.sha256(f"verbanden {home.code}".encode()).hexdigest(),
        defaults={
            "name": _("Verbanden tussen regels"),
            "size": 0,
            "state": IngestState.DONE,
            "offered_by": actor.name,
            "started_at": actor.now,
            "seen_at": actor.now,
            "finished_at": actor.now,
        },
    )
    return ledger
