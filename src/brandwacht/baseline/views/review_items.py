"""One control of a review: the dossier, the second score, the points and the talk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.baseline.forms.reviews import PointForm, SecondScoreForm, TalkForm
from brandwacht.baseline.queries import reviews as queries
from brandwacht.baseline.queries.controls import find_control
from brandwacht.baseline.services import review_scores, reviews
from brandwacht.baseline.services.review_dossier import open_document
from brandwacht.baseline.views.reviews import crumbs, found, may
from brandwacht.network.attachments import attachment
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.requests import ActorRequest


@require_http_methods(["GET", "POST"])
def item(request: ActorRequest, public_id: UUID, number: str) -> HttpResponse:
    """What the organisation answered, what proves it, and the form for the second score."""
    form = SecondScoreForm(request.POST, auto_id="oordeel_%s") if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            review_scores.judge(request.actor, public_id, number, review_scores.SecondScore(**form.cleaned_data))
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Uw oordeel over %(number)s is bewaard.") % {"number": number})
            return redirect("baseline:review-item", public_id, number)
    return _page(request, public_id, number, score_form=form)


@require_POST
def point(request: ActorRequest, public_id: UUID, number: str) -> HttpResponse:
    """Name a point that must be better."""
    form = PointForm(request.POST, auto_id="punt_%s")
    if form.is_valid():
        try:
            review_scores.add_point(request.actor, public_id, number, **form.cleaned_data)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Het verbeterpunt is bewaard."))
            return redirect("baseline:review-item", public_id, number)
    return _page(request, public_id, number, point_form=form)


@require_POST
def drop(request: ActorRequest, public_id: UUID, point_id: UUID) -> HttpResponse:
    """Take a point back."""
    review_scores.drop_point(request.actor, public_id, point_id)
    messages.success(request, _("Het verbeterpunt is weggehaald."))
    return redirect("baseline:review", public_id)


@require_POST
def talk(request: ActorRequest, public_id: UUID, number: str) -> HttpResponse:
    """Say something to the other side."""
    form = TalkForm(request.POST, auto_id="bericht_%s")
    if form.is_valid():
        try:
            review_scores.talk(request.actor, public_id, number, form.cleaned_data["text"])
        except Refused as error:
            add_refusal(form, error)
        else:
            return redirect("baseline:review-item", public_id, number)
    return _page(request, public_id, number, talk_form=form)


@require_POST
def renew(request: ActorRequest, public_id: UUID, number: str) -> HttpResponse:
    """Lay the newest answer in the dossier."""
    reviews.renew_dossier(request.actor, public_id, number)
    messages.success(request, _("In het dossier ligt nu uw nieuwste antwoord."))
    return redirect("baseline:review-item", public_id, number)


@require_GET
def document(request: ActorRequest, public_id: UUID, evidence_id: UUID) -> HttpResponse:
    """A document of the dossier, as a download: what came from outside is never shown as a page."""
    row, content = open_document(request.actor, public_id, evidence_id)
    return attachment(content, row.filename, "application/octet-stream", plain="bewijs")


def _page(request: ActorRequest, public_id: UUID, number: str, **sent: Any) -> HttpResponse:
    """The page of one control; ``sent`` holds a form that came back with an error.

    The three forms stand on one page and share names of fields, so each has its own identifiers.
    """
    actor = request.actor
    review = found(request, public_id)
    row = queries.item(review, number)
    names = ("state", "design", "existence", "operation", "reason")
    initial = {name: getattr(row, f"second_{name}") for name in names} if row.second_state else {}
    before, after = queries.neighbours(review, number)
    context = {
        "review": review,
        "row": row,
        "control": find_control(number),
        "evidence": queries.evidence(review, row),
        "points": [each for each in queries.points(review) if each.item_id == row.pk],
        "remarks": queries.remarks(review, row),
        "score_form": sent.get("score_form") or SecondScoreForm(initial=initial, auto_id="oordeel_%s"),
        "point_form": sent.get("point_form") or PointForm(auto_id="punt_%s"),
        "talk_form": sent.get("talk_form") or TalkForm(auto_id="bericht_%s"),
        "may": may(actor, review),
        "own": review.organisation_id == actor.organisation_id,
        "changed": number in queries.changed_since(actor, review),
        "before": before,
        "after": after,
        "today": actor.today,
        "crumbs": crumbs(review, (number, None)),
    }
    wrong = any(form is not None for form in sent.values())
    return render(request, "baseline/reviews/item.html", context, status=422 if wrong else 200)
