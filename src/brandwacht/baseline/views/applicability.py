"""Pages about what applies: a government measure, the annex of exceptions, and the level of each process."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from brandwacht.baseline import queries, services
from brandwacht.baseline.forms.evidence import GovernmentFilterForm, GovernmentForm, LevelForm
from brandwacht.baseline.models import FRAMEWORK, AnswerState
from brandwacht.baseline.views.controls import REFERENCE, see, tabs_for
from brandwacht.engines import norms
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.paging import page
from brandwacht.network.policy import Owner, decide
from brandwacht.network.queries import capped_count
from brandwacht.network.requests import ActorRequest
from brandwacht.network.tables import csv_response
from brandwacht.network.usecase import demand


@require_GET
def government_list(request: ActorRequest) -> HttpResponse:
    """All government measures, the heaviest first; without a filter those that still ask something."""
    actor = request.actor
    see(actor)
    tasks = queries.government_tasks(actor)
    form = GovernmentFilterForm(request.GET)
    form.is_valid()  # a filter that is not understood is left out; the form says so
    chosen, theme = form.cleaned_data.get("state", ""), form.cleaned_data.get("theme", "")
    states = {"": _ASKS, "alle": set(AnswerState)}.get(chosen, {chosen})
    rows = [task for task in tasks if task.state in states and theme in ("", task.control.theme)]
    counts = Counter(task.state for task in tasks)
    shown = rows if "alles" in request.GET else rows[:_FIRST]
    context = {
        "rows": shown,
        "more": len(rows) - len(shown),
        "query": urlencode({"state": chosen, "theme": theme, "alles": "1"}),
        "form": form,
        "total": len(tasks),
        "open": counts[AnswerState.OPEN],
        "lacking": counts[AnswerState.NOT_MET] + counts[AnswerState.PARTLY],
        "by_state": [(state, counts[state]) for state in _UNMET if counts[state]],
        "tabs": tabs_for(actor, "government-list"),
        "may_government": decide(actor, "baseline.government", Owner(actor.organisation_id)),
    }
    return render(request, "baseline/evidence/government_list.html", context)


_UNMET = (AnswerState.NOT_MET, AnswerState.PARTLY, AnswerState.OPEN)
_ASKS = set(_UNMET)
_FIRST = 25
"""So many of the heaviest at first: that is some five screens of a phone, all of them would be twenty."""


def _after(request: ActorRequest, number: str) -> HttpResponse:
    """Where somebody goes on after an answer: the next open measure of the list, or the control."""
    if "lijst" not in request.GET:
        return redirect("baseline:control", number.rpartition(".")[0])
    tasks = queries.government_tasks(request.actor)
    left = [task.measure.number for task in tasks if task.state == AnswerState.OPEN]
    if not left:
        return redirect("baseline:government-list")
    return redirect(f"{reverse('baseline:government', args=[left[0]])}?lijst=1")


@require_http_methods(["GET", "POST"])
def government(request: ActorRequest, number: str) -> HttpResponse:
    """Answer one government measure."""
    actor = request.actor
    see(actor)
    demand(actor, "baseline.government", Owner(actor.organisation_id))
    try:
        control, measure = norms.find_measure(norms.load_framework(FRAMEWORK), number)
    except norms.UnknownControl:
        raise Http404 from None
    present = queries.government_answers(actor, actor.organisation_id, [control.number]).get(number)
    initial = {"state": present.state, "reason": present.reason} if present else {}
    form = GovernmentForm(request.POST) if request.method == "POST" else GovernmentForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            answer = services.answer_government(actor, number, **form.cleaned_data)
        except Refused as error:
            add_refusal(form, error)
        else:
            said = {"number": number, "state": answer.get_state_display()}
            messages.success(request, _("Uw antwoord op %(number)s is bewaard: %(state)s.") % said)
            return _after(request, number)
    from_list = "lijst" in request.GET
    context = {
        "form": form,
        "control": control,
        "measure": measure,
        "from_list": from_list,
        "back_url": reverse("baseline:government-list")
        if from_list
        else reverse("baseline:control", args=[control.number]),
        "present": present,
        "crumbs": [
            (_("Basis op orde"), reverse("baseline:list")),
            (control.number, reverse("baseline:control", args=[control.number])),
            (number, None),
        ],
    }
    return render(request, "baseline/evidence/government.html", context, status=422 if form.errors else 200)


# --- exceptions ----------------------------------------------------------------------------------------------------


@require_GET
def exceptions(request: ActorRequest) -> HttpResponse:
    """The annex of exceptions."""
    actor = request.actor
    see(actor)
    annex = queries.annex(actor, actor.organisation_id)
    context = {
        "annex": annex,
        "review": sum(row.review for row in (*annex.deviations, *annex.not_applicable)),
        "tabs": tabs_for(actor, "exceptions"),
    }
    return render(request, "baseline/evidence/exceptions.html", context)


@require_GET
def exceptions_export(request: ActorRequest) -> HttpResponse:
    """The annex of exceptions as CSV."""
    actor = request.actor
    see(actor)
    annex = queries.annex(actor, actor.organisation_id)
    header = [
        _("Soort"),
        _("Nummer"),
        _("Onderwerp"),
        _("Waarom"),
        _("Risicoanalyse"),
        _("Besloten op"),
        _("Bekijk opnieuw"),
    ]
    kinds = ((_("Afwijking"), annex.deviations), (_("Niet van toepassing"), annex.not_applicable))
    rows = (
        (kind, f"BIO2 {r.number}", r.title, r.reason, r.risk_analysis, r.decided_on, r.review)
        for kind, part in kinds
        for r in part
    )
    return csv_response(f"uitzonderingen-{actor.organisation_code}", header, rows)


# --- processes -----------------------------------------------------------------------------------------------------


@require_GET
def processes(request: ActorRequest) -> HttpResponse:
    """The processes of the register with the level that each asks."""
    actor = request.actor
    see(actor)
    every, undecided = queries.processes(actor), queries.without_level(actor)
    only_open = request.GET.get("open") == "1"
    found = page(request, undecided if only_open else every, ("name", "pk"), among=every)
    context = {
        "rows": queries.with_levels(actor, found.rows),
        "next_url": found.next_url,
        "count": capped_count(every),
        "open": capped_count(undecided),
        "only_open": only_open,
        "may_decide": decide(actor, "baseline.level", Owner(actor.organisation_id)),
        "tabs": tabs_for(actor, "processes"),
    }
    return render(request, "baseline/evidence/processes.html", context)


@require_http_methods(["GET", "POST"])
def process(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The level of one process: the test, what was decided, and what the level asks."""
    actor = request.actor
    see(actor)
    node = queries.process(actor, public_id)
    decided = queries.levels_of(actor, node.public_id)
    present = decided[0] if decided else None
    test = norms.load_level_test()
    initial: dict[str, Any] = {}
    if present:
        initial = dict(present.given) | {"risk_analysis": present.risk_analysis, "note": present.note}
    form = LevelForm(request.POST, test=test) if request.method == "POST" else LevelForm(initial=initial, test=test)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.decide_level(actor, public_id, **form.said)
        except Refused as error:
            add_refusal(form, error)
        else:
            said = {"process": node.name, "level": made.level}
            messages.success(request, _("%(process)s vraagt niveau %(level)d.") % said)
            return redirect("baseline:process", public_id)
    context = {
        "process": node,
        "present": present,
        "decided": decided[1:],
        "asked": _asked(present.level) if present else None,
        "form": form,
        "may_decide": decide(actor, "baseline.level", Owner(actor.organisation_id)),
        "crumbs": [
            (_("Basis op orde"), reverse("baseline:list")),
            (_("Processen"), reverse("baseline:processes")),
            (node.name, None),
        ],
    }
    return render(request, "baseline/evidence/process.html", context, status=422 if form.errors else 200)


def _asked(level: int) -> dict[str, Any]:
    """What a level asks, told in the numbers of BIO 1.04 and in the controls of BIO2 in which those went on."""
    asked = norms.asked_of(norms.load_framework(REFERENCE), level)
    bio2 = norms.load_framework(FRAMEWORK)
    heavier = dict.fromkeys(number for control in asked.heavier for number in control.successors)
    return {
        "controls": len(asked.controls),
        "measures": len(asked.measures),
        "heavier": len(asked.heavier),
        "in_bio2": [bio2.control(number) for number in heavier],
    }
