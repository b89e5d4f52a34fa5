"""Shifts: the history, the one that runs, and handing it over."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import require
from brandwacht.network.paging import page
from brandwacht.network.panels import panels_for
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing
from brandwacht.soc.forms.shift import EndShiftForm
from brandwacht.soc.models import WatchShift
from brandwacht.soc.queries import shifts as queries
from brandwacht.soc.queries.people import colleagues
from brandwacht.soc.queries.work import latest_hand_overs
from brandwacht.soc.services import shifts as service
from brandwacht.soc.views import tabs_for

PAGE = 30


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The history of shifts, the own running shift, and what waits to be taken over."""
    actor = request.actor
    require(actor, "soc.shift")
    found = page(request, queries.shifts(actor), ("-started_at", "-id"), size=PAGE)
    context = {
        "tabs": tabs_for(actor, "shifts"),
        "shifts": found.rows,
        "next_url": found.next_url,
        "running": queries.running_shift(actor),
        "to_take": queries.waiting_hand_over(actor),
    }
    return render(request, "soc/shifts.html", context)


@require_POST
def begin(request: ActorRequest) -> HttpResponse:
    """The person's shift begins."""
    try:
        service.begin(request.actor)
    except Refused as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Uw dienst is begonnen."))
    return redirect("soc:shifts")


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One shift: while it runs the form that ends it, afterwards what was handed over."""
    return _show(request, queries.shift(request.actor, public_id))


def _show(request: ActorRequest, shift: WatchShift, form: EndShiftForm | None = None) -> HttpResponse:
    actor = request.actor
    running = shift.ended_at is None
    context = {
        "shift": shift,
        "running": running,
        "crumbs": [
            (_("Waakzaam"), reverse("soc:list")),
            (_("Diensten"), reverse("soc:shifts")),
            (shift.person.name, None),
        ],
        "panels": panels_for("soc.WatchShift", actor, shift),
    }
    if running:
        people = [user for user in colleagues(actor) if user.pk != shift.person_id]
        typed = form.data if form is not None else {}
        rows = queries.open_alerts(actor)
        handed = latest_hand_overs(actor, rows)
        context |= {
            "form": form or EndShiftForm(people=people, initial={"summary": service.draft(actor, shift)}),
            "rows": [(row, handed.get(row.pk), typed.get(f"waarom-{row.public_id}", "")) for row in rows],
            "most": queries.ITEMS_MOST,
            "figures": queries.figures(actor, shift.started_at, actor.now),
        }
        shown = {row.organisation_id for row in rows}
    else:
        passed_on = queries.handed_over(actor, shift)
        mine = shift.person_id != actor.user_id and shift.handed_to_id in (None, actor.user_id)
        context |= {
            "handed": [each for each in passed_on if each.alert is not None],
            "hidden": sum(each.alert is None for each in passed_on),
            "may_take": mine and shift.acknowledged_at is None,
            "figures": shift.figures,
        }
        shown = {each.alert.organisation_id for each in passed_on if each.alert is not None}
    note_listing(actor, "soc.alert.see", shown)
    return render(request, "soc/shift.html", context, status=422 if form is not None else 200)


@require_POST
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The shift ends and is handed over."""
    actor = request.actor
    shift = queries.shift(actor, public_id)
    people = [user for user in colleagues(actor) if user.pk != shift.person_id]
    form = EndShiftForm(request.POST, people=people)
    why = {key.removeprefix("waarom-"): str(text) for key, text in request.POST.items() if key.startswith("waarom-")}
    if form.is_valid():
        data = form.cleaned_data
        try:
            service.end(actor, public_id, summary=data["summary"], colleague_id=data["colleague"], why=why)
        except Refused as error:
            if error.field is None:
                messages.warning(request, error.message)
                return redirect("soc:shift", public_id)
            add_refusal(form, error)
        else:
            messages.success(request, _("De dienst is afgesloten en overgedragen. Druk hem af als dat nodig is."))
            return redirect("soc:shift", public_id)
    return _show(request, shift, form)


@require_POST
def take(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The next person takes the shift over."""
    try:
        _shift, taken = service.take_over(request.actor, public_id)
    except Refused as error:
        messages.warning(request, error.message)
    else:
        text = _("Overgenomen. %(n)d melding(en) die uw collega had, zijn nu van u.") % {"n": taken}
        messages.success(request, text)
    return redirect("soc:shift", public_id)
