"""From the register of one owner to the map that the cascade engine computes on."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from brandwacht.engines.cascade import CommonCause, Failure, Impact, InvalidMap, Kind, Map, Node, Requirement, Spread
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Node as NodeRow
from brandwacht.network.models import NodeKind
from brandwacht.network.models import Requirement as RequirementRow
from brandwacht.network.policy import owners
from brandwacht.riskmap.register.autonomy import Autonomy, Plans, TestedPlan
from brandwacht.riskmap.words.engine import CAUSES, INTERESTS, SPREADS

KINDS: Mapping[str, Kind] = MappingProxyType(
    {NodeKind.PROCESS: "process", NodeKind.SERVICE: "service", NodeKind.ASSET: "asset"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node of the map stands in the register."""

    pk: int
    public_id: UUID
    vital: bool
    place: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """The map of one owner.

    ``network`` holds nodes and requirements in a fixed order, so that equal registers give equal runs to the bit.
    ``places`` is by node key. ``problems`` (Dutch) names the requirements that cannot be computed on and were left
    out. ``fingerprint`` is the SHA-256 (hex) of everything that decides the outcome of a run. ``autonomies`` says of
    every buffer whether it is claimed or tested. ``drafts`` counts the suggested nodes that do not count yet.
    """

    network: Map
    places: Mapping[str, Place]
    problems: tuple[str, ...]
    fingerprint: str
    autonomies: tuple[Autonomy, ...] = ()
    drafts: int = 0

    @property
    def vital(self) -> list[str]:
        """Keys of the vital nodes, in order of the map."""
        return [node.key for node in self.network.nodes if self.places[node.key].vital]


_REPAIR = ("repair", "repair_spread", "repair_low", "repair_high", "failures_per_year")
_CAUSE = ("key", "name", "kind", *_REPAIR)
_NODE = ("pk", "public_id", "key", "name", "sector", "kind", "restart", "vital", "draft", "region",
         "organisation__code", "place", *_REPAIR)  # fmt: skip
_IMPACT = ("impacts__interest", "impacts__degraded", "impacts__down")
_PLAN = ("public_id", "node_id", "requirement_id", "autonomy", "tested_on", "tested_minutes", "test_due")
# One row per node, impact, common cause and plan: few nodes have more than one of each, and a page has few queries.
_COLUMNS = (
    *_NODE,
    *_IMPACT,
    *(f"causes__cause__{name}" for name in _CAUSE),
    *(f"continuity_plans__{name}" for name in _PLAN),
)
_NEED = ("pk", "dependencies__provider_id", "node_id", "label", "needed", "degraded_at", "autonomy", "effect",
         "coupling")  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Read:
    """The rows of one owner as they came from the database. Equal reads give equal maps, so they are built once."""

    digest: bytes
    today: date
    language: str | None
    nodes: tuple[tuple[Any, ...], ...] = field(compare=False)
    needs: tuple[tuple[Any, ...], ...] = field(compare=False)

    @classmethod
    def of(cls, nodes: Iterable[tuple[Any, ...]], needs: Iterable[tuple[Any, ...]], today: date) -> _Read:
        kept = (tuple(nodes), tuple(needs))
        return cls(hashlib.sha256(orjson.dumps(kept)).digest(), today, get_language(), *kept)


KEPT = 32
"""So many maps stay ready in a process, the ones used last: some megabytes each with 2,000 nodes."""


def load(actor: Actor, owner_id: int) -> Register:
    """The map of this owner, in two queries; ``NotFound`` when the actor may not see the whole register.

    As long as the rows are the same it is the same object, made ready for runs before: never change it.
    """
    if owner_id not in owners(actor, "register.see"):
        raise NotFound
    nodes = NodeRow.objects.filter(organisation_id=owner_id).order_by("key", "impacts__interest")
    needs = RequirementRow.objects.filter(organisation_id=owner_id)
    return _register(_Read.of(nodes.values_list(*_COLUMNS), needs.values_list(*_NEED), actor.today))


@lru_cache(maxsize=KEPT)
def _register(read: _Read) -> Register:
    rows: dict[int, Mapping[str, Any]] = {}
    impacts: defaultdict[int, dict[str, Impact]] = defaultdict(dict)
    causes: dict[str, Mapping[str, Any]] = {}
    members: defaultdict[str, dict[str, None]] = defaultdict(dict)
    tested: dict[UUID, TestedPlan] = {}
    for values in read.nodes:
        row = dict(zip(_COLUMNS, values, strict=True))
        rows[row["pk"]] = row
        interest, degraded, down = (row[name] for name in _IMPACT)
        if interest is not None:
            impacts[row["pk"]][interest] = Impact(INTERESTS[interest], degraded, down)
        cause = row["causes__cause__key"]
        if cause is not None and not row["draft"]:
            causes[cause] = {name: row[f"causes__cause__{name}"] for name in _CAUSE}
            members[cause][row["key"]] = None
        if row["continuity_plans__tested_minutes"] is not None:
            plan = TestedPlan(*(row[f"continuity_plans__{name}"] for name in _PLAN))
            tested[plan.public_id] = plan
    plans = Plans(tested.values(), read.today)
    node_rows = [row for row in rows.values() if not row["draft"]]
    requirements, autonomies = _requirements(read.needs, {row["pk"]: row["key"] for row in node_rows}, plans)
    problems: list[str] = []
    nodes = [
        Node(
            row["key"], row["name"], row["sector"], KINDS[row["kind"]], row["restart"], row["repair"],
            _spread(row, problems), row["failures_per_year"], row["region"] or row["organisation__code"],
            tuple(impacts[row["pk"]].values()),
        )
        for row in node_rows
    ]  # fmt: skip
    common = tuple(_cause(causes[key], tuple(members[key]), problems) for key in sorted(causes))
    places = {row["key"]: Place(row["pk"], row["public_id"], row["vital"], row["place"]) for row in node_rows}
    network, faults = _fitting(nodes, requirements, common)
    drafts = len(rows) - len(node_rows)
    for name in ("nodes", "needs"):  # the read is the key that is kept; its rows have done their work
        object.__setattr__(read, name, ())
    vital = (key for key, place in places.items() if place.vital)
    return Register(network, places, (*faults, *problems), fingerprint(network, vital), autonomies, drafts)


def _requirements(
    rows: Iterable[tuple[Any, ...]], key_of: Mapping[int, str], plans: Plans
) -> tuple[list[Requirement], tuple[Autonomy, ...]]:
    providers: defaultdict[int, list[str]] = defaultdict(list)
    asked: dict[int, tuple[int, str, int, int | None, int, Failure, float]] = {}
    for pk, provider, node, label, needed, degraded_at, autonomy, effect, coupling in rows:
        if node in key_of:  # else it was added after the nodes were read, or hangs on a draft
            asked[pk] = (node, label, needed, degraded_at, autonomy, effect, coupling)
        if provider in key_of:  # a requirement may have none
            providers[pk].append(key_of[provider])
    requirements: list[Requirement] = []
    autonomies: list[Autonomy] = []
    for pk, (node, label, needed, degraded_at, claimed, effect, coupling) in asked.items():
        key = key_of[node]
        autonomy = plans.autonomy(node, pk, key, label, claimed)
        if autonomy.minutes or autonomy.claimed:
            autonomies.append(autonomy)
        of = tuple(sorted(providers[pk]))
        requirements.append(Requirement(key, label, of, needed, degraded_at, autonomy.minutes, effect, coupling))
    requirements.sort(key=_canonical)
    autonomies.sort(key=lambda each: (each.node, each.label, each.claimed))
    return requirements, tuple(autonomies)


def _cause(row: Mapping[str, Any], members: tuple[str, ...], problems: list[str]) -> CommonCause:
    spread = _spread(row, problems)
    if spread is None and row["repair"] is not None:
        spread = Spread("fixed", mode=row["repair"])
    return CommonCause(row["key"], row["name"], CAUSES[row["kind"]], members, row["failures_per_year"], spread)


def _spread(row: Mapping[str, Any], problems: list[str]) -> Spread | None:
    """The spread of a repair time; one that does not fit is named and left out."""
    if not row["repair_spread"]:
        return None
    low, usual, high = row["repair_low"] or 0, row["repair"] or 0, row["repair_high"] or 0
    spread = Spread(SPREADS[row["repair_spread"]], low, usual, high)
    faults = list(spread.problems())
    problems += [_("%(name)s: de hersteltijd %(fault)s") % {"name": row["name"], "fault": fault} for fault in faults]
    return None if faults else spread


def fingerprint(network: Map, vital: Iterable[str]) -> str:
    """SHA-256 over the keys, times, chances, impact, requirements and causes of a map, and what is vital on it.

    Names do not count, nor a node that stands alone and of which nothing was filled in: an asset that was seen in a
    log for the first time leaves what was computed before as true as it was.
    """
    told = set(vital)
    tied = {key for need in network.requirements for key in (need.node, *need.providers)}
    tied.update(told, *(cause.members for cause in network.common_causes))
    content = [
        sorted(told),
        [
            [node.key, node.restart, node.repair, node.failures_per_year, _parts(node.repair_spread), node.region,
             [[each.interest, each.degraded, each.down] for each in node.impact]]
            for node in network.nodes
            if node.key in tied or node.restart or node.repair is not None or node.repair_spread
            or node.failures_per_year or node.impact
        ],
        [_plain(requirement) for requirement in network.requirements],
        [
            [cause.key, cause.members, cause.failures_per_year, _parts(cause.repair_spread)]
            for cause in network.common_causes
        ],
    ]  # fmt: skip
    return hashlib.sha256(orjson.dumps(content)).hexdigest()


def _parts(spread: Spread | None) -> list[object] | None:
    return None if spread is None else [spread.kind, spread.low, spread.mode, spread.high]


def _plain(need: Requirement) -> list[object]:
    return [need.node, need.label, need.providers, need.needed, need.degraded_at, need.autonomy, need.effect,
            need.coupling]  # fmt: skip


def _canonical(need: Requirement) -> tuple[str, str, tuple[str, ...], int, int, int, str, float]:
    numbers = (need.needed, need.degraded_at or 0, need.autonomy)
    return need.node, need.label, need.providers, *numbers, need.effect, need.coupling


def _fitting(
    nodes: Sequence[Node], requirements: Sequence[Requirement], causes: tuple[CommonCause, ...]
) -> tuple[Map, tuple[str, ...]]:
    """The map, without the requirements that are half filled in; those are named instead of stopping everything."""
    try:
        return Map(tuple(nodes), tuple(requirements), causes), ()
    except InvalidMap:
        by_key = {node.key: node for node in nodes}
        fitting: list[Requirement] = []
        problems: list[str] = []
        for need in requirements:
            faults = _faults(by_key, need)
            problems += faults
            if not faults:
                fitting.append(need)
        return Map(tuple(nodes), tuple(fitting), causes), tuple(problems)


def _faults(by_key: Mapping[str, Node], need: Requirement) -> Iterable[str]:
    around = tuple(by_key[key] for key in dict.fromkeys((need.node, *need.providers)))
    try:
        Map(around, (need,))
    except InvalidMap as error:
        return error.problems
    return ()
