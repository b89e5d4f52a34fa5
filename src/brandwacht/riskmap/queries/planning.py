"""The reads of weak spots, measures, scales and risk plans."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from brandwacht.engines.cascade import InvalidData, Outage, Scales, load_scales, read_scales
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import visible
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.models import (
    Analysis,
    AnalysisKind,
    AnalysisState,
    RiskMeasure,
    RiskPlan,
    ScaleVersion,
    Scenario,
    ScenarioChance,
)
from brandwacht.riskmap.reckoning.worth import Risk, yearly_rate

_SEEN_BY = {
    AnalysisKind.WEAK: "riskmap.see",
    AnalysisKind.BUDGET: "riskmap.plan.see",
    AnalysisKind.BORDER: "riskmap.see",
}


def measures(actor: Actor, owner_id: int | None = None) -> QuerySet[RiskMeasure]:
    """The measures that the actor may see, of one owner or of all, by name."""
    rows = RiskMeasure.objects.filter(visible(actor, "riskmap.plan.see")).select_related("organisation")
    rows = rows if owner_id is None else rows.filter(organisation_id=owner_id)
    return rows.order_by("name", "pk")


def measure(actor: Actor, public_id: Any) -> RiskMeasure:
    """One measure; ``NotFound`` when it is not there for this actor."""
    found = measures(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def analyses(actor: Actor, owner_id: int, kind: AnalysisKind) -> QuerySet[Analysis]:
    """What was computed for an owner, newest first."""
    rows = Analysis.objects.filter(visible(actor, _SEEN_BY[kind]), organisation_id=owner_id, kind=kind)
    return rows.order_by("-asked_at", "-pk")


def analysis(actor: Actor, public_id: Any) -> Analysis:
    """One piece of long work; ``NotFound`` when it is not there for this actor."""
    seen = reduce(or_, (visible(actor, action) & Q(kind=kind) for kind, action in _SEEN_BY.items()))
    found: Analysis | None = Analysis.objects.filter(seen, public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def latest(actor: Actor, owner_id: int, kind: AnalysisKind) -> tuple[Analysis | None, Analysis | None]:
    """The last one that was finished, and the last one if that is another: it runs, waits or failed."""
    rows = analyses(actor, owner_id, kind)
    newest = rows.defer("result").first()
    done = rows.filter(state=AnalysisState.DONE).first()
    return done, None if newest is None or (done and newest.pk == done.pk) else newest


def scale_versions(actor: Actor, owner_id: int) -> QuerySet[ScaleVersion]:
    """The scales that an owner set, newest first."""
    rows = ScaleVersion.objects.filter(visible(actor, "riskmap.plan.see"), organisation_id=owner_id)
    return rows.order_by("-number")


def ranking_now(actor: Actor, register: Register, owner_id: int) -> list[dict[str, Any]] | None:
    """The ranking of the weak spots (``reckoning.weak``) when it was reckoned on this very map, else None."""
    done = analyses(actor, owner_id, AnalysisKind.WEAK).filter(state=AnalysisState.DONE)
    newest = done.values_list("map_fingerprint", "result__ranking").first()
    return newest[1] if newest is not None and newest[0] == register.fingerprint else None


def scales_of(owner_id: int) -> Scales:
    """The scales that count for this owner: the last it set, else ours. Not a secret to who computes on the map."""
    row = ScaleVersion.objects.filter(organisation_id=owner_id).order_by("-number").first()
    if row is None:
        return load_scales()
    try:
        return read_scales(row.content)
    except InvalidData:  # kept by an older Brandwacht in a form that is no longer read
        return load_scales()


def chances(actor: Actor, owner_id: int) -> QuerySet[ScenarioChance]:
    """How likely the owner holds its kept scenarios."""
    return ScenarioChance.objects.filter(visible(actor, "riskmap.plan.see"), organisation_id=owner_id).select_related(
        "scenario"
    )


def scenario_risks(owner_id: int, register: Register, scales: Scales) -> list[Risk]:
    """The kept scenarios of which the likelihood was set and that this map can play, by name."""
    rows = Scenario.objects.filter(organisation_id=owner_id, chance__isnull=False).select_related("chance")
    found = []
    for row in rows.order_by("name", "pk"):
        outages = tuple(
            Outage(each["node"], each.get("start", 0), each.get("duration"), each.get("state", "down"))
            for each in row.outages
            if each.get("node") in register.network
        )
        if outages:
            rate = yearly_rate(scales, row.chance.likelihood)
            found.append(Risk(outages, rate, row.horizon, key=row.key, name=row.name))
    return found


def plans(actor: Actor, owner_id: int) -> QuerySet[RiskPlan]:
    """The versions of the risk plan, newest first, without their content."""
    rows = RiskPlan.objects.filter(visible(actor, "riskmap.plan.see"), organisation_id=owner_id)
    return rows.defer("content", "document").order_by("-year", "-version")


def plan(actor: Actor, public_id: Any, *, document: bool = False) -> RiskPlan:
    """One version, with its PDF only when asked; ``NotFound`` when it is not there for this actor."""
    rows = RiskPlan.objects.filter(visible(actor, "riskmap.plan.see")).select_related("organisation")
    found: RiskPlan | None = (rows if document else rows.defer("document")).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
