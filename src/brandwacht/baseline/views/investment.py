"""Pages about money: what closing the gap costs, what fits in a budget; and what connecting asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from brandwacht.baseline import queries
from brandwacht.baseline.forms.costs import CostForm, WhatIfForm
from brandwacht.baseline.progress.words import days, euros
from brandwacht.baseline.queries.conditions import own_check
from brandwacht.baseline.queries.investment import costs_of, proposals
from brandwacht.baseline.services.costs import set_costs
from brandwacht.baseline.views.controls import see, tabs_for
from brandwacht.engines.norms.conditions import load_conditions
from brandwacht.engines.norms.investment import (
    DAY_RATE,
    Choice,
    Proposal,
    Range,
    Ranked,
    Terms,
    by_theme,
    ranked,
    what_if,
)
from brandwacht.engines.norms.progress import load_dataset
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import require
from brandwacht.network.requests import ActorRequest
from brandwacht.network.tables import csv_response, xlsx_response
from brandwacht.network.usecase import demand


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The measures of the own organisation in order, and what fits in the budget that the address names, if any."""

    form: WhatIfForm
    rows: Sequence[Ranked]
    themes: Sequence[tuple[str, Any]]
    choice: Choice | None
    terms: Terms


def _reckon(request: ActorRequest) -> Reckoned:
    dataset = load_dataset()
    form = WhatIfForm(request.GET or None)
    said = form.cleaned_data if form.is_valid() else {}
    rate = said.get("rate")
    terms = Terms(said.get("years") or 1, DAY_RATE if rate is None else rate)
    actor = request.actor
    (answers,) = queries.answers_on(actor, actor.organisation_id, [actor.today])
    found: list[Proposal] = proposals(actor, dataset, answers)
    rows = ranked(found, terms)
    budget = said.get("budget")
    titles = {category.key: category.title for category in dataset.categories}
    themes = [(titles.get(each.theme, _("Hoort niet bij één vraag")), each) for each in by_theme(found)]
    return Reckoned(form, rows, themes, None if budget is None else what_if(rows, budget), terms)


@require_GET
def investment(request: ActorRequest) -> HttpResponse:
    """What the open measures cost, what to take first, and what fits in a budget."""
    see(request.actor)
    found = _reckon(request)
    total = {key: Range(0, 0) for key in ("once", "yearly", "days")}
    for _title, each in found.themes:
        for key in total:
            total[key] += getattr(each, key)
    fits = {each.row.proposal.key: each for each in found.choice.fits} if found.choice else {}
    context = {
        "form": found.form,
        "choice": found.choice,
        "chosen_cost": euros(found.choice.cost.low, found.choice.cost.high) if found.choice else "",
        "rows": [_line(row, fits.get(row.proposal.key)) for row in found.rows],
        "themes": [
            (title, each, euros(each.once.low, each.once.high), euros(each.yearly.low, each.yearly.high),
             days(each.days.low, each.days.high))
            for title, each in found.themes
        ],
        "once": euros(total["once"].low, total["once"].high),
        "yearly": euros(total["yearly"].low, total["yearly"].high),
        "days": days(total["days"].low, total["days"].high),
        "unpriced": sum(not row.proposal.priced for row in found.rows),
        "terms": found.terms,
        "query": request.GET.urlencode(),
        "tabs": tabs_for(request.actor, "investment"),
    }  # fmt: skip
    return render(request, "baseline/investment/investment.html", context, status=422 if found.form.errors else 200)


def _line(row: Ranked, fit: Any) -> dict[str, Any]:
    return {
        "row": row,
        "url": reverse("baseline:measure-cost", args=[row.proposal.key]),
        "cost": euros(row.cost.low, row.cost.high) if row.cost else "",
        "fit": fit,
    }


def _table(found: Reckoned) -> tuple[list[Any], list[list[Any]]]:
    titles = {category.key: category.title for category in load_dataset().categories}
    fits = {each.row.proposal.key: each.fits for each in found.choice.fits} if found.choice else {}
    header = [
        _("Volgorde"), _("Maatregel"), _("Thema"),
        _("Eenmalig minstens"), _("Eenmalig hoogstens"), _("Jaarlijks minstens"), _("Jaarlijks hoogstens"),
        _("Dagen minstens"), _("Dagen hoogstens"), _("Samen minstens"), _("Samen hoogstens"),
        _("Waarom op deze plaats"), _("Past in het budget"),
    ]  # fmt: skip
    rows = []
    for place, row in enumerate(found.rows, start=1):
        ends: list[Any] = []
        for part in (row.proposal.once, row.proposal.yearly, row.proposal.days, row.cost):
            ends += [part.low, part.high] if part else [None, None]
        fit = fits.get(row.proposal.key)
        rows.append([place, row.proposal.title, titles.get(row.proposal.theme, ""), *ends, row.why, fit])
    return header, rows


@require_GET
def export_csv(request: ActorRequest) -> HttpResponse:
    """The measures of the page as CSV, in euro and days."""
    see(request.actor)
    return csv_response(f"investering-{request.actor.organisation_code}", *_table(_reckon(request)))


@require_GET
def export_xlsx(request: ActorRequest) -> HttpResponse:
    """The same as a workbook."""
    see(request.actor)
    return xlsx_response(f"investering-{request.actor.organisation_code}", *_table(_reckon(request)))


@require_http_methods(["GET", "POST"])
def costs(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What one measure costs, from low to high."""
    actor = request.actor
    see(actor)
    measure = queries.measure(actor, public_id)
    demand(actor, "baseline.measure.update", measure)
    form = CostForm(request.POST or None, initial=CostForm.initial_of(costs_of(measure)))
    if form.is_valid():
        try:
            set_costs(actor, public_id, ranges=form.ranges, source=form.cleaned_data["source"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("De kosten zijn bewaard."))
            return redirect("baseline:investment")
    context = {"form": form, "measure": measure, "back_url": reverse("baseline:measure", args=[public_id])}
    return render(request, "baseline/investment/costs.html", context, status=422 if form.errors else 200)


_MEND = {
    "ingevuld": ("list", "?state=open"),
    "overheid": ("government-list", ""),
    "bewezen": ("list", "?evidence=on"),
    "bijgewerkt": ("measures", ""),
    "beleid": ("rhythms", ""),
    "aangetoond": ("reviews", ""),
}
"""Where somebody mends what a requirement lacks, by its key: a page and its filter. Otherwise the report itself."""


def _mend_at(key: str) -> str:
    name, query = _MEND.get(key, ("progress", ""))
    return reverse(f"baseline:{name}") + query


@require_GET
def conditions(request: ActorRequest) -> HttpResponse:
    """What connecting to the NDN, the SOC and the CERT asks, and what the own organisation shows of it."""
    actor = request.actor
    require(actor, "baseline.progress.release")
    own = own_check(actor)
    context = {
        "own": own,
        "lines": [(line, _mend_at(line.now.requirement.key)) for line in own.lines],
        "conditions": load_conditions(),
        "tabs": tabs_for(actor, "conditions"),
    }
    return render(request, "baseline/investment/conditions.html", context)
