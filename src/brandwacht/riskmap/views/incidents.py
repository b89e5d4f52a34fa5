"""Real failures to look at and to learn from."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from brandwacht.network.pages import enter
from brandwacht.network.requests import ActorRequest
from brandwacht.riskmap.cascades import incidents
from brandwacht.riskmap.views.common import chosen_map, tabs_for


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The failures that ship, with what fell when."""
    enter(request.actor, "riskmap.see")
    owner, _maps = chosen_map(request)
    rows = [(each, incidents.day(each), incidents.told(each)) for each in incidents.incidents()]
    context = {"tabs": tabs_for(request.actor, "incidents", owner), "rows": rows}
    return render(request, "riskmap/incidents.html", context)


@require_GET
def incident(request: ActorRequest, key: str) -> HttpResponse:
    """One failure: the story, the replay, and what is known beside it."""
    enter(request.actor, "riskmap.see")
    found = incidents.incident(key)
    context = {
        "example": found,
        "picture": incidents.shown(found),
        "known": incidents.known(found),
        "alike": incidents.alike(found),
        "crumbs": [
            (_("Risicokaart"), reverse("riskmap:map")),
            (_("Echte storingen"), reverse("riskmap:incidents")),
            (found.title, None),
        ],
    }
    return render(request, "riskmap/incident.html", context)
