"""What a look back finds, filed under alerts of its own time, the way of every other match."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from copy import copy
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from brandwacht.engines.detection import Event, Match
from brandwacht.network.actor import system_actor
from brandwacht.network.models import Organisation
from brandwacht.network.services.register import assets_by_name
from brandwacht.soc.models import IngestFile, IngestState, LookBack, LookBackResult
from brandwacht.soc.services.grouping import Found, file_matches

MOST_FILED: Final = 500
"""Events of one organisation that one look back files; the rest is counted only."""


def file_hits(
    row: LookBack,
    result: LookBackResult,
    home: Organisation,
    hits: Sequence[tuple[Event, datetime, Sequence[Match]]],
    now: datetime,
) -> None:
    """File hits at one organisation, inside the caller's transaction; ``result`` counts them and is saved by it.

    A look back has a row of its own in the ledger of log files, numbered on: so every event of it has a place.
    """
    wanted = list(hits[: max(0, MOST_FILED - result.filed)])
    if not wanted:
        return
    actor = system_actor(home, now, "werker")
    assets = assets_by_name(actor, home.pk, {event.host for event, _time, _matches in wanted})
    ledger = _ledger(row, home, now)
    found = [
        Found(_numbered(event, ledger.position + offset), time, matches)
        for offset, (event, time, matches) in enumerate(wanted, start=1)
    ]
    file_matches(ledger, found, assets, {}, now)
    ledger.position += len(wanted)
    ledger.events, ledger.matched = ledger.position, ledger.position
    ledger.seen_at = ledger.finished_at = now
    ledger.save(update_fields=["position", "events", "matched", "seen_at", "finished_at"])
    result.filed += len(wanted)
    result.ledger = ledger.public_id


def _ledger(row: LookBack, home: Organisation, now: datetime) -> IngestFile:
    # The name of a list is for its owner only; the organisation that is watched reads what happened, not with what.
    name = _("Terugkijken: %(what)s") % {"what": row.title} if home.pk == row.organisation_id else _("Terugkijken")
    ledger: IngestFile
    ledger, _made = IngestFile.objects.select_for_update().get_or_create(
        organisation_id=home.pk,
        sha256=hashlib.sha256(f"terugkijken {row.public_id} {home.code}".encode()).hexdigest(),
        defaults={
            "name": name[:255],
            "size": 0,
            "state": IngestState.DONE,
            "offered_by": row.started_by,
            "started_at": now,
            "seen_at": now,
            "finished_at": now,
        },
    )
    return ledger


def _numbered(event: Event, number: int) -> Event:
    """The event with its number in the row of the ledger that it is filed under."""
    own = copy(event)
    own.number = number
    return own
