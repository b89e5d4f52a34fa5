"""The pages of pseudonyms: the custodians, their keys, and opening a pseudonym together."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter
from brandwacht.network.policy import Owner, decide, may_anywhere
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import demand
from brandwacht.sharing.circle import choices, circle_for, read_circle
from brandwacht.sharing.forms.threats import CustodianForm, OpenForm
from brandwacht.sharing.policies.seats import SEE_SEATS
from brandwacht.sharing.policies.threats import MAKE_KEY, OPEN, SET_CUSTODIAN
from brandwacht.sharing.queries import pseudonyms as queries
from brandwacht.sharing.services import pseudonyms as services
from brandwacht.sharing.views.common import crumbs, sign_first


@require_http_methods(["GET", "POST"])
@never_cache
def overview(request: ActorRequest) -> HttpResponse:
    """Who keeps the keys; for the custodians the pseudonyms and what waits to be opened."""
    actor = request.actor
    enter(actor, SEE_SEATS)
    if (first := sign_first(actor)) is not None:
        return first
    circle = circle_for(actor, SEE_SEATS)
    form = None
    if may_anywhere(actor, SET_CUSTODIAN):
        seats = read_circle(circle.pk, actor.now).seats
        people = choices(seats)
        form = CustodianForm(request.POST or None, people=list(people.items()))
    if request.method == "POST":
        demand(actor, SET_CUSTODIAN, Owner(circle.pk))
        if form is not None and form.is_valid():
            try:
                services.set_custodians(actor, form.cleaned_data["people"])
            except Refused as error:
                add_refusal(form, error)
            else:
                messages.success(
                    request, _("De sleutelbewaarders zijn aangewezen. Elk van hen maakt hier een sleutel.")
                )
                return redirect("sharing:pseudonyms")
    custodians = list(queries.custodians(circle.pk))
    keeps = bool(decide(actor, OPEN, Owner(circle.pk)))
    context = {
        "crumbs": crumbs("circle", _("Pseudoniemen")),
        "form": form,
        "custodians": custodians,
        "mine": next(
            (each for each in custodians if decide(actor, MAKE_KEY, each) and each.user_id == actor.user_id), None
        ),
        "keeps": keeps,
        "rows": list(queries.pseudonyms(actor)[:200]) if keeps else [],
    }
    return render(
        request, "sharing/seats/pseudonyms.html", context, status=422 if form is not None and form.is_bound else 200
    )


@require_POST
@never_cache
def make_key(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Make the custodian's own key, and show its private half once."""
    private = services.make_key(request.actor, public_id)
    context = {"crumbs": crumbs("circle", _("Uw sleutel")), "private": private}
    return render(request, "sharing/seats/key.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def ask(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The first custodian: why, and the own key."""
    actor = request.actor
    pseudonym = queries.pseudonym(actor, public_id)
    demand(actor, OPEN, pseudonym)
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_opening(actor, public_id, form.cleaned_data["private"], form.cleaned_data["reason"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Uw deel staat klaar. De andere sleutelbewaarder maakt het af."))
            return redirect("sharing:pseudonyms")
    context = {"crumbs": crumbs("circle", pseudonym.name), "form": form, "pseudonym": pseudonym}
    return render(request, "sharing/seats/open.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@never_cache
def finish(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The second custodian: the own key; then who it is, once."""
    actor = request.actor
    opening = queries.openings(actor).filter(public_id=public_id).first()
    if opening is None:
        raise NotFound
    demand(actor, OPEN, opening)
    form = OpenForm(request.POST or None, first=False)
    identity: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        try:
            identity = services.finish_opening(actor, public_id, form.cleaned_data["private"])
        except Refused as error:
            add_refusal(form, error)
    context = {
        "crumbs": crumbs("circle", opening.pseudonym.name),
        "form": form,
        "pseudonym": opening.pseudonym,
        "opening": opening,
        "identity": identity,
    }
    status = 422 if form.is_bound and not identity else 200
    return render(request, "sharing/seats/open.html", context, status=status)
