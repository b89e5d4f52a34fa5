"""API resources of the measures on the map: what can be spent on, and what each does."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Router

from brandwacht.network.requests import ActorRequest
from brandwacht.network.resources import Cursor, Limit, Page, Resource, paged_noted
from brandwacht.network.usecase import note_use
from brandwacht.riskmap.models import MeasureKind, RiskMeasure
from brandwacht.riskmap.queries import planning

router = Router(by_alias=True)
_VALUE = "Minuten erbij (buffer), minuten die blijven (opstarten, herstellen), of keer per jaar (minder-vaak)."
_EUROS = "Hele euro's."


class StepOut(Resource):
    """What a measure does, by keys of the register; what its kind does not use is null."""

    node: str | None = None
    label: str | None = None
    provider: str | None = None
    cause: str | None = None
    value: Annotated[float | None, Field(description=_VALUE)] = None


class RiskMeasureOut(Resource):
    """Something to spend on; ``needs`` and ``excludes`` are keys of other measures of the same organisation."""

    id: UUID
    organisation: str
    key: str
    name: str
    kind: MeasureKind
    step: StepOut
    once: Annotated[int, Field(description=_EUROS)]
    yearly: Annotated[int, Field(description=_EUROS)]
    needs: list[str]
    excludes: list[str]
    note: str
    changed_at: datetime
    changed_by: str


def _measure(row: RiskMeasure) -> dict[str, object]:
    names = ("key", "name", "kind", "once", "yearly", "needs", "excludes", "note", "changed_at", "changed_by")
    known = {key: value for key, value in row.step.items() if value not in (None, "")}
    return {"id": row.public_id, "organisation": row.organisation.code, "step": StepOut(**known)} | {
        name: getattr(row, name) for name in names
    }


@router.get("/risk-measures", response=Page[RiskMeasureOut], tags=["riskmap"], summary="Maatregelen op de risicokaart")
def list_risk_measures(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """The measures on the map that the caller may see; what they cost is for their owner alone."""
    return paged_noted(request, planning.measures(request.actor), cursor, limit, "riskmap.plan.see", _measure)


@router.get(
    "/risk-measures/{uuid:measure_id}",
    response=RiskMeasureOut,
    tags=["riskmap"],
    summary="Een maatregel op de risicokaart",
)
def get_risk_measure(request: ActorRequest, measure_id: UUID) -> dict[str, object]:
    """One measure."""
    found = planning.measure(request.actor, measure_id)
    note_use(request.actor, "riskmap.plan.see", found)
    return _measure(found)
