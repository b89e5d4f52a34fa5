"""API resources of the frameworks: the answers seen through each, and the exchange as OSCAL."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Status

from brandwacht.baseline.exchange import INCOMING
from brandwacht.baseline.exchange.answers import AnswerLine
from brandwacht.baseline.exchange.measures import MeasureLine
from brandwacht.baseline.models import FRAMEWORK, AnswerImport
from brandwacht.baseline.queries import exchange, frameworks
from brandwacht.baseline.services import exchange as services
from brandwacht.network.requests import ActorRequest
from brandwacht.network.resources import Page, Resource

router = Router(by_alias=True)
_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}


class FrameworkOut(Resource):
    """A framework with how the caller's organisation stands on it, from the answers to the BIO2."""

    key: str
    title: str
    version: str
    percent: int
    word: str
    answered: int
    total: int


class SeenOut(Resource):
    """A control of a framework: the questions it rests on, and what their answers say together."""

    number: str
    title: str
    theme: str
    state: str
    sources: list[str]
    answered: int
    fit: str
    rest: str
    oldest: date | None
    evidence_valid_to: date | None


class LineOut(Resource):
    """One answer in an offered file. ``kind``: nieuw, gelijk, anders or geweigerd."""

    number: str
    kind: str
    state: str
    reason: str
    answered_at: datetime
    answered_by: str
    present: str | None
    older: bool
    why: str


class PlanLineOut(Resource):
    """One measure in an offered improvement plan. ``kind``: nieuw, gelijk, anders or geweigerd."""

    key: str
    kind: str
    title: str
    control: str
    state: str
    owner: str
    due: date
    cost: int | None
    changes: list[str]
    why: str


class ImportOut(Resource):
    """An offered file. ``seen`` goes along when it is applied, so that nothing changed in between."""

    id: UUID
    kind: str
    filename: str
    framework: str
    party: str
    state: str
    unknown: list[str]
    taken: list[str]
    seen: str
    lines: list[LineOut]
    measures: list[PlanLineOut]


class ApplyIn(Resource):
    """The numbers of the answers to take over, or the keys of the measures."""

    numbers: Annotated[list[str], Field(max_length=500)]
    seen: Annotated[str | None, Field(max_length=64)] = None


def _framework(found: frameworks.Through) -> dict[str, object]:
    norm, score = found.framework, found.score
    return {
        "key": norm.key,
        "title": norm.title,
        "version": norm.version,
        "percent": score.percent,
        "word": score.word,
        "answered": score.based_on,
        "total": len(found.seen),
    }


def _offered(request: ActorRequest, row: AnswerImport) -> dict[str, object]:
    names = ("kind", "filename", "framework", "party", "state", "unknown", "taken")
    facts = {name: getattr(row, name) for name in names} | {"id": row.public_id}
    compared = INCOMING[row.kind].compare(request.actor, row)
    return facts | {
        "seen": compared.fingerprint,
        "lines": [_answer(line) for line in compared.lines if isinstance(line, AnswerLine)],
        "measures": [_measure(line) for line in compared.lines if isinstance(line, MeasureLine)],
    }


def _answer(line: AnswerLine) -> dict[str, object]:
    names = ("state", "reason", "answered_at", "answered_by")
    facts = {name: getattr(line.offered, name) for name in names}
    present = line.present.state if line.present else None
    return facts | {"number": line.key, "kind": line.kind, "present": present, "older": line.older, "why": line.why}


def _measure(line: MeasureLine) -> dict[str, object]:
    names = ("title", "control", "state", "owner", "due", "cost")
    facts = {name: getattr(line.offered, name) for name in names}
    return facts | {"key": line.key, "kind": line.kind, "changes": list(line.changes), "why": line.why}


@router.get(
    "/frameworks", response=Page[FrameworkOut], tags=["baseline"], summary="Kaders waar u met uw antwoorden naar kijkt"
)
def list_frameworks(request: ActorRequest) -> dict[str, object]:
    """The frameworks that follow from the answers to the BIO2."""
    through = frameworks.through_all(request.actor, frameworks.present_answers(request.actor))
    return {"items": [_framework(found) for found in through], "next": None}


@router.get(
    "/frameworks/{key}", response=Page[SeenOut], tags=["baseline"], summary="Uw antwoorden door een ander kader"
)
def get_framework(request: ActorRequest, key: str) -> dict[str, object]:
    """Every control of one framework with what the answers say about it."""
    items = [
        {
            "number": row.control.number,
            "title": row.control.title,
            "theme": row.control.theme,
            "state": row.state,
            "sources": list(row.sources),
            "answered": row.answered,
            "fit": row.fit,
            "rest": row.rest,
            "oldest": row.answer and row.answer.answered_on,
            "evidence_valid_to": row.answer and row.answer.evidence_valid_to,
        }
        for row in frameworks.through(request.actor, key).seen
    ]
    return {"items": items, "next": None}


@router.get(
    "/oscal-documents/{kind}",
    tags=["baseline"],
    summary="Een OSCAL-document van uw organisatie",
    response=dict[str, object],
)
def get_oscal_document(
    request: ActorRequest,
    kind: str,
    framework: Annotated[str, Query(description="Het kader, bijvoorbeeld bio2-1.3.")] = FRAMEWORK,
) -> HttpResponse:
    """Catalog, profile, assessment-results or plan-of-action-and-milestones, as OSCAL 1.1 in JSON."""
    return HttpResponse(services.export(request.actor, kind, framework), content_type="application/json")


@router.post(
    "/oscal-imports",
    response={201: ImportOut},
    tags=["baseline"],
    summary="Bied een OSCAL-document aan",
    openapi_extra=_BODY,
)
def offer_oscal_document(request: ActorRequest) -> Status[dict[str, object]]:
    """Assessment results, a profile or a plan of action: read and compared. Nothing changes until it is applied."""
    row = services.offer(request.actor, "api.json", _body(request))
    return Status(201, _offered(request, row))


@router.get(
    "/oscal-imports/{uuid:import_id}", response=ImportOut, tags=["baseline"], summary="Een aangeboden OSCAL-document"
)
def get_oscal_import(request: ActorRequest, import_id: UUID) -> dict[str, object]:
    """An offered document beside the present answers."""
    return _offered(request, exchange.answer_import(request.actor, import_id))


@router.post(
    "/oscal-imports/{uuid:import_id}/application",
    response=ImportOut,
    tags=["baseline"],
    summary="Neem antwoorden over uit een aangeboden document",
)
def apply_oscal_import(request: ActorRequest, import_id: UUID, body: ApplyIn) -> dict[str, object]:
    """Take over the named controls, all of them or none."""
    row = services.apply(request.actor, import_id, set(body.numbers), body.seen)
    return _offered(request, row)


def _body(request: HttpRequest) -> bytes:
    content: bytes = request.body
    return content
