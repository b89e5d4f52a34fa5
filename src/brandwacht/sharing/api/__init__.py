"""API resources of the circle: warnings, their STIX 2.1 bundle, and the answer of a member."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import orjson
from django.http import HttpResponse
from ninja import Router, Status

from brandwacht.network.requests import ActorRequest
from brandwacht.network.resources import Cursor, Limit, Page, Resource, paged_noted
from brandwacht.network.usecase import note_use
from brandwacht.sharing import queries, services, stix
from brandwacht.sharing.api.couplings import router as couplings
from brandwacht.sharing.api.notices import router as notices
from brandwacht.sharing.models import CircleWarning, ReceiptAnswer
from brandwacht.sharing.policy import SEE

router = Router(by_alias=True)
router.add_router("", notices)
router.add_router("", couplings)


class WarningOut(Resource):
    """A warning; ``tlp`` as on the paper: "TLP:AMBER+STRICT"."""

    id: UUID
    circle: str
    name: str
    title: str
    tlp: str
    state: str
    attack: list[str]
    written_at: datetime
    sent_at: datetime | None
    withdrawn_at: datetime | None


class IndicatorOut(Resource):
    """Something to look for."""

    kind: str
    value: str


class WarningDetailOut(WarningOut):
    """A warning as its readers see it; ``answer`` is what the caller's organisation answered."""

    what: str
    advice: list[str]
    indicators: list[IndicatorOut]
    withdrawn_reason: str
    answer: str | None


class ReceiptIn(Resource):
    """What a warning means for the caller's organisation."""

    answer: ReceiptAnswer


class ReceiptOut(Resource):
    """The answer as it was kept."""

    answer: str
    at: datetime


def _warning(row: CircleWarning) -> dict[str, object]:
    return {
        "id": row.public_id,
        "circle": row.organisation.code,
        "name": row.name,
        "title": row.title,
        "tlp": row.marking.label,
        "state": row.state,
        "attack": row.attack,
        "written_at": row.written_at,
        "sent_at": row.sent_at,
        "withdrawn_at": row.withdrawn_at,
    }


@router.get("/warnings", response=Page[WarningOut], tags=["sharing"], summary="Waarschuwingen")
def list_warnings(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """The warnings that the caller may read."""
    return paged_noted(request, queries.warnings(request.actor), cursor, limit, SEE, _warning)


@router.get("/warnings/{uuid:warning_id}", response=WarningDetailOut, tags=["sharing"], summary="Een waarschuwing")
def get_warning(request: ActorRequest, warning_id: UUID) -> dict[str, object]:
    """One warning."""
    actor = request.actor
    warning = queries.warning(actor, warning_id)
    note_use(actor, SEE, warning)
    receipts = queries.receipts(actor, [warning])
    mine = next((each.answer for each in receipts if each.member_id == actor.organisation_id), None)
    return _warning(warning) | {
        "what": warning.what,
        "advice": warning.advice_lines,
        "indicators": [IndicatorOut(**each) for each in warning.indicators],
        "withdrawn_reason": warning.withdrawn_reason,
        "answer": mine,
    }


@router.get(
    "/warnings/{uuid:warning_id}/bundle",
    tags=["sharing"],
    summary="Een waarschuwing als STIX 2.1",
    openapi_extra={
        "responses": {200: {"description": "OK", "content": {stix.MEDIA_TYPE: {"schema": {"type": "object"}}}}}
    },
)
def get_bundle(request: ActorRequest, warning_id: UUID) -> HttpResponse:
    """The STIX 2.1 bundle; who takes it out is written in the circle's chain."""
    _row, content = services.export(request.actor, warning_id)
    return HttpResponse(orjson.dumps(content), content_type=stix.MEDIA_TYPE)


@router.post(
    "/warnings/{uuid:warning_id}/answers",
    response={201: ReceiptOut},
    tags=["sharing"],
    summary="Beantwoord een waarschuwing",
)
def answer_warning(request: ActorRequest, warning_id: UUID, body: ReceiptIn) -> Status[ReceiptOut]:
    """The answer of the caller's organisation; a later one takes the place of an earlier one."""
    receipt = services.answer(request.actor, warning_id, body.answer)
    return Status(201, ReceiptOut(answer=receipt.answer, at=receipt.at))
