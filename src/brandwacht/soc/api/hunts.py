"""API resources of searching in logs: start a search, follow it, read its rows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Status

from brandwacht.network.errors import Refused
from brandwacht.network.requests import ActorRequest
from brandwacht.network.resources import MOST, Cursor, Limit, Page, Resource, paged
from brandwacht.network.usecase import note_listing
from brandwacht.soc import hunts as questions
from brandwacht.soc import queries
from brandwacht.soc.models import HuntRun
from brandwacht.soc.services import hunting
from brandwacht.soc.store.conditions import LONGEST, Line

router = Router(by_alias=True)
Start = Annotated[int, Query(ge=0, le=1_000_000, description="Het nummer van de eerste rij, vanaf 0.")]


class LineIn(Resource):
    """One line of a search: an ECS name, an operator, a value."""

    joiner: Literal["en", "of"] = "en"
    field: str = Field(max_length=100)
    operator: str = Field(max_length=20)
    value: str = Field("", max_length=LONGEST)


class HuntIn(Resource):
    """What to search and where: lines or SQL, a period, and codes of organisations."""

    lines: list[LineIn] = []
    sql: str = Field("", max_length=20_000)
    period: Literal["uur", "dag", "week", "maand", "kwartaal", "eigen"] = "week"
    since: datetime | None = None
    until: datetime | None = None
    source: str = Field("", max_length=100)
    kind: str = Field("", max_length=100)
    organisations: list[str]


class HuntOut(Resource):
    """A search and how it stands; ``full`` says that there was more than the rows that are kept."""

    id: UUID
    title: str
    organisations: list[str]
    by: str
    state: str
    reason: str
    files: int
    files_done: int
    found: int
    rows: int
    full: bool
    started_at: datetime
    finished_at: datetime | None


class RowsOut(Resource):
    """Rows of a result; ``next`` is the number to go on from, null on the last page."""

    columns: list[str]
    rows: list[list[Any]]
    next: int | None


def _out(run: HuntRun, done: int, found: int) -> dict[str, object]:
    names = ("title", "by", "state", "reason", "files", "rows", "full", "started_at", "finished_at")
    facts = {name: getattr(run, name) for name in names}
    return {"id": run.public_id, "organisations": run.reach, "files_done": done, "found": found} | facts


def _ended(run: HuntRun) -> dict[str, object]:
    return _out(run, 0 if run.running else run.files, run.found)


@router.get("/hunts", response=Page[HuntOut], tags=["soc"], summary="Zoekopdrachten")
def list_hunts(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """The searches of the caller's organisation."""
    return paged(request, queries.hunt_runs(request.actor), cursor, limit, _ended)


@router.post("/hunts", response={201: HuntOut}, tags=["soc"], summary="Zoek in logs")
def start_hunt(request: ActorRequest, body: HuntIn) -> Status[dict[str, object]]:
    """Start a search; it goes on by itself."""
    by_code = {organisation.code: organisation.pk for organisation in queries.searchable(request.actor)}
    strangers = sorted(set(body.organisations) - by_code.keys())
    if strangers:
        raise Refused(_("U kunt niet zoeken in de logs van %(codes)s.") % {"codes": ", ".join(strangers)[:200]})
    query = questions.Query(
        lines=tuple(Line(line.joiner, line.field, line.operator, line.value) for line in body.lines),
        sql=body.sql.strip(),
        period=body.period,
        since=body.since,
        until=body.until,
        source=body.source.strip(),
        kind=body.kind.strip(),
    )
    run = hunting.start_hunt(request.actor, query, [by_code[code] for code in body.organisations])
    return Status(201, _ended(run))


@router.get("/hunts/{uuid:hunt_id}", response=HuntOut, tags=["soc"], summary="Een zoekopdracht")
def get_hunt(request: ActorRequest, hunt_id: UUID) -> dict[str, object]:
    """How far a search is."""
    run = queries.hunt_run(request.actor, hunt_id)
    standing = queries.hunt_standing(run, request.actor.now) if run.running else None
    return _out(run, standing.done, standing.found) if standing else _ended(run)


@router.get("/hunts/{uuid:hunt_id}/rows", response=RowsOut, tags=["soc"], summary="Rijen van een zoekopdracht")
def hunt_rows(
    request: ActorRequest,
    hunt_id: UUID,
    start: Start = 0,
    limit: Limit = 50,
) -> dict[str, object]:
    """Rows of what a search found, while it runs or after; refused once a mandate it rests on has ended."""
    run = queries.hunt_run(request.actor, hunt_id)
    rows = queries.result_rows(request.actor, run, start, min(limit, MOST))
    note_listing(request.actor, "soc.hunt", {o.pk for o in queries.reached(request.actor, run)})
    standing = queries.hunt_standing(run, request.actor.now)
    more = standing is not None and start + len(rows) < standing.rows and bool(rows)
    return {
        "columns": standing.columns if standing else [],
        "rows": [row.values for row in rows],
        "next": start + len(rows) if more else None,
    }


@router.post("/hunts/{uuid:hunt_id}/cancellation", response=HuntOut, tags=["soc"], summary="Stop een zoekopdracht")
def stop_hunt(request: ActorRequest, hunt_id: UUID) -> dict[str, object]:
    """Ask for the end of a search."""
    return _ended(hunting.stop_hunt(request.actor, hunt_id))
