"""What reviewers and reviewed write during a review: second scores, points, talk, and measures made of the points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.baseline.models import (
    AnswerState,
    Finding,
    Measure,
    Review,
    ReviewItem,
    ReviewPoint,
    ReviewRemark,
    ReviewState,
    Weight,
)
from brandwacht.baseline.queries.reviews import REVIEW_SEE
from brandwacht.baseline.services import review_actions
from brandwacht.baseline.services.measures import make_measure
from brandwacht.baseline.services.review_story import own_name, tell
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.usecase import use_case

MOST_TEXT = 4000
MOST_REMARK = 1000


@dataclass(frozen=True, slots=True)
class SecondScore:
    """What a reviewer finds of one control: the answer, and whether design, existence and operation are in order."""

    state: str
    design: str = ""
    existence: str = ""
    operation: str = ""
    reason: str = ""


def judge(actor: Actor, public_id: Any, number: str, score: SecondScore) -> ReviewItem:
    """Give the second score of one control, or give it anew while the review runs. Raises ``Refused``."""
    with use_case(actor, "baseline.review.judge") as case:
        review = case.get(Review, public_id, see=REVIEW_SEE)
        item = _item(review, number)
        if score.state not in AnswerState.values or score.state == AnswerState.OPEN:
            raise Refused(_("Kies een van de antwoorden."), "state")
        for name in ("design", "existence", "operation"):
            if getattr(score, name) not in Finding.values:
                raise Refused(_("Kies een van de antwoorden."), name)
        if score.state != item.first_state and not score.reason.strip():
            raise Refused(_("Uw oordeel is anders dan het eerste. Schrijf op waarom."), "reason")
        before = item.second_state
        item.second_state, item.second_reason = score.state, score.reason.strip()[:MOST_TEXT]
        item.second_design, item.second_existence = score.design, score.existence
        item.second_operation = score.operation
        item.second_by, item.second_at = actor.name, actor.now
        item.save()
        case.audit(review, {"vraag": number, "van": before, "naar": score.state})
    return item


def add_point(actor: Actor, public_id: Any, number: str, title: str, weight: str, text: str = "") -> ReviewPoint:
    """Name a point that must be better at one control. Raises ``Refused``."""
    with use_case(actor, "baseline.review.judge") as case:
        review = case.get(Review, public_id, see=REVIEW_SEE)
        item = _item(review, number)
        if not title.strip():
            raise Refused(_("Schrijf op wat beter moet."), "title")
        if weight not in Weight.values:
            raise Refused(_("Kies hoe zwaar dit weegt."), "weight")
        point = ReviewPoint(
            organisation_id=review.organisation_id, item=item, title=title.strip()[:200], weight=weight,
            text=text.strip()[:MOST_TEXT], at=actor.now, by=actor.name,
        )  # fmt: skip
        point.save()
        case.audit(review, {"vraag": number, "verbeterpunt": str(point.public_id)})
    return point


def drop_point(actor: Actor, public_id: Any, point_id: Any) -> None:
    """Take a point back while the review runs."""
    with use_case(actor, "baseline.review.judge") as case:
        review = case.get(Review, public_id, see=REVIEW_SEE)
        point = ReviewPoint.objects.filter(item__review=review, public_id=point_id).first()
        if point is None:
            raise NotFound
        if point.measure_ref is not None:
            raise Refused(_("Van dit punt is al een maatregel gemaakt."))
        case.audit(review, {"verbeterpunt": str(point.public_id), "ingetrokken": True})
        point.delete()


def talk(actor: Actor, public_id: Any, number: str, text: str) -> ReviewRemark:
    """Say something about one control to the other side."""
    with use_case(actor, "baseline.review.talk") as case:
        review = case.get(Review, public_id, see=REVIEW_SEE)
        item = _item(review, number)
        if not text.strip():
            raise Refused(_("Schrijf eerst een bericht."), "text")
        if len(text.strip()) > MOST_REMARK:
            raise Refused(_("Maak het bericht korter dan %(n)d tekens.") % {"n": MOST_REMARK}, "text")
        remark = ReviewRemark(
            organisation_id=review.organisation_id, item=item, text=text.strip(), at=actor.now, by=actor.name,
            by_organisation=own_name(actor),
        )  # fmt: skip
        remark.save()
        case.audit(review, {"vraag": number, "bericht": str(remark.public_id)})
    return remark


@dataclass(frozen=True, slots=True)
class Taken:
    """A point that becomes a measure: who does it before which day."""

    point: UUID
    title: str
    owner_name: str
    due: date | None
    owner_id: int | None = None


def take_points(actor: Actor, public_id: Any, taken: Sequence[Taken]) -> list[Measure]:
    """Make measures of the reviewed organisation of these points: all of them, or none when one is refused.

    ``Refused.field`` is the public id of the point, a colon, and the field of the measure.
    """
    with use_case(actor, "baseline.review.points") as case:
        review = case.get(Review, public_id, see=REVIEW_SEE)
        if review.state not in (ReviewState.OPEN, ReviewState.CONCLUDED, ReviewState.CLOSED):
            raise Refused(_("Van een toetsing die niet is gehouden kunnen geen maatregelen worden gemaakt."))
        if not taken:
            raise Refused(_("Kies minstens één verbeterpunt."))
        points = {
            point.public_id: point
            for point in ReviewPoint.objects.filter(item__review=review).select_related("item").select_for_update()
        }
        made = [_measure(actor, review, points.get(each.point), each) for each in taken]
        text = ngettext("Van %(n)d verbeterpunt is een maatregel gemaakt.",
                        "Van %(n)d verbeterpunten is een maatregel gemaakt.", len(made))  # fmt: skip
        tell(actor, review, text % {"n": len(made)})
        case.audit(review, {"maatregelen": [str(measure.public_id) for measure in made]})
        review_actions.points_taken(actor, review)
    return made


def _measure(actor: Actor, review: Review, point: ReviewPoint | None, taken: Taken) -> Measure:
    if point is None:
        raise NotFound
    if point.measure_ref is not None:
        raise Refused(_("Van dit punt is al een maatregel gemaakt."), f"{taken.point}:title")
    words = {"title": review.title, "name": review.reviewer.full_name, "text": point.text}
    try:
        measure = make_measure(
            actor,
            title=taken.title,
            control=point.item.control,
            owner_name=taken.owner_name,
            owner_id=taken.owner_id,
            due=taken.due,
            description=_("Uit “%(title)s” door %(name)s. %(text)s") % words,
        )
    except Refused as error:
        raise Refused(error.message, f"{taken.point}:{error.field}") from error
    point.measure_ref = measure.public_id
    point.save()
    return measure


def _item(review: Review, number: str) -> ReviewItem:
    item: ReviewItem | None = review.items.filter(control=number).first()
    if item is None:
        raise NotFound
    return item
