"""Reviews in three states with everything in them, and proof, for ``tests.secrets``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from brandwacht.baseline.models import (
    AnswerState,
    DrawWay,
    Evidence,
    EvidenceDocument,
    Outcome,
    Proof,
    ProofKind,
    Review,
    ReviewEvidence,
    ReviewItem,
    ReviewKind,
    ReviewPoint,
    ReviewRemark,
    ReviewState,
    ReviewStep,
    Weight,
)
from brandwacht.network.actor import ACT, SEE
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Grant, Organisation


def things(region: Organisation, reviewer: Organisation, now: datetime, word: str) -> dict[str, Any]:
    """The rows by name, owned by ``region`` and reviewed by ``reviewer``, inside a scope of all owners."""
    made: dict[str, Any] = {}
    for name, state in (
        ("review", ReviewState.OPEN), ("review_asked", ReviewState.INVITED), ("review_agreed", ReviewState.AGREED),
    ):  # fmt: skip
        review = made[name] = _saved(
            Review(
                organisation=region, kind=ReviewKind.PEER, title=f"{word} toetsing", question=word, reviewer=reviewer,
                state=state, way=DrawWay.BY_HAND, invited_at=now, invited_by=word, ends_at=now + timedelta(days=30),
            )
        )  # fmt: skip
        _saved(
            Grant(
                organisation=region, kind=GrantKind.REVIEW, grantee=reviewer, thing=review.public_id, may=[SEE, ACT],
                purpose=word, starts_at=now - timedelta(days=1), ends_at=review.ends_at, given_by=word,
            )
        )  # fmt: skip
        _saved(ReviewItem(organisation=region, review=review, place=0, control="5.01"))
    item = ReviewItem.objects.get(review=made["review"])
    item.laid_at, item.first_state, item.first_reason, item.first_by = now, AnswerState.PARTLY, word, word
    item.second_state, item.second_reason, item.second_by, item.second_at = AnswerState.NOT_MET, word, word, now
    item.save()
    evidence = _saved(
        Evidence(
            organisation=region, control="5.01", title=word, filename=f"{word}.txt", media_type="text/plain", size=8,
            sha256="4" * 64, valid_from=timezone.localdate(now), valid_to=timezone.localdate(now),
            received_on=timezone.localdate(now), added_at=now, added_by=word,
        )
    )  # fmt: skip
    _saved(EvidenceDocument(organisation=region, evidence=evidence, content=word.encode()))
    made["review_evidence"] = _saved(
        ReviewEvidence(
            organisation=region, item=item, title=word, where=word, filename=f"{word}.txt", size=8, sha256="4" * 64,
            evidence_ref=evidence.public_id,
        )
    )  # fmt: skip
    _saved(ReviewRemark(organisation=region, item=item, text=word, at=now, by=word, by_organisation=word))
    made["review_point"] = _saved(
        ReviewPoint(organisation=region, item=item, title=word, text=word, weight=Weight.HIGH, at=now, by=word)
    )
    _saved(ReviewStep(organisation=region, review=made["review"], text=word, at=now, by=word, by_organisation=word))
    _saved(
        Proof(
            organisation=region, kind=ProofKind.AUDIT, held_on=timezone.localdate(now), by=word, scope=word,
            outcome=Outcome.MET, document=word, made_at=now, made_by=word,
        )
    )  # fmt: skip
    return made


def _saved(row: Any) -> Any:
    row.save()
    return row
