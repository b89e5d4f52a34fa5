"""The network: who leans on whom, still and moving, with what happens on it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from brandwacht.network.requests import ActorRequest
from brandwacht.riskmap import mapping
from brandwacht.riskmap.pictures.moving import graph
from brandwacht.riskmap.pictures.scenes import choices, scene
from brandwacht.riskmap.pictures.structure import MOST, selection, structure
from brandwacht.riskmap.reckoning import findings
from brandwacht.riskmap.views.common import chosen_map, tabs_for

MOST_ROWS = 150


@require_GET
def picture(request: ActorRequest) -> HttpResponse:
    """The map as a network: the whole of it moves where JavaScript runs; still at most ``MOST`` nodes."""
    actor = request.actor
    owner, maps = chosen_map(request)
    register = mapping.load(actor, owner.pk)
    network = register.network
    sectors = sorted({node.sector for node in network.nodes if node.sector})
    sector = request.GET.get("sector", "") if request.GET.get("sector", "") in sectors else ""
    shown = scene(actor, register, owner.pk, request.GET.get("toon", ""), request.GET.get("moment", ""))
    context: dict[str, Any] = {
        "owner": owner,
        "maps": maps,
        "tabs": tabs_for(actor, "picture", owner),
        "sectors": sectors,
        "sector": sector,
        "scene": shown,
        "choices": choices(actor, owner.pk, shown),
        "most": MOST,
        "node_url": reverse("riskmap:node", args=["00000000-0000-0000-0000-000000000000"]),
    }
    keys = selection(register, sector)
    if keys:
        urls = {key: reverse("riskmap:node", args=[register.places[key].public_id]) for key in keys}
        rows = sorted(keys)[:MOST_ROWS]
        states = shown.states()
        context |= {
            "finding": shown.finding,
            "structure": structure(register, keys, urls, states),
            "graph": graph(register, [node.key for node in network.nodes], shown, shown.finding) | {"sector": sector},
            "left_out": len(network.nodes) - len(keys),
            "rows": [
                (network.node(key), register.places[key], findings.needs_of(register, key), states.get(key, "ok"))
                for key in rows
            ],
            "file_name": _("netwerk-%(code)s") % {"code": owner.code},
        }
    return render(request, "riskmap/picture.html", context)
