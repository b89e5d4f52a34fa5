"""Reads of reviews: for the reviewed organisation, and for the reviewers as long as their access lasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from brandwacht.baseline.models import (
    Proof,
    Review,
    ReviewEvidence,
    ReviewItem,
    ReviewPoint,
    ReviewRemark,
    ReviewStep,
)
from brandwacht.baseline.queries.answers import SEE, answers_of, require_see
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Organisation, RoleAssignment, User
from brandwacht.network.policy import visible
from brandwacht.network.roles import Role

REVIEW_SEE = "baseline.review.see"
NEWEST = ("-invited_at", "-pk")


@dataclass(frozen=True, slots=True)
class ProofFact:
    """That others looked: the kind ("collegiaal", "audit" or "certificaat"), the day, by whom, at what, the result.

    ``here`` tells a review in Brandwacht, of which the reviewers laid down the outcome themselves, from what the
    organisation states about something held elsewhere. ``outcome`` is the key, ``outcome_label`` its Dutch word.
    """

    kind: str
    held_on: date
    scope: str
    by: str
    outcome: str
    outcome_label: str
    valid_to: date | None
    here: bool


def proofs(actor: Actor, owner_id: int) -> list[ProofFact]:
    """The proof by audit, peer review or certificate of an organisation, newest first. Raises ``Denied``. One query."""
    require_see(actor, owner_id)
    return [
        ProofFact(
            row.kind, row.held_on, row.scope, row.by, row.outcome, row.get_outcome_display(), row.valid_to,
            row.review_ref is not None,
        )
        for row in Proof.objects.filter(visible(actor, SEE), organisation_id=owner_id).order_by("-held_on", "-pk")
    ]  # fmt: skip


def reviews(actor: Actor) -> QuerySet[Review]:
    """The reviews that the actor may see, of the own organisation and by it, newest first."""
    return (
        Review.objects.filter(visible(actor, REVIEW_SEE)).select_related("organisation", "reviewer").order_by(*NEWEST)
    )


def of_us(actor: Actor) -> QuerySet[Review]:
    """Those of the own organisation, with how many controls and how many second scores."""
    return _counted(reviews(actor).filter(organisation_id=actor.organisation_id))


def by_us(actor: Actor) -> QuerySet[Review]:
    """Those that the own organisation reviews now."""
    return _counted(reviews(actor).exclude(organisation_id=actor.organisation_id))


def _counted(rows: QuerySet[Review]) -> QuerySet[Review]:
    return rows.annotate(asked=Count("items"), scored=Count("items", filter=Q(items__second_state__gt="")))


def review(actor: Actor, public_id: Any) -> Review:
    """One review; raises ``NotFound``."""
    found = reviews(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def items(found: Review) -> list[ReviewItem]:
    """The controls of a review that the actor was already allowed to see, with how many points and remarks."""
    rows = ReviewItem.objects.filter(review=found).annotate(
        point_count=Count("points", distinct=True), remark_count=Count("remarks", distinct=True)
    )
    return list(rows.order_by("place"))


def item(found: Review, number: str) -> ReviewItem:
    """One control of a review that the actor was already allowed to see; raises ``NotFound``."""
    row: ReviewItem | None = ReviewItem.objects.filter(review=found, control=number).first()
    if row is None:
        raise NotFound
    return row


def evidence(found: Review, *rows: ReviewItem) -> list[ReviewEvidence]:
    """What lies in the dossier at these controls."""
    return list(ReviewEvidence.objects.filter(item__review=found, item__in=rows).order_by("item__place", "pk"))


def points(found: Review) -> list[ReviewPoint]:
    """The points of a review that the actor was already allowed to see, in the order of the sample."""
    return list(ReviewPoint.objects.filter(item__review=found).select_related("item").order_by("item__place", "pk"))


def remarks(found: Review, *rows: ReviewItem) -> list[ReviewRemark]:
    """The talk about these controls, oldest first."""
    wanted = ReviewRemark.objects.filter(item__review=found, item__in=rows)
    return list(wanted.select_related("item").order_by("item__place", "at", "pk")[:500])


def story(found: Review) -> list[ReviewStep]:
    """What happened in a review, newest first."""
    return list(ReviewStep.objects.filter(review=found).order_by("-at", "-pk")[:100])


def changed_since(actor: Actor, found: Review) -> frozenset[str]:
    """The controls whose answer is newer than what lies in the dossier; only for the reviewed organisation."""
    if found.organisation_id != actor.organisation_id:
        return frozenset()
    laid = dict(ReviewItem.objects.filter(review=found, laid_at__isnull=False).values_list("control", "laid_at"))
    rows = answers_of(actor, found.organisation_id).filter(control__in=laid).values_list("control", "answered_at")
    return frozenset(control for control, at in rows if at > laid[control])


def neighbours(found: Review, number: str) -> tuple[str, str]:
    """The numbers before and after this one in the sample; empty at the ends."""
    numbers: Sequence[str] = list(
        ReviewItem.objects.filter(review=found).order_by("place").values_list("control", flat=True)
    )
    at = numbers.index(number)
    return numbers[at - 1] if at else "", numbers[at + 1] if at + 1 < len(numbers) else ""


def people_who_review(at: Organisation, email: str, now: datetime) -> User | None:
    """The person with this mail address who reviews or is CISO at an organisation; for inviting one person."""
    today = timezone.localdate(now)
    # Read across owners on purpose, and no further than one yes or no: whoever invites knows the address already.
    found = (
        RoleAssignment._base_manager.filter(
            organisation=at, user__email=email.strip().lower(), user__is_active=True, valid_from__lte=today
        )
        .filter(role__in=(Role.REVIEWER, Role.CISO))
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
        .select_related("user")
        .first()
    )
    return found.user if found else None
