"""API resources of what the map adds to the register: what nodes need, common causes, and what an outage costs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from ninja import Field, Router

from brandwacht.network import queries
from brandwacht.network.models import CommonCause, NodeImpact, Requirement
from brandwacht.network.requests import ActorRequest
from brandwacht.network.resources import Cursor, Limit, Page, Resource, paged_noted

router = Router(by_alias=True)
_NEEDED = "Zoveel van `providers` zijn er ten minste nodig."
_DEGRADED = "Met minder werkende leveranciers dan dit hapert het onderdeel. Leeg: pas als het er te weinig zijn."
_AUTONOMY = "Zo lang gaat het zonder, volgens het register. Een getest continuïteitsplan gaat voor."
_COUPLING = "De kans dat het gemis te merken is, van 0 tot en met 1."
_EFFECT = "Wat er dan gebeurt: down of degraded."
_SPREAD = "Hoe de hersteltijd spreidt: vast, driehoek, exponentieel of lognormaal. Leeg: niet ingevuld."
_POINTS = "Impactpunten per uur."


class RequirementOut(Resource):
    """What a node needs; nodes by their keys in the register."""

    id: UUID
    organisation: str
    node: str
    label: str
    providers: list[str]
    needed: Annotated[int, Field(description=_NEEDED)]
    degraded_at: Annotated[int | None, Field(description=_DEGRADED)]
    autonomy_minutes: Annotated[int, Field(description=_AUTONOMY)]
    coupling: Annotated[float, Field(description=_COUPLING)]
    effect: Annotated[str, Field(description=_EFFECT)]


class CommonCauseOut(Resource):
    """What takes all its members down at once; nodes by their keys in the register."""

    id: UUID
    organisation: str
    key: str
    name: str
    kind: str
    members: list[str]
    failures_per_year: float
    repair_minutes: int | None
    repair_low_minutes: int | None
    repair_high_minutes: int | None
    repair_spread: Annotated[str, Field(description=_SPREAD)]


class ImpactOut(Resource):
    """What it costs one interest when a node falters or is out."""

    id: UUID
    organisation: str
    node: str
    interest: str
    degraded: Annotated[float, Field(description=_POINTS)]
    down: Annotated[float, Field(description=_POINTS)]


def _requirement(row: Requirement) -> RequirementOut:
    return RequirementOut(
        id=row.public_id,
        organisation=row.organisation.code,
        node=row.node.key,
        label=row.label,
        providers=sorted(each.provider.key for each in row.dependencies.all()),
        needed=row.needed,
        degraded_at=row.degraded_at,
        autonomy_minutes=row.autonomy,
        coupling=row.coupling,
        effect=row.effect,
    )


def _cause(row: CommonCause) -> CommonCauseOut:
    return CommonCauseOut(
        id=row.public_id,
        organisation=row.organisation.code,
        key=row.key,
        name=row.name,
        kind=row.kind,
        members=sorted(each.node.key for each in row.members.all()),
        failures_per_year=row.failures_per_year,
        repair_minutes=row.repair,
        repair_low_minutes=row.repair_low,
        repair_high_minutes=row.repair_high,
        repair_spread=row.repair_spread,
    )


def _impact(row: NodeImpact) -> ImpactOut:
    return ImpactOut(
        id=row.public_id,
        organisation=row.organisation.code,
        node=row.node.key,
        interest=row.interest,
        degraded=row.degraded,
        down=row.down,
    )


@router.get("/requirements", response=Page[RequirementOut], tags=["riskmap"], summary="Afhankelijkheden")
def list_requirements(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """What the nodes need that the caller may see."""
    rows = queries.requirements(request.actor).select_related("organisation", "node")
    return paged_noted(
        request, rows.prefetch_related("dependencies__provider"), cursor, limit, "register.see", _requirement
    )


@router.get("/common-causes", response=Page[CommonCauseOut], tags=["riskmap"], summary="Gezamenlijke oorzaken")
def list_common_causes(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """The common causes that the caller may see."""
    rows = queries.common_causes(request.actor).select_related("organisation").prefetch_related("members__node")
    return paged_noted(request, rows, cursor, limit, "register.see", _cause)


@router.get("/impacts", response=Page[ImpactOut], tags=["riskmap"], summary="Gevolgen per belang")
def list_impacts(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """What outages of the nodes cost that the caller may see."""
    rows = queries.impacts(request.actor).select_related("organisation", "node")
    return paged_noted(request, rows, cursor, limit, "register.see", _impact)
