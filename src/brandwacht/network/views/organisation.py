"""Beheer, organisatie: the laws that it falls under; and the tokens with which programs of its people use the API."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from brandwacht.engines.authority import load_clocks
from brandwacht.network import queries
from brandwacht.network.errors import Refused
from brandwacht.network.forms import RegimesForm, TokenForm, add_refusal, day_after
from brandwacht.network.models import Organisation
from brandwacht.network.pages import require
from brandwacht.network.requests import ActorRequest
from brandwacht.network.services import organisations
from brandwacht.network.services import tokens as token_services
from brandwacht.network.views.tabs import tabs_for

QUARTER = timedelta(days=90)


def told(request: ActorRequest) -> str:
    """One line for Beheer: the laws that the organisation says it falls under."""
    texts = load_clocks().regimes
    own = Organisation.objects.get(pk=request.actor.organisation_id).regimes
    return " ".join(f"{texts[key]}." for key in own if key in texts) or _("U heeft nog niets gekozen.")


@require_http_methods(["GET", "POST"])
def regimes(request: ActorRequest) -> HttpResponse:
    """Say which laws the organisation falls under; that decides which clocks an incident starts."""
    actor = request.actor
    require(actor, "organisation.set")
    own = Organisation.objects.get(pk=actor.organisation_id)
    form = RegimesForm(initial={"regimes": own.regimes}, regimes=load_clocks().regimes)
    if request.method == "POST":
        form = RegimesForm(request.POST, regimes=load_clocks().regimes)
        if form.is_valid():
            organisations.set_regimes(actor, form.cleaned_data["regimes"])
            messages.success(request, _("Opgeslagen."))
            return redirect("beheer:organisation")
    context = {"tabs": tabs_for(actor, "organisation"), "form": form}
    return render(request, "network/organisation.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: ActorRequest) -> HttpResponse:
    """The tokens of this person here, and one more; its text is on this answer only."""
    actor = request.actor
    require(actor, "token.make")
    empty = TokenForm(initial={"until": actor.today + QUARTER})
    form, made, text = empty, None, ""
    if request.method == "POST":
        form = TokenForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            try:
                made, text = token_services.make(actor, request.user, data["name"], day_after(data["until"]))
                form = empty
            except Refused as error:
                add_refusal(form, error, {"expires_at": "until"})
    working = list(queries.tokens(actor))
    context = {
        "form": form,
        "made": made,
        "text": text,
        "mine": [token for token in working if token.user_id == actor.user_id],
        "others": [token for token in working if token.user_id != actor.user_id],
    }
    return render(request, "network/tokens.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """End a token now."""
    ended = token_services.revoke(request.actor, public_id)
    messages.success(request, _("Het token “%(name)s” werkt niet meer.") % {"name": ended.name})
    return redirect("beheer:tokens")
