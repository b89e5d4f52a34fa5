"""The list of incidents."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from brandwacht.cert import queries
from brandwacht.cert.forms import FilterForm
from brandwacht.cert.queries import IncidentFilter
from brandwacht.network.errors import Denied
from brandwacht.network.policy import Owner, decide, may_anywhere
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The incidents: by default those that run: the real ones first, newest first."""
    actor = request.actor
    if not may_anywhere(actor, queries.SEE):
        raise Denied(decide(actor, queries.SEE, Owner(actor.organisation_id)))
    organisations = queries.owners_shown(actor)
    form = FilterForm(request.GET, organisations=organisations)
    form.is_valid()  # what does not fit is left out of the filter
    given = form.cleaned_data
    narrow = IncidentFilter(given.get("stand", ""), given.get("organisatie", ""), given.get("tekst", ""))
    sort = request.GET.get("sort", "")
    incidents, following = queries.page(queries.filtered(actor, narrow), sort, _uuid(request.GET.get("after", "")))
    note_listing(actor, queries.SEE, {incident.organisation_id for incident in incidents})
    query = request.GET.copy()
    query["after"] = str(following or "")
    context = {
        "form": form,
        "narrowed": narrow != IncidentFilter(),
        "incidents": incidents,
        "more_url": f"?{query.urlencode()}" if following else "",
        "several": len(organisations) > 1,
        "first_clock": queries.open_clocks(actor).first(),
        "may_open": may_anywhere(actor, queries.OPEN),
    }
    return render(request, "cert/list.html", context)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
