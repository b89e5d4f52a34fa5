"""API resources of the lists of vital processes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Router

from brandwacht.network.requests import ActorRequest
from brandwacht.network.resources import Cursor, Limit, Page, Resource, paged_noted
from brandwacht.network.usecase import note_use
from brandwacht.riskmap.models import VitalItem, VitalList
from brandwacht.riskmap.register import vital_lists

router = Router(by_alias=True)
_STATE = "concept, aangeboden, vastgesteld of vervangen. Alleen een vastgestelde lijst telt."


class VitalListOut(Resource):
    """The vital processes of one area, as a body decided."""

    id: UUID
    organisation: str
    area: str
    state: Annotated[str, Field(description=_STATE)]
    body: str
    decided_on: date | None
    decision: str
    created_at: datetime
    created_by: str
    adopted_at: datetime | None
    adopted_by: str


class VitalItemOut(Resource):
    """A process on a list, by its key in the register."""

    id: UUID
    node: str
    name: str
    impact: str
    agreements: str


class VitalListDetailOut(VitalListOut):
    """A list with its processes, by name."""

    items: list[VitalItemOut]


def _list(row: VitalList) -> dict[str, object]:
    names = ("area", "state", "body", "decided_on", "decision", "created_at", "created_by", "adopted_at", "adopted_by")
    return {"id": row.public_id, "organisation": row.organisation.code} | {name: getattr(row, name) for name in names}


def _item(row: VitalItem) -> VitalItemOut:
    return VitalItemOut(
        id=row.public_id, node=row.node.key, name=row.node.name, impact=row.impact, agreements=row.agreements
    )


@router.get("/vital-lists", response=Page[VitalListOut], tags=["riskmap"], summary="Lijsten van vitale processen")
def list_vital_lists(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """The lists that the caller may see, those in preparation too."""
    return paged_noted(request, vital_lists.lists(request.actor), cursor, limit, "riskmap.see", _list)


@router.get(
    "/vital-lists/{uuid:list_id}", response=VitalListDetailOut, tags=["riskmap"], summary="Een lijst met zijn processen"
)
def get_vital_list(request: ActorRequest, list_id: UUID) -> dict[str, object]:
    """One list with its processes."""
    found = vital_lists.vital_list(request.actor, list_id)
    note_use(request.actor, "riskmap.see", found)
    return _list(found) | {"items": [_item(row) for row in found.items.all()]}
