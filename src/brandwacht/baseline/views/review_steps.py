"""What moves a review on: sample, answer to an invitation, opening, prolonging, concluding, closing, measures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from brandwacht.baseline.forms.reviews import (
    CloseForm,
    ConcludeForm,
    PointMeasureForm,
    ProlongForm,
    ReplyForm,
    SampleForm,
)
from brandwacht.baseline.models import Review, ReviewState, Weight
from brandwacht.baseline.queries import reviews as queries
from brandwacht.baseline.queries.measures import colleagues
from brandwacht.baseline.services import review_scores, reviews
from brandwacht.baseline.views.reviews import crumbs, found, page_of
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal, day_after
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import demand

_DAYS = {Weight.HIGH: 30, Weight.MIDDLE: 90, Weight.LOW: 180}
"""Days within which a point is done when nobody says otherwise; our proposal."""


def _form_page(
    request: ActorRequest, review: Review, form: forms.Form, template: str, here: str, **more: Any
) -> HttpResponse:
    context = {"review": review, "form": form, "crumbs": crumbs(review, (here, None))} | more
    return render(request, f"baseline/reviews/{template}.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def sample(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Choose another sample, or add to it once the dossier is open."""
    review = found(request, public_id)
    demand(request.actor, "baseline.review.lead", review)
    present = [row.control for row in queries.items(review)]
    initial = {"way": review.way, "size": review.way_size, "seed": review.way_seed, "numbers": present}
    form = SampleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            reviews.change_sample(request.actor, public_id, form.drawing)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("De steekproef is bewaard. De toetsers zien haar nu."))
            return redirect("baseline:review", public_id)
    return _form_page(request, review, form, "sample", _("Steekproef"), opened=review.state == ReviewState.OPEN)


@require_POST
def reply(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The reviewers agree, ask for another sample, or decline."""
    review = found(request, public_id)
    form = ReplyForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        try:
            match form.cleaned_data["answer"]:
                case "akkoord":
                    reviews.agree(request.actor, public_id)
                    messages.success(request, _("U bent akkoord. U hoort het als het dossier open is."))
                case "anders":
                    reviews.ask_other(request.actor, public_id, text)
                    messages.success(request, _("Uw wens is doorgegeven."))
                case _nee:
                    reviews.decline(request.actor, public_id, text)
                    messages.success(request, _("U heeft de uitnodiging afgewezen. Uw toegang is beëindigd."))
                    return redirect("baseline:reviews")
        except Refused as error:
            add_refusal(form, error)
        else:
            return redirect("baseline:review", public_id)
    context = page_of(request.actor, review) | {"reply_form": form}
    return render(request, "baseline/reviews/review.html", context, status=422)


@require_POST
def open_dossier(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Open the dossier for the reviewers."""
    reviews.open_dossier(request.actor, public_id)
    messages.success(request, _("Het dossier is open. De toetsers zien de antwoorden en het bewijs van de steekproef."))
    return redirect("baseline:review", public_id)


@require_http_methods(["GET", "POST"])
def prolong(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Give the reviewers more time."""
    review = found(request, public_id)
    demand(request.actor, "baseline.review.lead", review)
    form = ProlongForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            reviews.prolong(request.actor, public_id, day_after(said["ends_on"]), said["decision"])
        except Refused as error:
            add_refusal(form, error, {"ends_at": "ends_on"})
        else:
            messages.success(request, _("De toetsers hebben meer tijd."))
            return redirect("baseline:review", public_id)
    return _form_page(request, review, form, "prolong", _("Verlengen"))


@require_http_methods(["GET", "POST"])
def conclude(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The reviewers give their conclusion."""
    review = found(request, public_id)
    demand(request.actor, "baseline.review.judge", review)
    form = ConcludeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reviews.conclude(request.actor, public_id, **form.cleaned_data)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Uw oordeel is gegeven. De getoetste organisatie sluit de toetsing af."))
            return redirect("baseline:review", public_id)
    return _form_page(request, review, form, "conclude", _("Oordeel"))


@require_http_methods(["GET", "POST"])
def close(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """End the review; the reviewers' access ends with it."""
    review = found(request, public_id)
    demand(request.actor, "baseline.review.lead", review)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reviews.close(request.actor, public_id, form.cleaned_data["reaction"])
        messages.success(request, _("De toetsing is afgesloten. De toegang van de toetsers is beëindigd."))
        return redirect("baseline:review", public_id)
    return _form_page(request, review, form, "close", _("Afsluiten"))


@require_http_methods(["GET", "POST"])
def measures(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Make measures of the points, all in one act."""
    actor = request.actor
    review = found(request, public_id)
    demand(actor, "baseline.review.points", review)
    people = colleagues(actor)
    asked = [
        PointMeasureForm(
            request.POST if request.method == "POST" else None, point=point, colleagues=people,
            initial={"title": point.title, "due": _proposed(actor.today, point.weight)},
        )
        for point in queries.points(review)
        if point.measure_ref is None
    ]  # fmt: skip
    failed = ""
    valid = [form.is_valid() for form in asked]  # all of them, so that every error is shown at once
    if request.method == "POST" and all(valid):
        try:
            made = review_scores.take_points(actor, public_id, [_taken(f) for f in asked if f.cleaned_data["make"]])
        except Refused as error:
            failed = _show_on(asked, error)
        else:
            text = ngettext("Er is %(n)d maatregel gemaakt.", "Er zijn %(n)d maatregelen gemaakt.", len(made))
            messages.success(request, text % {"n": len(made)})
            return redirect("baseline:review", public_id)
    wrong = bool(failed) or any(form.errors for form in asked)
    context = {"review": review, "forms": asked, "failed": failed, "crumbs": crumbs(review, (_("Maatregelen"), None))}
    return render(request, "baseline/reviews/measures.html", context, status=422 if wrong else 200)


def _proposed(today: date, weight: str) -> date:
    return today + timedelta(days=_DAYS[Weight(weight)])


def _taken(form: PointMeasureForm) -> review_scores.Taken:
    said = form.said
    return review_scores.Taken(form.point.public_id, said["title"], said["owner_name"], said["due"], said["owner_id"])


def _show_on(asked: list[PointMeasureForm], error: Refused) -> str:
    """Put a refusal at the field of the point that it is about; returns the text when it is about none."""
    point, _colon, name = (error.field or "").partition(":")
    for form in asked:
        if str(form.point.public_id) == point and name in form.fields:
            form.add_error(name, error.message)
            return ""
    return error.message
