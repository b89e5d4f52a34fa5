"""The pages of governance."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from brandwacht.engines.authority import GENERAL, load_escalation
from brandwacht.governance.forms import PowersFilter
from brandwacht.governance.policy import SEE_POWERS
from brandwacht.governance.powers import network_map
from brandwacht.network.requests import ActorRequest
from brandwacht.network.views.common import require


@require_GET
def powers(request: ActorRequest) -> HttpResponse:
    """The bestuurlijke netwerkkaart: who may do what, by role, scenario and phase, and how to scale up."""
    require(request.actor, SEE_POWERS)
    form = PowersFilter({"scenario": GENERAL} | request.GET.dict())
    form.is_valid()
    chosen = form.cleaned_data
    found = network_map(chosen.get("scenario") or GENERAL, chosen.get("phase", ""), chosen.get("role", ""))
    return render(request, "governance/powers.html", {"form": form, "map": found, "escalation": load_escalation()})
