"""API resources of the risk map: scenarios, and the cascades that were run on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Router, Status

from brandwacht.engines.cascade import CauseKind
from brandwacht.network.requests import ActorRequest
from brandwacht.network.resources import Cursor, Limit, Page, Resource, paged_noted
from brandwacht.network.usecase import note_use
from brandwacht.riskmap import queries, services
from brandwacht.riskmap.cascades.asked import DEFAULT_HORIZON, MOST_MINUTES
from brandwacht.riskmap.cascades.outcome import Outcome, Step, from_json
from brandwacht.riskmap.models import CascadeRun, Scenario

router = Router(by_alias=True)
State = Literal["down", "degraded"]
Minutes = Annotated[int, Field(ge=0, le=MOST_MINUTES)]
_CAUSE = (
    "outage: het valt zelf uit. requirement: het mist wat het nodig heeft. border: het volgt een andere organisatie."
    " restored: het werkt weer."
)
_SINCE = "De minuut waarin de oorzaak begon. Het verschil met `minute` is de buffer, of de tijd om weer op te starten."
_LENGTH = "Hoe lang de uitval duurt, in minuten. Leeg: de hersteltijd uit het register."


class Outage(Resource):
    """A node that fails: its key in the register, from when and for how long (minutes)."""

    node: str
    start_minutes: Minutes = 0
    duration_minutes: Annotated[Minutes | None, Field(description=_LENGTH)] = None
    state: State = "down"


class ScenarioOut(Resource):
    """A kept what-if."""

    id: UUID
    organisation: str
    name: str
    description: str
    outages: list[Outage]
    horizon_minutes: int


class CascadeRunIn(Resource):
    """What fails on the map of the caller's organisation, and how far to look ahead."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    outages: Annotated[list[Outage], Field(min_length=1, max_length=200)]
    horizon_minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)] = DEFAULT_HORIZON


class CascadeRunOut(Resource):
    """A cascade that was run; ``map_fingerprint`` says on which map."""

    id: UUID
    organisation: str
    title: str
    headline: str
    started_at: datetime
    ran_at: datetime
    ran_by: str
    outages: list[Outage]
    horizon_minutes: int
    map_fingerprint: str
    incident: UUID | None


class ChangeOut(Resource):
    """A change of one node, with its cause; ``providers`` are the nodes through which it came."""

    minute: int
    at: datetime
    node: str
    name: str
    kind: str
    sector: str
    vital: bool
    before: str
    after: str
    cause: Annotated[CauseKind, Field(description=_CAUSE)]
    since_minute: Annotated[int, Field(description=_SINCE)]
    requirement: str
    providers: list[str]


class CascadeRunDetailOut(CascadeRunOut):
    """A run with every change of every node, in order of time."""

    timeline: list[ChangeOut]


def _outages(row: Scenario | CascadeRun) -> list[Outage]:
    return [
        Outage(
            node=each["node"],
            start_minutes=each.get("start", 0),
            duration_minutes=each.get("duration"),
            state=each.get("state", "down"),
        )
        for each in row.outages
    ]


def _scenario(row: Scenario) -> dict[str, object]:
    return {
        "id": row.public_id,
        "organisation": row.organisation.code,
        "name": row.name,
        "description": row.description,
        "outages": _outages(row),
        "horizon_minutes": row.horizon,
    }


def _run(row: CascadeRun) -> dict[str, object]:
    return {
        "id": row.public_id,
        "organisation": row.organisation.code,
        "title": row.title,
        "headline": row.headline,
        "started_at": row.started_at,
        "ran_at": row.ran_at,
        "ran_by": row.ran_by,
        "outages": _outages(row),
        "horizon_minutes": row.horizon,
        "map_fingerprint": row.map_fingerprint,
        "incident": row.incident_ref,
    }


def _detail(row: CascadeRun) -> dict[str, object]:
    outcome = from_json(row.result)
    return _run(row) | {"timeline": [_change(outcome, step, row.started_at) for step in outcome.steps]}


def _change(outcome: Outcome, step: Step, start: datetime) -> ChangeOut:
    part = outcome.parts[step.node]
    return ChangeOut(
        minute=step.minute,
        at=start + timedelta(minutes=step.minute),
        node=step.node,
        name=part.name,
        kind=part.kind,
        sector=part.sector,
        vital=part.vital,
        before=step.before,
        after=step.after,
        cause=step.cause,
        since_minute=step.since,
        requirement=step.requirement,
        providers=list(step.providers),
    )


@router.get("/scenarios", response=Page[ScenarioOut], tags=["riskmap"], summary="Bewaarde scenario's")
def list_scenarios(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """The kept what-ifs that the caller may see."""
    return paged_noted(request, queries.scenarios(request.actor), cursor, limit, "riskmap.see", _scenario)


@router.get("/cascade-runs", response=Page[CascadeRunOut], tags=["riskmap"], summary="Doorgerekende uitval")
def list_cascade_runs(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """The cascades that the caller may see."""
    return paged_noted(request, queries.runs(request.actor), cursor, limit, "riskmap.see", _run)


@router.get(
    "/cascade-runs/{uuid:run_id}", response=CascadeRunDetailOut, tags=["riskmap"], summary="Een doorgerekende uitval"
)
def get_cascade_run(request: ActorRequest, run_id: UUID) -> dict[str, object]:
    """One cascade with its timeline."""
    run = queries.run(request.actor, run_id)
    note_use(request.actor, "riskmap.see", run)
    return _detail(run)


@router.post("/cascade-runs", response={201: CascadeRunDetailOut}, tags=["riskmap"], summary="Reken een uitval door")
def run_cascade(request: ActorRequest, body: CascadeRunIn) -> Status[dict[str, object]]:
    """Play outages on the map of the caller's organisation, from this moment."""
    actor = request.actor
    outages = [
        {"node": each.node, "start": each.start_minutes, "duration": each.duration_minutes, "state": each.state}
        for each in body.outages
    ]
    run = services.run_cascade(
        actor, actor.organisation_id, outages, title=body.title, started_at=actor.now, horizon=body.horizon_minutes
    )
    return Status(201, _detail(run))
