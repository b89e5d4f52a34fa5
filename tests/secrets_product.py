"""Products, pictures, decisions and advisories of the circle, each with the word that nobody else may find."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.utils import timezone

from brandwacht.network.models import Organisation, User
from brandwacht.sharing.csaf import document_of
from brandwacht.sharing.models import (
    CircleProduct,
    ImportedPicture,
    OwnAdvisory,
    OwnerDecision,
    ProductState,
    ReadMark,
)


def things(circle: Organisation, cert: Organisation, member: User, now: datetime, word: str) -> dict[str, Any]:
    """One row of each table, owned by the circle; a product as concept, settled, and sent in two versions."""
    made: dict[str, Any] = {}
    facts = {
        "organisation": circle, "kind": "tactisch", "title": f"{word} product", "tlp": "AMBER", "bodies": ["poi"],
        "parts": [{"title": word, "text": word}], "attack": ["T1566"], "changed": word, "written_by": word,
        "written_by_organisation": cert, "written_at": now,
    }  # fmt: skip
    sent = {
        "state": ProductState.SENT, "settled_by": word, "settled_at": now, "sent_by": word, "sent_at": now,
        "document": f"%PDF {word}".encode(), "sha256": "0" * 64,
    }  # fmt: skip
    series = uuid.uuid4()
    rows = {
        "product": {"number": 1, "series": series, "version": 1} | sent,
        "product_2": {"number": 1, "series": series, "version": 2} | sent,
        "product_draft": {"number": 2, "series": uuid.uuid4()},
        "product_settled": {
            "number": 3, "series": uuid.uuid4(), "state": ProductState.SETTLED, "settled_by": word, "settled_at": now,
        },
    }  # fmt: skip
    for key, more in rows.items():
        made[key] = _saved(CircleProduct(**facts, **more))
    made["picture"] = _saved(
        ImportedPicture(
            organisation=circle, title=f"{word} beeld", source=word, on=timezone.localdate(now), tlp="AMBER",
            text=word, filename=f"{word}.txt", media_type="text/plain", content=word.encode(), sha256="0" * 64,
            added_by=word, added_at=now,
        )
    )  # fmt: skip
    made["decision"] = _saved(
        OwnerDecision(
            organisation=circle, on=timezone.localdate(now), decision=word, paper=word, changes=word, added_by=word,
            added_at=now,
        )
    )  # fmt: skip
    for key, published in (("own_advisory", True), ("own_advisory_draft", False)):
        row = OwnAdvisory(
            organisation=circle, key=f"VR-ISAC-2026-{len(made)}", title=f"{word} advies", summary=word, advice=word,
            tlp="AMBER", products=[{"vendor": word, "product": word, "version": "1", "fixed": ""}], written_by=word,
            written_at=now,
        )  # fmt: skip
        if published:
            row.revisions = [{"number": 1, "at": now.isoformat(), "what": word}]
            row.document, row.published_at, row.changed_at = document_of(row), now, now
        made[key] = _saved(row)
    _saved(ReadMark(organisation=circle, user=member, item=made["product_2"].public_id))
    return made


def _saved(row: Any) -> Any:
    row.save()
    return row
