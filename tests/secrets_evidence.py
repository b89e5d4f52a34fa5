"""One row of everything about evidence, levels and fixed tasks, for ``tests.secrets``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from brandwacht.baseline.models import (
    AnswerState,
    Evidence,
    EvidenceDocument,
    GovernmentAnswer,
    Level,
    LevelBasis,
    ProcessLevel,
    RhythmDone,
)
from brandwacht.network.models import Node, Organisation


def things(region: Organisation, process: Node, now: datetime, word: str) -> dict[str, Any]:
    """The rows by name, owned by ``region``, inside a scope of all owners."""
    today = timezone.localdate(now)
    evidence = _saved(
        Evidence(
            organisation=region, control="5.01", title=f"{word} verslag", where=word, filename=f"{word}.txt",
            media_type="text/plain", size=len(word), sha256="4" * 64, valid_from=today - timedelta(days=3),
            valid_to=today + timedelta(days=9), received_on=today - timedelta(days=2), added_at=now, added_by=word,
        )
    )  # fmt: skip
    _saved(EvidenceDocument(organisation=region, evidence=evidence, content=word.encode()))
    _saved(
        GovernmentAnswer(
            organisation=region, control="5.01", number="5.01.02", state=AnswerState.NOT_APPLICABLE, reason=word,
            answered_at=now, answered_by=word,
        )
    )  # fmt: skip
    _saved(
        ProcessLevel(
            organisation=region, process_ref=process.public_id, level=Level.TWO, basis=LevelBasis.ANALYSIS,
            risk_analysis=word, note=word, decided_at=now, decided_by=word,
        )
    )  # fmt: skip
    done = _saved(
        RhythmDone(
            organisation=region, number="5.01.02", done_on=today - timedelta(days=5), note=word, noted_at=now,
            noted_by=word,
        )
    )  # fmt: skip
    return {"evidence": evidence, "rhythm": done}


def _saved(row: Any) -> Any:
    row.save()
    return row
