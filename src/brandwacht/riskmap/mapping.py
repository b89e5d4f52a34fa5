"""From the register of one owner to the map that the cascade engine computes on."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

import orjson

from brandwacht.engines.cascade import Failure, InvalidMap, Kind, Map, Node, Requirement
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Node as NodeRow
from brandwacht.network.models import NodeKind
from brandwacht.network.models import Requirement as RequirementRow
from brandwacht.network.policy import owners

KINDS: Mapping[str, Kind] = MappingProxyType(
    {NodeKind.PROCESS: "process", NodeKind.SERVICE: "service", NodeKind.ASSET: "asset"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node of the map stands in the register."""

    pk: int
    public_id: UUID
    vital: bool


@dataclass(frozen=True, slots=True)
class Register:
    """The map of one owner.

    ``network`` holds nodes and requirements in a fixed order, so that equal registers give equal runs to the bit.
    ``places`` is by node key. ``problems`` (Dutch) names the requirements that cannot be computed on and were left
    out. ``fingerprint`` is the SHA-256 (hex) of everything that decides the outcome of a run.
    """

    network: Map
    places: Mapping[str, Place]
    problems: tuple[str, ...]
    fingerprint: str

    @property
    def vital(self) -> list[str]:
        """Keys of the vital nodes, in order of the map."""
        return [node.key for node in self.network.nodes if self.places[node.key].vital]


def load(actor: Actor, owner_id: int) -> Register:
    """The map of this owner, in two queries; ``NotFound`` when the actor may not see the whole register."""
    if owner_id not in owners(actor, "register.see"):
        raise NotFound
    node_rows = list(
        NodeRow.objects.filter(organisation_id=owner_id)
        .order_by("key")
        .values_list("pk", "public_id", "key", "name", "sector", "kind", "restart", "repair", "vital")
    )
    key_of = {row[0]: row[2] for row in node_rows}
    providers: defaultdict[int, list[str]] = defaultdict(list)
    asked: dict[int, tuple[str, str, int, int | None, int, Failure]] = {}
    rows = RequirementRow.objects.filter(organisation_id=owner_id).values_list(
        "pk", "dependencies__provider_id", "node_id", "label", "needed", "degraded_at", "autonomy", "effect"
    )
    for pk, provider, node, label, needed, degraded_at, autonomy, effect in rows.iterator(chunk_size=10_000):
        if node in key_of:  # else it was added after the nodes were read
            asked[pk] = (key_of[node], label, needed, degraded_at, autonomy, effect)
        if provider in key_of:  # a requirement may have none
            providers[pk].append(key_of[provider])
    requirements = [
        Requirement(node, label, tuple(sorted(providers[pk])), needed, degraded_at, autonomy, effect)
        for pk, (node, label, needed, degraded_at, autonomy, effect) in asked.items()
    ]
    requirements.sort(key=_canonical)
    nodes = [
        Node(key, name, sector, KINDS[kind], restart, repair)
        for _pk, _public_id, key, name, sector, kind, restart, repair, _vital in node_rows
    ]
    places = {row[2]: Place(row[0], row[1], row[8]) for row in node_rows}
    network, problems = _fitting(nodes, requirements)
    return Register(network, places, problems, fingerprint(network))


def fingerprint(network: Map) -> str:
    """SHA-256 over the keys, times and requirements of a map; names and sectors do not count."""
    content = [
        [[node.key, node.restart, node.repair] for node in network.nodes],
        [_plain(requirement) for requirement in network.requirements],
    ]
    return hashlib.sha256(orjson.dumps(content)).hexdigest()


def _plain(need: Requirement) -> list[object]:
    return [need.node, need.label, need.providers, need.needed, need.degraded_at, need.autonomy, need.effect]


def _canonical(need: Requirement) -> tuple[str, str, tuple[str, ...], int, int, int, str]:
    return need.node, need.label, need.providers, need.needed, need.degraded_at or 0, need.autonomy, need.effect


def _fitting(nodes: Sequence[Node], requirements: Sequence[Requirement]) -> tuple[Map, tuple[str, ...]]:
    """The map, without the requirements that are half filled in; those are named instead of stopping everything."""
    try:
        return Map(tuple(nodes), tuple(requirements)), ()
    except InvalidMap:
        by_key = {node.key: node for node in nodes}
        fitting: list[Requirement] = []
        problems: list[str] = []
        for need in requirements:
            faults = _faults(by_key, need)
            problems += faults
            if not faults:
                fitting.append(need)
        return Map(tuple(nodes), tuple(fitting)), tuple(problems)


def _faults(by_key: Mapping[str, Node], need: Requirement) -> Iterable[str]:
    around = tuple(by_key[key] for key in dict.fromkeys((need.node, *need.providers)))
    try:
        Map(around, (need,))
    except InvalidMap as error:
        return error.problems
    return ()
