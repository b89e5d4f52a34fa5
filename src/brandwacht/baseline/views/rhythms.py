"""The page of the fixed tasks of the norm."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.baseline import queries, services
from brandwacht.baseline.forms.evidence import RhythmForm
from brandwacht.baseline.queries.controls import find_control
from brandwacht.baseline.views.controls import see, tabs_for
from brandwacht.engines.norms import Pace, next_due
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import demand


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The fixed tasks: what is late or due soon first, each with a button that says it was done."""
    actor = request.actor
    see(actor)
    rows = queries.rhythms(actor)
    paces = [row.beat.pace for row in rows]
    context = {
        "rows": rows,
        "late": paces.count(Pace.LATE),
        "soon": paces.count(Pace.SOON),
        "never": paces.count(Pace.NEVER),
        "today": actor.today,
        "may_note": decide(actor, "baseline.rhythm", Owner(actor.organisation_id)),
        "tabs": tabs_for(actor, "rhythms"),
    }
    return render(request, "baseline/evidence/rhythms.html", context)


@require_http_methods(["GET", "POST"])
def done(request: ActorRequest, number: str) -> HttpResponse:
    """Note that one fixed task was done."""
    actor = request.actor
    see(actor)
    demand(actor, "baseline.rhythm", Owner(actor.organisation_id))
    rhythm = queries.rhythm(number)
    form = RhythmForm(request.POST) if request.method == "POST" else RhythmForm(initial={"done_on": actor.today})
    if request.method == "POST" and form.is_valid():
        try:
            noted = services.mark_done(actor, number, **form.cleaned_data)
        except Refused as error:
            add_refusal(form, error)
        else:
            due = date_format(next_due(rhythm, noted.done_on), "j F Y")
            messages.success(request, _("Vastgelegd. Deze taak is weer aan de beurt op %(day)s.") % {"day": due})
            return redirect("baseline:rhythms")
    context = {
        "rhythm": rhythm,
        "control": find_control(rhythm.control),
        "form": form,
    }
    return render(request, "baseline/evidence/rhythm_form.html", context, status=422 if form.errors else 200)


@require_POST
def undo(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Take back that a fixed task was done."""
    services.undo_done(request.actor, public_id)
    messages.success(request, _("Teruggenomen: deze taak geldt niet meer als gedaan op die dag."))
    return redirect("baseline:rhythms")
