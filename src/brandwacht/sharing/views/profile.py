"""The pages of the asset profile: what the organisation runs, one row at a time; a whole table goes by Beheer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter, require
from brandwacht.network.paging import chosen_order, page
from brandwacht.network.policy import Owner, decide
from brandwacht.network.queries import capped_count
from brandwacht.network.requests import ActorRequest
from brandwacht.network.tables import csv_response, xlsx_response
from brandwacht.network.usecase import note_listing, note_use
from brandwacht.sharing.forms.advisories import AssetFilter, AssetForm, EndAssetForm, facts_of
from brandwacht.sharing.models import ProfileAsset
from brandwacht.sharing.policies.advisories import EDIT_ASSET, SEE_ASSET
from brandwacht.sharing.queries import advisories as queries
from brandwacht.sharing.services import profile as services
from brandwacht.sharing.views.common import counted, crumbs, tabs_for


def _filtered(request: ActorRequest) -> tuple[AssetFilter, QuerySet[ProfileAsset], bool]:
    form = AssetFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.assets(request.actor)
    if not chosen.get("ended"):
        rows = rows.filter(ended_at__isnull=True)
    if chosen.get("q"):
        rows = queries.matching_assets(rows, chosen["q"])
    return form, rows, bool(chosen.get("q"))


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """What the organisation runs; for the CERT what those run that gave a mandate."""
    actor = request.actor
    enter(actor, SEE_ASSET)
    form, rows, filtered = _filtered(request)
    order = chosen_order(queries.ASSET_SORTS, request.GET.get("sort", ""))
    part = page(request, rows, order, among=queries.assets(actor))
    note_listing(actor, SEE_ASSET, {each.organisation_id for each in part.rows})
    context = counted(part, rows) | {
        "tabs": tabs_for(actor, "profile"),
        "form": form,
        "unsure": capped_count(rows.filter(version="", cpe="", purl="", ended_at__isnull=True)),
        "filtered": filtered,
        "may_edit": bool(decide(actor, EDIT_ASSET, Owner(actor.organisation_id))),
        "others": any(each.organisation_id != actor.organisation_id for each in part.rows),
        "table": services.TABLE,
        "query": request.GET.urlencode(),
    }
    return render(request, "sharing/advisories/profile.html", context)


@require_GET
def export(request: ActorRequest) -> HttpResponse:
    """The own profile as a table that can be offered again; with ``vorm=xlsx`` as a workbook."""
    actor = request.actor
    require(actor, SEE_ASSET)
    _form, rows, _chosen = _filtered(request)
    header, lines = services.as_table(list(rows.filter(organisation_id=actor.organisation_id)[: services.MOST]))
    write = xlsx_response if request.GET.get("vorm") == "xlsx" else csv_response
    return write("ict-foto", header, lines)


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Add a product."""
    require(request.actor, EDIT_ASSET)
    form = AssetForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.add(request.actor, form.cleaned_data)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(
                request,
                _("%(name)s staat in uw profiel. De adviezen worden nagelopen; past er een, dan komt er een melding.")
                % {"name": row},
            )
            return redirect("sharing:profile")
    context = {"crumbs": crumbs("profile", _("Voeg een product toe")), "form": form}
    return render(request, "sharing/advisories/asset.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@never_cache
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One product; change it, for who may."""
    actor = request.actor
    row = queries.asset(actor, public_id)
    may = bool(decide(actor, EDIT_ASSET, row)) and row.ended_at is None
    if request.method == "GET":
        note_use(actor, SEE_ASSET, row)
        return _show(request, row, AssetForm(initial=facts_of(row)), EndAssetForm(), may=may)
    form = AssetForm(request.POST)
    if form.is_valid():
        try:
            services.change(actor, public_id, form.cleaned_data)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Gewijzigd. De adviezen worden opnieuw nagelopen."))
            return redirect("sharing:profile")
    return _show(request, row, form, EndAssetForm(), may=may)


@require_POST
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The organisation runs this no longer."""
    form = EndAssetForm(request.POST)
    if form.is_valid():
        try:
            row = services.end(request.actor, public_id, form.cleaned_data["why"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("%(name)s is uit gebruik. Meldingen erover vervallen.") % {"name": row})
            return redirect("sharing:profile")
    row = queries.asset(request.actor, public_id)
    return _show(request, row, AssetForm(initial=facts_of(row)), form, may=row.ended_at is None)


def _show(
    request: ActorRequest, row: ProfileAsset, form: AssetForm, ending: EndAssetForm, *, may: bool
) -> HttpResponse:
    context = {"crumbs": crumbs("profile", row.name), "row": row, "form": form, "ending": ending, "may": may}
    wrong = form.is_bound or ending.is_bound
    return render(request, "sharing/advisories/asset.html", context, status=422 if wrong else 200)
