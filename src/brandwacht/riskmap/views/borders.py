"""Over the border: what is shared, what is followed, and a cascade together with the neighbours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network import queries as network
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.forms import add_refusal, day_after
from brandwacht.network.long_work import BUSY
from brandwacht.network.models import Node, Organisation, OrganisationKind
from brandwacht.network.pages import require
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing
from brandwacht.network.wording import listed
from brandwacht.riskmap import queries
from brandwacht.riskmap.forms.borders import FollowForm, ShareForm
from brandwacht.riskmap.forms.what_if import OutagesForm
from brandwacht.riskmap.models import AnalysisKind
from brandwacht.riskmap.queries import borders as queries_borders
from brandwacht.riskmap.queries import planning as queries_planning
from brandwacht.riskmap.services import analysis as services_analysis
from brandwacht.riskmap.services import borders as services_borders
from brandwacht.riskmap.views.common import tabs_for

_PARTNERS = (OrganisationKind.REGION, OrganisationKind.MUNICIPALITY, OrganisationKind.CHAIN)


def _here(actor: Actor) -> Organisation:
    return Organisation.objects.get(pk=actor.organisation_id)


def _crumbs(here: str) -> list[tuple[str, str | None]]:
    return [
        (_("Risicokaart"), reverse("riskmap:map")),
        (_("Over de grens"), reverse("riskmap:border")),
        (here, None),
    ]


def _own_nodes(actor: Actor) -> Any:
    return network.nodes(actor).filter(organisation_id=actor.organisation_id).order_by("name", "key")


@require_GET
def border(request: ActorRequest) -> HttpResponse:
    """What the own organisation shares and follows, and what it could follow."""
    actor = request.actor
    require(actor, "riskmap.follow")
    offers = queries_borders.offers(actor)
    note_listing(actor, "riskmap.shared.see", {offer.giver_id for offer in offers})
    open_now = {offer.ref for offer in offers}
    me = Owner(actor.organisation_id)
    stand_ins = list(queries_borders.stand_ins(actor))
    context = {
        "tabs": tabs_for(actor, "border", _here(actor)),
        "given": queries_borders.given(actor),
        "offers": offers,
        "following": {row.shared_ref: row for row in stand_ins},
        "closed": [row for row in stand_ins if row.shared_ref not in open_now],
        "may_share": decide(actor, "riskmap.share", me),
        "may_end": decide(actor, "grant.end", me),
        "may_run": decide(actor, "riskmap.run", me) and any(offer.node for offer in offers),
    }
    return render(request, "riskmap/border.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: ActorRequest) -> HttpResponse:
    """Share a node with another organisation."""
    actor = request.actor
    require(actor, "riskmap.share")
    partners = Organisation.objects.filter(kind__in=_PARTNERS).exclude(pk=actor.organisation_id).order_by("code")
    initial = {"ends_on": timezone.localdate() + timedelta(days=365), "node": request.GET.get("onderdeel", "")}
    form = ShareForm(request.POST or None, nodes=_own_nodes(actor), organisations=partners, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        node: Node = data["node"]
        try:
            services_borders.share(
                actor, node.public_id, data["grantee"], name=data["name"], ends_at=day_after(data["ends_on"])
            )
        except Refused as error:
            add_refusal(form, error, {"ends_at": "ends_on"})
        else:
            messages.success(
                request,
                _("%(who)s kan “%(name)s” nu volgen.") % {"who": data["grantee"].full_name, "name": data["name"]},
            )
            return redirect("riskmap:border")
    context = {"form": form, "crumbs": _crumbs(_("Deel een onderdeel"))}
    return render(request, "riskmap/border_share.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: ActorRequest, ref: UUID) -> HttpResponse:
    """Choose the own node that stands for what another shares."""
    actor = request.actor
    require(actor, "riskmap.follow")
    offer = next((each for each in queries_borders.offers(actor) if each.ref == ref), None)
    if offer is None:
        raise NotFound
    initial = {"node": offer.node.public_id if offer.node else ""}
    form = FollowForm(request.POST or None, nodes=_own_nodes(actor), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services_borders.follow(actor, ref, form.cleaned_data["node"].public_id)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Uw kaart volgt nu “%(name)s”.") % {"name": offer.name})
            return redirect("riskmap:border")
    context = {"form": form, "offer": offer, "crumbs": _crumbs(offer.name)}
    return render(request, "riskmap/border_follow.html", context, status=422 if form.errors else 200)


@require_POST
def unfollow(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Stop following."""
    services_borders.unfollow(request.actor, public_id)
    messages.success(request, _("Uw kaart volgt dit niet meer. Het onderdeel zelf blijft staan."))
    return redirect("riskmap:border")


@require_http_methods(["GET", "HEAD", "POST"])
def run(request: ActorRequest) -> HttpResponse:
    """Choose what fails on the own map; the neighbours reckon along."""
    actor = request.actor
    require(actor, "riskmap.follow")
    require(actor, "riskmap.run")
    names = dict(
        queries.listed_nodes(actor, actor.organisation_id, queries.NodeFilter())
        .order_by("name")
        .values_list("key", "name")
    )
    form = OutagesForm(request.POST or None, nodes=names)
    if request.method == "POST" and form.is_valid():
        outages = form.cleaned_data["outages"]
        try:
            asked = services_analysis.ask_border(
                actor, outages, horizon=int(form.cleaned_data["horizon"]),
                title=_("Over de grens: %(names)s") % {"names": listed([names[each["node"]] for each in outages])},
            )  # fmt: skip
        except Refused as error:
            add_refusal(form, error, {"nodes": "node1"})
        else:
            return redirect("riskmap:reckoning", asked.public_id)
    _done, last = queries_planning.latest(actor, actor.organisation_id, AnalysisKind.BORDER)
    busy = last is not None and last.state in BUSY
    context = {
        "form": form, "names": names.items(), "crumbs": _crumbs(_("Reken door")), "other": last, "busy": busy,
        "may_ask": True,
    }  # fmt: skip
    return render(request, "riskmap/border_run.html", context, status=422 if form.errors else 200)
