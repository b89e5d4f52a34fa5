"""The second look: a sample of what colleagues closed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing
from brandwacht.soc.forms.work import LookForm
from brandwacht.soc.queries import second_look as queries
from brandwacht.soc.services.second_look import look_again
from brandwacht.soc.terms import terms
from brandwacht.soc.views import tabs_for

AGREEMENT_OVER = timedelta(days=90)


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """What asks for a second look, and how often two people agreed."""
    return _show(request)


def _show(request: ActorRequest, failed: UUID | None = None, form: LookForm | None = None) -> HttpResponse:
    actor = request.actor
    enter(actor, "soc.alert.see")
    offered, waiting = queries.offered(actor)
    looks = queries.latest_looks(actor)
    note_listing(actor, "soc.alert.see", {row.organisation_id for row in (*offered, *looks)})
    context = {
        "tabs": tabs_for(actor, "second"),
        "offered": [
            (alert, form if alert.public_id == failed else LookForm(auto_id=f"{alert.public_id}_%s"))
            for alert in offered
        ],
        "waiting": waiting,
        "looks": looks,
        "agreement": queries.agreement(actor, actor.now - AGREEMENT_OVER, actor.now + timedelta(seconds=1)),
        "sample": terms().sample,
        "share": round(100 * terms().sample.share),
    }
    return render(request, "soc/second_look.html", context, status=422 if failed else 200)


@require_POST
def look(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The second opinion about one alert."""
    form = LookForm(request.POST, auto_id=f"{public_id}_%s")
    if form.is_valid():
        verdict = form.cleaned_data["verdict"]
        try:
            look_again(
                request.actor,
                public_id,
                agreed=verdict == "eens",
                note=form.cleaned_data["note"],
                again=verdict == "heropen",
            )
        except Refused as error:
            if error.field is None:
                messages.warning(request, error.message)
                return redirect("soc:second")
            add_refusal(form, error)
        else:
            messages.success(request, _("Uw oordeel is vastgelegd."))
            return redirect("soc:second")
    return _show(request, public_id, form)
