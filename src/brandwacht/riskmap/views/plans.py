"""Continuity plans and their tests."""

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
from brandwacht.network.pages import enter, require
from brandwacht.network.paging import page
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_use
from brandwacht.riskmap import mapping, queries
from brandwacht.riskmap.forms.register import PlanForForm, PlanForm, TestForm
from brandwacht.riskmap.models import ContinuityPlan
from brandwacht.riskmap.register import continuity
from brandwacht.riskmap.register.autonomy import shown
from brandwacht.riskmap.register.continuity import PlanDraft
from brandwacht.riskmap.views.register_tabs import crumbs, tabs_for

MOST_CLAIMED = 25


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: ActorRequest) -> HttpResponse:
    """The plans, those to test first at the top, and the buffers that are only claimed; a POST begins a plan."""
    actor = request.actor
    enter(actor, "riskmap.see")
    form = PlanForForm(request.POST or None, owner_id=actor.organisation_id)
    if request.method == "POST":
        require(actor, "riskmap.plan")
        if form.is_valid():
            return redirect("riskmap:plan-new", form.cleaned_data["node"])
    rows = continuity.plans(actor).filter(organisation_id=actor.organisation_id)
    found = page(request, rows, ("name", "pk"))
    context: dict[str, Any] = {
        "tabs": tabs_for(actor, "plans"),
        "page": found,
        "today": actor.today,
        "form": form,
        "may_edit": decide(actor, "riskmap.plan", Owner(actor.organisation_id)),
        "nodes": _names(actor.organisation_id),
    }
    if decide(actor, "register.see", Owner(actor.organisation_id)):
        register = mapping.load(actor, actor.organisation_id)
        claimed = [each for each in register.autonomies if each.basis == "claimed"]
        context |= {
            "buffers": len(register.autonomies),
            "tested": sum(each.basis == "tested" for each in register.autonomies),
            "claimed": [
                (register.network.node(each.node), register.places[each.node], each) for each in claimed[:MOST_CLAIMED]
            ],
            "claimed_left_out": max(0, len(claimed) - MOST_CLAIMED),
        }
    return render(request, "riskmap/plans.html", context, status=422 if form.errors else 200)


def _names(owner_id: int) -> Any:
    return Node.objects.filter(organisation_id=owner_id, draft=False).order_by("name").values_list("key", "name")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest, node_id: UUID) -> HttpResponse:
    """Add a plan to a node."""
    node = queries.node(request.actor, node_id)
    return _form(request, node, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Change a plan."""
    row = continuity.plan(request.actor, public_id)
    return _form(request, row.node, row)


def _form(request: ActorRequest, node: Node, row: ContinuityPlan | None) -> HttpResponse:
    require(request.actor, "riskmap.plan")
    initial: dict[str, Any] = {"test_months": 12}
    if row is not None:
        fields = ("name", "fallback", "owner_name", "autonomy", "test_months")
        initial = {name: getattr(row, name) for name in fields}
        initial["requirement"] = str(row.requirement.public_id) if row.requirement else ""
    needs = node.requirements.order_by("label", "pk")
    form = PlanForm(request.POST or None, initial=initial, needs=needs)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        draft = PlanDraft(
            data["name"], data["fallback"], data["owner_name"], data["autonomy"], data["test_months"],
            data["requirement"] or None,
        )  # fmt: skip
        try:
            saved = continuity.save_plan(request.actor, node.public_id, draft, row and row.public_id)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Opgeslagen. De kaart rekent met dit plan zodra het getest is."))
            return redirect("riskmap:plan", saved.public_id)
    way = crumbs((_("Continuïteitsplannen"), reverse("riskmap:plans")), (row.name if row else _("Nieuw plan"), None))
    context = {"form": form, "node": node, "row": row, "crumbs": way}
    return render(request, "riskmap/plan_form.html", context, status=422 if form.errors else 200)


@require_GET
def plan(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One plan with its tests."""
    return _plan_page(request, continuity.plan(request.actor, public_id))


def _plan_page(request: ActorRequest, row: ContinuityPlan, form: TestForm | None = None) -> HttpResponse:
    actor = request.actor
    note_use(actor, "riskmap.see", row)
    today = actor.today
    context = {
        "plan": row,
        "shown": shown(row),
        "tests": row.tests.all()[:50],
        "late": row.test_due is not None and row.test_due < today,
        "form": form or TestForm(initial={"held_on": today}),
        "may_edit": decide(actor, "riskmap.plan", row),
        "crumbs": crumbs((_("Continuïteitsplannen"), reverse("riskmap:plans")), (row.name, None)),
    }
    return render(request, "riskmap/plan.html", context, status=422 if form else 200)


@require_POST
def test(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Write down a test of a plan."""
    row = continuity.plan(request.actor, public_id)
    form = TestForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            continuity.note_test(request.actor, public_id, data["held_on"], data["minutes"], data["learned"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("De test is vastgelegd. De kaart rekent nu met wat hij aantoonde."))
            return redirect("riskmap:plan", public_id)
    return _plan_page(request, row, form)


@require_POST
def remove(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Remove a plan with its tests."""
    row = continuity.remove_plan(request.actor, public_id)
    messages.success(request, _("Het plan “%(name)s” is weggehaald.") % {"name": row.name})
    return redirect("riskmap:plans")
