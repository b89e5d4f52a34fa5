"""Blind spots: the rules that can never fire, with the reason of each."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from brandwacht.network.pages import enter
from brandwacht.network.paging import page
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing
from brandwacht.soc.forms.content import BlindFilterForm
from brandwacht.soc.queries import blindspots as reads
from brandwacht.soc.views import tabs_for


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """How many rules can fire where, the blindest sources, and one by one the rules that can not."""
    actor = request.actor
    enter(actor, reads.SEE)
    every = reads.reaches(actor)
    form = BlindFilterForm.read(request.GET, organisations=[reach.organisation for reach in every])
    owner_id = form.owner_id()
    reaches = [reach for reach in every if owner_id in (None, reach.organisation_id)]
    spots = reads.blind_spots(actor, owner_id, form.reason(), form.where())
    found = page(request, spots, reads.ORDER, among=reads.blind_spots(actor))
    note_listing(actor, reads.SEE, {reach.organisation_id for reach in reaches})
    reasons = reads.blind_by_reason(actor, owner_id)
    context: dict[str, Any] = {
        "tabs": tabs_for(actor, "blind"),
        "form": form,
        "reaches": reaches,
        "several": len(reaches) > 1,
        "reasons": reasons,
        "blindest": reads.blindest(actor, owner_id),
        "of_others": sum(reach.blind + reach.partly for reach in reaches) - sum(count for _reason, count in reasons),
        "spots": found.rows,
        "rules": reads.rule_ids(actor, found.rows),
        "next_url": found.next_url,
        "narrowed": any(request.GET.get(key) for key in form.fields),
    }
    return render(request, "soc/blindspots.html", context)
