"""The pages of couplings: the list, one coupling, and what may be done with it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.engines.intel import TLP
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter
from brandwacht.network.paging import page
from brandwacht.network.policy import decide, may_anywhere
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import demand, note_listing, note_use
from brandwacht.sharing.circle import circle_for
from brandwacht.sharing.forms.couplings import NewForm, SettingForm, initial_of
from brandwacht.sharing.models import Coupling, CouplingKind, CouplingState, Direction
from brandwacht.sharing.policies.couplings import SEE_COUPLING, SEE_ITEM, SET_COUPLING, START_COUPLING
from brandwacht.sharing.policies.objects import SEE_OBJECT
from brandwacht.sharing.queries import couplings as queries
from brandwacht.sharing.services import couplings as services
from brandwacht.sharing.views.common import crumbs, sign_first, tabs_for


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The couplings, each with how it stands."""
    actor = request.actor
    enter(actor, SEE_COUPLING)
    part = page(request, queries.couplings(actor), queries.ORDER)
    note_listing(actor, SEE_COUPLING, {each.organisation_id for each in part.rows})
    context = {
        "tabs": tabs_for(actor, "couplings"),
        "rows": part.rows,
        "next_url": part.next_url,
        "failing": sum(1 for each in part.rows if each.state == CouplingState.RUNNING and each.failures),
        "may_misp_feed": may_anywhere(actor, SEE_ITEM) and may_anywhere(actor, SEE_OBJECT),
    }
    return render(request, "sharing/couplings/list.html", context)


@require_GET
@never_cache
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One coupling: how it is set, where it got to, and what it has to tell."""
    actor = request.actor
    row = queries.coupling(actor, public_id)
    note_use(actor, SEE_COUPLING, row)
    part = page(request, queries.told(row), queries.ITEM_ORDER)
    start = decide(actor, START_COUPLING, row)
    context = {
        "crumbs": crumbs("couplings", row.name),
        "row": row,
        "items": part.rows,
        "next_url": part.next_url,
        "may_set": bool(decide(actor, SET_COUPLING, row)),
        "may_start": bool(start),
        "stale_after": 10,
    }
    return render(request, "sharing/couplings/detail.html", context)


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Choose the sort and the direction first, then set it."""
    actor = request.actor
    enter(actor, SET_COUPLING)
    owners = services.owners_for(actor)
    given = request.POST if request.method == "POST" else request.GET if request.GET else None
    first = NewForm(given, owners=owners, initial={"kind": CouplingKind.TAXII, "direction": Direction.PULL})
    if given is None or not first.is_valid():
        context = {"crumbs": crumbs("couplings", _("Nieuwe koppeling")), "form": first}
        return render(request, "sharing/couplings/choose.html", context, status=422 if first.is_bound else 200)
    chosen = first.cleaned_data
    owner = next(each for each in owners if str(each.public_id) == chosen["owner"])
    form = SettingForm(
        request.POST or None, kind=chosen["kind"], pulls=chosen["direction"] == Direction.PULL,
        of_circle=owner.kind == "kring", row=None,
        initial={"party": "ander", "highest_tlp": TLP.GREEN.name, "distribution": 0},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            row = services.make(actor, owner, chosen["kind"], chosen["direction"], form.setting())
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("De koppeling is gemaakt en staat nog stil. Probeer haar eerst."))
            return redirect("sharing:coupling", row.public_id)
    context = {
        "crumbs": crumbs("couplings", _("Nieuwe koppeling")), "form": form, "chosen": chosen, "owner": owner,
        "kind": CouplingKind(chosen["kind"]).label, "direction": Direction(chosen["direction"]).label,
    }  # fmt: skip
    return render(request, "sharing/couplings/edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Set a coupling otherwise; the secret is never shown."""
    actor = request.actor
    row = queries.coupling(actor, public_id)
    demand(actor, SET_COUPLING, row)
    form = SettingForm(
        request.POST or None, kind=row.kind, pulls=row.pulls, of_circle=row.of_circle, row=row, initial=initial_of(row)
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change(actor, public_id, form.setting())
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("De koppeling is gewijzigd."))
            return redirect("sharing:coupling", public_id)
    context = {
        "crumbs": crumbs("couplings", row.name), "form": form, "row": row,
        "kind": row.get_kind_display(), "direction": row.get_direction_display(),
    }  # fmt: skip
    return render(request, "sharing/couplings/edit.html", context, status=422 if form.is_bound else 200)


def _doing(work: Callable[..., Coupling], said: str | Promise) -> Callable[..., HttpResponse]:
    """A view for one button: do it, say so, and back to the coupling."""

    @require_POST
    def view(request: ActorRequest, public_id: UUID) -> HttpResponse:
        try:
            work(request.actor, public_id)
        except Refused as error:
            messages.error(request, error.message)
        else:
            messages.success(request, str(said))
        return redirect("sharing:coupling", public_id)

    return view


probe = _doing(services.ask_probe, gettext_lazy("De koppeling wordt geprobeerd. Het antwoord komt hieronder."))
start = _doing(services.start, gettext_lazy("De koppeling loopt. De eerste keer begint binnen een minuut."))
run_now = _doing(services.ask_run, gettext_lazy("De koppeling begint nu."))
pause = _doing(services.pause, gettext_lazy("De koppeling staat stil. Waar zij gebleven was, is bewaard."))
end = _doing(services.end, gettext_lazy("De koppeling is beëindigd en het wachtwoord is weg. Wat zij bracht, blijft."))


@require_GET
@never_cache
def misp_feed(request: ActorRequest) -> HttpResponse:
    """The MISP feed of the circle for the reader's organisation, as one file to keep."""
    actor = request.actor
    enter(actor, SEE_ITEM)
    if (first := sign_first(actor)) is not None:
        return first
    owner = circle_for(actor, SEE_OBJECT)
    files = queries.misp_feed(actor, owner)
    note_listing(actor, SEE_ITEM, {owner.pk})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name, content in files.items():
            kept.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    name = f"misp-feed-{owner.code.lower()}.zip"
    return HttpResponse(
        out.getvalue(),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
