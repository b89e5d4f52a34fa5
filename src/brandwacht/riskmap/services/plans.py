"""Making a version of the risk plan: from what was computed on the map as it is now, to a document that stays."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.engines.cascade import CLASSES, Scales
from brandwacht.network import reports
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case
from brandwacht.riskmap import mapping
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.models import Analysis, AnalysisKind, RiskMeasure, RiskPlan
from brandwacht.riskmap.pictures.diagram import drawn, placed, weighed
from brandwacht.riskmap.plan_content import changes, document, finding
from brandwacht.riskmap.queries import planning as queries_planning
from brandwacht.riskmap.reckoning.spending import in_words

YEARS: Final = (2020, 2100)


def make_plan(actor: Actor, *, year: int, note: str = "") -> RiskPlan:
    """Make the next version of the plan for a year, with its PDF.

    Rests on the weak spots of the map as it is now: ``Refused`` when they were not computed, or the map has changed
    since. A budget that was computed on another map is left out, and the plan says so.
    """
    with use_case(actor, "riskmap.plan.make") as case:
        case.require(Owner(actor.organisation_id))
        if not YEARS[0] <= year <= YEARS[1]:
            raise Refused(_("Kies een jaar van %(a)d tot en met %(b)d.") % {"a": YEARS[0], "b": YEARS[1]}, "year")
        owner = Organisation.objects.select_for_update().get(pk=actor.organisation_id)
        register = mapping.load(actor, owner.pk)
        weak = queries_planning.latest(actor, owner.pk, AnalysisKind.WEAK)[0]
        if weak is None:
            raise Refused(_("Reken eerst de zwakke plekken door; daar berust het plan op."))
        if weak.map_fingerprint != register.fingerprint:
            raise Refused(_("De kaart is veranderd. Reken de zwakke plekken opnieuw door en maak dan het plan."))
        before = RiskPlan.objects.filter(organisation_id=owner.pk).defer("document")
        last = before.filter(year=year).order_by("-version").first()
        earlier = before.filter(year__lt=year).order_by("-year", "-version").first() or last
        version = last.version + 1 if last else 1
        content = _content(actor, owner, register, weak, f"{year}, versie {version}", note)
        told = changes(content, earlier.content) if earlier else []
        against = _("%(year)d, versie %(n)d") % {"year": earlier.year, "n": earlier.version} if earlier else ""
        made = _pdf(actor, owner, content, told, against, year)
        plan = RiskPlan(
            organisation_id=owner.pk, year=year, version=version, note=note.strip()[:500], content=content,
            changes=told, against=against, document=made, sha256=hashlib.sha256(made).hexdigest(),
            map_fingerprint=register.fingerprint, made_at=actor.now, made_by=actor.name,
        )  # fmt: skip
        plan.save()
        case.audit(plan, {"jaar": year, "versie": version, "sha256": plan.sha256})
    return plan


def note_download(actor: Actor, plan: RiskPlan) -> None:
    """Write in the owner's chain that the document of a plan left the system."""
    with use_case(actor, "riskmap.plan.see") as case:
        case.require(plan)
        case.audit(plan, {"jaar": plan.year, "versie": plan.version, "gedownload": True})


def _content(
    actor: Actor, owner: Organisation, register: Register, weak: Analysis, title: str, note: str
) -> dict[str, Any]:
    scales = queries_planning.scales_of(owner.pk)
    scenarios = queries_planning.scenario_risks(owner.pk, register, scales)
    budget = queries_planning.latest(actor, owner.pk, AnalysisKind.BUDGET)[0]
    fresh = budget is not None and budget.map_fingerprint == register.fingerprint
    taken = set(budget.result["best"]["keys"]) if budget is not None and fresh else set()
    names = names_on(register)
    rows = RiskMeasure.objects.filter(organisation_id=owner.pk).order_by("name", "pk")
    day = date_format(timezone.localtime(actor.now), "j F Y")
    return {
        "subtitle": f"{owner.full_name}, {title}",
        "footer": _("%(name)s, risicoplan %(title)s, %(day)s") % {"name": owner.full_name, "title": title, "day": day},
        "note": " ".join(note.split())[:500],
        "size": weak.result["size"],
        "vital": weak.result["vital"],
        "points": weak.result["points"],
        "ranking": weak.result["ranking"],
        "reserves": weak.result.get("reserves"),
        "alone": weak.result.get("alone"),
        "redundancy": weak.result["redundancy"],
        "sets": weak.result["sets"],
        "odds": weak.result.get("odds"),
        "diagram": placed([*weighed(register, scenarios), *weak.result["risks"]], scales),
        "scales": _scales(scales),
        "measures": [
            {
                "key": row.key, "name": row.name, "told": in_words(row.kind, row.step, names), "once": row.once,
                "yearly": row.yearly, "taken": row.key in taken,
            }
            for row in rows
        ],
        "budget": budget.result if budget is not None and fresh else None,
        "base": _base(weak, budget, register, scales, fresh=fresh),
    }  # fmt: skip


def names_on(register: Register) -> dict[str, str]:
    """Names by key of the nodes and common causes of a map."""
    named = {node.key: node.name for node in register.network.nodes}
    return named | {cause.key: cause.name for cause in register.network.common_causes}


def _scales(scales: Scales) -> dict[str, Any]:
    return {
        "version": scales.version,
        "status": scales.status,
        "impact": {key: scales.impact_name(key) for key in CLASSES},
        "likelihood": {key: scales.likelihood_name(key) for key in CLASSES},
        "all": scales.to_json(),
    }


def _base(weak: Analysis, budget: Analysis | None, register: Register, scales: Scales, *, fresh: bool) -> list[str]:
    finished = weak.finished_at or weak.asked_at
    lines = [
        _("Zwakke plekken doorgerekend op %(when)s, gevraagd door %(who)s.")
        % {"when": date_format(timezone.localtime(finished), "j F Y H:i"), "who": weak.asked_by},
        _("Vingerafdruk van de kaart: %(code)s.") % {"code": register.fingerprint[:16]},
    ]
    if budget is not None and fresh:
        when = date_format(timezone.localtime(budget.finished_at or budget.asked_at), "j F Y H:i")
        lines.append(_("Budget doorgerekend op %(when)s.") % {"when": when})
    elif budget is not None:
        lines.append(_("De berekening van het budget hoort bij een oudere kaart en is weggelaten."))
    if not weak.result["rated"]:
        lines.append(_("Nergens is ingevuld hoe vaak iets uitvalt; het plan zegt alleen wat één uitval aanricht."))
    if not weak.result["points"]:
        lines.append(_("Nergens is impact ingevuld; het gewicht is het aantal uren dat vitale processen stilstaan."))
    if register.problems:
        lines.append(_("%(n)d afhankelijkheden zijn half ingevuld en telden niet mee.") % {"n": len(register.problems)})
    lines += [f"{source.title}: {source.note}" for source in scales.sources]
    return lines


def _pdf(actor: Actor, owner: Organisation, content: dict[str, Any], told: list[str], against: str, year: int) -> bytes:
    scales = queries_planning.scales_of(owner.pk)
    svg = render_to_string(
        "riskmap/_diagram.svg",
        {
            "diagram": drawn(content["diagram"], scales), "finding": finding(content["diagram"]), "file": True,
            "marker": "diagram", "font": "Libertinus Serif",
        },
    )  # fmt: skip
    return reports.pdf(
        "brandwacht.riskmap", "riskplan.typ", document(content, told, against, svg),
        title=_("Risicoplan digitale ontwrichting %(year)d") % {"year": year}, author=actor.name, moment=actor.now,
    )  # fmt: skip
