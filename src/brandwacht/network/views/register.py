"""Beheer, register: the organisation's processes, services and assets, and what each needs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network import queries
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.forms import ConfirmForm, NeedForm, NodeForm, RegisterFilter, add_refusal
from brandwacht.network.models import Dependency, Node, NodeKind, Requirement
from brandwacht.network.pages import require
from brandwacht.network.paging import chosen_order, page
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.services import register, register_rows
from brandwacht.network.services.node_table import NODE_COLUMNS, node_row
from brandwacht.network.services.register import NodeDraft
from brandwacht.network.services.register_rows import Need
from brandwacht.network.services.repair_cells import REPAIR_FIELDS
from brandwacht.network.tables import csv_response
from brandwacht.network.views.tabs import crumbs, tabs_for

SORTS = {"": ("name", "pk"), "name": ("name", "pk"), "kind": ("kind", "name", "pk"), "sector": ("sector", "name", "pk")}


def _own(request: ActorRequest) -> QuerySet[Node]:
    return queries.nodes(request.actor).filter(organisation_id=request.actor.organisation_id)


def _order(request: ActorRequest) -> tuple[str, ...]:
    return chosen_order(SORTS, request.GET.get("sort", ""))


def _filtered(request: ActorRequest) -> tuple[RegisterFilter, QuerySet[Node]]:
    require(request.actor, "register.see")
    rows = _own(request)
    sectors = rows.exclude(sector="").order_by("sector").values_list("sector", flat=True).distinct()
    form = RegisterFilter(request.GET, sectors=sectors)
    form.is_valid()  # an unreadable filter filters nothing; the form says which one it is
    chosen = form.cleaned_data
    if chosen.get("q"):
        rows = rows.filter(name__icontains=chosen["q"].strip())
    for name in ("kind", "sector"):
        if chosen.get(name):
            rows = rows.filter(**{name: chosen[name]})
    if chosen.get("state") == "vitaal":
        rows = rows.filter(vital=True)
    if chosen.get("state") == "onbekend":
        rows = rows.filter(pk__in=register.unrecognised(request.actor.organisation_id).values("pk"))
    return form, rows.prefetch_related("names")


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The nodes, with those that the owner has yet to recognise first in sight."""
    actor = request.actor
    form, rows = _filtered(request)
    context = {
        "tabs": tabs_for(actor, "register"),
        "form": form,
        "page": page(request, rows, _order(request), among=_own(request)),
        "filtered": any(form.cleaned_data.values()),
        "query": request.GET.urlencode(),
        "not_ours": register.NOT_OURS,
        "unrecognised": register.unrecognised(actor.organisation_id).count(),
        "may_edit": decide(actor, "register.edit", Owner(actor.organisation_id)),
    }
    return render(request, "network/register.html", context)


@require_GET
def export(request: ActorRequest) -> HttpResponse:
    """Exactly the list of the page, as a table that can be changed and offered again."""
    _form, rows = _filtered(request)
    header = [column.title for column in NODE_COLUMNS]
    name = f"register-{request.actor.organisation_code}"
    return csv_response(name, header, (node_row(node) for node in rows.order_by(*_order(request))))


# --- One node ---------------------------------------------------------------------------------------------------------


def _node(request: ActorRequest, public_id: UUID) -> Node:
    found = _own(request).filter(public_id=public_id).prefetch_related("names").first()
    if found is None:
        raise NotFound
    return found


def _crumb(node: Node) -> tuple[str, str]:
    return node.name, reverse("beheer:node", args=[node.public_id])


def _typed(node: Node) -> dict[str, Any]:
    names = "\n".join(sorted(n.value for n in node.names.all()))
    fields = ("name", "kind", "sector", "vital", "owner_name", "restart", "region", "key", *REPAIR_FIELDS)
    return {name: getattr(node, name) for name in fields} | {"names": names}


def _draft(form: forms.Form) -> NodeDraft:
    data = form.cleaned_data
    return NodeDraft(
        key=data["key"],
        name=data["name"],
        kind=NodeKind(data["kind"]),
        sector=data["sector"],
        vital=data["vital"],
        owner_name=data["owner_name"],
        restart=data["restart"] or 0,
        repair=data["repair"],
        repair_spread=data["repair_spread"],
        repair_low=data["repair_low"],
        repair_high=data["repair_high"],
        failures_per_year=data["failures_per_year"] or 0.0,
        region=data["region"],
        names=tuple(data["names"].split()),
    )


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Add a process, service or asset."""
    require(request.actor, "register.edit")
    form = NodeForm(request.POST or None, initial={"kind": NodeKind.ASSET.value})
    if request.method == "POST" and form.is_valid():
        try:
            made = register_rows.save_node(request.actor, _draft(form))
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(
                request, _("%(name)s staat in het register. Schrijf nu op wat het nodig heeft.") % {"name": made.name}
            )
            return redirect("beheer:node", made.public_id)
    context = {"form": form, "crumbs": crumbs("register", (_("Nieuw"), None))}
    return render(request, "network/node_form.html", context, status=422 if form.errors else 200)


@require_GET
def node(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One node: its facts, what it needs and what leans on it."""
    return _node_page(request, _node(request, public_id))


def _node_page(request: ActorRequest, found: Node, confirm: ConfirmForm | None = None) -> HttpResponse:
    actor = request.actor
    providers = Prefetch("dependencies", Dependency.objects.select_related("provider").order_by("provider__name"))
    needs = queries.requirements(actor).filter(node=found).prefetch_related(providers).order_by("label", "pk")
    used_by = (
        queries.requirements(actor).filter(dependencies__provider=found).select_related("node").order_by("node__name")
    )
    may_edit = decide(actor, "register.edit", found)
    context = {
        "crumbs": crumbs("register", (found.name, None)),
        "node": found,
        "names": sorted(n.value for n in found.names.all()),
        "needs": list(needs),
        "used_by": list(used_by.order_by("node__name")[:100]),
        "may_edit": may_edit,
        "confirm": (confirm or ConfirmForm(initial={"name": found.name})) if may_edit and not found.confirmed else None,
        "not_ours": found.source == register.NOT_OURS,
    }
    return render(request, "network/node.html", context, status=422 if confirm else 200)


@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Change a node and its log names."""
    found = _node(request, public_id)
    require(request.actor, "register.edit")
    form = NodeForm(request.POST or None, initial=_typed(found))
    if request.method == "POST" and form.is_valid():
        try:
            register_rows.save_node(request.actor, _draft(form), public_id)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Opgeslagen."))
            return redirect("beheer:node", public_id)
    context = {"form": form, "node": found, "crumbs": crumbs("register", _crumb(found), (_("Wijzig"), None))}
    return render(request, "network/node_form.html", context, status=422 if form.errors else 200)


@require_POST
def confirm(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Say whether an asset that was seen in a log is ours."""
    found = _node(request, public_id)
    form = ConfirmForm(request.POST)
    ours = request.POST.get("ours") == "ja"
    if not form.is_valid():
        return _node_page(request, found, form)
    register.confirm_asset(request.actor, public_id, form.cleaned_data["name"], ours=ours)
    text = _("%(name)s hoort bij u.") if ours else _("%(name)s hoort niet bij u. De melding blijft bewaard.")
    messages.success(request, text % {"name": form.cleaned_data["name"]})
    left = register.unrecognised(found.organisation_id).order_by("name").first()
    if left is None:
        return redirect("beheer:node", public_id)
    messages.info(request, _("Hier is de volgende."))
    return redirect("beheer:node", left.public_id)


@require_POST
def remove(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Remove a node that nothing refers to."""
    _node(request, public_id)
    try:
        removed = register_rows.remove_node(request.actor, public_id)
    except Refused as error:
        messages.error(request, error.message)
        return redirect("beheer:node", public_id)
    messages.success(request, _("%(name)s is uit het register gehaald.") % {"name": removed.name})
    return redirect("beheer:register")


# --- What it needs ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def need(request: ActorRequest, public_id: UUID, need_id: UUID | None = None) -> HttpResponse:
    """Add a requirement to a node, or change one."""
    found = _node(request, public_id)
    require(request.actor, "register.edit")
    initial: dict[str, Any] = {"effect": "down", "needed": 1, "coupling": 1.0}
    if need_id is not None:
        initial = _typed_need(request, found, need_id)
    form = NeedForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        asked = Need(
            data["label"], tuple(data["providers"].splitlines()), data["needed"], data["degraded_at"],
            data["autonomy"] or 0, data["effect"], 1.0 if data["coupling"] is None else data["coupling"],
        )  # fmt: skip
        try:
            register_rows.save_need(request.actor, public_id, asked, need_id)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Opgeslagen."))
            return redirect("beheer:node", public_id)
    way = crumbs("register", _crumb(found), (_("Wat het nodig heeft"), None))
    context = {"form": form, "node": found, "need_id": need_id, "crumbs": way}
    return render(request, "network/need_form.html", context, status=422 if form.errors else 200)


def _typed_need(request: ActorRequest, found: Node, need_id: UUID) -> dict[str, Any]:
    row = queries.requirements(request.actor).filter(node=found, public_id=need_id).first()
    if row is None:
        raise NotFound
    providers = row.dependencies.select_related("provider").order_by("provider__name")
    names = "\n".join(d.provider.name for d in providers)
    fields = ("label", "needed", "degraded_at", "autonomy", "effect", "coupling")
    return {name: getattr(row, name) for name in fields} | {"providers": names}


@require_POST
def remove_need(request: ActorRequest, public_id: UUID, need_id: UUID) -> HttpResponse:
    """Remove a requirement."""
    if not Requirement.objects.filter(node=_node(request, public_id), public_id=need_id).exists():
        raise NotFound
    register_rows.remove_need(request.actor, need_id)
    messages.success(request, _("De eis is weg."))
    return redirect("beheer:node", public_id)
