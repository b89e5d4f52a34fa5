"""The reads of the risk map, restricted to what the actor may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from brandwacht.engines.cascade import dependents
from brandwacht.network import queries as network
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Node, Organisation
from brandwacht.network.policy import owners, visible
from brandwacht.riskmap import mapping
from brandwacht.riskmap.models import CascadeRun, Scenario

NODE_SORTS = MappingProxyType({"": ("name", "pk"), **{name: (name, "pk") for name in ("name", "sector", "kind")}})


def maps(actor: Actor) -> QuerySet[Organisation]:
    """The organisations whose whole map the actor may see."""
    reach = owners(actor, "riskmap.see") & owners(actor, "register.see")
    return Organisation.objects.filter(pk__in=sorted(reach)).order_by("code")


def node(actor: Actor, public_id: Any) -> Node:
    """One node of the register; ``NotFound`` when it is not there for this actor."""
    found = network.nodes(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class NodeFilter:
    """What a list of nodes is narrowed to; empty means all."""

    text: str = ""
    sector: str = ""
    kind: str = ""
    vital: bool = False


def listed_nodes(actor: Actor, owner_id: int, narrow: NodeFilter) -> QuerySet[Node]:
    """The nodes of one owner, narrowed, without order."""
    rows = network.nodes(actor).filter(organisation_id=owner_id)
    if narrow.text:
        rows = rows.filter(Q(name__icontains=narrow.text) | Q(key__icontains=narrow.text))
    if narrow.sector:
        rows = rows.filter(sector=narrow.sector)
    if narrow.kind:
        rows = rows.filter(kind=narrow.kind)
    if narrow.vital:
        rows = rows.filter(vital=True)
    return rows


@dataclass(frozen=True, slots=True)
class Process:
    """A process as the register names it."""

    public_id: UUID
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Exposed:
    """A process that depends on a node.

    ``minutes`` is when it is first felt and ``minutes_down`` when it stops (``None``: it only falters), should the
    node go down and stay down. ``path_names`` runs from the node to the process, both included.
    """

    node: Process
    minutes: int
    path_names: list[str]
    vital: bool
    minutes_down: int | None


def exposed_processes(actor: Actor, node: Node) -> list[Exposed]:
    """The processes that suffer when this node stays down, the first to suffer first."""
    return exposed_by_node(actor, node.organisation_id, [node])[node.pk]


def exposed_by_node(actor: Actor, owner_id: int, nodes: Sequence[Node]) -> dict[int, list[Exposed]]:
    """The same for several nodes of one owner, by primary key; the map is read once."""
    found: dict[int, list[Exposed]] = {node.pk: [] for node in nodes}
    try:
        register = mapping.load(actor, owner_id)
    except NotFound:  # the actor was let in to these nodes only
        return found
    suffering = {
        node.pk: [
            (exposure, exposure.minutes_until)
            for exposure in dependents(register.network, node.key)
            if exposure.minutes_until is not None and register.network.node(exposure.node).kind == "process"
        ]
        for node in nodes
        if node.key in register.network
    }
    for pk, each in suffering.items():
        found[pk] = [
            Exposed(
                Process(
                    register.places[exposure.node].public_id,
                    exposure.node,
                    register.network.node(exposure.node).name,
                ),
                minutes,
                [register.network.node(key).name for key in exposure.path],
                register.places[exposure.node].vital,
                exposure.minutes_until_down,
            )
            for exposure, minutes in each
        ]
    return found


def scenarios(actor: Actor, owner_id: int | None = None) -> QuerySet[Scenario]:
    """The kept what-ifs, by name."""
    rows = Scenario.objects.filter(visible(actor, "riskmap.see")).select_related("organisation")
    return rows if owner_id is None else rows.filter(organisation_id=owner_id)


def runs(actor: Actor, owner_id: int | None = None) -> QuerySet[CascadeRun]:
    """The cascades that were run, newest first, without their results."""
    rows = CascadeRun.objects.filter(visible(actor, "riskmap.see")).select_related("organisation").defer("result")
    rows = rows if owner_id is None else rows.filter(organisation_id=owner_id)
    return rows.order_by("-ran_at", "-pk")


def run(actor: Actor, public_id: Any) -> CascadeRun:
    """One run with its result; ``NotFound`` when it is not there for this actor."""
    rows = CascadeRun.objects.filter(visible(actor, "riskmap.see")).select_related("organisation", "scenario")
    found: CascadeRun | None = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


SCENARIO = "scenario-"
"""What stands before the id of a scenario where a run or a scenario can be named."""


def run_or_scenario(actor: Actor, owner_id: int, named: str) -> CascadeRun | Scenario:
    """The run with this id, or with ``SCENARIO`` before it the scenario, of this owner; ``NotFound`` when not there."""
    model: type[CascadeRun | Scenario] = Scenario if named.startswith(SCENARIO) else CascadeRun
    try:
        public_id = UUID(named.removeprefix(SCENARIO))
    except ValueError as error:
        raise NotFound from error
    rows = model.objects.filter(visible(actor, "riskmap.see"), organisation_id=owner_id)
    found: CascadeRun | Scenario | None = rows.select_related("organisation").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def latest_run(actor: Actor, incident_ref: UUID) -> CascadeRun | None:
    """The newest run that was made for an incident."""
    rows = CascadeRun.objects.filter(visible(actor, "riskmap.see"), incident_ref=incident_ref)
    found: CascadeRun | None = rows.select_related("organisation", "scenario").order_by("-ran_at", "-pk").first()
    return found
