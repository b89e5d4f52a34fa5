"""Pages about reviews: the list, an invitation, one review, its report, and what was held elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Case, When
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from brandwacht.baseline.forms.reviews import InviteForm, ProofForm
from brandwacht.baseline.models import Review, ReviewItem
from brandwacht.baseline.queries import reviews as queries
from brandwacht.baseline.queries.answers import SEE
from brandwacht.baseline.queries.controls import find_control
from brandwacht.baseline.services import proofs
from brandwacht.baseline.services import reviews as services
from brandwacht.baseline.views.controls import tabs_for
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal, day_after
from brandwacht.network.models import Organisation, OrganisationKind
from brandwacht.network.pages import enter, require
from brandwacht.network.paging import page
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.tables import csv_response
from brandwacht.network.usecase import note_listing, note_use

_INVITED_KINDS = (
    OrganisationKind.REGION, OrganisationKind.INSTITUTE, OrganisationKind.NATIONAL, OrganisationKind.CHAIN,
)  # fmt: skip
REVIEW_ACTIONS = ("lead", "reply", "judge", "talk", "points")


def crumbs(review: Review | None, *rest: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """The way to a page of a review."""
    way: list[tuple[str, str | None]] = [(_("Basis op orde"), reverse("baseline:list")),
                                         (_("Toetsing"), reverse("baseline:reviews"))]  # fmt: skip
    if review is not None:
        way.append((review.title, reverse("baseline:review", args=[review.public_id]) if rest else None))
    return [*way, *rest]


def found(request: ActorRequest, public_id: UUID) -> Review:
    """The review, when this person may see it now; a reviewer's looking is written in the owner's chain."""
    enter(request.actor, queries.REVIEW_SEE)
    review = queries.review(request.actor, public_id)
    note_use(request.actor, queries.REVIEW_SEE, review)
    return review


def may(actor: Actor, review: Review) -> dict[str, bool]:
    """What this person may do to the review now, by the last word of the action."""
    return {name: bool(decide(actor, f"baseline.review.{name}", review)) for name in REVIEW_ACTIONS}


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The reviews of the own organisation, those that it does for others, and the proof that there is."""
    actor = request.actor
    enter(actor, queries.REVIEW_SEE)
    ours = page(request, queries.of_us(actor), queries.NEWEST, among=queries.reviews(actor))
    theirs = list(queries.by_us(actor))
    note_listing(actor, queries.REVIEW_SEE, {review.organisation_id for review in theirs})
    own = Owner(actor.organisation_id)
    sees_basis = decide(actor, SEE, own)
    context = {
        "tabs": tabs_for(actor, "reviews"),
        "ours": ours.rows,
        "next_url": ours.next_url,
        "theirs": theirs,
        "proofs": queries.proofs(actor, actor.organisation_id) if sees_basis else [],
        "sees_basis": sees_basis,
        "may_invite": decide(actor, "baseline.review.invite", own),
        "may_note": decide(actor, "baseline.proof.note", own),
        "now": actor.now,
    }
    return render(request, "baseline/reviews/list.html", context)


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Invite another organisation."""
    actor = request.actor
    require(actor, "baseline.review.invite")
    others = Organisation.objects.filter(kind__in=_INVITED_KINDS).exclude(pk=actor.organisation_id)
    # Other regions first: a peer review is asked of one of those, and the rest comes by name.
    others = others.order_by(Case(When(kind=OrganisationKind.REGION, then=0), default=1), "name")
    form = InviteForm(request.POST or None, organisations=others, initial={"ends_on": actor.today + timedelta(days=42)})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        asked = services.Invitation(
            said["kind"], said["title"], said["reviewer"], day_after(said["ends_on"]), form.drawing,
            said["question"], said["person"],
        )  # fmt: skip
        try:
            review = services.invite(actor, asked)
        except Refused as error:
            add_refusal(form, error, {"grantee": "reviewer", "ends_at": "ends_on"})
        else:
            messages.success(request, _("%(name)s is uitgenodigd.") % {"name": review.reviewer.full_name})
            return redirect("baseline:review", review.public_id)
    context = {"form": form, "crumbs": crumbs(None, (_("Nieuwe toetsing"), None))}
    return render(request, "baseline/reviews/new.html", context, status=422 if form.errors else 200)


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One review: where it stands, the sample with both scores, the points, and what may be done now."""
    review = found(request, public_id)
    return render(request, "baseline/reviews/review.html", page_of(request.actor, review))


def page_of(actor: Actor, review: Review) -> dict[str, Any]:
    """What the page of a review shows."""
    rows = queries.items(review)
    points = queries.points(review)
    return {
        "review": review,
        "rows": [(row, find_control(row.control)) for row in rows],
        "scored": sum(bool(row.second_state) for row in rows),
        "differing": sum(row.differs for row in rows),
        "points": points,
        "points_left": sum(point.measure_ref is None for point in points),
        "story": queries.story(review),
        "changed": queries.changed_since(actor, review),
        "may": may(actor, review),
        "own": review.organisation_id == actor.organisation_id,
        "over": review.ends_at <= actor.now,
        "now": actor.now,
        "crumbs": crumbs(review),
    }


@require_GET
def report(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The whole review on one page, fit for print."""
    review = found(request, public_id)
    context = page_of(request.actor, review)
    rows = [row for row, _control in context["rows"]]
    evidence: dict[int, list[Any]] = {}
    for proof_row in queries.evidence(review, *rows):
        evidence.setdefault(proof_row.item_id, []).append(proof_row)
    talk: dict[int, list[Any]] = {}
    for remark in queries.remarks(review, *rows):
        talk.setdefault(remark.item_id, []).append(remark)
    context |= {
        "parts": [(row, find_control(row.control), evidence.get(row.pk, []), talk.get(row.pk, [])) for row in rows],
        "crumbs": crumbs(review, (_("Verslag"), None)),
    }
    return render(request, "baseline/reviews/report.html", context)


@require_GET
def export(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Both scores of the sample, as CSV."""
    review = found(request, public_id)
    header = [
        _("Nummer"), _("Vraag"), _("Eerste oordeel"), _("Tweede oordeel"), _("Opzet"), _("Bestaan"), _("Werking"),
        _("Toelichting"), _("Beoordeeld door"), _("Beoordeeld op"), _("Verschil"),
    ]  # fmt: skip
    return csv_response(f"toetsing-{review.organisation.code}", header, map(_csv_row, queries.items(review)))


def _csv_row(row: ReviewItem) -> tuple[Any, ...]:
    return (
        f"BIO2 {row.control}", find_control(row.control).title, row.get_first_state_display() if row.laid_at else "",
        row.get_second_state_display(), row.get_second_design_display(), row.get_second_existence_display(),
        row.get_second_operation_display(), row.second_reason, row.second_by, row.second_at, row.differs,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def proof(request: ActorRequest) -> HttpResponse:
    """Lay down a review that was held elsewhere, or a certificate."""
    actor = request.actor
    require(actor, "baseline.proof.note")
    form = ProofForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            proofs.note_proof(actor, proofs.Held(**form.cleaned_data))
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Dit is vastgelegd."))
            return redirect("baseline:reviews")
    context = {"form": form, "crumbs": crumbs(None, (_("Eerder gehouden"), None))}
    return render(request, "baseline/reviews/proof.html", context, status=422 if form.errors else 200)
