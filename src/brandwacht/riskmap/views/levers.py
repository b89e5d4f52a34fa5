"""Questions to private parties, and advice on permits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.models import Node
from brandwacht.network.pages import require
from brandwacht.network.paging import page
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.riskmap.forms.register import AnswerForm, LeverForm
from brandwacht.riskmap.models import Lever, LeverKind, LeverState
from brandwacht.riskmap.register import levers
from brandwacht.riskmap.register.levers import LeverDraft
from brandwacht.riskmap.views.register_tabs import crumbs, tabs_for


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """Everything that was asked and advised, the newest first."""
    actor = request.actor
    require(actor, "riskmap.lever.see")
    rows = levers.levers(actor)
    context = {
        "tabs": tabs_for(actor, "levers"),
        "page": page(request, rows, ("-sent_on", "-pk")),
        "today": actor.today,
        "may_write": decide(actor, "riskmap.lever", Owner(actor.organisation_id)),
    }
    return render(request, "riskmap/levers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Write down a question or advice."""
    actor = request.actor
    require(actor, "riskmap.lever")
    grounds = levers.grounds()
    today = actor.today
    initial = {"kind": LeverKind.QUESTION.value, "sent_on": today}
    form = LeverForm(request.POST or None, initial=initial, owner_id=actor.organisation_id, grounds=grounds)
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = dict(form.cleaned_data)
        try:
            row = levers.send(actor, LeverDraft(**data | {"kind": LeverKind(data["kind"])}))
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(
                request, _("Vastgelegd. Is er op de gevraagde dag geen antwoord, dan vraagt Deze week erom.")
            )
            return redirect("riskmap:lever", row.public_id)
    nodes = Node.objects.filter(organisation_id=actor.organisation_id).order_by("name").values_list("key", "name")
    way = crumbs((_("Vragen en adviezen"), reverse("riskmap:levers")), (_("Nieuw"), None))
    context = {"form": form, "grounds": grounds, "nodes": nodes, "crumbs": way}
    return render(request, "riskmap/lever_form.html", context, status=422 if form.errors else 200)


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One question or advice, and what came of it."""
    return _page(request, levers.lever(request.actor, public_id))


def _page(request: ActorRequest, row: Lever, form: AnswerForm | None = None) -> HttpResponse:
    today = request.actor.today
    context = {
        "lever": row,
        "ground": levers.grounds().ground(row.basis),
        "late": row.state == LeverState.OPEN and row.due < today,
        "form": form or AnswerForm(initial={"answered_on": today}),
        "may_write": decide(request.actor, "riskmap.lever", row),
        "crumbs": crumbs((_("Vragen en adviezen"), reverse("riskmap:levers")), (row.subject, None)),
    }
    return render(request, "riskmap/lever.html", context, status=422 if form else 200)


@require_POST
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Write down what came of it."""
    row = levers.lever(request.actor, public_id)
    form = AnswerForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            levers.answer(request.actor, public_id, LeverState(data["state"]), data["answered_on"], data["answer"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Vastgelegd."))
            return redirect("riskmap:lever", public_id)
    return _page(request, row, form)
