"""The sources of the demo: one that sends much, one that sends little, one that is new; and when nobody watched.

Nothing really sends to a demo, so only a month of silence is an alarm.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta

from brandwacht.site.demo.stage import REGION, Stage
from brandwacht.soc.models import GapReason, LogSource, SourceHour, SourceKind
from brandwacht.soc.services.accounting import Tally, fill_gap, note_gap
from brandwacht.soc.services.logsources import LONGEST_SILENCE, SourceDraft, connect

HOURS = (41_200, 38_700, 52_100, 49_800, 9_300, 8_800)
"""Events of the busy source in the last hours, the latest first."""


def fill(stage: Stage) -> Iterator[str]:
    """Connect the sources as the operator does, and give them a past."""
    month = stage.now - timedelta(days=30)
    with stage.as_system(REGION, month) as actor:
        drafts = (
            SourceDraft("Werkplekken (Winlogbeat)", SourceKind.BULK, LONGEST_SILENCE),
            SourceDraft("Firewall hoofdlocatie", SourceKind.SYSLOG, LONGEST_SILENCE, 6514, tls=True),
            SourceDraft("Mailserver", SourceKind.BULK, LONGEST_SILENCE),
        )
        busy, slow, _new = (connect(actor, actor.organisation_id, draft)[0] for draft in drafts)
    with stage.as_system(REGION):
        _past(stage, busy)
        LogSource.objects.filter(pk=slow.pk).update(
            seen_at=stage.now - timedelta(minutes=48), watched_at=stage.now, events=1_204_311
        )
        note_gap(slow, GapReason.SILENT, stage.now - timedelta(days=6), stage.now - timedelta(days=6, hours=-9))
    yield "Waakzaam: 3 bronnen van logs."


def _past(stage: Stage, source: LogSource) -> None:
    hour = stage.now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    SourceHour.objects.bulk_create(
        [
            SourceHour(
                organisation_id=source.organisation_id, source=source, hour=hour - timedelta(hours=n), events=events,
                bytes=events * 2210, matched=events // 9000,
            )
            for n, events in enumerate(HOURS)
        ]
    )  # fmt: skip
    tally = Tally()
    tally.error("Deze regel is geen geldige JSON.", b'{"@timestamp": "2026-11-22T12:', stage.now - timedelta(hours=1))
    tally.write(source, 0, stage.now)
    LogSource.objects.filter(pk=source.pk).update(
        seen_at=stage.now - timedelta(minutes=1), event_at=stage.now - timedelta(minutes=1), events=28_400_112,
        doubles=1_600, errors=212, per_minute=690,
    )  # fmt: skip
    night = stage.now - timedelta(days=2)
    gap = note_gap(source, GapReason.STOPPED, night, night + timedelta(minutes=42))
    fill_gap(gap.pk, 6_114, night + timedelta(minutes=44))
