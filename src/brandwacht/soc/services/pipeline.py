"""From records to alerts, the one way for whatever came in: a batch is stored, matched and accounted for.

A batch of one ledger row goes to the event store first, under a name that follows from its first record; then its
alerts and the new position in the ledger are written in one transaction. Killed between the two, the next run begins at
the same record and so writes the same name again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Protocol

from django.db import transaction

from brandwacht.engines.detection import BadRecord as Unread
from brandwacht.engines.detection import Event
from brandwacht.network.actor import Actor
from brandwacht.network.services.register import assets_by_name
from brandwacht.soc.models import IngestFile, IngestState
from brandwacht.soc.services.correlations import correlate
from brandwacht.soc.services.grouping import Found, file_matches
from brandwacht.soc.services.rulebook import Rulebook
from brandwacht.soc.services.seen import note_seen

BATCH: Final = 2000
BATCH_WEIGHT: Final = 16 * 1024 * 1024
"""A batch ends at so many records, or at about so many characters: it is kept in memory until it is written."""
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class EventStore(Protocol):
    """Where every event is kept for hunting. The same ``batch`` again replaces what it holds."""

    def append(
        self, owner_code: str, source_key: str, batch: str, events: Sequence[Event], received_at: datetime
    ) -> int:
        """Keep the events of one batch, whole or not at all; returns how many."""
        ...


class NoStore:
    """Keeps nothing: for an installation that only detects."""

    def append(
        self, owner_code: str, source_key: str, batch: str, events: Sequence[Event], received_at: datetime
    ) -> int:
        """See ``EventStore``."""
        return 0


_store: list[EventStore] = [NoStore()]


def use_store(store: EventStore) -> None:
    """From now on events are kept there."""
    _store[0] = store


class Overtaken(Exception):
    """Another run accounted for records of this ledger row meanwhile."""


@dataclass(slots=True)
class Batch:
    """The next records of a ledger row; ``position`` is the number of the last one, ``first`` that of the first."""

    first: int = 0
    position: int = 0
    records: int = 0
    weight: int = 0
    events: list[Event] = field(default_factory=list)
    bad: list[Unread] = field(default_factory=list)

    def add(self, record: Event | Unread, size: int | None = None) -> None:
        """Take the next record; ``size`` is its bytes, where they are known."""
        self.add_all(record.number, [record], size)

    def add_all(self, number: int, records: Sequence[Event | Unread], size: int | None = None) -> None:
        """Take what stands in one payload, ``number``."""
        self.skip(number)
        self.weight += size or 0
        for record in records:
            if isinstance(record, Event):
                self.events.append(record)
                self.weight += _weight(record) if size is None else 0
            else:
                self.bad.append(record)

    def skip(self, number: int) -> None:
        """Account for a record of which nothing is kept, such as one that came before."""
        self.first = self.first or number
        self.position = number
        self.records += 1

    def full(self, size: int) -> bool:
        """Whether it should be accounted for before more is read."""
        return self.records >= size or self.weight >= BATCH_WEIGHT


def account(
    actor: Actor, seen: IngestFile, batch: Batch, rules: Rulebook, write: Callable[[IngestFile, int], None]
) -> IngestFile:
    """Write one batch with its position; raises ``Overtaken`` and writes nothing when another run was first.

    ``write(ledger, matched)`` writes what else belongs to this way in, inside the transaction; it may set fields of the
    ledger row, which is saved after it.
    """
    source = source_key(seen)
    matched = rules.match(batch.events, source)
    if batch.events:
        name = f"{seen.public_id}-{batch.first:012d}"
        _store[0].append(actor.organisation_code, source, name, batch.events, _received(seen, batch, actor.now))
    # Outside the transaction below: an asset that was seen is a fact by itself, and this keeps the locks in one order.
    assets = (
        assets_by_name(actor, actor.organisation_id, {event.host for event, _matches in matched}) if matched else {}
    )
    with transaction.atomic():
        ledger = still_ours(seen)
        matched = correlate(actor, ledger, rules, matched, source)
        found = [Found(event, moment_of(event, ledger), matches) for event, matches in matched]
        file_matches(ledger, found, assets, rules.attack, actor.now)
        ledger.position = batch.position
        ledger.events += len(batch.events)
        ledger.bad_records += len(batch.bad)
        ledger.matched += len(matched)
        ledger.seen_at = actor.now
        write(ledger, len(matched))
        ledger.save(update_fields=["position", "offset", "events", "bad_records", "matched", "seen_at"])
    # Last, after the transaction: a batch that fails and comes again is then not counted twice here.
    note_seen(actor, seen.source, batch.events)
    return ledger


def source_key(ledger: IngestFile) -> str:
    """The key under which the events of this ledger row are stored and rules may be off: that of their source."""
    return str(ledger.source.public_id) if ledger.source else "bestanden"


def still_ours(seen: IngestFile) -> IngestFile:
    """The ledger row, locked; raises ``Overtaken`` when another run moved it since it was ``seen``."""
    ledger: IngestFile = IngestFile.objects.select_for_update(of=("self",)).get(pk=seen.pk)
    if ledger.position != seen.position or ledger.state != IngestState.RUNNING:
        raise Overtaken
    return ledger


def moment_of(event: Event, ledger: IngestFile) -> datetime:
    """When the event happened; without a credible time, when its file was first read."""
    return event.time if event.time is not None and EARLIEST <= event.time < LATEST else ledger.started_at


def _received(seen: IngestFile, batch: Batch, now: datetime) -> datetime:
    """When a batch counts as received: the same when it comes again, so that the store files it under the same days.

    A file that is followed for months was first read long ago, so the latest of its events counts when that is later.
    """
    times = (event.time for event in batch.events)
    return max([seen.started_at, *(time for time in times if time and time <= now)])


def _weight(event: Event) -> int:
    """About how many characters an event is: what its fields hold, and something for each of them."""
    return sum(len(v) if isinstance(v, str) else 16 for v in event.fields.values()) + 64 * len(event.fields)
