"""The dossier of a review: a copy of the answers and of what proves them, laid there by the reviewed organisation."""

from __future__ import annotations

from collections.abc import Sequence

from brandwacht.baseline.models import AnswerState, Review, ReviewEvidence
from brandwacht.baseline.queries.answers import answers_of
from brandwacht.network.actor import Actor


def lay(actor: Actor, review: Review, numbers: Sequence[str]) -> None:
    """Copy the present answers to these controls into the dossier, inside a use case of the reviewed organisation."""
    answers = {each.control: each for each in answers_of(actor, review.organisation_id).filter(control__in=numbers)}
    items = list(review.items.filter(control__in=numbers))
    ReviewEvidence.objects.filter(item__in=items).delete()
    proofs: list[ReviewEvidence] = []
    for item in items:
        answer = answers.get(item.control)
        item.laid_at = actor.now
        item.first_state = answer.state if answer else AnswerState.OPEN
        item.first_reason = answer.reason if answer else ""
        item.first_by = answer.answered_by if answer else ""
        item.first_at = answer.answered_at if answer else None
        item.save()
        if answer and answer.evidence:
            proofs.append(
                ReviewEvidence(
                    organisation_id=review.organisation_id,
                    item=item,
                    title=answer.evidence.splitlines()[0][:200],
                    where=answer.evidence,
                    valid_to=answer.evidence_valid_to,
                )
            )
    ReviewEvidence.objects.bulk_create(proofs)
