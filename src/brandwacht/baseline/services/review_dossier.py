"""The dossier of a review: a copy of the answers and of what proves them, laid there by the reviewed organisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from brandwacht.baseline.models import (
    AnswerState,
    ControlAnswer,
    Evidence,
    EvidenceDocument,
    Review,
    ReviewEvidence,
)
from brandwacht.baseline.queries.answers import SEE, answers_of
from brandwacht.baseline.queries.reviews import REVIEW_SEE
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import visible
from brandwacht.network.tenancy import owner_scope
from brandwacht.network.usecase import use_case


def lay(actor: Actor, review: Review, numbers: Sequence[str]) -> None:
    """Copy the present answers to these controls into the dossier, inside a use case of the reviewed organisation."""
    answers = {each.control: each for each in answers_of(actor, review.organisation_id).filter(control__in=numbers)}
    proofs: dict[str, list[ReviewEvidence]] = {number: [] for number in numbers}
    for evidence in Evidence.objects.filter(
        visible(actor, SEE), organisation_id=review.organisation_id, framework=review.framework, control__in=numbers,
        withdrawn_at__isnull=True,
    ).order_by("-valid_to", "pk"):  # fmt: skip
        proofs[evidence.control].append(_copy(evidence))
    items = list(review.items.filter(control__in=numbers))
    ReviewEvidence.objects.filter(item__in=items).delete()
    for item in items:
        answer = answers.get(item.control)
        item.laid_at = actor.now
        item.first_state = answer.state if answer else AnswerState.OPEN
        for name in ("reason", "design", "existence", "operation"):
            setattr(item, f"first_{name}", getattr(answer, name, ""))
        item.first_by = answer.answered_by if answer else ""
        item.first_at = answer.answered_at if answer else None
        item.save()
        if answer and answer.evidence:
            proofs[item.control].insert(0, _said(answer))
        for proof in proofs[item.control]:
            proof.organisation_id, proof.item = review.organisation_id, item
            proof.save()


def _said(answer: ControlAnswer) -> ReviewEvidence:
    """The evidence that stands in the answer itself."""
    return ReviewEvidence(
        title=answer.evidence.splitlines()[0][:200], where=answer.evidence, valid_to=answer.evidence_valid_to
    )


def _copy(evidence: Evidence) -> ReviewEvidence:
    names = ("title", "where", "filename", "size", "sha256", "valid_from", "valid_to", "received_on")
    return ReviewEvidence(
        evidence_ref=evidence.public_id if evidence.attached else None,
        **{name: getattr(evidence, name) for name in names},
    )


def open_document(actor: Actor, public_id: Any, evidence_id: Any) -> tuple[ReviewEvidence, bytes]:
    """A document of the dossier, and a line in the owner's chain that the actor took it.

    The reviewer has no door to the basis: that the row lies in the dossier is why its document may be read. Raises
    ``NotFound`` when there is none, or when it is no longer the document that was laid there.
    """
    with use_case(actor, "baseline.review.document") as case:
        review = case.get(Review, public_id, see=REVIEW_SEE, lock=False)
        row = ReviewEvidence.objects.filter(item__review=review, public_id=evidence_id).first()
        if row is None or row.evidence_ref is None:
            raise NotFound
        with owner_scope(review.organisation_id):
            document = EvidenceDocument.objects.filter(
                organisation_id=review.organisation_id, evidence__public_id=row.evidence_ref,
                evidence__sha256=row.sha256,
            ).first()  # fmt: skip
        if document is None:
            raise NotFound
        case.audit(review, {"document": row.filename, "sha256": row.sha256})
    return row, bytes(document.content)
