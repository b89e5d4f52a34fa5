"""The tile map of all safety regions: what runs where, as far as the reader may see."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from brandwacht.network import queries as network
from brandwacht.network.models import OrganisationKind
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing
from brandwacht.riskmap.cascades import live
from brandwacht.riskmap.cascades.outcome import from_json
from brandwacht.riskmap.pictures.atlas import worst
from brandwacht.riskmap.pictures.tiles import tile_map, worst_of
from brandwacht.riskmap.views.common import chosen_map, tabs_for


@require_GET
def regions(request: ActorRequest) -> HttpResponse:
    """One tile per region. Of regions whose map the reader may not see, only the public name is there."""
    actor = request.actor
    owner, maps = chosen_map(request)
    seen = {each.pk for each in maps}
    running: defaultdict[int, list[live.LiveIncident]] = defaultdict(list)
    found = live.incidents(actor, seen)
    for each in found:
        running[each.owner_id].append(each)
    states: defaultdict[int, list[str]] = defaultdict(list)
    for run in live.newest_runs(actor, found).values():
        minute = max(0, int((actor.now - run.started_at) / timedelta(minutes=1)))
        states[run.organisation_id].append(worst_of(from_json(run.result), minute))
    note_listing(actor, "riskmap.see", seen)
    hit = {pk: worst(each) for pk, each in states.items()}
    drawn = tile_map(list(network.organisations(OrganisationKind.REGION)), seen, running, hit)
    context = {"owner": owner, "maps": maps, "tabs": tabs_for(actor, "regions", owner), "tiles": drawn, "seen": seen}
    return render(request, "riskmap/regions.html", context)
