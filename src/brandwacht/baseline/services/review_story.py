"""The story of a review: what happened, when, and by whom of which organisation."""

from __future__ import annotations

from brandwacht.baseline.models import Review, ReviewStep
from brandwacht.network.actor import Actor
from brandwacht.network.models import Organisation


def own_name(actor: Actor) -> str:
    """The full name of the organisation for which the actor acts."""
    return Organisation.objects.get(pk=actor.organisation_id).full_name


def tell(actor: Actor, review: Review, text: str) -> None:
    """Add a step to the story of a review."""
    ReviewStep(
        organisation_id=review.organisation_id, review=review, text=text, at=actor.now, by=actor.name,
        by_organisation=own_name(actor),
    ).save()  # fmt: skip
