"""Reviews by peers or an auditor: invited, agreed, opened, concluded and closed. Access ends by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.baseline.models import (
    DrawWay,
    Outcome,
    Review,
    ReviewItem,
    ReviewKind,
    ReviewState,
)
from brandwacht.baseline.queries.reviews import REVIEW_SEE, people_who_review
from brandwacht.baseline.services import review_actions
from brandwacht.baseline.services.proofs import keep_proof
from brandwacht.baseline.services.review_dossier import lay
from brandwacht.baseline.services.review_sample import Drawing, draw
from brandwacht.baseline.services.review_story import tell
from brandwacht.network.actor import Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Refused
from brandwacht.network.models import Grant, Organisation
from brandwacht.network.policy import Owner
from brandwacht.network.queries import grants_given, in_force
from brandwacht.network.services import access
from brandwacht.network.usecase import use_case

LONGEST = timedelta(days=366)
MOST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is asked to look at what. ``person`` is the mail address of the one who may come in, or empty for all.

    ``ends_at`` is when the reviewers' access ends by itself.
    """

    kind: str
    title: str
    reviewer: Organisation
    ends_at: datetime
    drawing: Drawing
    question: str = ""
    person: str = ""


def invite(actor: Actor, asked: Invitation) -> Review:
    """Invite another organisation to review a sample of the own basis. Raises ``Refused`` on the field.

    It sees the invitation and the numbers of the sample at once, and answers and evidence only after ``open_dossier``.
    """
    with use_case(actor, "baseline.review.invite") as case:
        case.require(Owner(actor.organisation_id))
        if asked.kind not in ReviewKind.values:
            raise Refused(_("Kies een collegiale toetsing of een audit."), "kind")
        if not asked.title.strip():
            raise Refused(_("Geef deze toetsing een naam."), "title")
        _check_end(actor, asked.ends_at)
        person = None
        if asked.person.strip():
            person = people_who_review(asked.reviewer, asked.person, actor.now)
            if person is None:
                raise Refused(
                    _("Bij %(name)s is niemand met dit adres toetser of CISO. Vraag het adres na, of laat dit leeg.")
                    % {"name": asked.reviewer.full_name},
                    "person",
                )
        numbers = draw(actor, asked.drawing)
        review = Review(
            organisation_id=actor.organisation_id,
            kind=asked.kind,
            title=" ".join(asked.title.split())[:120],
            question=asked.question.strip()[:MOST_TEXT],
            reviewer=asked.reviewer,
            reviewer_name=person.name if person else "",
            invited_at=actor.now,
            invited_by=actor.name,
            ends_at=asked.ends_at,
        )
        _set_way(review, asked.drawing)
        review.save()
        _set_items(review, numbers)
        purpose = f"{review.get_kind_display()}: {review.title}"
        access.give(
            actor, GrantKind.REVIEW, asked.reviewer, purpose[:200], asked.ends_at, act=True, thing=review.public_id,
            person=person,
        )  # fmt: skip
        tell(actor, review, _("Uitgenodigd: %(name)s.") % {"name": _reviewers(review)})
        case.audit(review, {"soort": review.kind, "aan": asked.reviewer.code, "vragen": numbers})
        review_actions.invited(actor, review)
    return review


def change_sample(actor: Actor, public_id: Any, drawing: Drawing) -> Review:
    """Choose another sample. The reviewers have to agree again; once the dossier is open, controls are only added."""
    with use_case(actor, "baseline.review.lead") as case:
        review = case.get(Review, public_id, see=REVIEW_SEE)
        numbers = draw(actor, drawing)
        if review.state == ReviewState.CONCLUDED:
            raise Refused(_("Het oordeel is gegeven; de steekproef verandert niet meer."))
        if review.state == ReviewState.OPEN:
            present = set(review.items.values_list("control", flat=True))
            added = [number for number in numbers if number not in present]
            if not added:
                raise Refused(
                    _("Deze vragen zitten er al in. Zolang het dossier open is kunt u alleen vragen toevoegen.")
                )
            _set_items(review, added, start=len(present))
            lay(actor, review, added)
            text = _("Toegevoegd aan de steekproef: %(numbers)s.") % {"numbers": ", ".join(added)}
        else:
            review.items.all().delete()
            _set_items(review, numbers)
            _set_way(review, drawing)
            review.state = ReviewState.INVITED
            text = ngettext(
                "De steekproef is veranderd: %(n)d vraag.", "De steekproef is veranderd: %(n)d vragen.", len(numbers)
            ) % {"n": len(numbers)}
            review_actions.invited(actor, review)
        review.save()
        tell(actor, review, text)
        case.audit(review, {"vragen": numbers})
    return review


def agree(actor: Actor, public_id: Any) -> Review:
    """The reviewers agree with the sample; the reviewed organisation can open the dossier."""
    with use_case(actor, "baseline.review.reply") as case:
        review = case.get(Review, public_id, see=REVIEW_SEE)
        review.state = ReviewState.AGREED
        review.save()
        tell(actor, review, _("Akkoord met de steekproef."))
        case.audit(review, {"antwoord": "akkoord"})
        review_actions.agreed(actor, review)
    return review


def ask_other(actor: Actor, public_id: Any, wish: str) -> Review:
    """The reviewers ask for another sample, and say which."""
    with use_case(actor, "baseline.review.reply") as case:
        review = case.get(Review, public_id, see=REVIEW_SEE)
        if not wish.strip():
            raise Refused(_("Schrijf op welke vragen u erbij of eruit wilt."), "text")
        tell(actor, review, _("Graag een andere steekproef: %(wish)s") % {"wish": wish.strip()[:MOST_TEXT]})
        case.audit(review, {"antwoord": "andere steekproef"})
        review_actions.other_sample(actor, review)
    return review


def decline(actor: Actor, public_id: Any, reason: str) -> None:
    """The reviewers decline; their access ends at once."""
    with use_case(actor, "baseline.review.reply") as case:
        review = case.get(Review, public_id, see=REVIEW_SEE)
        if not reason.strip():
            raise Refused(_("Schrijf op waarom u het niet doet; dan kan de ander verder."), "text")
        _end(actor, review, ReviewState.DECLINED)
        tell(actor, review, _("Afgewezen: %(reason)s") % {"reason": reason.strip()[:MOST_TEXT]})
        case.audit(review, {"antwoord": "afgewezen"})
        review_actions.declined(actor, review)


def open_dossier(actor: Actor, public_id: Any) -> Review:
    """Lay the answers and evidence of the sample in the dossier, as they are now, for the reviewers to see."""
    with use_case(actor, "baseline.review.lead") as case:
        review = case.get(Review, public_id, see=REVIEW_SEE)
        if review.state != ReviewState.AGREED:
            raise Refused(_("Het dossier gaat pas open als de toetsers akkoord zijn met de steekproef."))
        numbers = list(review.items.values_list("control", flat=True))
        lay(actor, review, numbers)
        review.state, review.opened_at = ReviewState.OPEN, actor.now
        review.save()
        tell(actor, review, _("Het dossier is open voor de toetsers."))
        case.audit(review, {"geopend": numbers, "tot": review.ends_at})
        review_actions.opened(actor, review)
    return review


def renew_dossier(actor: Actor, public_id: Any, number: str) -> None:
    """Lay the present answer and evidence of one control in the dossier, in place of what was there."""
    with use_case(actor, "baseline.review.lead") as case:
        review = case.get(Review, public_id, see=REVIEW_SEE)
        if review.state != ReviewState.OPEN:
            raise Refused(_("Het dossier is niet open."))
        lay(actor, review, [number])
        tell(actor, review, _("Vraag %(number)s in het dossier bijgewerkt.") % {"number": number})
        case.audit(review, {"bijgewerkt": number})


def prolong(actor: Actor, public_id: Any, ends_at: datetime, decision: str) -> Review:
    """Let the reviewers in for longer, by a decision of the reviewed organisation; also when the time was over."""
    with use_case(actor, "baseline.review.lead") as case:
        review = case.get(Review, public_id, see=REVIEW_SEE)
        if not decision.strip():
            raise Refused(_("Schrijf op waarom er meer tijd nodig is."), "decision")
        if ends_at <= review.ends_at:
            raise Refused(_("Kies een dag na de einddatum van nu."), "ends_on")
        _check_end(actor, ends_at)
        door = Grant.objects.filter(kind=GrantKind.REVIEW, thing=review.public_id).order_by("-pk").first()
        running = in_force(grants_given(actor), actor.now).filter(kind=GrantKind.REVIEW, thing=review.public_id).first()
        if running:
            access.prolong(actor, running.public_id, ends_at)
        elif door is not None:
            access.give(
                actor, GrantKind.REVIEW, review.reviewer, door.purpose, ends_at, act=True, thing=review.public_id,
                person=door.grantee_user,
            )  # fmt: skip
        review.ends_at = ends_at
        review.save()
        words = {"day": date_format(review.last, "j F Y"), "why": decision.strip()[:MOST_TEXT]}
        tell(actor, review, _("Verlengd tot en met %(day)s: %(why)s") % words)
        case.audit(review, {"tot": ends_at})
        review_actions.prolonged(actor, review)
    return review


def conclude(actor: Actor, public_id: Any, outcome: str, conclusion: str) -> Review:
    """The reviewers say what they conclude; from then on the second scores stand. Raises ``Refused``."""
    with use_case(actor, "baseline.review.judge") as case:
        review = case.get(Review, public_id, see=REVIEW_SEE)
        if outcome not in Outcome.values:
            raise Refused(_("Kies een oordeel."), "outcome")
        if not conclusion.strip():
            raise Refused(_("Schrijf op waarop het oordeel berust."), "conclusion")
        missing = list(review.items.filter(second_state="").values_list("control", flat=True))
        if missing:
            raise Refused(_("Nog niet beoordeeld: %(numbers)s.") % {"numbers": ", ".join(missing)})
        review.outcome, review.conclusion = outcome, conclusion.strip()[:MOST_TEXT]
        review.concluded_at, review.concluded_by = actor.now, actor.name
        review.state = ReviewState.CONCLUDED
        review.save()
        tell(actor, review, _("Oordeel: %(outcome)s.") % {"outcome": review.get_outcome_display()})
        case.audit(review, {"oordeel": outcome})
        review_actions.concluded(actor, review)
    return review


def close(actor: Actor, public_id: Any, reaction: str = "") -> Review:
    """End a review now; the reviewers' access ends with it. With a conclusion, the outcome is kept as proof."""
    with use_case(actor, "baseline.review.lead") as case:
        review = case.get(Review, public_id, see=REVIEW_SEE)
        early = review.state in (ReviewState.INVITED, ReviewState.AGREED)
        review.reaction = reaction.strip()[:MOST_TEXT]
        review.closed_at, review.closed_by = actor.now, actor.name
        concluded = review.state == ReviewState.CONCLUDED
        _end(actor, review, ReviewState.WITHDRAWN if early else ReviewState.CLOSED)
        if concluded:
            keep_proof(actor, review, _reviewers(review))
            text = _("Afgesloten. De toegang van de toetsers is beëindigd.")
        else:
            text = _("Beëindigd zonder oordeel. De toegang van de toetsers is beëindigd.")
        tell(actor, review, text)
        case.audit(review, {"afgesloten": review.state, "oordeel": review.outcome})
        review_actions.closed(actor, review)
    return review


def _reviewers(review: Review) -> str:
    name = review.reviewer.full_name
    return f"{review.reviewer_name}, {name}" if review.reviewer_name else name


def _check_end(actor: Actor, ends_at: datetime) -> None:
    if ends_at <= actor.now:
        raise Refused(_("Kies een einddatum na vandaag."), "ends_on")
    if ends_at > actor.now + LONGEST:
        raise Refused(_("Kies een einddatum binnen een jaar."), "ends_on")


def _set_way(review: Review, drawing: Drawing) -> None:
    review.way = drawing.way
    review.way_size = drawing.size if drawing.way != DrawWay.BY_HAND else None
    review.way_seed = drawing.seed if drawing.way == DrawWay.RANDOM else None


def _set_items(review: Review, numbers: Sequence[str], start: int = 0) -> None:
    ReviewItem.objects.bulk_create(
        ReviewItem(organisation_id=review.organisation_id, review=review, place=start + place, control=number)
        for place, number in enumerate(numbers)
    )


def _end(actor: Actor, review: Review, state: ReviewState) -> None:
    review.state = state
    review.save()
    access.shut(actor, review.organisation_id, GrantKind.REVIEW, review.public_id)
