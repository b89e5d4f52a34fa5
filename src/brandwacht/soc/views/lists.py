"""Lists of indicators."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter, require
from brandwacht.network.paging import page
from brandwacht.network.policy import decide, may_anywhere
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import demand
from brandwacht.soc import queries, services
from brandwacht.soc.forms.content import ListForm, LookBackForm
from brandwacht.soc.models import IndicatorList, ListState
from brandwacht.soc.services.indicators import REPLACE
from brandwacht.soc.services.stored import event_scan
from brandwacht.soc.services.watchlists import PREFIX, kinds_in_dutch
from brandwacht.soc.views import tabs_for


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The lists of the actor's organisation."""
    actor = request.actor
    enter(actor, "soc.lists.see")
    found = page(request, queries.indicator_lists(actor), ("-changed_at", "-id"))
    figures = queries.rule_figures(
        actor, [f"{PREFIX}{row.public_id}" for row in found.rows], actor.now - queries.RECENT
    )
    context = {
        "tabs": tabs_for(actor, "lists"),
        "rows": [(row, figures.get(f"{PREFIX}{row.public_id}"), row.works(actor.now)) for row in found.rows],
        "next_url": found.next_url,
        "may_change": may_anywhere(actor, "soc.lists.change"),
        "working": sum(row.works(actor.now) for row in found.rows),
    }
    return render(request, "soc/lists.html", context)


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One list: what it holds, what it found, and what may be done with it."""
    return _detail(request, queries.indicator_list(request.actor, public_id))


def _detail(
    request: ActorRequest, row: IndicatorList, search: LookBackForm | None = None, status: int = 200
) -> HttpResponse:
    actor = request.actor
    name = f"{PREFIX}{row.public_id}"
    context = {
        "row": row,
        "crumbs": [*_crumbs(), (row.name, None)],
        "kinds": kinds_in_dutch(row.counts),
        "works": row.works(actor.now),
        "ended": row.state == ListState.ENDED,
        "recent": queries.rule_figures(actor, [name], actor.now - queries.RECENT).get(name),
        "latest": queries.rule_latest(actor, name),
        "precision": queries.rule_precision(actor, name, actor.now - queries.LONGER),
        "look_backs": queries.look_backs(actor, of=row),
        "decision": decide(actor, "soc.lists.change", row),
        "search": search or LookBackForm(organisations=queries.reach_of_look_back(actor), alerts=True),
        "stores": event_scan() is not None,
    }
    return render(request, "soc/list_of.html", context, status=status)


def _crumbs() -> list[tuple[str, str | None]]:
    return [(_("Waakzaam"), reverse("soc:list")), (_("Kenmerkenlijsten"), reverse("soc:lists"))]


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """A new list."""
    require(request.actor, "soc.lists.change")
    end = request.actor.today + timedelta(days=90)
    return _form(request, None, {"valid_until": end})


@require_http_methods(["GET", "POST"])
def renew(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Another content for a list."""
    row = queries.indicator_list(request.actor, public_id)
    demand(request.actor, "soc.lists.change", row)
    start = {name: getattr(row, name) for name in ("name", "origin", "tlp", "confidence")}
    return _form(request, row, start | {"valid_until": timezone.localdate(row.valid_until)})


def _form(request: ActorRequest, row: IndicatorList | None, start: dict[str, Any]) -> HttpResponse:
    form = ListForm(initial=start, renews=row is not None)
    if request.method == "POST":
        form = ListForm(request.POST, request.FILES, renews=row is not None)
        if form.is_valid():
            data = form.cleaned_data
            try:
                offered = services.offer_list(
                    request.actor,
                    data["file"].name,
                    data["file"].chunks(),
                    form.facts(),
                    renews=row.public_id if row else None,
                    mode=data.get("mode", REPLACE),
                )
            except Refused as error:
                add_refusal(form, error)
            else:
                return redirect("soc:content", offered.public_id)
    place = (
        [(row.name, reverse("soc:list-of", args=[row.public_id])), (_("Vernieuwen"), None)]
        if row
        else [(_("Nieuwe lijst"), None)]
    )
    context = {"form": form, "row": row, "crumbs": [*_crumbs(), *place]}
    return render(request, "soc/list_form.html", context, status=422 if form.errors else 200)


@require_POST
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The list no longer watches."""
    try:
        row = services.end_list(request.actor, public_id)
    except Refused as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("“%(name)s” bewaakt niet meer.") % {"name": row.name})
    return redirect("soc:list-of", public_id)


@require_POST
def search(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Look for the list in the stored events."""
    row = queries.indicator_list(request.actor, public_id)
    form = LookBackForm(request.POST, organisations=queries.reach_of_look_back(request.actor), alerts=True)
    if not form.is_valid():
        return _detail(request, row, form, 422)
    data = form.cleaned_data
    try:
        found = services.search_list(
            request.actor, public_id, days=data["days"], codes=form.codes(), file_alerts=data["file_alerts"]
        )
    except Refused as error:
        messages.warning(request, error.message)
        return redirect("soc:list-of", public_id)
    return redirect("soc:look-back", found.public_id)
