"""Weak spots of a map: redundancy that is not there, what most hangs on, and what together brings a process down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from brandwacht.engines.cascade import (
    Criticality,
    MinimalSets,
    Origin,
    Outage,
    Scales,
    Simulator,
    criticalities,
    false_redundancies,
    minimal_sets_of,
    yearly_failures,
)
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.reckoning.heaviest import HORIZON, order
from brandwacht.riskmap.reckoning.odds import odds
from brandwacht.riskmap.reckoning.worth import Risk, Yardstick, yardstick

RANKED: Final = 50
"""So many nodes are kept in the ranking."""
SETS_TOLD: Final = 25
FOUND_TOLD: Final = 200
Tell = Callable[[int, int], None]
"""Called with (steps done, steps in all)."""


def weak_spots(register: Register, scales: Scales, scenarios: Sequence[Risk], tell: Tell) -> dict[str, Any]:
    """Everything that the page and the risk plan tell, in plain values with the names as they are now."""
    network = register.network
    measure = yardstick(network, register.vital, scales)
    tell(0, 4)
    found = criticalities(network, register.vital, weights=measure.weights)
    tell(1, 4)
    redundancy = false_redundancy(register)
    tell(2, 4)
    sets = minimal(register)
    tell(3, 4)
    chances = odds(register, measure, scales)
    tell(4, 4)
    return {
        "size": len(network.nodes),
        "vital": len(register.vital),
        "problems": list(register.problems),
        "points": measure.points,
        "rated": bool(scenarios or yearly_failures(network)),
        "risks": [_risk(register, each) for each in found if each.per_year > 0 and any(each.losses.values())],
        "ranking": ranking(register, measure, found),
        "reserves": sum(len(need.providers) > need.needed for need in network.requirements),
        "alone": alone(register),
        "redundancy": redundancy,
        "sets": sets,
        "odds": chances,
    }


def _risk(register: Register, found: Criticality) -> dict[str, Any]:
    """As ``diagram.weighed`` tells a risk."""
    return {
        "kind": found.origin.kind,
        "key": found.origin.key,
        "name": origin_name(register, found.origin),
        "per_year": found.per_year,
        "losses": {str(interest): round(points, 4) for interest, points in found.losses.items()},
    }


def ranking(register: Register, measure: Yardstick, found: Sequence[Criticality]) -> list[dict[str, Any]]:
    """What a failure of each single node or common cause does, in ``heaviest.order``.

    What hurts nothing but itself is left out: that a process matters is not a weak spot.
    """
    network = register.network
    simulator = Simulator(network)
    rows: list[dict[str, Any]] = []
    for each in found:
        loss = each.loss if measure.points else measure.hours(each.degraded, each.down)
        node = each.origin.kind == "node"
        if not each.hurts and not (loss and measure.points and (not node or _costs_others(simulator, each))):
            continue
        rows.append(
            {
                "key": f"{each.origin.kind} {each.origin.key}",
                "name": origin_name(register, each.origin),
                "ref": str(register.places[each.origin.key].public_id) if node else "",
                "lasts": each.lasts,
                "hurts": len(each.hurts),
                "stops": len(each.stops),
                "first": network.node(each.hurts[0]).name if each.hurts else "",
                "minutes": each.first,
                "loss": round(loss, 4),
                "rate": each.per_year,
                "yearly": round(loss * each.per_year, 4),
            }
        )
    rows.sort(key=lambda row: order(row["hurts"], row["minutes"], row["loss"], row["name"]))
    return rows[:RANKED]


def _costs_others(simulator: Simulator, found: Criticality) -> bool:
    """Whether another node of which somebody filled in the impact changes when this one fails."""
    key, lasts = found.origin.key, HORIZON if found.lasts is None else found.lasts
    run = simulator.run([Outage(key, 0, lasts)], HORIZON)
    return any(change.node != key and simulator.network.node(change.node).impact for change in run.changes)


def false_redundancy(register: Register) -> list[dict[str, Any]]:
    """Groups with spares that one failure takes away together, those of vital processes first."""
    network = register.network
    found = []
    for each in false_redundancies(network):
        found.append(
            {
                "key": f"{each.node} {each.label} {each.origin.kind} {each.origin.key}",
                "node": network.node(each.node).name,
                "ref": str(register.places[each.node].public_id),
                "vital": register.places[each.node].vital,
                "label": each.label,
                "needed": each.needed,
                "providers": [network.node(key).name for key in each.providers],
                "origin": origin_name(register, each.origin),
                "common": each.origin.kind == "common",
                "lost": [network.node(key).name for key in each.lost],
                "paths": [[network.node(key).name for key in path] for path in each.paths],
                "behind": [origin_name(register, origin) for origin in each.behind[:SETS_TOLD]],
                "behind_count": len(each.behind),
            }
        )
    found.sort(key=lambda row: not row["vital"])
    return found[:FOUND_TOLD]


def alone(register: Register) -> dict[str, int]:
    """How many nodes and common causes each stop a vital process by themselves, and how many of those can stop so."""
    sets = minimal_sets_of(register.network, register.vital, 1).values()
    origins = {origin for each in sets for origin in each.singles}
    nodes = sum(origin.kind == "node" for origin in origins)
    return {"nodes": nodes, "causes": len(origins) - nodes, "vital": sum(bool(each.singles) for each in sets)}


def minimal(register: Register) -> list[dict[str, Any]]:
    """Per vital process what brings it down alone, and which two together.

    For a process that nothing brings down so: what makes it falter (``state`` "degraded").
    """
    network = register.network
    stopping = minimal_sets_of(network, register.vital)
    firm = [key for key, sets in stopping.items() if not (sets.singles or sets.pairs)]
    return [_sets(register, sets) for sets in (stopping | minimal_sets_of(network, firm, state="degraded")).values()]


def _sets(register: Register, sets: MinimalSets) -> dict[str, Any]:
    return {
        "key": sets.node,
        "name": register.network.node(sets.node).name,
        "ref": str(register.places[sets.node].public_id),
        "state": sets.state,
        "singles": [origin_name(register, each) for each in sets.singles[:SETS_TOLD]],
        "single_count": len(sets.singles),
        "pairs": [[origin_name(register, each) for each in pair] for pair in sets.pairs[:SETS_TOLD]],
        "pair_count": len(sets.pairs),
    }


def origin_name(register: Register, origin: Origin) -> str:
    """What fails, by name."""
    if origin.kind == "node":
        return register.network.node(origin.key).name
    return next(cause.name for cause in register.network.common_causes if cause.key == origin.key)
