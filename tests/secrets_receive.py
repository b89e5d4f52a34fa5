"""What sources hold: a source with its errors and its gaps, and one to end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from brandwacht.network.models import Organisation
from brandwacht.soc.models import CorrelationMemory, GapReason, LogSource, SourceError, SourceHour, SourceKind, WatchGap

WORD = "GEHEIM17"
TOKEN_HASH = "6f1e0f0b1d9a4a3e8f6a2f2c9b7d5e4c3b2a19080706050403020100ffeeddcc"


def things(region: Organisation, now: datetime) -> dict[str, Any]:
    """One row of everything."""
    source = _saved(
        LogSource(
            organisation=region, name=f"{WORD} bron", kind=SourceKind.BULK, token_hash=TOKEN_HASH, created_at=now,
            created_by=WORD, seen_at=now, events=17, errors=1,
        )
    )  # fmt: skip
    hour = now.replace(minute=0, second=0, microsecond=0)
    _saved(SourceHour(organisation=region, source=source, hour=hour, events=17))
    _saved(SourceError(organisation=region, source=source, day=timezone.localdate(now), at=now, reason=WORD, line=WORD))
    gap = WatchGap(
        organisation=region, source=source, reason=GapReason.STOPPED, since=now - timedelta(hours=2),
        until=now - timedelta(hours=1), detail=WORD,
    )  # fmt: skip
    _saved(CorrelationMemory(organisation=region, state={"form": 1, "woord": WORD}, saved_at=now))
    return {"logsource": source, "gap": _saved(gap)}


def _saved(row: Any) -> Any:
    row.save()
    return row
