"""API resources of continuity plans and their tests."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Router

from brandwacht.network.requests import ActorRequest
from brandwacht.network.resources import Cursor, Limit, Page, Resource, paged_noted
from brandwacht.network.usecase import note_use
from brandwacht.riskmap.models import ContinuityPlan, ContinuityTest
from brandwacht.riskmap.register import continuity
from brandwacht.riskmap.register.autonomy import shown

router = Router(by_alias=True)
TESTS = 50
"""So many tests go with a plan, the newest first."""
_REQUIREMENT = "De afhankelijkheid waar het plan voor is. Leeg: alles wat het onderdeel nodig heeft."
_COUNTS = "De buffer waar de kaart mee rekent, uit de laatste test. Leeg: nog nooit getest."


class ContinuityPlanOut(Resource):
    """How a node goes on without what it needs, with what the newest test showed."""

    id: UUID
    organisation: str
    node: str
    requirement: Annotated[UUID | None, Field(description=_REQUIREMENT)]
    name: str
    fallback: str
    owner_name: str
    autonomy_minutes: int
    test_months: int
    tested_on: date | None
    tested_minutes: int | None
    counting_minutes: Annotated[int | None, Field(description=_COUNTS)]
    test_due: date | None


class ContinuityTestOut(Resource):
    """One test of a plan: for how long the fallback held, and what was learned."""

    held_on: date
    minutes: int
    learned: str
    noted_at: datetime
    noted_by: str


class ContinuityPlanDetailOut(ContinuityPlanOut):
    """A plan with its newest tests."""

    tests: list[ContinuityTestOut]


def _plan(row: ContinuityPlan) -> dict[str, object]:
    names = ("name", "fallback", "owner_name", "test_months", "tested_on", "tested_minutes", "test_due")
    return {
        "id": row.public_id,
        "organisation": row.organisation.code,
        "node": row.node.key,
        "requirement": row.requirement.public_id if row.requirement else None,
        "autonomy_minutes": row.autonomy,
        "counting_minutes": None if row.tested_minutes is None else shown(row),
    } | {name: getattr(row, name) for name in names}


def _test(row: ContinuityTest) -> ContinuityTestOut:
    return ContinuityTestOut.model_validate(row)


@router.get("/continuity-plans", response=Page[ContinuityPlanOut], tags=["riskmap"], summary="Continuïteitsplannen")
def list_continuity_plans(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """The plans that the caller may see."""
    rows = continuity.plans(request.actor).select_related("organisation", "node", "requirement")
    return paged_noted(request, rows, cursor, limit, "riskmap.see", _plan)


@router.get(
    "/continuity-plans/{uuid:plan_id}",
    response=ContinuityPlanDetailOut,
    tags=["riskmap"],
    summary="Een continuïteitsplan met zijn tests",
)
def get_continuity_plan(request: ActorRequest, plan_id: UUID) -> dict[str, object]:
    """One plan with its tests."""
    found = continuity.plan(request.actor, plan_id)
    note_use(request.actor, "riskmap.see", found)
    return _plan(found) | {"tests": [_test(row) for row in found.tests.all()[:TESTS]]}
