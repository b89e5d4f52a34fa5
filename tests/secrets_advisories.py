"""Advisories of the circle, what the region runs, and the notice about it, each with the word."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from brandwacht.network.models import Organisation
from brandwacht.sharing.models import AdvisoryFeed, AdvisoryNotice, AdvisoryVersion, ProfileAsset, SecurityAdvisory


def things(circle: Organisation, region: Organisation, now: datetime, word: str) -> dict[str, Any]:
    """One row of everything: advisory, version and feed of the circle; product and notice of the region."""
    flaw = {"cve": "CVE-2026-1111", "title": word, "score": 9.8, "vector": "", "exploited": True, "remedies": [word]}
    told = {
        "key": "NCSC-2026-0412", "publisher": word, "version": "1", "title": f"{word} advies", "tlp": "AMBER",
        "urgency": "urgent", "urgency_reason": word, "summary": word, "flaws": [flaw],
        "links": [f"https://{word}.example/"],
    }  # fmt: skip
    moments = {"released_at": now, "changed_at": now, "received_at": now}
    advisory = _saved(SecurityAdvisory(organisation=circle, pap="AMBER", source=word, **told, **moments))
    _saved(
        AdvisoryVersion(
            organisation=circle, advisory=advisory, version="1", sha256="0" * 64, raw=f'"{word}"', changed_at=now,
            received_at=now,
        )
    )  # fmt: skip
    feed = _saved(
        AdvisoryFeed(
            organisation=circle, url=f"https://{word}.example/feed.json", kind="adviezen", seen={word: ""}, said=word,
            visited_at=now,
        )
    )  # fmt: skip
    product = ProfileAsset(
        organisation=region, place=word, vendor=word, product=f"{word} product", version="7.2.4", added_at=now,
        changed_at=now, changed_by=word, name=f"{word} product",
    )  # fmt: skip
    product.identity = product.find_identity()
    evidence = {
        "name": f"{word} product", "place": word, "version": "7.2.4", "known": True, "confidence": 85, "text": word,
    }  # fmt: skip
    notice = AdvisoryNotice(
        organisation=region, advisory=advisory.public_id, evidence=[evidence], confidence=85, items=[word],
        steps=[{"at": now.isoformat(), "by": word, "text": word}], made_at=now, asked_at=now, changed_at=now,
        late_at=now + timedelta(hours=24), **told,
    )  # fmt: skip
    return {
        "advisory": advisory, "advisory_feed": feed, "profile_asset": _saved(product),
        "advisory_notice": _saved(notice),
    }  # fmt: skip


def _saved(row: Any) -> Any:
    row.save()
    return row
