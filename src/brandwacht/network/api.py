"""API resources of the network: organisations, the register, and the actions of this week."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Router

from brandwacht.network import queries
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Action, Node, Organisation
from brandwacht.network.requests import ActorRequest
from brandwacht.network.resources import Cursor, Limit, Page, Resource, paged, paged_noted
from brandwacht.network.services import actions
from brandwacht.network.usecase import note_use

router = Router(by_alias=True)


class OrganisationOut(Resource):
    """An organisation of the network: public facts only."""

    code: str
    name: str
    kind: str
    region: str | None


class NodeOut(Resource):
    """A process, service or asset; times in minutes."""

    id: UUID
    organisation: str
    key: str
    name: str
    kind: str
    sector: str
    vital: bool
    confirmed: bool
    restart_minutes: int
    repair_minutes: int | None


class ActionOut(Resource):
    """Something that waits for the caller."""

    id: UUID
    title: str
    why: str
    risk: int
    effort_minutes: int
    due: datetime | None
    path: str
    closes_itself: bool


def _organisation(row: Organisation) -> OrganisationOut:
    return OrganisationOut(code=row.code, name=row.name, kind=row.kind, region=row.region.code if row.region else None)


def _node(row: Node) -> NodeOut:
    return NodeOut(
        id=row.public_id,
        organisation=row.organisation.code,
        key=row.key,
        name=row.name,
        kind=row.kind,
        sector=row.sector,
        vital=row.vital,
        confirmed=row.confirmed,
        restart_minutes=row.restart,
        repair_minutes=row.repair,
    )


def _action(row: Action) -> ActionOut:
    return ActionOut(
        id=row.public_id,
        title=row.title,
        why=row.why,
        risk=row.risk,
        effort_minutes=row.effort,
        due=row.due,
        path=row.path,
        closes_itself=row.closes_itself,
    )


@router.get(
    "/organisations", response=Page[OrganisationOut], tags=["network"], summary="De organisaties in het netwerk"
)
def list_organisations(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """Regions, NIPV, municipalities and national bodies."""
    return paged(request, queries.organisations().select_related("region"), cursor, limit, _organisation)


@router.get("/nodes", response=Page[NodeOut], tags=["network"], summary="Het register")
def list_nodes(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """The nodes of the register that the caller may see."""
    return paged_noted(request, queries.nodes(request.actor), cursor, limit, "register.see", _node)


@router.get("/nodes/{uuid:node_id}", response=NodeOut, tags=["network"], summary="Een regel van het register")
def get_node(request: ActorRequest, node_id: UUID) -> NodeOut:
    """One node."""
    node = queries.nodes(request.actor).filter(public_id=node_id).first()
    if node is None:
        raise NotFound
    note_use(request.actor, "register.see", node)
    return _node(node)


@router.get("/actions", response=Page[ActionOut], tags=["network"], summary="Wat deze week op u wacht")
def list_actions(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """The open actions of the caller."""
    return paged(request, queries.open_actions(request.actor), cursor, limit, _action)


@router.post(
    "/actions/{uuid:action_id}/completion", response=ActionOut, tags=["network"], summary="Een actie is gedaan"
)
def complete_action(request: ActorRequest, action_id: UUID) -> ActionOut:
    """The caller says that the action is done; refused when it closes itself once the work on its page is done."""
    return _action(actions.finish(request.actor, action_id))
