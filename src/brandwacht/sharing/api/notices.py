"""API resources of notices: what of the advisories concerns the caller's organisation, and that it was read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Router

from brandwacht.network.requests import ActorRequest
from brandwacht.network.resources import Cursor, Limit, Page, Resource, paged_noted
from brandwacht.network.usecase import note_use
from brandwacht.sharing.models import AdvisoryNotice
from brandwacht.sharing.policies.advisories import SEE_NOTICE
from brandwacht.sharing.queries import advisories as queries
from brandwacht.sharing.services import notices as services

router = Router(by_alias=True)


class EvidenceOut(Resource):
    """Why it concerns the organisation; ``confidence`` from 0 to 100."""

    name: str
    place: str
    version: str
    confidence: int
    text: str


class NoticeOut(Resource):
    """A notice; ``tlp`` as on the paper: "TLP:AMBER+STRICT", ``state`` and ``repair`` in one Dutch word each."""

    id: UUID
    organisation: str
    advisory: str
    version: str
    title: str
    tlp: str
    urgency: str
    state: str
    repair: str
    cves: list[str]
    asked_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None
    escalated_at: datetime | None
    ended_at: datetime | None


class NoticeDetailOut(NoticeOut):
    """A notice with its reasons."""

    summary: str
    urgency_reason: str
    evidence: list[EvidenceOut]
    repair_reason: str
    ended_reason: str
    links: list[str]


def _notice(row: AdvisoryNotice) -> dict[str, object]:
    return {
        "id": row.public_id,
        "organisation": row.organisation.code,
        "advisory": row.key,
        "version": row.version,
        "title": row.title,
        "tlp": row.marking.label,
        "urgency": row.urgency,
        "state": row.get_rank_display(),
        "repair": row.repair,
        "cves": row.cves,
        "asked_at": row.asked_at,
        "due_at": row.late_at,
        "acknowledged_at": row.acknowledged_at,
        "escalated_at": row.escalated_at,
        "ended_at": row.ended_at,
    }


def _detail(row: AdvisoryNotice) -> dict[str, object]:
    return _notice(row) | {
        "summary": row.summary,
        "urgency_reason": row.urgency_reason,
        "evidence": [EvidenceOut.model_validate(each) for each in row.evidence],
        "repair_reason": row.repair_why,
        "ended_reason": row.ended_why,
        "links": row.links,
    }


@router.get("/notices", response=Page[NoticeOut], tags=["sharing"], summary="Meldingen over wat u draait")
def list_notices(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """The notices of the caller's organisation, and through a mandate those of others."""
    return paged_noted(request, queries.notices(request.actor), cursor, limit, SEE_NOTICE, _notice)


@router.get("/notices/{uuid:notice_id}", response=NoticeDetailOut, tags=["sharing"], summary="Een melding")
def get_notice(request: ActorRequest, notice_id: UUID) -> dict[str, object]:
    """One notice with its reasons."""
    row = queries.notice(request.actor, notice_id)
    note_use(request.actor, SEE_NOTICE, row)
    return _detail(row)


@router.post(
    "/notices/{uuid:notice_id}/acknowledgement",
    response=NoticeDetailOut,
    tags=["sharing"],
    summary="Bevestig een melding",
)
def acknowledge_notice(request: ActorRequest, notice_id: UUID) -> dict[str, object]:
    """The caller's organisation has read the notice."""
    services.acknowledge(request.actor, notice_id)
    return _detail(queries.notice(request.actor, notice_id))
