"""Advice on measures: the panel on a thing, pointing at controls and measures, and adopting one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.requests import ActorRequest, public_id_in
from brandwacht.network.usecase import demand
from brandwacht.sharing.forms.products import AdviseForm
from brandwacht.sharing.policies.products import ADVISE
from brandwacht.sharing.queries import measures as queries
from brandwacht.sharing.reading_kinds import KINDS, Kind
from brandwacht.sharing.services import measures as services
from brandwacht.sharing.views.common import crumbs


def panel(actor: Actor, kind: Kind, thing: Any) -> dict[str, Any]:
    """What ``sharing/measures/_advice.html`` shows on the page of a thing."""
    advice = queries.advice(actor, thing)
    return {"advice": advice, "kind": kind.key, "thing": thing, "may_advise": services.may_advise(actor, thing)}


@require_http_methods(["GET", "POST"])
@never_cache
def advise(request: ActorRequest, key: str, public_id: UUID) -> HttpResponse:
    """Let a warning, a report or a product point at controls and shared measures."""
    actor = request.actor
    kind, thing = queries.thing(actor, key, public_id)
    if not services.may_advise(actor, thing):
        demand(actor, ADVISE, thing)
        raise Refused(_("Dit staat vast. Maak er een nieuwe versie van."))
    fitting = queries.suggested(thing.attack)
    numbers = list(dict.fromkeys([*thing.controls, *(each.number for each in fitting)]))
    suggested = [(each.number, f"{each.number} {each.title}") for each in fitting]
    listed = {each.number for each in fitting}
    shared = [
        (str(each.public_id), f"{each.control} {each.title} ({each.organisation.full_name})")
        for each in queries.choices(actor, numbers)
    ]
    initial = {
        "suggested": [number for number in thing.controls if number in listed] or [*listed],
        "others": ", ".join(number for number in thing.controls if number not in listed),
        "measures": thing.measures,
    }
    form = AdviseForm(request.POST or None, suggested=suggested, measures=shared, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.advise(actor, key, public_id, form.controls(), form.cleaned_data["measures"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("De lezers zien nu naar welke maatregelen dit wijst."))
            return redirect(kind.url, public_id)
    context = {"crumbs": crumbs(kind.part, thing.name), "form": form, "thing": thing, "back": kind.url}
    return render(request, "sharing/measures/advise.html", context, status=422 if form.is_bound else 200)


@require_POST
def adopt(request: ActorRequest, key: str, public_id: UUID) -> HttpResponse:
    """Adopt a shared measure that a thing advises, or make a measure at a control."""
    measure = public_id_in(request.POST.get("measure", ""))
    try:
        services.adopt(
            request.actor, key, public_id, measure=measure, control=request.POST.get("control", "")
        )  # fmt: skip
    except Refused as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request,
            _("De maatregel staat nu onder Basis op orde, op uw naam en met een termijn van negentig dagen."),
        )
    return redirect(KINDS[key].url, public_id)
