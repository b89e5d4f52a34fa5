"""Pages about measures: the list, one measure with its steps, and the form to make or change one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.baseline import queries, services
from brandwacht.baseline.forms.measures import MeasureFilterForm, MeasureForm, MoveForm
from brandwacht.baseline.models import Measure, MeasureState
from brandwacht.baseline.panels import MEASURE
from brandwacht.baseline.queries.controls import known_control
from brandwacht.baseline.services.measures import ORDER
from brandwacht.baseline.views.controls import see, tabs_for
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.paging import chosen_order, page
from brandwacht.network.panels import panels_for
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest, public_id_in
from brandwacht.network.tables import csv_response
from brandwacht.network.usecase import demand, note_use

MEASURE_SORTS = {"": ("due", "pk"), **{name: (name, "pk") for name in ("due", "title", "owner_name")}}


# --- the list ------------------------------------------------------------------------------------------------------


def _order(request: ActorRequest) -> tuple[str, ...]:
    return chosen_order(MEASURE_SORTS, request.GET.get("sort", ""))


def _filtered(request: ActorRequest) -> tuple[MeasureFilterForm, QuerySet[Measure]]:
    actor = request.actor
    owners = queries.measures(actor).order_by("owner_name").values_list("owner_name", flat=True).distinct()
    form = MeasureFilterForm(request.GET, owners=owners)
    form.is_valid()  # a filter that is not understood is left out; the form says so
    said = form.cleaned_data
    rows = queries.measures(actor)
    match said.get("state", ""):
        case "":
            rows = rows.exclude(state=MeasureState.DONE)
        case "alle":
            pass
        case state:
            rows = rows.filter(state=state)
    if said.get("owner"):
        rows = rows.filter(owner_name=said["owner"])
    if said.get("control"):
        rows = rows.filter(control=said["control"])
    if said.get("overdue"):
        rows = queries.overdue(rows, actor)
    if said.get("board"):
        rows = rows.filter(for_board=True)
    return form, rows


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The measures of the organisation, what must be done first on top."""
    actor = request.actor
    see(actor)
    form, filtered = _filtered(request)
    found = page(request, filtered, _order(request), among=queries.measures(actor))
    cycle = queries.cycle(actor)
    late, board = Q(due__lt=actor.today), Q(for_board=True)
    counts = (
        queries.open_measures(actor)
        .order_by()
        .aggregate(open=Count("pk"), late=Count("pk", filter=late), board=Count("pk", filter=board))
    )
    context = {
        "rows": found.rows,
        "next_url": found.next_url,
        "counts": counts,
        "cycle": [(state, cycle.states[state.value]) for state in ORDER],
        "moved": cycle.moved,
        "form": form,
        "tabs": tabs_for(actor, "measures"),
        "today": actor.today,
        "query": request.GET.urlencode(),
        "may_make": decide(actor, "baseline.measure.make", Owner(actor.organisation_id)),
    }
    return render(request, "baseline/measures.html", context)


@require_GET
def export(request: ActorRequest) -> HttpResponse:
    """Exactly the list of measures on the page, as CSV."""
    see(request.actor)
    _form, filtered = _filtered(request)
    header = [
        _("Maatregel"), _("Vraag van de BIO2"), _("Wie"), _("Uiterlijk"), _("Stap"), _("Kosten in euro"),
        _("Besluit van het bestuur"), _("Toelichting"),
    ]  # fmt: skip
    rows = (
        (m.title, m.control and f"BIO2 {m.control}", m.owner_name, m.due, m.get_state_display(), m.cost, m.for_board,
         m.description)
        for m in filtered.order_by(*_order(request))
    )  # fmt: skip
    return csv_response(f"maatregelen-{request.actor.organisation_code}", header, rows)


# --- one measure ---------------------------------------------------------------------------------------------------


def _page(request: ActorRequest, public_id: UUID, form: MoveForm, status: int = 200) -> HttpResponse:
    actor = request.actor
    measure = queries.measure(actor, public_id)
    note_use(actor, queries.SEE, measure)
    at = ORDER.index(MeasureState(measure.state))
    context = {
        "measure": measure,
        "control": known_control(measure.control),
        "cycle": [(state, i < at, i == at) for i, state in enumerate(ORDER)],
        "forward": ORDER[at + 1] if at + 1 < len(ORDER) else None,
        "back": ORDER[at - 1] if at else None,
        "steps": queries.steps(measure),
        "form": form,
        "may_update": decide(actor, "baseline.measure.update", measure),
        "today": actor.today,
        "panels": panels_for(MEASURE, actor, measure),
        "crumbs": [
            (_("Basis op orde"), reverse("baseline:list")),
            (_("Maatregelen"), reverse("baseline:measures")),
            (measure.title, None),
        ],
    }
    return render(request, "baseline/measure.html", context, status=status)


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One measure with its story."""
    see(request.actor)
    return _page(request, public_id, MoveForm())


@require_POST
def move(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Take a step in the cycle, or undo one."""
    form = MoveForm(request.POST)
    if form.is_valid():
        try:
            measure = services.move_measure(
                request.actor, public_id, form.cleaned_data["state"], form.cleaned_data["note"]
            )
        except Refused as error:
            form.add_error(None, error.message)
        else:
            messages.success(
                request, _("De maatregel staat nu op: %(state)s.") % {"state": measure.get_state_display()}
            )
            return redirect("baseline:measure", public_id)
    return _page(request, public_id, form, 422)


# --- make and change -----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def make(request: ActorRequest) -> HttpResponse:
    """The form for a new measure; ``?control=`` and ``?incident=`` say what it follows from."""
    actor = request.actor
    demand(actor, "baseline.measure.make", Owner(actor.organisation_id))
    asked = known_control(request.GET.get("control", ""))
    incident = public_id_in(request.GET.get("incident", ""))
    people = queries.colleagues(actor)
    form = MeasureForm(request.POST or None, colleagues=people, initial={"control": asked.number if asked else ""})
    if form.is_valid():
        try:
            measure = services.make_measure(actor, **form.said, incident_ref=incident)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(
                request, _("De maatregel is gemaakt en staat bij de acties van %(who)s.") % {"who": measure.owner_name}
            )
            return redirect("baseline:measure", measure.public_id)
    context = {
        "form": form,
        "heading": _("Nieuwe maatregel"),
        "control": asked,
        "incident": incident,
        "back_url": reverse("baseline:control", args=[asked.number]) if asked else reverse("baseline:measures"),
    }
    return _form_page(request, form, context)


@require_http_methods(["GET", "POST"])
def change(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The form to change a measure."""
    actor = request.actor
    see(actor)
    measure = queries.measure(actor, public_id)
    demand(actor, "baseline.measure.update", measure)
    people = queries.colleagues(actor)
    if measure.owner and measure.owner not in people:
        people.append(measure.owner)  # whose role has ended: stays chosen until somebody chooses again
    form = MeasureForm(request.POST or None, colleagues=people, new=False, initial=_initial(measure))
    if form.is_valid():
        try:
            services.change_measure(actor, public_id, **form.said)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("De maatregel is gewijzigd."))
            return redirect("baseline:measure", public_id)
    context = {
        "form": form,
        "heading": _("Maatregel wijzigen"),
        "control": known_control(measure.control),
        "back_url": reverse("baseline:measure", args=[public_id]),
    }
    return _form_page(request, form, context)


def _initial(measure: Measure) -> dict[str, Any]:
    names = ("title", "description", "due", "cost", "for_board")
    return {name: getattr(measure, name) for name in names} | {
        "owner": str(measure.owner.public_id) if measure.owner else "",
        "owner_name": "" if measure.owner else measure.owner_name,
    }


def _form_page(request: ActorRequest, form: MeasureForm, context: dict[str, Any]) -> HttpResponse:
    return render(request, "baseline/measure_form.html", context, status=422 if form.errors else 200)
