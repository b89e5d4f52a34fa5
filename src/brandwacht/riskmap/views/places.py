"""The map: the own boundaries, what stands where, and what happens there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import require
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.services.register import place_nodes
from brandwacht.riskmap import geo, mapping, queries
from brandwacht.riskmap.forms.places import BoundariesForm, PutForm
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.pictures.atlas import Placed, atlas, moving
from brandwacht.riskmap.pictures.scenes import choices, scene
from brandwacht.riskmap.register import boundaries as borders
from brandwacht.riskmap.views.common import chosen_map, tabs_for

HOMELESS = 60
"""So many things without a place are offered at once."""


@require_GET
def places(request: ActorRequest) -> HttpResponse:
    """The map of one owner with the state of what stands on it, now or in an outcome."""
    return _map(request, None)


def _map(request: ActorRequest, form: PutForm | None) -> HttpResponse:
    actor = request.actor
    owner, maps = chosen_map(request)
    register = mapping.load(actor, owner.pk)
    kept = borders.of_owner(actor, owner.pk)
    shown = scene(actor, register, owner.pk, request.GET.get("toon", ""), request.GET.get("moment", ""))
    drawn = atlas(borders.shapes(kept), _on_map(register), shown.states())
    own = owner.pk == actor.organisation_id
    may_place = own and decide(actor, "register.edit", Owner(owner.pk))
    offered = [(str(node.public_id), node.name) for node in drawn.homeless[:HOMELESS]]
    context: dict[str, Any] = {
        "owner": owner,
        "maps": maps,
        "tabs": tabs_for(actor, "places", owner),
        "kept": kept,
        "atlas": drawn,
        "scene": shown,
        "choices": choices(actor, owner.pk, shown),
        "may_read_in": own and decide(actor, "riskmap.boundaries", Owner(owner.pk)),
        "form": form or (PutForm(nodes=offered) if may_place and offered else None),
        "left_out": len(drawn.homeless) - len(offered),
        "data": moving(kept.shapes if kept else [], drawn)
        | {"changes": list(shown.changes), "minute": shown.minute, "end": shown.end},
        "node_url": reverse("riskmap:node", args=["00000000-0000-0000-0000-000000000000"]),
    }
    return render(request, "riskmap/places.html", context, status=422 if form else 200)


def _on_map(register: Register) -> list[Placed]:
    """The nodes of the map with their places, by name."""
    rows = [(node, register.places[node.key]) for node in register.network.nodes]
    found = [Placed(n.key, n.name, n.kind, p.vital, p.place, p.public_id) for n, p in rows]
    return sorted(found, key=lambda each: (each.name, each.key))


def _placed(request: ActorRequest, owner_id: int) -> list[Placed]:
    rows = (
        queries.listed_nodes(request.actor, owner_id, queries.NodeFilter()).filter(draft=False).order_by("name", "pk")
    )
    return [Placed(*row) for row in rows.values_list("key", "name", "kind", "vital", "place", "public_id")]


@require_POST
def put(request: ActorRequest) -> HttpResponse:
    """Say where some nodes of the own register stand."""
    actor = request.actor
    require(actor, "register.edit")
    offered = [(str(node.public_id), node.name) for node in _placed(request, actor.organisation_id)]
    form = PutForm(request.POST, nodes=offered)
    if form.is_valid():
        areas = {each.code: each for each in borders.shapes(borders.of_owner(actor, actor.organisation_id))}
        try:
            place = borders.checked_place(form.cleaned_data["place"], areas)
            count = place_nodes(actor, form.cleaned_data["nodes"], place)
        except Refused as error:
            add_refusal(form, error)
        else:
            told = ngettext("%(n)d onderdeel heeft nu een plaats.", "%(n)d onderdelen hebben nu een plaats.", count)
            messages.success(request, told % {"n": count})
            return redirect("riskmap:places")
    return _map(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def boundaries(request: ActorRequest) -> HttpResponse:
    """Read boundaries in from a file."""
    actor = request.actor
    require(actor, "riskmap.boundaries")
    owner, _maps = chosen_map(request)
    form = BoundariesForm(request.POST, request.FILES) if request.method == "POST" else BoundariesForm()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row = borders.read_in(
                actor, given["file"].name, given["file"].read(geo.MOST_BYTES + 1), source=given["source"],
                layer=given["layer"], whole=given["whole"],
            )  # fmt: skip
        except Refused as error:
            add_refusal(form, error)
        else:
            told = ngettext(
                "De grens van %(n)d gebied staat op de kaart.", "%(n)d gebieden staan op de kaart.", row.count
            )
            messages.success(request, told % {"n": row.count})
            return redirect("riskmap:places")
    context: dict[str, Any] = {"form": form, "kept": borders.of_owner(actor, actor.organisation_id), "owner": owner}
    context["crumbs"] = [(_("Kaart"), reverse("riskmap:places")), (_("Grenzen"), None)]
    return render(request, "riskmap/boundaries.html", context, status=422 if form.errors else 200)
