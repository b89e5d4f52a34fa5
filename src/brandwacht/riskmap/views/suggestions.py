"""The national list of vital processes: choose what applies here, and take the drafts over."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.pages import require
from brandwacht.network.requests import ActorRequest
from brandwacht.riskmap.register import suggestions
from brandwacht.riskmap.views.register_tabs import tabs_for


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The processes that are not here yet, and the drafts that wait."""
    require(request.actor, "register.edit")
    context = {
        "tabs": tabs_for(request.actor, "suggestions"),
        "list": suggestions.national_list(),
        "processes": suggestions.not_yet_here(request.actor),
        "drafts": suggestions.drafts(request.actor)[:100],
    }
    return render(request, "riskmap/suggestions.html", context)


@require_POST
def take(request: ActorRequest) -> HttpResponse:
    """Put the chosen processes in the register as drafts."""
    try:
        count = suggestions.take(request.actor, request.POST.getlist("proces"))
    except Refused as error:
        messages.error(request, error.message)
    else:
        text = ngettext("%(n)d proces staat klaar als voorstel.", "%(n)d processen staan klaar als voorstel.", count)
        messages.success(request, text % {"n": count})
    return redirect("riskmap:suggestions")


@require_POST
def settle(request: ActorRequest) -> HttpResponse:
    """Take chosen drafts over into the map, or out of the register."""
    keep = request.POST.get("doe") == "neem-over"
    try:
        count = suggestions.settle(request.actor, suggestions.ids(request.POST.getlist("voorstel")), keep=keep)
    except Refused as error:
        messages.error(request, error.message)
    else:
        text = (
            ngettext("%(n)d proces telt nu mee op de kaart.", "%(n)d processen tellen nu mee op de kaart.", count)
            if keep
            else ngettext("%(n)d voorstel is weggehaald.", "%(n)d voorstellen zijn weggehaald.", count)
        )
        messages.success(request, text % {"n": count})
    return redirect("riskmap:suggestions")
