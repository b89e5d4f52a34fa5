"""The risk diagram, the scales, and the versions of the risk plan."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.engines.cascade import INTERESTS, Scales
from brandwacht.network import reports
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import require
from brandwacht.network.paging import page
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.tables import csv_response
from brandwacht.riskmap import mapping, queries
from brandwacht.riskmap.forms.planning import ChanceForm, PlanForm, ScalesForm
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.models import AnalysisKind
from brandwacht.riskmap.pictures.diagram import drawn, placed, weighed
from brandwacht.riskmap.plan_content import finding, kind_in_words, scales_in_words
from brandwacht.riskmap.queries import planning as queries_planning
from brandwacht.riskmap.register.road import lacking
from brandwacht.riskmap.services import planning as services_planning
from brandwacht.riskmap.services import plans as services_plan
from brandwacht.riskmap.views.common import tabs_for
from brandwacht.riskmap.views.planning import own, standing


def _risks(actor: Actor, register: Register | None = None) -> tuple[list[dict[str, Any]], Scales]:
    register = register or mapping.load(actor, actor.organisation_id)
    scales = queries_planning.scales_of(actor.organisation_id)
    scenarios = queries_planning.scenario_risks(actor.organisation_id, register, scales)
    done, _other = queries_planning.latest(actor, actor.organisation_id, AnalysisKind.WEAK)
    return placed([*weighed(register, scenarios), *(done.result["risks"] if done else [])], scales), scales


def _shown(actor: Actor) -> dict[str, Any]:
    rows, scales = _risks(actor)
    return {
        "rows": [(row, kind_in_words(row["kind"]), [row["scores"][key] for key in INTERESTS]) for row in rows],
        "diagram": drawn(rows, scales),
        "finding": finding(rows),
        "marker": "diagram",
        "scales": scales,
        "scales_told": scales_in_words({"version": scales.version, "status": scales.status}),
    }


@require_GET
def diagram(request: ActorRequest) -> HttpResponse:
    """The regional risk diagram, and the likelihood of each kept scenario."""
    actor = request.actor
    require(actor, "riskmap.plan.see")
    context = _shown(actor)
    set_now = {row.scenario_id: row for row in queries_planning.chances(actor, actor.organisation_id)}
    context |= {
        "tabs": tabs_for(actor, "diagram", own(actor)),
        "may_set": decide(actor, "riskmap.scales", Owner(actor.organisation_id)),
        "scenarios": [
            (row, set_now.get(row.pk), _chance_form(set_now.get(row.pk), context["scales"], row.pk))
            for row in queries.scenarios(actor, actor.organisation_id)
        ],
        "interests": [each.name for each in context["scales"].interests],
    }
    return render(request, "riskmap/diagram.html", context)


def _chance_form(row: Any, scales: Any, pk: int) -> ChanceForm:
    initial = {"likelihood": row.likelihood, "why": row.why} if row else {}
    return ChanceForm(scales=scales, initial=initial, auto_id=f"kans-{pk}-%s")


@require_GET
def diagram_svg(request: ActorRequest) -> HttpResponse:
    """The diagram as an SVG file."""
    require(request.actor, "riskmap.plan.see")
    text = render_to_string("riskmap/_diagram.svg", {**_shown(request.actor), "file": True, "font": "sans-serif"})
    response = HttpResponse(text, content_type="image/svg+xml")
    response["Content-Disposition"] = 'attachment; filename="risicodiagram.svg"'
    return response


@require_GET
def diagram_csv(request: ActorRequest) -> HttpResponse:
    """The diagram as a table."""
    require(request.actor, "riskmap.plan.see")
    rows, scales = _risks(request.actor)
    header = [_("nummer"), _("risico"), _("soort"), _("impact"), _("waarschijnlijkheid"),
              *(each.name for each in scales.interests)]  # fmt: skip
    cells = (
        [r["number"], r["name"], kind_in_words(r["kind"]), r["impact"], r["likelihood"],
         *(r["scores"][key] for key in INTERESTS)]
        for r in rows
    )  # fmt: skip
    return csv_response(_("risicodiagram"), header, cells)


@require_POST
def set_chance(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Set how likely a kept scenario is held."""
    scales = queries_planning.scales_of(request.actor.organisation_id)
    form = ChanceForm(request.POST, scales=scales)
    if not form.is_valid():
        raise Refused(_("Kies een klasse van A tot en met E, en schrijf hoogstens 300 tekens."))
    services_planning.set_chance(request.actor, public_id, form.cleaned_data["likelihood"], form.cleaned_data["why"])
    messages.success(request, _("De waarschijnlijkheid is bewaard."))
    return redirect("riskmap:diagram")


@require_http_methods(["GET", "HEAD", "POST"])
def scales(request: ActorRequest) -> HttpResponse:
    """The scales that count, and setting other ones."""
    actor = request.actor
    require(actor, "riskmap.plan.see")
    now = queries_planning.scales_of(actor.organisation_id)
    decision = decide(actor, "riskmap.scales", Owner(actor.organisation_id))
    form = ScalesForm(request.POST or None, scales=now)
    if request.method == "POST" and form.is_valid():
        last = queries_planning.scale_versions(actor, actor.organisation_id).first()
        version = _("eigen %(n)d") % {"n": last.number + 1 if last else 1}
        try:
            services_planning.set_scales(
                actor, form.content(version, actor.today.isoformat()), form.cleaned_data["why"]
            )
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("De schalen zijn bewaard. Ze gelden vanaf nu voor nieuwe berekeningen."))
            return redirect("riskmap:scales")
    context = {
        "tabs": tabs_for(actor, "scales", own(actor)),
        "scales": now,
        "form": form,
        "may_set": decision,
        "versions": queries_planning.scale_versions(actor, actor.organisation_id)[:20],
    }
    return render(request, "riskmap/scales.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def plans(request: ActorRequest) -> HttpResponse:
    """The versions of the risk plan, and making the next one."""
    actor = request.actor
    require(actor, "riskmap.plan.see")
    owner = own(actor)
    form = PlanForm(request.POST or None, initial={"year": actor.today.year + 1})
    if request.method == "POST" and form.is_valid():
        try:
            made = services_plan.make_plan(actor, year=form.cleaned_data["year"], note=form.cleaned_data["note"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Het risicoplan is gemaakt en blijft zo staan."))
            return redirect("riskmap:risk-plan-version", made.public_id)
    rows = queries_planning.plans(actor, owner.pk)
    register = mapping.load(actor, owner.pk)
    context = standing(actor, owner, AnalysisKind.WEAK, register)
    budget = standing(actor, owner, AnalysisKind.BUDGET, register)
    risks, limits = _risks(actor, register)
    context |= {
        "old_budget": budget["moved_on"],
        "lacking": lacking(register, drawn=bool(risks), budget=budget["done"] is not None, scales=limits),
        "tabs": tabs_for(actor, "risk-plan", owner),
        "page": page(request, rows, ("-made_at", "-pk")),
        "form": form,
        "may_make": decide(actor, "riskmap.plan.make", Owner(owner.pk)),
    }
    return render(request, "riskmap/risk_plans.html", context, status=422 if form.errors else 200)


@require_GET
def plan(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One version: what is in it and what changed."""
    found = queries_planning.plan(request.actor, public_id)
    here = _("%(year)d, versie %(n)d") % {"year": found.year, "n": found.version}
    crumbs = [(_("Risicoplan"), reverse("riskmap:risk-plan")), (here, None)]
    context = {"plan": found, "content": found.content, "crumbs": crumbs, "told": finding(found.content["diagram"])}
    return render(request, "riskmap/risk_plan.html", context)


@require_GET
def plan_pdf(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The document of a version; that it was downloaded stands in the chain."""
    found = queries_planning.plan(request.actor, public_id, document=True)
    services_plan.note_download(request.actor, found)
    name = _("risicoplan-%(code)s-%(year)d-versie-%(n)d") % {
        "code": found.organisation.code, "year": found.year, "n": found.version,
    }  # fmt: skip
    return reports.download(name, bytes(found.document))
