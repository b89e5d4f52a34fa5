"""How much of the logs is kept, how long, and what is kept longer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter
from brandwacht.network.policy import Owner, decide, owners
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing
from brandwacht.soc import queries
from brandwacht.soc.forms.hunts import HoldForm, TermForm
from brandwacht.soc.services import keeping
from brandwacht.soc.views import tabs_for

HOLDS = 50


@require_GET
def overview(request: ActorRequest) -> HttpResponse:
    """Sizes, days and terms per organisation, and the holds."""
    return _overview(request)


def _overview(
    request: ActorRequest, term_form: TermForm | None = None, hold_form: HoldForm | None = None, status: int = 200
) -> HttpResponse:
    actor = request.actor
    enter(actor, "soc.store.see")
    rows = queries.keepings(actor)
    note_listing(actor, "soc.store.see", {row.organisation.pk for row in rows})
    own = next((row for row in rows if row.organisation.pk == actor.organisation_id), None)
    may_term = bool(decide(actor, "soc.store.term", Owner(actor.organisation_id)))
    holdable = queries.holdable(actor)
    context = {
        "tabs": tabs_for(actor, "store"),
        "rows": rows,
        "several": len(rows) > 1,
        "total": sum(row.kept.size for row in rows),
        "events": sum(row.kept.events for row in rows),
        "damaged": [name for row in rows for name in row.kept.damaged],
        "holds": queries.holds(actor).order_by("-made_at", "-id")[:HOLDS],
        "releasable": owners(actor, "soc.store.hold"),
        "term_form": (term_form or TermForm(initial={"dagen": own.days if own else None})) if may_term else None,
        "hold_form": (hold_form or HoldForm(organisations=holdable)) if holdable else None,
    }
    return render(request, "soc/store.html", context, status=status)


@require_POST
def term(request: ActorRequest) -> HttpResponse:
    """Choose the term of the own organisation."""
    form = TermForm(request.POST)
    if form.is_valid():
        try:
            row = keeping.set_term(request.actor, form.cleaned_data["dagen"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Uw logs blijven voortaan %(n)d dagen bewaard.") % {"n": row.days})
            return redirect("soc:store")
    return _overview(request, term_form=form, status=422)


@require_POST
def hold(request: ActorRequest) -> HttpResponse:
    """Keep days longer."""
    form = HoldForm(request.POST, organisations=queries.holdable(request.actor))
    if form.is_valid():
        given = form.cleaned_data
        try:
            keeping.hold(request.actor, form.owner_id(), given["eerste"], given["laatste"], given["reden"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Deze dagen blijven bewaard tot u dat beëindigt."))
            return redirect("soc:store")
    return _overview(request, hold_form=form, status=422)


@require_POST
def release(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """End a hold."""
    try:
        keeping.release(request.actor, public_id)
    except Refused as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Beëindigd. Deze logs worden opgeruimd zodra hun termijn voorbij is."))
    return redirect("soc:store")
