"""API resources of the CERT: incidents with their legal clocks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Router, Status

from brandwacht.cert import queries, services
from brandwacht.cert.models import Incident, IncidentClock
from brandwacht.network.requests import ActorRequest
from brandwacht.network.resources import Cursor, Limit, Page, Resource, paged_noted
from brandwacht.network.usecase import note_use

router = Router(by_alias=True)


class ClockOut(Resource):
    """A legal clock; ``provisional`` while it waits for the duty before it."""

    key: str
    title: str
    to_whom: str
    basis: str
    due: datetime
    provisional: bool
    done_at: datetime | None


class IncidentOut(Resource):
    """An incident; ``severity`` 0-4; ``exercise``: a drill, of which nothing is real."""

    id: UUID
    organisation: str
    number: str
    title: str
    summary: str
    exercise: bool
    severity: int
    state: str
    phase: str
    scenario: str
    attack: list[str]
    known_at: datetime
    opened_at: datetime
    cert_activated_at: datetime | None


class IncidentDetailOut(IncidentOut):
    """An incident with its clocks."""

    clocks: list[ClockOut]


class NoteIn(Resource):
    """A line for the story."""

    text: str


def _facts(row: Incident) -> dict[str, object]:
    return {
        "id": row.public_id,
        "organisation": row.organisation.code,
        "number": row.number,
        "title": row.title,
        "summary": row.summary,
        "exercise": row.exercise,
        "severity": row.severity,
        "state": row.state,
        "phase": row.phase,
        "scenario": row.scenario,
        "attack": row.attack,
        "known_at": row.known_at,
        "opened_at": row.opened_at,
        "cert_activated_at": row.cert_activated_at,
    }


def _clock(row: IncidentClock) -> ClockOut:
    return ClockOut.model_validate(row)


@router.get("/incidents", response=Page[IncidentOut], tags=["cert"], summary="Incidenten")
def list_incidents(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """The incidents that the caller may see."""
    return paged_noted(request, queries.incidents(request.actor), cursor, limit, queries.SEE, _facts)


@router.get("/incidents/{uuid:incident_id}", response=IncidentDetailOut, tags=["cert"], summary="Een incident")
def get_incident(request: ActorRequest, incident_id: UUID) -> dict[str, object]:
    """One incident with its clocks."""
    incident = queries.incident(request.actor, incident_id)
    note_use(request.actor, queries.SEE, incident)
    return _facts(incident) | {"clocks": [_clock(clock) for clock in queries.clocks(incident)]}


@router.post(
    "/incidents/{uuid:incident_id}/notes", response={201: IncidentOut}, tags=["cert"], summary="Schrijf iets op"
)
def add_note(request: ActorRequest, incident_id: UUID, body: NoteIn) -> Status[dict[str, object]]:
    """Write a line in the story of an incident."""
    return Status(201, _facts(services.add_note(request.actor, incident_id, body.text)))
