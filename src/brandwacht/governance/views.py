"""The pages of governance."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from brandwacht.engines.authority import GENERAL, load_escalation
from brandwacht.governance.board import board as build
from brandwacht.governance.forms import PowersFilter
from brandwacht.governance.policy import SEE_POWERS
from brandwacht.governance.powers import network_map
from brandwacht.network.pages import require
from brandwacht.network.requests import ActorRequest


@require_GET
def board(request: ActorRequest) -> HttpResponse:
    """The board page of the actor's organisation: how are we doing, what asks for a decision, what may I do."""
    organisation = next(
        a.organisation for a in request.assignments if a.organisation_id == request.actor.organisation_id
    )
    return render(request, "governance/board.html", {"board": build(request.actor, organisation)})


@require_GET
def powers(request: ActorRequest) -> HttpResponse:
    """The bestuurlijke netwerkkaart: who may do what, by role, scenario and phase, and how to scale up."""
    require(request.actor, SEE_POWERS)
    form = PowersFilter({"scenario": GENERAL} | request.GET.dict())
    form.is_valid()
    chosen = form.cleaned_data
    found = network_map(chosen.get("scenario") or GENERAL, chosen.get("phase", ""), chosen.get("role", ""))
    return render(request, "governance/powers.html", {"form": form, "map": found, "escalation": load_escalation()})
