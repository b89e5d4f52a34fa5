"""One row of everything that borders, measures, scales and risk plans keep, for ``tests.secrets``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from brandwacht.engines.cascade import load_scales
from brandwacht.network.actor import SEE, Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Grant, Node, Organisation
from brandwacht.riskmap import mapping
from brandwacht.riskmap.models import (
    Analysis,
    AnalysisKind,
    AnalysisState,
    MeasureKind,
    RiskMeasure,
    RiskPlan,
    ScaleVersion,
    Scenario,
    ScenarioChance,
    SharedNode,
    StandIn,
)

WORD = "GEHEIM17"


def things(region: Organisation, other: Organisation, scenario: Scenario, now: datetime) -> dict[str, Any]:
    """The rows by name, owned by ``region``, inside a scope of all owners. ``other`` shares something with it."""
    dc = Node.objects.get(organisation=region, key="dc")
    loose = Node.objects.get(organisation=region, key="los")
    elsewhere = _saved(Node(organisation=other, key="gemaal", name="Gemaal", kind="dienst"))
    offered = _saved(
        SharedNode(organisation=other, node_ref=elsewhere.public_id, name="Gemaal", shared_at=now, shared_by="Buur")
    )
    _saved(
        Grant(
            organisation=other, kind=GrantKind.SHARED_NODE, grantee=region, thing=offered.public_id, may=[SEE],
            purpose="Doorrekenen", starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=300),
            given_by="Buur",
        )
    )  # fmt: skip
    shared = _saved(
        SharedNode(organisation=region, node_ref=dc.public_id, name=f"{WORD} gedeeld", shared_at=now, shared_by=WORD)
    )
    stand_in = _saved(
        StandIn(
            organisation=region, node=loose, shared_ref=offered.public_id, giver=other, name=f"{WORD} gevolgd",
            accepted_at=now, accepted_by=WORD,
        )
    )  # fmt: skip
    measure = _saved(
        RiskMeasure(
            organisation=region, key="buffer", name=f"{WORD} buffer", kind=MeasureKind.RESTART, once=1, note=WORD,
            step={"node": "dc", "value": 5}, changed_at=now, changed_by=WORD,
        )
    )  # fmt: skip
    content = load_scales().to_json()
    content["sources"][0]["note"] = WORD
    _saved(ScaleVersion(organisation=region, number=1, content=content, why=WORD, made_at=now, made_by=WORD))
    _saved(ScenarioChance(organisation=region, scenario=scenario, likelihood="C", why=WORD, set_at=now, set_by=WORD))
    for kind, result in ((AnalysisKind.WEAK, _weak()), (AnalysisKind.BUDGET, _budget())):
        _saved(
            Analysis(
                organisation=region, kind=kind, state=AnalysisState.DONE, result=result, asked_by=WORD, asked_at=now,
                seen_at=now, finished_at=now, map_fingerprint="0" * 64,
                asked={"amount": 1, "years": 1, "yearly": None},
            )
        )  # fmt: skip
    work = _saved(
        Analysis(
            organisation=region, kind=AnalysisKind.BORDER, state=AnalysisState.RUNNING, asked_by=WORD, asked_at=now,
            seen_at=now - timedelta(days=1), done=3, total=72,
            asked={"title": WORD, "outages": [{"node": "dc"}], "horizon": 4320, "user": None},
        )
    )  # fmt: skip
    plan = _saved(
        RiskPlan(
            organisation=region, year=2027, version=1, note=WORD, changes=[WORD], against="2026, versie 1",
            content=_content(), document=f"%PDF {WORD}".encode(),
            sha256="0" * 64, map_fingerprint="0" * 64, made_at=now, made_by=WORD,
        )
    )  # fmt: skip
    return {
        "shared": shared, "offered_node": offered, "stand_in": stand_in, "risk_measure": measure, "risk_plan": plan,
        "border_work": work,
    }  # fmt: skip


def _content() -> dict[str, Any]:
    nothing: dict[str, Any] = {key: [] for key in ("redundancy", "ranking", "measures", "diagram")}
    return nothing | {"base": [WORD], "size": 1, "scales": {"version": "1"}}


def freshen(system: Actor, region: Organisation) -> None:
    """Let the weak spots be those of the map as it is now, so that a plan can be made of them."""
    fingerprint = mapping.load(system, region.pk).fingerprint
    Analysis.objects.filter(organisation=region, kind=AnalysisKind.WEAK).update(map_fingerprint=fingerprint)


def _saved(row: Any) -> Any:
    row.save()
    return row


def _weak() -> dict[str, Any]:
    row = {
        "key": "dc", "name": f"{WORD} dc", "ref": "", "hurts": 1, "stops": 1, "first": WORD, "minutes": 60, "loss": 1.0,
        "rate": 0.0, "yearly": 0.0, "lasts": None,
    }  # fmt: skip
    return {
        "size": 3, "vital": 1, "problems": [WORD], "points": False, "rated": False, "risks": [], "ranking": [row],
        "redundancy": [], "sets": [], "odds": _odds(),
    }  # fmt: skip


def _odds() -> dict[str, Any]:
    process = {
        "key": "dc", "name": f"{WORD} dc", "ref": "00000000-0000-4000-8000-000000000000", "region": WORD, "down": 1.0,
        "degraded": 0.0, "stops": 0.5, "tenth": 2.0,
    }  # fmt: skip
    curve = {"key": "", "name": WORD, "mean": 1.0, "any": 0.5, "levels": [[10, 2.0]], "line": [[0.5, 0.5], [2.0, 0.1]]}
    return {
        "size": 3, "rated": 1, "all_causes": 0, "causes": 0, "assumed": 0, "failures": 1.0, "seed": 1, "runs": 100,
        "curves": [curve], "processes": [process], "regions": [],
    }  # fmt: skip


def _budget() -> dict[str, Any]:
    best = {
        "keys": ["buffer"], "names": [f"{WORD} buffer"], "cost": 1, "once": 1, "yearly": 0, "predicted": 1.0,
        "effect": 1.0, "gap": 0.0,
    }  # fmt: skip
    return {
        "points": False, "problems": [WORD], "budget": 1, "years": 1, "yearly": None, "loss": 2.0, "effects": [],
        "by_sum": best, "best": best, "searched": 0, "exhausted": False, "front": [best],
    }  # fmt: skip
