"""API resources of the basis: the controls with the answers of the caller's organisation, and its measures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Router, Status
from pydantic import AwareDatetime

from brandwacht.baseline import queries, services
from brandwacht.baseline.api import evidence, frameworks, reviews
from brandwacht.baseline.models import AnswerState, ControlAnswer, Finding, Measure
from brandwacht.network.requests import ActorRequest
from brandwacht.network.resources import Cursor, Limit, Page, Resource, paged_noted
from brandwacht.network.usecase import note_use

router = Router(by_alias=True)
for part in (reviews, frameworks, evidence):
    router.add_router("", part.router)
_SEEN = "Het `answeredAt` van het antwoord dat u voor u had. Gaf iemand sindsdien een ander antwoord, dan weigeren wij."

_HOLDS = "Wat van het antwoord nu nog standhoudt, gezien opzet, bestaan, werking en bewijs."
_UNTIL = "De laatste dag waarop er bewijs is, of was, dat telt."
_FOUND = "ja, deels of nee; leeg is niet bekeken."


class AnswerOut(Resource):
    """The present answer; ``evidence`` says where the evidence is."""

    state: str
    reason: str
    evidence: str
    evidence_valid_to: date | None
    risk_analysis: str
    design: str
    existence: str
    operation: str
    maturity: int | None
    answered_at: datetime
    answered_by: str


class ControlOut(Resource):
    """A control of the norm with the answer of the caller's organisation; ``answer`` is null when there is none."""

    number: str
    title: str
    theme: str
    question: str
    explanation: str
    attack: list[str]
    nis2: list[str]
    answer: AnswerOut | None
    holds: Annotated[str, Field(description=_HOLDS)]
    evidence_until: Annotated[date | None, Field(description=_UNTIL)]


class AnswerIn(Resource):
    """An answer to a control."""

    state: AnswerState
    reason: Annotated[str, Field(max_length=4000)] = ""
    evidence: Annotated[str, Field(max_length=2000)] = ""
    evidence_valid_to: date | None = None
    risk_analysis: Annotated[str, Field(max_length=200)] = ""
    design: Annotated[Finding, Field(description=_FOUND)] = Finding.UNSEEN
    existence: Annotated[Finding, Field(description=_FOUND)] = Finding.UNSEEN
    operation: Annotated[Finding, Field(description=_FOUND)] = Finding.UNSEEN
    maturity: Annotated[int | None, Field(ge=0, le=5)] = None
    seen: Annotated[AwareDatetime | None, Field(description=_SEEN)] = None


class MeasureOut(Resource):
    """Something that will be done; ``cost`` in euro, once."""

    id: UUID
    organisation: str
    control: str
    title: str
    description: str
    owner_name: str
    due: date
    state: str
    cost: int | None
    for_board: bool
    created_at: datetime
    created_by: str
    done_at: datetime | None
    incident: UUID | None


class MeasureStepOut(Resource):
    """One line in the story of a measure."""

    state: str
    note: str
    at: datetime
    by: str


class MeasureDetailOut(MeasureOut):
    """A measure with its story, newest first."""

    steps: list[MeasureStepOut]


class MeasureIn(Resource):
    """A new measure of the caller's organisation."""

    title: Annotated[str, Field(max_length=200)]
    owner_name: Annotated[str, Field(max_length=120)]
    due: date
    control: str = ""
    description: Annotated[str, Field(max_length=4000)] = ""
    cost: int | None = None
    for_board: bool = False


def _answer(row: ControlAnswer) -> AnswerOut:
    return AnswerOut.model_validate(row)


def _control(row: queries.ControlRow) -> dict[str, object]:
    control = row.control
    return {
        "number": control.number,
        "title": control.title,
        "theme": control.theme,
        "question": control.question,
        "explanation": control.explanation,
        "attack": list(control.attack),
        "nis2": list(control.nis2),
        "answer": _answer(row.answer) if row.answer else None,
        "holds": row.holds,
        "evidence_until": row.evidence_until,
    }


def _measure(row: Measure) -> dict[str, object]:
    names = (
        "control", "title", "description", "owner_name", "due", "state", "cost", "for_board", "created_at",
        "created_by", "done_at",
    )  # fmt: skip
    facts = {name: getattr(row, name) for name in names}
    return {"id": row.public_id, "organisation": row.organisation.code, "incident": row.incident_ref} | facts


def _story(row: Measure) -> dict[str, object]:
    return _measure(row) | {"steps": [MeasureStepOut.model_validate(step) for step in queries.steps(row)]}


@router.get("/controls", response=Page[ControlOut], tags=["baseline"], summary="De vragen van de BIO2, met uw antwoord")
def list_controls(request: ActorRequest) -> dict[str, object]:
    """All controls, in the order of the norm: there are few enough for one page."""
    return {"items": [_control(row) for row in queries.control_rows(request.actor)], "next": None}


@router.get("/controls/{number}", response=ControlOut, tags=["baseline"], summary="Een vraag van de BIO2")
def get_control(request: ActorRequest, number: str) -> dict[str, object]:
    """One control."""
    return _control(queries.control_row(request.actor, number))


@router.post("/controls/{number}/answers", response={201: AnswerOut}, tags=["baseline"], summary="Beantwoord een vraag")
def answer_control(request: ActorRequest, number: str, body: AnswerIn) -> Status[AnswerOut]:
    """Answer a control for the caller's organisation; the earlier answers are kept."""
    return Status(201, _answer(services.answer_control(request.actor, number, **body.model_dump())))


@router.get("/measures", response=Page[MeasureOut], tags=["baseline"], summary="Maatregelen")
def list_measures(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """The measures that the caller may see."""
    return paged_noted(request, queries.measures(request.actor), cursor, limit, queries.SEE, _measure)


@router.get("/measures/{uuid:measure_id}", response=MeasureDetailOut, tags=["baseline"], summary="Een maatregel")
def get_measure(request: ActorRequest, measure_id: UUID) -> dict[str, object]:
    """One measure with its story."""
    measure = queries.measure(request.actor, measure_id)
    note_use(request.actor, queries.SEE, measure)
    return _story(measure)


@router.post("/measures", response={201: MeasureDetailOut}, tags=["baseline"], summary="Maak een maatregel")
def make_measure(request: ActorRequest, body: MeasureIn) -> Status[dict[str, object]]:
    """A new measure of the caller's organisation, carried out by somebody who is named."""
    made = services.make_measure(request.actor, **body.model_dump())
    return Status(201, _story(queries.measure(request.actor, made.public_id)))
