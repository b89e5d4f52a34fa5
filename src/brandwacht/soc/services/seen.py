"""What comes by: which kinds of log and which fields each source brings, noted beside the processing.

Per source there is one row, of bounded size. It is written soon after something new was seen, and now and then for the
counts; not with every batch, let alone with every event. A process that is killed forgets what it had not written, and
sees it again with the next events.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.db import transaction

from brandwacht.engines.detection import Event, OutdatedForm, SeenFields
from brandwacht.network.actor import Actor
from brandwacht.soc.models import LogSource, SeenLog

log = structlog.get_logger(__name__)

NEW_EVERY: Final = timedelta(seconds=15)
COUNTED_EVERY: Final = timedelta(minutes=10)
"""At most so often what is new of a source is written, and so often its counts while nothing new is seen."""
KINDS: Final = 1000
NAMES: Final = 20_000
"""Kinds of log and names of fields that are kept of one source: at most a few hundred kilobytes."""

Wanted = Callable[[str, int | None], bool]
"""Whether a kind of log (its name, the event number) is looked at."""


@dataclass(slots=True)
class _Held:
    """What the row of a source is known to hold, and what was seen since."""

    known: SeenFields
    waiting: SeenFields
    written: datetime


_held: dict[str, _Held] = {}


def note_seen(actor: Actor, source: LogSource | None, events: Sequence[Event]) -> None:
    """Note what these events of the actor's organisation hold; ``source`` is ``None`` for files that are read."""
    if not events:
        return
    # Files come now and then, from processes that end: what is seen in them is written at once.
    held = _held.get(str(source.public_id)) if source is not None else None
    waiting = held.waiting if held is not None else _empty()
    for event in events:
        waiting.add(event)
    if held is not None:
        pause = NEW_EVERY if waiting.tells_more_than(held.known) else COUNTED_EVERY
        if actor.now - held.written < pause:
            return
    known = _write(actor, source, waiting)
    if source is not None:
        _held[str(source.public_id)] = _Held(known, _empty(), actor.now)


def read_seen(state: dict[str, Any], wanted: Wanted | None = None) -> SeenFields:
    """What a row holds, of all kinds of log or those that are ``wanted``; nothing when it is of another version."""
    if state:
        try:
            return SeenFields.from_json(state, kinds=KINDS, names=NAMES, wanted=wanted)
        except OutdatedForm as error:
            log.warning("what was seen is noted anew", error=str(error)[:200])
    return _empty()


def _empty() -> SeenFields:
    return SeenFields(kinds=KINDS, names=NAMES)


def _extent(seen: SeenFields) -> tuple[int, int]:
    """How many kinds and names are known: more of them is news, what did not fit is none."""
    return len(seen.kinds), sum(kind.names for kind in seen.kinds.values())


def _write(actor: Actor, source: LogSource | None, waiting: SeenFields) -> SeenFields:
    with transaction.atomic():
        row, _made = SeenLog.objects.select_for_update(of=("self",)).get_or_create(
            organisation_id=actor.organisation_id,
            source=source,
            defaults={"since": actor.now, "saved_at": actor.now},
        )
        known = read_seen(row.state)
        before = _extent(known)
        known.merge(waiting)
        row.number += _extent(known) != before
        row.state, row.saved_at = known.to_json(), actor.now
        row.save(update_fields=["state", "number", "saved_at"])
    return known
