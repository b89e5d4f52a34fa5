"""What is written of a source with every batch: its counts, its errors, and the gap ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from django.db.models import F
from django.utils import timezone

from brandwacht.engines.detection import BadRecord, Event
from brandwacht.soc.models import GapReason, LogSource, SourceError, SourceHour, WatchGap
from brandwacht.soc.services.pipeline import EARLIEST, LATEST

ERRORS_A_DAY: Final = 100
"""Lines that could not be read that are kept of one source on one day; the others are only counted."""
LINE_KEPT: Final = 2000
"""Characters of such a line that are kept."""


@dataclass(slots=True)
class Tally:
    """The counts of one batch of a source. ``size`` is bytes; ``received_at`` and ``event_at`` are the latest."""

    events: int = 0
    doubles: int = 0
    errors: int = 0
    size: int = 0
    received_at: datetime | None = None
    event_at: datetime | None = None
    moments: list[datetime] = field(default_factory=list)
    kept: list[SourceError] = field(default_factory=list)

    def add(self, record: Event | BadRecord, data: bytes, received_at: datetime) -> None:
        """Count one record that was not counted before; ``data`` is the payload that it came in."""
        if isinstance(record, BadRecord):
            self.error(record.reason, data, received_at)
            return
        self.events += 1
        self.size += len(data)
        if self.received_at is None or received_at > self.received_at:
            self.received_at = received_at
        time = record.time
        if time is not None and EARLIEST <= time < LATEST:
            if self.event_at is None or time > self.event_at:
                self.event_at = time
            self.moments.append(time)

    def error(self, reason: str, data: bytes, received_at: datetime) -> None:
        """Count a line that could not be read."""
        self.errors += 1
        self.size += len(data)
        self.received_at = max(received_at, self.received_at or received_at)
        if len(self.kept) < ERRORS_A_DAY:
            line = data[: 4 * LINE_KEPT].decode("utf-8", "replace").replace("\x00", "\u2400")[:LINE_KEPT]
            self.kept.append(SourceError(at=received_at, reason=reason[:300], line=line))

    def write(self, source: LogSource, matched: int, now: datetime) -> None:
        """Write it, inside the caller's transaction."""
        facts: dict[str, object] = {"watched_at": now}
        if self.received_at is not None:
            facts["seen_at"] = min(self.received_at, now)
        if self.event_at is not None:
            facts["event_at"] = min(self.event_at, now)
        sums = {name: F(name) + getattr(self, name) for name in ("events", "doubles", "errors") if getattr(self, name)}
        LogSource.objects.filter(pk=source.pk).update(**facts, **sums)
        hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        counts = {"events": self.events, "bytes": self.size, "doubles": self.doubles, "errors": self.errors}
        counts["matched"] = matched
        rows = SourceHour.objects.filter(source=source, hour=hour)
        if not rows.update(**{name: F(name) + count for name, count in counts.items()}):
            SourceHour.objects.create(organisation_id=source.organisation_id, source=source, hour=hour, **counts)
        self._keep_errors(source, now)

    def _keep_errors(self, source: LogSource, now: datetime) -> None:
        if not self.kept:
            return
        day = timezone.localdate(now)
        room = ERRORS_A_DAY - SourceError.objects.filter(source=source, day=day).count()
        rows = self.kept[: max(0, room)]
        for row in rows:
            row.organisation_id, row.source, row.day = source.organisation_id, source, day
        SourceError.objects.bulk_create(rows)


def note_gap(
    source: LogSource,
    reason: GapReason,
    since: datetime,
    until: datetime | None,
    *,
    detail: str = "",
    lost: int = 0,
    path: str = "",
) -> WatchGap:
    """Write a stretch of time in which nobody watched; ``until`` is ``None`` while it lasts."""
    gap: WatchGap = WatchGap.objects.create(
        organisation_id=source.organisation_id,
        source=source,
        reason=reason,
        since=since if until is None else min(since, until),
        until=until,
        detail=detail[:300],
        lost_events=lost,
        path=path[:400],
    )
    return gap


def fill_gap(gap_id: int, events: int, now: datetime) -> None:
    """Events of the time of a gap were processed after all."""
    WatchGap.objects.filter(pk=gap_id).update(filled_at=now, filled_events=F("filled_events") + events)
