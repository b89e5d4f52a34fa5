"""Weak spots, measures and budget: what was computed, asking for it anew, and the list of measures."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.long_work import BUSY
from brandwacht.network.models import Organisation
from brandwacht.network.pages import require
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.tables import csv_response
from brandwacht.riskmap import mapping
from brandwacht.riskmap.forms.planning import BudgetForm, MeasureForm
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.models import Analysis, AnalysisKind, AnalysisState, MeasureKind, RiskMeasure
from brandwacht.riskmap.pictures.pareto import curve
from brandwacht.riskmap.plan_content import TOP, budget_in_words, effect_in_words, redundancy_in_words, weak_in_words
from brandwacht.riskmap.queries import planning as queries_planning
from brandwacht.riskmap.reckoning.odds import known
from brandwacht.riskmap.reckoning.spending import in_words
from brandwacht.riskmap.register.road import ahead
from brandwacht.riskmap.services import analysis as services_analysis
from brandwacht.riskmap.services import planning as services_planning
from brandwacht.riskmap.services.plans import names_on
from brandwacht.riskmap.views.common import chosen_map, tabs_for
from brandwacht.riskmap.words.odds import unrated

_PAGE_OF = {AnalysisKind.WEAK: "riskmap:weak", AnalysisKind.BUDGET: "riskmap:measures"}
"""Where the outcome of long work appears; that of a cascade over a border has a page of its own."""


def own(actor: Actor) -> Organisation:
    """The actor's own organisation."""
    return Organisation.objects.get(pk=actor.organisation_id)


def standing(actor: Actor, owner: Organisation, kind: AnalysisKind, register: Register) -> dict[str, Any]:
    """What a page needs to know about the work that was asked for: what is done, what runs, and whether it is old."""
    done, other = queries_planning.latest(actor, owner.pk, kind)
    busy = other is not None and other.state in BUSY
    return {
        "done": done,
        "other": other,
        "busy": busy,
        "moved_on": done is not None and done.map_fingerprint != register.fingerprint,
        "may_ask": owner.pk == actor.organisation_id and decide(actor, "riskmap.analyse", Owner(owner.pk)),
    }


def _page_of(kind: str, owner: Organisation) -> str:
    return f"{reverse(_PAGE_OF[AnalysisKind(kind)])}?organisatie={owner.code}"


@require_GET
def weak(request: ActorRequest) -> HttpResponse:
    """False redundancy, what most hangs on, and what brings a vital process down."""
    actor = request.actor
    owner, maps = chosen_map(request)
    register = mapping.load(actor, owner.pk)
    context = standing(actor, owner, AnalysisKind.WEAK, register)
    done = context["done"]
    result = done.result if done else {}
    context |= {
        "owner": owner,
        "maps": maps,
        "tabs": tabs_for(actor, "weak", owner),
        "size": len(register.network.nodes),
        "result": result,
        "told": weak_in_words(result),
        "heavy": result.get("ranking", [])[:TOP],
        "lighter": result.get("ranking", [])[TOP:],
        "redundancy": [(row, redundancy_in_words(row)) for row in result.get("redundancy", [])],
    }
    if owner.pk == actor.organisation_id:
        context["ahead"] = ahead(actor, request.path)
    return render(request, "riskmap/weak.html", context)


@require_GET
def weak_csv(request: ActorRequest) -> HttpResponse:
    """The ranking of the last analysis as CSV."""
    owner, _maps = chosen_map(request)
    done, _other = queries_planning.latest(request.actor, owner.pk, AnalysisKind.WEAK)
    header = [_("sleutel"), _("naam"), _("vitale processen geraakt"), _("daarvan vallen stil"), _("het eerst"),
              _("na minuten"), _("gewicht van één uitval"), _("keer per jaar"), _("gewicht per jaar")]  # fmt: skip
    rows = (
        [r["key"], r["name"], r["hurts"], r["stops"], r["first"], r["minutes"], r["loss"], r["rate"], r["yearly"]]
        for r in (done.result["ranking"] if done else [])
    )
    return csv_response(_("zwakke-plekken-%(code)s") % {"code": owner.code}, header, rows)


@require_POST
def ask_weak(request: ActorRequest) -> HttpResponse:
    """Ask the worker for the weak spots."""
    services_analysis.ask_weak_spots(request.actor)
    messages.success(request, _("Het doorrekenen is begonnen. U kunt weggaan; de uitkomst blijft hier staan."))
    return redirect("riskmap:odds" if request.POST.get("verder") == "kans" else "riskmap:weak")


@require_GET
def progress(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """How far long work is: a piece of the page, asked for while it runs; then the browser loads the page again."""
    found = queries_planning.analysis(request.actor, public_id)
    busy = found.state in BUSY
    answer = render(
        request, "riskmap/_progress.html", {"other": found, "busy": busy, "may_ask": _may_stop(request, found)}
    )
    if not busy:
        answer["HX-Refresh"] = "true"
    return answer


@require_GET
def reckoning(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A cascade over a border while the worker is at it; once it is done this leads to the outcome."""
    found = queries_planning.analysis(request.actor, public_id)
    if found.kind != AnalysisKind.BORDER:
        return redirect(_page_of(found.kind, found.organisation))
    if found.state == AnalysisState.DONE:
        return redirect("riskmap:run", found.result["run"])
    crumbs = [(_("Risicokaart"), reverse("riskmap:map")), (_("Over de grens"), reverse("riskmap:border"))]
    context = {
        "other": found, "busy": found.state in BUSY, "may_ask": _may_stop(request, found),
        "crumbs": [*crumbs, (found.asked["title"], None)],
    }  # fmt: skip
    return render(request, "riskmap/border_reckoning.html", context)


def _may_stop(request: ActorRequest, found: Analysis) -> bool:
    return bool(decide(request.actor, "riskmap.analyse", found))


@require_POST
def stop(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Stop long work."""
    try:
        services_analysis.stop(request.actor, public_id)
    except Refused as error:  # it was just done
        messages.info(request, error.message)
    return redirect("riskmap:reckoning", public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def measures(request: ActorRequest) -> HttpResponse:
    """The list of measures, and what a budget is best spent on."""
    actor = request.actor
    require(actor, "riskmap.plan.see")
    owner = own(actor)
    form = BudgetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services_analysis.ask_budget(actor, amount=data["amount"], years=data["years"], yearly=data["yearly"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Het doorrekenen is begonnen. U kunt weggaan; de uitkomst blijft hier staan."))
            return redirect("riskmap:measures")
    register = mapping.load(actor, owner.pk)
    names = names_on(register)
    context = standing(actor, owner, AnalysisKind.BUDGET, register)
    done: Analysis | None = context["done"]
    context |= {
        "tabs": tabs_for(actor, "measures", owner),
        "form": form,
        "measures": [(row, in_words(row.kind, row.step, names)) for row in queries_planning.measures(actor, owner.pk)],
        "ahead": ahead(actor, request.path),
        "may_change": decide(actor, "riskmap.measure", Owner(owner.pk)),
        "may_ask": decide(actor, "riskmap.analyse", Owner(owner.pk)),
    }
    if done:
        context |= {
            "result": done.result,
            "told": budget_in_words(done.result, done.result["points"]),
            "unrated": unrated(known(register.network)),
            "effects": [(each, effect_in_words(each, done.result)) for each in done.result["effects"]],
            "curve": curve(done.result["front"]),
        }
    return render(request, "riskmap/measures.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: ActorRequest, public_id: UUID | None = None) -> HttpResponse:
    """Take up a measure, or change one."""
    actor = request.actor
    require(actor, "riskmap.measure")
    row = queries_planning.measure(actor, public_id) if public_id else None
    here = row.name if row else _("Neem een maatregel op")
    crumbs = [(_("Maatregelen"), reverse("riskmap:measures")), (here, None)]
    kind = _kind(request, row)
    if kind is None:
        return render(request, "riskmap/measure_kind.html", {"kinds": MeasureKind, "crumbs": crumbs})
    form = _measure_form(request, row, kind)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services_planning.save_measure(
                actor, name=data["name"], kind=MeasureKind(data["kind"]), step=form.step(), once=data["once"],
                yearly=data["yearly"], needs=data.get("needs", ()), excludes=data.get("excludes", ()),
                note=data["note"], public_id=public_id,
            )  # fmt: skip
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("De maatregel “%(name)s” staat in de lijst.") % {"name": data["name"]})
            return redirect("riskmap:measures")
    context = {"form": form, "kind": kind, "measure": row, "crumbs": crumbs, **_effect_of(actor, row)}
    return render(request, "riskmap/measure.html", context, status=422 if form.errors else 200)


def _effect_of(actor: Actor, row: RiskMeasure | None) -> dict[str, Any]:
    """What a measure does by itself, before and after, as the last budget found it."""
    if row is None:
        return {}
    done, _other = queries_planning.latest(actor, actor.organisation_id, AnalysisKind.BUDGET)
    found = next((each for each in (done.result["effects"] if done else []) if each["key"] == row.key), None)
    if done is None or found is None:
        return {"effect": None}
    older = row.changed_at > done.asked_at
    return {"effect": found, "told": effect_in_words(found, done.result), "done": done, "older": older}


def _kind(request: ActorRequest, row: RiskMeasure | None) -> MeasureKind | None:
    """The kind of measure that is asked for: of a new one it is chosen first, then what it needs is asked."""
    given = request.POST.get("kind") or request.GET.get("soort") or (row.kind if row else "")
    return MeasureKind(given) if given in MeasureKind.values else None


def _measure_form(request: ActorRequest, row: RiskMeasure | None, kind: MeasureKind) -> MeasureForm:
    actor = request.actor
    network = mapping.load(actor, actor.organisation_id).network
    by_name = sorted(network.nodes, key=lambda node: (node.name, node.key))
    labels = {node.key: node.name for node in network.nodes}
    needs = [
        (f"{need.node} | {need.label}", f"{labels[need.node]}: {need.label}")
        for need in sorted(network.requirements, key=lambda need: (labels[need.node], need.label))
    ]
    others = queries_planning.measures(actor, actor.organisation_id)
    if row is not None:
        others = others.exclude(pk=row.pk)
    initial: dict[str, Any] = {}
    if row is not None:
        initial = {
            "name": row.name, "once": row.once, "yearly": row.yearly, "needs": row.needs,
            "excludes": row.excludes, "note": row.note, **MeasureForm.initial_of(row.kind, row.step),
        }  # fmt: skip
    return MeasureForm(
        request.POST or None,
        initial=initial,
        kind=kind,
        nodes=[(node.key, f"{node.name} ({node.key})") for node in by_name],
        needs=needs,
        causes=[(cause.key, cause.name) for cause in network.common_causes],
        others=list(others.values_list("key", "name")),
    )


@require_POST
def remove_measure(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Take a measure off the list."""
    services_planning.remove_measure(request.actor, public_id)
    messages.success(request, _("De maatregel is van de lijst gehaald."))
    return redirect("riskmap:measures")
