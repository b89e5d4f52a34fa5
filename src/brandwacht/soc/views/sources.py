"""The ledger of log files, and offering one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter
from brandwacht.network.paging import page
from brandwacht.network.policy import may_anywhere
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing, note_use
from brandwacht.soc import queries, services
from brandwacht.soc.forms.alerts import OfferForm
from brandwacht.soc.views import tabs_for


@require_http_methods(["GET", "POST"])
def listing(request: ActorRequest) -> HttpResponse:
    """The files that were read, and a form to offer one."""
    enter(request.actor, "soc.sources.see")
    organisations = queries.offerable(request.actor)
    form = OfferForm(organisations=organisations)
    if request.method == "POST":
        form = OfferForm(request.POST, request.FILES, organisations=organisations)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                ledger = services.offer(request.actor, form.owner_id(), file.name, file.chunks())
            except Refused as error:
                add_refusal(form, error)
            else:
                messages.success(request, _("%(name)s wordt nu gelezen. U kunt weggaan.") % {"name": ledger.name})
                return redirect("soc:sources")
    return _page(request, form, status=422 if form.errors else 200)


def _page(request: ActorRequest, form: OfferForm, status: int) -> HttpResponse:
    actor = request.actor
    found = page(request, queries.sources(actor), ("-started_at", "-id"))
    files = found.rows
    latest = queries.latest_file(actor)
    note_listing(actor, "soc.sources.see", {file.organisation_id for file in ([*files, latest] if latest else files)})
    context = {
        "tabs": tabs_for(actor, "sources"),
        "files": files,
        "next_url": found.next_url,
        "several": len({file.organisation_id for file in files} | {actor.organisation_id}) > 1,
        "form": form if may_anywhere(actor, "soc.ingest") else None,
        "latest": latest,
    }
    return render(request, "soc/sources.html", context, status=status)


@require_GET
def row(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One line of the ledger as it is now, asked for while a file is being read."""
    file = queries.source(request.actor, public_id)
    note_listing(request.actor, "soc.sources.see", {file.organisation_id})
    return render(request, "soc/_source_row.html", {"file": file, "several": request.GET.get("wie") == "1"})


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One file: its counts, its reason, and the records that could not be read."""
    file = queries.source(request.actor, public_id)
    note_use(request.actor, "soc.sources.see", file)
    context = {
        "file": file,
        "bad": queries.bad_records(request.actor, file),
        "crumbs": [
            (_("Waakzaam"), reverse("soc:list")),
            (_("Logbestanden"), reverse("soc:sources")),
            (file.name, None),
        ],
    }
    return render(request, "soc/source.html", context)
