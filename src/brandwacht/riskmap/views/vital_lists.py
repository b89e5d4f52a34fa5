"""Lists of vital processes: drawing one up, offering it, and the decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.models import Node, NodeKind
from brandwacht.network.pages import enter, require
from brandwacht.network.paging import page
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_use
from brandwacht.riskmap.forms.register import AdoptForm, AreaForm, ItemForm
from brandwacht.riskmap.models import ListState, VitalList
from brandwacht.riskmap.register import continuity, vital_lists
from brandwacht.riskmap.views.register_tabs import crumbs, tabs_for


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: ActorRequest) -> HttpResponse:
    """The lists; a POST begins a new one."""
    actor = request.actor
    enter(actor, "riskmap.see")
    form = AreaForm(request.POST or None)
    if request.method == "POST":
        require(actor, "riskmap.vital.prepare")
        if form.is_valid():
            try:
                row = vital_lists.begin(actor, form.cleaned_data["area"])
            except Refused as error:
                add_refusal(form, error)
            else:
                return redirect("riskmap:vital-list", row.public_id)
    rows = vital_lists.lists(actor).filter(organisation_id=actor.organisation_id)
    context = {
        "tabs": tabs_for(actor, "vital-lists"),
        "page": page(request, rows, ("-created_at", "-pk")),
        "form": form,
        "undecided": vital_lists.undecided(actor),
        "may_prepare": decide(actor, "riskmap.vital.prepare", Owner(actor.organisation_id)),
    }
    return render(request, "riskmap/vital_lists.html", context, status=422 if form.errors else 200)


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One list, with what this person may do now."""
    return _page(request, vital_lists.vital_list(request.actor, public_id))


def _page(request: ActorRequest, row: VitalList, **forms_given: forms.Form) -> HttpResponse:
    actor = request.actor
    note_use(actor, "riskmap.see", row)
    items = list(row.items.all())
    plans = continuity.plans(actor).filter(node__in=[item.node_id for item in items])
    planned: dict[int, list[Any]] = {}
    for plan in plans:
        planned.setdefault(plan.node_id, []).append(plan)
    processes = Node.objects.filter(organisation_id=row.organisation_id, kind=NodeKind.PROCESS, draft=False)
    concept, offered = row.state == ListState.DRAFT, row.state == ListState.OFFERED
    context: dict[str, Any] = {
        "list": row,
        "concept": concept,
        "offered": offered,
        "items": [(item, planned.get(item.node_id, [])) for item in items],
        "today": actor.today,
        "may_prepare": decide(actor, "riskmap.vital.prepare", row),
        "may_adopt": offered and decide(actor, "riskmap.vital.adopt", row),
        "item_form": ItemForm(owner_id=row.organisation_id),
        "adopt_form": AdoptForm(initial={"decided_on": actor.today}),
        "nodes": processes.order_by("name").values_list("key", "name") if concept else (),
        "crumbs": crumbs((_("Vitale processen"), reverse("riskmap:vital-lists")), (row.area, None)),
        **forms_given,
    }
    return render(request, "riskmap/vital_list.html", context, status=422 if forms_given else 200)


@require_POST
def put(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Put a process on the concept, or change what is written with it."""
    row = vital_lists.vital_list(request.actor, public_id)
    form = ItemForm(request.POST, owner_id=row.organisation_id)
    if form.is_valid():
        data = form.cleaned_data
        try:
            vital_lists.set_item(request.actor, public_id, data["node"], data["impact"], data["agreements"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Opgeslagen."))
            return redirect("riskmap:vital-list", public_id)
    return _page(request, row, item_form=form)


@require_POST
def drop(request: ActorRequest, public_id: UUID, item_id: UUID) -> HttpResponse:
    """Take a process off the concept."""
    return _done(request, public_id, _("Het proces staat niet meer op de lijst."),
                 lambda: vital_lists.remove_item(request.actor, public_id, item_id))  # fmt: skip


@require_POST
def offer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Offer the concept to the administrators."""
    return _done(request, public_id, _("De lijst is aangeboden. Het bestuur ziet hem in Deze week."),
                 lambda: vital_lists.offer(request.actor, public_id))  # fmt: skip


@require_POST
def take_back(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Make an offered list a concept again."""
    return _done(request, public_id, _("De lijst is weer een concept."),
                 lambda: vital_lists.take_back(request.actor, public_id))  # fmt: skip


def _done(request: ActorRequest, public_id: UUID, said: str, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except Refused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, said)
    return redirect("riskmap:vital-list", public_id)


@require_POST
def remove(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Throw the concept away."""
    try:
        vital_lists.remove(request.actor, public_id)
    except Refused as error:
        messages.error(request, error.message)
        return redirect("riskmap:vital-list", public_id)
    messages.success(request, _("Het concept is weggehaald."))
    return redirect("riskmap:vital-lists")


@require_POST
def adopt(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Write down the decision of the administrators."""
    row = vital_lists.vital_list(request.actor, public_id)
    form = AdoptForm(request.POST)
    if form.is_valid():
        try:
            vital_lists.adopt(request.actor, public_id, **form.cleaned_data)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Vastgesteld. Deze processen zijn nu vitaal op de risicokaart."))
            return redirect("riskmap:vital-list", public_id)
    return _page(request, row, adopt_form=form)
