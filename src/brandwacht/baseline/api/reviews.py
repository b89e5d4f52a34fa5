"""API resources of reviews: for the reviewed organisation, and for the reviewers as long as their access lasts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Router, Status

from brandwacht.baseline.models import Review, ReviewItem
from brandwacht.baseline.queries import reviews as queries
from brandwacht.baseline.services import review_scores
from brandwacht.network.requests import ActorRequest
from brandwacht.network.resources import Cursor, Limit, Page, Resource, paged_noted
from brandwacht.network.usecase import note_use

router = Router(by_alias=True)
Word = Literal["", "ja", "deels", "nee"]


class ReviewOut(Resource):
    """A review; ``endsAt`` is when the reviewers' access ends by itself."""

    id: UUID
    organisation: str
    reviewer: str
    kind: str
    title: str
    state: str
    invited_at: datetime
    ends_at: datetime
    outcome: str
    conclusion: str
    concluded_at: datetime | None
    closed_at: datetime | None


class ReviewItemOut(Resource):
    """A control of the sample: the answer as it lies in the dossier, and the second score."""

    control: str
    laid_at: datetime | None
    first_state: str
    first_design: str
    first_existence: str
    first_operation: str
    first_reason: str
    second_state: str
    second_design: str
    second_existence: str
    second_operation: str
    second_reason: str
    second_by: str
    second_at: datetime | None
    differs: bool


class ReviewPointOut(Resource):
    """A point that must be better."""

    id: UUID
    control: str
    title: str
    text: str
    weight: str


class ReviewDetailOut(ReviewOut):
    """A review with its sample and its points."""

    items: list[ReviewItemOut]
    points: list[ReviewPointOut]


class ScoreIn(Resource):
    """A second score of one control of the sample; the three findings may stay empty."""

    control: Annotated[str, Field(max_length=20)]
    state: str
    design: Word = ""
    existence: Word = ""
    operation: Word = ""
    reason: Annotated[str, Field(max_length=4000)] = ""


class ProofOut(Resource):
    """That others looked; ``here`` tells a review in Brandwacht from the organisation's own statement."""

    kind: str
    held_on: date
    scope: str
    by: str
    outcome: str
    valid_to: date | None
    here: bool


def _review(row: Review) -> dict[str, object]:
    names = (
        "kind", "title", "state", "invited_at", "ends_at", "outcome", "conclusion", "concluded_at", "closed_at",
    )  # fmt: skip
    facts = {name: getattr(row, name) for name in names}
    return {"id": row.public_id, "organisation": row.organisation.code, "reviewer": row.reviewer.code} | facts


def _item(row: ReviewItem) -> ReviewItemOut:
    return ReviewItemOut.model_validate(row)


@router.get("/reviews", response=Page[ReviewOut], tags=["baseline"], summary="Toetsingen, van u en bij anderen")
def list_reviews(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """The reviews that the caller may see now."""
    return paged_noted(request, queries.reviews(request.actor), cursor, limit, queries.REVIEW_SEE, _review)


@router.get("/reviews/{uuid:review_id}", response=ReviewDetailOut, tags=["baseline"], summary="Een toetsing")
def get_review(request: ActorRequest, review_id: UUID) -> dict[str, object]:
    """One review with its sample and its points."""
    review = queries.review(request.actor, review_id)
    note_use(request.actor, queries.REVIEW_SEE, review)
    points = [
        {"id": p.public_id, "control": p.item.control, "title": p.title, "text": p.text, "weight": p.weight}
        for p in queries.points(review)
    ]
    return _review(review) | {"items": [_item(row) for row in queries.items(review)], "points": points}


@router.post(
    "/reviews/{uuid:review_id}/scores",
    response={201: ReviewItemOut},
    tags=["baseline"],
    summary="Geef een tweede oordeel",
)
def give_score(request: ActorRequest, review_id: UUID, body: ScoreIn) -> Status[ReviewItemOut]:
    """The second score of one control, by a reviewer while the review runs."""
    given = review_scores.SecondScore(**body.model_dump(exclude={"control"}))
    return Status(201, _item(review_scores.judge(request.actor, review_id, body.control, given)))


@router.get("/proofs", response=Page[ProofOut], tags=["baseline"], summary="Bewijs dat anderen keken")
def list_proofs(request: ActorRequest) -> dict[str, object]:
    """The proof by audit, peer review or certificate of the caller's organisation, newest first."""
    found = queries.proofs(request.actor, request.actor.organisation_id)
    return {"items": [ProofOut.model_validate(fact) for fact in found], "next": None}
