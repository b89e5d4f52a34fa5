"""The pages of advisories: the list, one advisory with who it concerns, and taking them in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter
from brandwacht.network.paging import chosen_order, page
from brandwacht.network.policy import may_anywhere
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing, note_use
from brandwacht.sharing.forms.advisories import AdvisoryFeedForm, AdvisoryFilter, AdvisoryUpload
from brandwacht.sharing.models import Rank
from brandwacht.sharing.policies.advisories import SEE_ADVISORY, SEE_NOTICE, TAKE_ADVISORY
from brandwacht.sharing.queries import advisories as queries
from brandwacht.sharing.services import advisories as services
from brandwacht.sharing.services import advisory_feeds
from brandwacht.sharing.views.common import counted, crumbs, sign_first, tabs_for


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The advisories, newest first."""
    actor = request.actor
    enter(actor, SEE_ADVISORY)
    if (first := sign_first(actor)) is not None:
        return first
    form = AdvisoryFilter(request.GET)
    chosen = {key: value for key, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    rows = queries.advisories(actor)
    if "urgency" in chosen:
        rows = rows.filter(urgency=chosen["urgency"])
    if "q" in chosen:
        rows = queries.matching_advisories(rows, chosen["q"])
    order = chosen_order(queries.ADVISORY_SORTS, request.GET.get("sort", ""))
    part = page(request, rows.defer("summary", "flaws", "links"), order, among=queries.advisories(actor))
    note_listing(actor, SEE_ADVISORY, {each.organisation_id for each in part.rows})
    context = counted(part, rows) | {
        "tabs": tabs_for(actor, "advisories"),
        "form": form,
        "filtered": bool(chosen),
        "takes": may_anywhere(actor, TAKE_ADVISORY),
    }
    return render(request, "sharing/advisories/list.html", context)


@require_GET
@never_cache
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One advisory, and the organisations that it concerns as far as the reader may see those."""
    actor = request.actor
    advisory = queries.advisory(actor, public_id)
    note_use(actor, SEE_ADVISORY, advisory)
    found = list(queries.concerned(actor, advisory)) if may_anywhere(actor, SEE_NOTICE) else []
    note_listing(actor, SEE_NOTICE, {each.organisation_id for each in found})
    own = next((each for each in found if each.organisation_id == actor.organisation_id), None)
    others = [each for each in found if each is not own]
    flaws = queries.flaw_table(advisory.flaws)
    context = {
        "crumbs": crumbs("advisories", advisory.key),
        "advisory": advisory,
        "flaws": flaws,
        "versions": list(advisory.versions.order_by("-received_at", "-pk").defer("raw")[:20]),
        "own": own,
        "others": others,
        "late": sum(1 for each in others if each.rank == Rank.ESCALATED),
        "over": sum(1 for each in others if each.rank >= Rank.OVER),
        "silent": queries.without_profile(actor),
        "follows": may_anywhere(actor, TAKE_ADVISORY),
    }
    return render(request, "sharing/advisories/advisory.html", context)


@require_http_methods(["GET", "POST"])
def take(request: ActorRequest) -> HttpResponse:
    """Offer advisories as files, and see the addresses from which they come by themselves."""
    enter(request.actor, TAKE_ADVISORY)
    form = AdvisoryUpload(request.POST, request.FILES) if request.method == "POST" else AdvisoryUpload()
    refused: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        offered = ((each.name, each.read(services.MAX_BYTES + 1)) for each in form.cleaned_data["offered"])
        batch = services.take_many(request.actor, offered)
        refused = batch.refused
        if batch.counts:
            messages.success(request, _("Ingelezen: %(what)s.") % {"what": batch.sentence})
        if not refused:
            return redirect("sharing:advisories")
        form.add_error("offered", [f"{name}: {why}" for name, why in list(refused.items())[:50]])
    return _intake(request, form, AdvisoryFeedForm())


@require_POST
def add_feed(request: ActorRequest) -> HttpResponse:
    """Add an address."""
    enter(request.actor, TAKE_ADVISORY)
    form = AdvisoryFeedForm(request.POST)
    if form.is_valid():
        try:
            advisory_feeds.set_feed(request.actor, form.cleaned_data["url"], form.cleaned_data["kind"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Het adres is toegevoegd. Elk uur kijken we of er iets nieuws is."))
            return redirect("sharing:advisory-new")
    return _intake(request, AdvisoryUpload(), form)


@require_POST
def drop_feed(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Visit an address no longer."""
    advisory_feeds.drop_feed(request.actor, public_id)
    messages.success(request, _("Het adres is weg. Wat ervan kwam, blijft staan."))
    return redirect("sharing:advisory-new")


def _intake(request: ActorRequest, upload: AdvisoryUpload, address: AdvisoryFeedForm) -> HttpResponse:
    context: dict[str, Any] = {
        "crumbs": crumbs("advisories", _("Adviezen inlezen")),
        "form": upload,
        "address": address,
        "feeds": list(queries.advisory_feeds(request.actor)),
    }
    wrong = bool(upload.errors or address.errors)
    return render(request, "sharing/advisories/new.html", context, status=422 if wrong else 200)
