"""The list of incidents."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from brandwacht.cert import queries
from brandwacht.cert.forms import FilterForm
from brandwacht.cert.queries import IncidentFilter
from brandwacht.network.pages import enter
from brandwacht.network.paging import chosen_order, page
from brandwacht.network.policy import may_anywhere
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The incidents: by default those that run: the real ones first, newest first."""
    actor = request.actor
    enter(actor, queries.SEE)
    organisations = queries.owners_shown(actor)
    form = FilterForm(request.GET, organisations=organisations)
    form.is_valid()  # what does not fit is left out of the filter
    given = form.cleaned_data
    narrow = IncidentFilter(given.get("stand", ""), given.get("organisatie", ""), given.get("tekst", ""))
    order = chosen_order(queries.SORTS, request.GET.get("sort", ""))
    found = page(request, queries.filtered(actor, narrow), order, among=queries.incidents(actor))
    first_clock = queries.open_clocks(actor).first()
    shown = [*found.rows, first_clock] if first_clock else found.rows
    note_listing(actor, queries.SEE, {each.organisation_id for each in shown})
    context = {
        "form": form,
        "narrowed": narrow != IncidentFilter(),
        "incidents": found.rows,
        "next_url": found.next_url,
        "several": len(organisations) > 1,
        "first_clock": first_clock,
        "may_open": may_anywhere(actor, queries.OPEN),
    }
    return render(request, "cert/list.html", context)
