"""Weak spots of a map: redundancy that is not there, what most hangs on, and what together brings a process down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from brandwacht.engines.cascade import Origin, Outage, Scales, Simulator, false_redundancies, minimal_sets_of
from brandwacht.riskmap.diagram import weighed
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.worth import HORIZON, Risk, Yardstick, rated, yardstick

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
    total = len(network.nodes) + 2
    ranking = criticality(register, measure, scenarios, lambda done: tell(done, total))
    redundancy = false_redundancy(register)
    tell(total - 1, total)
    sets = minimal(register)
    tell(total, total)
    return {
        "size": len(network.nodes),
        "vital": len(register.vital),
        "problems": list(register.problems),
        "points": measure.points,
        "rated": _has_rates(register, scenarios),
        "risks": weighed(register, rated(network)),
        "ranking": ranking,
        "redundancy": redundancy,
        "sets": sets,
    }


def _has_rates(register: Register, scenarios: Sequence[Risk]) -> bool:
    return bool(scenarios or rated(register.network))


def criticality(
    register: Register, measure: Yardstick, scenarios: Sequence[Risk], tell: Callable[[int], None]
) -> list[dict[str, Any]]:
    """What the loss of each single node does when it stays away for 72 hours, the worst first.

    Ranked by the expected loss a year where anybody filled in how often things fail, else by the loss of one failure.
    """
    network = register.network
    simulator = Simulator(network)
    vital = set(register.vital)
    rates = _has_rates(register, scenarios)
    rows: list[dict[str, Any]] = []
    for done, node in enumerate(network.nodes, 1):
        run = simulator.run([Outage(node.key, 0, HORIZON)], HORIZON)
        hurt = [key for key in dict.fromkeys(change.node for change in run.changes) if key in vital and key != node.key]
        loss = measure.of(run)
        if hurt or loss:
            first = next((change for change in run.changes if change.node in hurt), None)
            rows.append(
                {
                    "key": node.key,
                    "name": node.name,
                    "ref": str(register.places[node.key].public_id),
                    "hurts": len(hurt),
                    "stops": sum(run.first_down(key) is not None for key in hurt),
                    "first": network.node(first.node).name if first else "",
                    "minutes": first.minute if first else None,
                    "loss": round(loss, 4),
                    "rate": node.failures_per_year,
                    "yearly": round(loss * node.failures_per_year, 4),
                }
            )
        tell(done)
    rows.sort(
        key=lambda row: (-(row["yearly"] if rates else 0.0), -row["loss"], -row["stops"], -row["hurts"], row["key"])
    )
    return rows[:RANKED]


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


def minimal(register: Register) -> list[dict[str, Any]]:
    """Per vital process what brings it down alone, and which two together."""
    found = []
    for key, sets in minimal_sets_of(register.network, register.vital).items():
        found.append(
            {
                "key": key,
                "name": register.network.node(key).name,
                "ref": str(register.places[key].public_id),
                "singles": [origin_name(register, each) for each in sets.singles[:SETS_TOLD]],
                "single_count": len(sets.singles),
                "pairs": [[origin_name(register, each) for each in pair] for pair in sets.pairs[:SETS_TOLD]],
                "pair_count": len(sets.pairs),
            }
        )
    return found


def origin_name(register: Register, origin: Origin) -> str:
    """What fails, by name."""
    if origin.kind == "node":
        return register.network.node(origin.key).name
    return next(cause.name for cause in register.network.common_causes if cause.key == origin.key)
