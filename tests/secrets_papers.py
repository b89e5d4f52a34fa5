"""The reports on paper and the assessment in Excel, each with the word that nobody else may find."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from brandwacht.baseline.models import AssessmentImport, ImportState, Report, ReportKind, ReportStyle
from brandwacht.network.models import Organisation, User
from tests.network.test_png import chunk, png


def things(region: Organisation, now: datetime, word: str, user: User) -> dict[str, Any]:
    """One row of each table."""
    norm = {"title": "BIO2", "version": "1.3", "date": "2026-01-09", "fingerprint": "0"}
    content = {
        "framework": norm, "signatories": [{"name": word, "role": word}], "score": {"percent": 1, "word": word},
        "trend": [{"day": "2026-01-01", "percent": 1}],
    }  # fmt: skip
    report = Report(
        organisation=region, kind=ReportKind.BOARD, version=1, note=word, content=content, changes=[word],
        document=f"%PDF {word}".encode(), workbook=f"PK {word}".encode(), sha256="0" * 64, workbook_sha256="0" * 64,
        made_at=now, made_by=word,
    )  # fmt: skip
    style = ReportStyle(
        organisation=region, logo=png(extra=chunk(b"tEXt", f"Author\x00{word}".encode())),
        signatories=content["signatories"], changed_at=now, changed_by=word,
    )  # fmt: skip
    cells = {"state": "deels", "reason": word, "evidence": "", "evidence_valid_to": "", "risk_analysis": ""}
    row = {
        "sheet": "Organisatorisch", "row": 2, "number": "5.02", "title": word, "kind": "wijziging", "mine": cells,
        "there": cells | {"reason": ""}, "seen": "", "by": "", "mark": "", "faults": [], "choice": "",
    }  # fmt: skip
    book = AssessmentImport(
        organisation=region, filename=f"{word}.xlsx", sha256="0" * 64, state=ImportState.READ, rows=[row], user=user,
        asked_by=word, asked_at=now, seen_at=now, finished_at=now,
    )  # fmt: skip
    for each in (report, style, book):
        each.save()
    return {"report": report, "workbook": book}
