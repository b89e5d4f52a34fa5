"""API resources of evidence: what is known of each piece, and a new one. A document leaves by its page only."""

from __future__ import annotations

import base64
import binascii
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Status

from brandwacht.baseline import queries, services
from brandwacht.baseline.models import Evidence
from brandwacht.network.errors import Refused
from brandwacht.network.requests import ActorRequest
from brandwacht.network.resources import Cursor, Limit, Page, Resource, paged_noted
from brandwacht.network.usecase import note_use

router = Router(by_alias=True)
LONGEST = 9_500_000
"""Characters of a document in base64: some 7 MB. A larger one is added on its page."""
_STATE = "loopt, later (telt vanaf een dag die nog komt), verlopen of ingetrokken."
_CONTENT = "Het bestand zelf, in base64; hoogstens ongeveer 7 MB. Zonder bestand is `where` nodig."


class EvidenceOut(Resource):
    """A piece of evidence: what it is, where it is, when it counts, who saw it; ``sha256`` is that of the document."""

    id: UUID
    organisation: str
    framework: str
    control: str
    title: str
    where: str
    filename: str
    size: int | None
    sha256: str
    valid_from: date
    valid_to: date
    received_on: date
    added_at: datetime
    added_by: str
    seen_at: datetime | None
    seen_by: str
    state: Annotated[str, Field(description=_STATE)]
    withdrawn_at: datetime | None
    withdrawn_why: str


class EvidenceIn(Resource):
    """A new piece: ``where`` it is, or the document itself. Days that are left out follow from the others."""

    control: Annotated[str, Field(max_length=20)]
    title: Annotated[str, Field(max_length=200)]
    where: Annotated[str, Field(max_length=500)] = ""
    filename: Annotated[str, Field(max_length=150)] = ""
    content: Annotated[str | None, Field(max_length=LONGEST, description=_CONTENT)] = None
    valid_from: date | None = None
    valid_to: date | None = None
    received_on: date | None = None


def _evidence(request: ActorRequest, row: Evidence) -> dict[str, object]:
    names = (
        "framework", "control", "title", "where", "filename", "size", "sha256", "valid_from", "valid_to",
        "received_on", "added_at", "added_by", "seen_at", "seen_by", "withdrawn_at", "withdrawn_why",
    )  # fmt: skip
    facts = {name: getattr(row, name) for name in names}
    state = queries.evidence_state(row, request.actor.today)
    return {"id": row.public_id, "organisation": row.organisation.code, "state": state} | facts


@router.get("/evidence-items", response=Page[EvidenceOut], tags=["baseline"], summary="Bewijs bij uw antwoorden")
def list_evidence(
    request: ActorRequest,
    number: Annotated[str, Query(description="Alleen bij deze vraag, bijvoorbeeld 5.01.")] = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, object]:
    """The evidence that the caller may see, newest first, without the documents."""
    rows = queries.evidence_rows(request.actor, number)
    return paged_noted(request, rows, cursor, limit, queries.SEE, lambda row: _evidence(request, row))


@router.get("/evidence-items/{uuid:evidence_id}", response=EvidenceOut, tags=["baseline"], summary="Een stuk bewijs")
def get_evidence(request: ActorRequest, evidence_id: UUID) -> dict[str, object]:
    """One piece, without the document."""
    piece = queries.evidence(request.actor, evidence_id)
    note_use(request.actor, queries.SEE, piece)
    return _evidence(request, piece)


@router.post("/evidence-items", response={201: EvidenceOut}, tags=["baseline"], summary="Voeg bewijs toe")
def add_evidence(request: ActorRequest, body: EvidenceIn) -> Status[dict[str, object]]:
    """Add a piece to a control of the caller's organisation."""
    given = body.model_dump()
    given["content"] = _content(body.content)
    made = services.add_evidence(request.actor, given.pop("control"), **given)
    return Status(201, _evidence(request, queries.evidence(request.actor, made.public_id)))


def _content(text: str | None) -> bytes | None:
    if text is None:
        return None
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused(_("Dit is geen base64. Zet het bestand om en stuur het opnieuw."), "content") from error
