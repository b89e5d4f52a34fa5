"""Deze week: the few things that ask for this person now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from brandwacht.network import queries


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The ranked actions of the actor, at most seven."""
    actor = request.actor
    if actor is None:
        return render(request, "network/no_role.html")
    actions = list(queries.open_actions(actor)[:8])
    return render(request, "network/week.html", {"actions": actions[:7], "more": len(actions) > 7})


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Act for another organisation at which the person has a role."""
    request.session["organisation"] = request.POST.get("organisation", "")
    return redirect("week:home")
