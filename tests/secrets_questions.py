"""What the questions hold that were put to a colleague: one that waits for an answer, one that waits for a decision."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from brandwacht.baseline.models import AskedQuestion, AskedState, QuestionFile, QuestionLink, Said
from brandwacht.network.models import Organisation
from brandwacht.network.services.tokens import hashed

TOKEN = "een-andere-sleutel-die-niemand-raadt"


def things(region: Organisation, now: datetime, word: str) -> dict[str, Any]:
    """One row of everything."""
    own = {"organisation": region}
    usual = {
        "control": "5.01", "person": f"{word} Bakker", "email": f"{word.lower()}@lijn.example", "note": word,
        "due": timezone.localdate(now) + timedelta(days=9), "asked_at": now - timedelta(days=2), "asked_by": word,
    }  # fmt: skip
    answered = {
        "state": AskedState.ANSWERED, "choice": Said.PARTLY, "words": word, "answered_at": now - timedelta(days=1),
    }  # fmt: skip
    asked = _saved(AskedQuestion(**own, **usual))
    said = _saved(AskedQuestion(**own, **usual, **answered))
    link = _saved(
        QuestionLink(
            **own, question=asked, token_hash=hashed(TOKEN), created_at=now, created_by=word,
            expires_at=now + timedelta(days=9),
        )
    )  # fmt: skip
    content = word.encode()
    file = _saved(
        QuestionFile(
            **own, question=said, filename=f"{word}.txt", media_type="text/plain", size=len(content),
            sha256=hashlib.sha256(content).hexdigest(), content=content,
        )
    )  # fmt: skip
    return {"asked": asked, "said": said, "question_link": link, "question_file": file}


def _saved(row: Any) -> Any:
    row.save()
    return row
