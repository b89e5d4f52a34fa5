"""Pages about the norm: how we stand, one control, and the older norm to look things up in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from brandwacht.baseline import queries, services
from brandwacht.baseline.forms.answers import AnswerForm, ControlFilterForm, ReferenceFilterForm
from brandwacht.baseline.models import FRAMEWORK, AnswerState, Finding
from brandwacht.baseline.panels import CONTROL, ControlRef
from brandwacht.baseline.parts import PARTS
from brandwacht.baseline.queries import frameworks
from brandwacht.baseline.queries.reviews import REVIEW_SEE
from brandwacht.baseline.wording.evidence import figure_rests_on, rests_on
from brandwacht.baseline.wording.headline import headline
from brandwacht.engines.detection.attack import technique_name
from brandwacht.engines.norms import MATURITY, Control, load_framework
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import Tab, tabs
from brandwacht.network.panels import panels_for
from brandwacht.network.policy import Owner, decide, may_anywhere
from brandwacht.network.requests import ActorRequest
from brandwacht.network.tables import csv_response
from brandwacht.network.usecase import demand

CHANGE_OVER = timedelta(days=30)
REFERENCE = "bio-1.04"


def tabs_for(actor: Actor, current: str) -> list[Tab]:
    """The lists of the room; ``current`` is the part that is shown."""
    return tabs(actor, "baseline", PARTS, current)


def see(actor: Actor) -> None:
    """Refuse a page of the room to who may not see the basis of the own organisation."""
    demand(actor, queries.SEE, Owner(actor.organisation_id))


def _filters(request: ActorRequest) -> tuple[ControlFilterForm, queries.Filters]:
    form = ControlFilterForm(request.GET)
    form.is_valid()  # a filter that is not understood is left out; the form says so
    said = form.cleaned_data
    return form, queries.Filters(
        theme=said.get("theme", ""),
        state=said.get("state", ""),
        text=said.get("q", ""),
        with_measure=said.get("measures", False),
        evidence=said.get("evidence", False),
        sort=request.GET.get("sort", ""),
    )


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """How the organisation stands, per theme and per control. Who only reviews others comes out there."""
    actor = request.actor
    if not may_anywhere(actor, queries.SEE) and may_anywhere(actor, REVIEW_SEE):
        return redirect("baseline:reviews")
    see(actor)
    form, filters = _filters(request)
    today = actor.today
    resting = queries.grounds(actor, actor.organisation_id)
    now, before = queries.standings(actor, actor.organisation_id, [today, today - CHANGE_OVER], resting)
    everything = queries.control_rows(actor, resting=resting)
    rows = queries.narrow(everything, filters)
    context = {
        "headline": headline(now),
        "score": now,
        "rests_on": figure_rests_on(now),
        "change": now.percent - before.percent if before.based_on else 0,
        "themes": queries.themes(now, before),
        "attention": _attention(everything),
        "rows": rows,
        "total": len(everything),
        "form": form,
        "tabs": tabs_for(actor, "list"),
        "framework": load_framework(FRAMEWORK),
        "query": request.GET.urlencode(),
        "may_answer": decide(actor, "baseline.answer", Owner(actor.organisation_id)),
    }
    return render(request, "baseline/list.html", context)


def _attention(rows: list[queries.ControlRow]) -> list[tuple[int, str, str]]:
    """What asks for somebody's attention: how many, of what, and the list of them."""
    kinds = (
        (sum(r.state == AnswerState.NOT_MET for r in rows), _("voldoen niet"), "state=voldoet_niet"),
        (sum(r.state == AnswerState.OPEN for r in rows), _("nog niet beantwoord"), "state=onbeantwoord&sort=-risk"),
        (
            sum(r.evidence in ("verloopt", "verlopen") for r in rows),
            _("met bewijs dat verloopt of verlopen is"),
            "evidence=on&sort=evidence",
        ),
        (sum(r.measures_open > 0 for r in rows), _("met een maatregel die loopt"), "measures=on"),
        (sum(r.answer is not None for r in rows), _("beantwoord, de oudste eerst"), "sort=answered"),
    )
    return [(count, label, f"?{query}") for count, label, query in kinds if count]


@require_GET
def export(request: ActorRequest) -> HttpResponse:
    """Exactly the list of controls on the page, as CSV."""
    see(request.actor)
    _form, filters = _filters(request)
    header = [
        _("Nummer"), _("Vraag"), _("Thema"), _("Antwoord"), _("Houdt nu stand"), _("Waarom"),
        _("Bewijs"), _("Bewijs telt tot en met"),
        _("Beantwoord op"), _("Door"), _("Maatregelen die lopen"),
    ]  # fmt: skip
    rows = (
        (
            # The number is text: a spreadsheet would make 5.10 into 5,1 or a date.
            f"BIO2 {r.control.number}", r.control.title, r.control.theme, r.state.label, r.holds.label,
            r.answer and r.answer.reason, r.answer and r.answer.evidence, r.evidence_until,
            r.answer and r.answer.answered_on, r.answer and r.answer.answered_by, r.measures_open,
        )
        for r in queries.control_rows(request.actor, filters)
    )  # fmt: skip
    return csv_response(f"basis-{request.actor.organisation_code}", header, rows)


@require_http_methods(["GET", "POST"])
def control(request: ActorRequest, number: str) -> HttpResponse:
    """One control: what it asks, what was answered, and the form to answer it."""
    actor = request.actor
    see(actor)
    row = queries.control_row(actor, number)
    status = 200
    if request.method == "POST":
        data = request.POST.copy()
        form = AnswerForm(data)
        if form.is_valid():
            try:
                answer = services.answer_control(actor, number, **form.cleaned_data)
            except Refused as error:
                add_refusal(form, error)
                if row.answer:  # what is on the page now is what the person has before them when they send it again
                    data["seen"] = row.answer.answered_at.isoformat()
            else:
                said = {"number": number, "state": answer.get_state_display()}
                messages.success(request, _("Uw antwoord op vraag %(number)s is bewaard: %(state)s.") % said)
                return redirect("baseline:control", number)
        status = 422
    else:
        form = AnswerForm(initial=_initial(row))
    return render(request, "baseline/control.html", _control_context(actor, row, form), status=status)


def _initial(row: queries.ControlRow) -> dict[str, Any]:
    answer = row.answer
    if answer is None:
        return {}
    names = (
        "state", "reason", "evidence", "evidence_valid_to", "risk_analysis", "design", "existence", "operation",
        "maturity",
    )  # fmt: skip
    found = {name: getattr(answer, name) for name in names} | {"seen": answer.answered_at.isoformat()}
    if row.evidence == "verlopen":
        found["evidence_valid_to"] = None  # who answers anew says how long the new evidence counts
    return found


def _findings(row: queries.ControlRow) -> list[tuple[str, Finding, Finding]]:
    """Design, existence and operation: the name, what was found, and what is left of it now."""
    found, now = row.judged.judgement, row.stand
    return [
        (_("Opzet"), Finding(found.design), Finding(now.design)),
        (_("Bestaan"), Finding(found.existence), Finding(now.existence)),
        (_("Werking"), Finding(found.operation), Finding(now.operation)),
    ]


def _control_context(actor: Actor, row: queries.ControlRow, form: AnswerForm) -> dict[str, Any]:
    asked, owner = row.control, Owner(actor.organisation_id)
    duties = load_framework("nis2-21")
    found = queries.measures_of(actor, asked.number)
    government = queries.government_rows(row)
    return {
        "rests_on": rests_on(row),
        "findings": _findings(row),
        "maturity": MATURITY[row.stand.maturity] if row.answer and row.stand.maturity is not None else None,
        "pieces": [(piece, queries.evidence_state(piece, row.today)) for piece in queries.evidence_of(row)],
        "may_prove": decide(actor, "baseline.evidence.add", owner),
        "government": government,
        "government_done": sum(each.answer is not None for each in government),
        "may_government": decide(actor, "baseline.government", owner),
        "rhythms": queries.rhythms_at(actor, asked.number),
        "judging": any(form[name].value() for name in ("design", "existence", "operation"))
        or any(form.errors.get(name) for name in ("design", "existence", "operation", "maturity")),
        "row": row,
        "control": asked,
        "answer": row.answer,
        "form": form,
        "may_answer": decide(actor, "baseline.answer", owner),
        "may_make": decide(actor, "baseline.measure.make", owner),
        "measures": found[: queries.SHOWN],
        "more_measures": len(found) > queries.SHOWN,
        "history": queries.history(actor, asked.number),
        "duties": [duties.control(letter) for letter in asked.nis2],
        "norm_texts": frameworks.norm_texts(actor, asked.number),
        "techniques": [(number, technique_name(number) or "") for number in asked.attack],
        "next_open": queries.next_open(row),
        "today": row.today,
        "framework": load_framework(FRAMEWORK),
        "panels": panels_for(CONTROL, actor, ControlRef(actor.organisation_id, asked.number, asked.attack)),
        "crumbs": [(_("Basis op orde"), reverse("baseline:list")), (asked.number, None)],
    }


@require_GET
def reference(request: ActorRequest) -> HttpResponse:
    """The BIO of before BIO2, to look up a number that an older document names."""
    see(request.actor)
    form = ReferenceFilterForm(request.GET)
    form.is_valid()
    norm = load_framework(REFERENCE)
    text = form.cleaned_data.get("q", "").casefold()
    context = {
        "norm": norm,
        "controls": [c for c in norm.controls if _mentions(c, text)],
        "form": form,
        "tabs": tabs_for(request.actor, "reference"),
    }
    return render(request, "baseline/reference.html", context)


def _mentions(asked: Control, text: str) -> bool:
    measures = (part for measure in asked.measures for part in (measure.number, measure.title))
    parts = (asked.number, asked.title, asked.theme, asked.question, *measures)
    return not text or any(text in part.casefold() for part in parts)
