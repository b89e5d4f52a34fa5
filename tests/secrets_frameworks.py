"""One row of everything that stands beside the norm, for ``tests.secrets``."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from brandwacht.baseline.exchange.packing import pack_answer
from brandwacht.baseline.models import FRAMEWORK, AnswerChange, AnswerImport, ControlAnswer, NormText, OwnGrouping
from brandwacht.engines.norms import State, load_framework
from brandwacht.engines.norms.oscal import Assessed, Assessment, Party, export_results
from brandwacht.network.models import Organisation

WORD = "GEHEIM17"


def document(*, parsed: bool = False) -> Any:
    """A file of assessment results in which one control is answered."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    said = Assessed("5.02", State.PARTLY, at, "Iemand")
    content = export_results(load_framework(FRAMEWORK), Assessment(FRAMEWORK, Party("X", "Elders"), (said,)), at)
    return json.loads(content) if parsed else content.decode()


def things(region: Organisation, now: datetime) -> dict[str, Any]:
    """The rows by name, owned by ``region``, inside a scope of all owners."""
    facts = {"organisation": region, "source": f"{WORD}.csv", "loaded_at": now, "loaded_by": WORD}
    _saved(NormText(framework=FRAMEWORK, number="5.01", text=f"{WORD} tekst", **facts))
    rows = [{"category": f"{WORD} categorie", "numbers": ["5.1.1"], "title": WORD}]
    grouping = _saved(OwnGrouping(sha256="4" * 64, rows=rows, **facts))
    given = {
        "organisation": region, "framework": "bio-1.04", "control": "11.2.9", "state": State.MET, "reason": WORD,
        "answered_at": now, "answered_by": WORD,
    }  # fmt: skip
    earlier = _saved(ControlAnswer(**given))
    _saved(AnswerChange(**given))
    said = Assessed("5.02", State.PARTLY, now, WORD, reason=WORD)
    offered = _saved(
        AnswerImport(
            organisation=region, kind="assessment-results", filename=f"{WORD}.json", sha256="5" * 64,
            framework=FRAMEWORK, party=WORD, lines=[pack_answer(said)], unknown=[WORD], offered_at=now, offered_by=WORD,
        )
    )  # fmt: skip
    return {"answer_import": offered, "grouping": grouping, "earlier_answer": earlier}


def _saved(row: Any) -> Any:
    row.save()
    return row
