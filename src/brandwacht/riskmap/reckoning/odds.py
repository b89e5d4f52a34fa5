"""How often and how badly: many years played by chance, and what they cost.

A run of Monte Carlo is a year that starts with everything up. What has no repair time lasts `HORIZON`, as everywhere on
these pages. Plain values come out, for a page and for the risk plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from brandwacht.engines.cascade import HORIZON, INTERESTS, CommonCause, Ensemble, Map, Node, Scales, Spread, monte_carlo
from brandwacht.engines.cascade.ensemble import MINUTES_PER_YEAR
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.reckoning.kernels import is_compiled
from brandwacht.riskmap.reckoning.worth import DEGRADED, Yardstick

SEED: Final = 2026
"""Always the same, so that what differs from an earlier outcome comes from the map and not from chance."""
RUNS: Final = (100, 10_000)
"""At least and at most so many years."""
FAILURES: Final = {True: 1_000_000, False: 5_000}
"""So many failures are played in all years together, with the compiled kernel and without: seconds, not minutes."""
ROWS: Final = 8_000_000
"""At most so many years times nodes, by what it takes in memory: some 250 MB."""
ENOUGH: Final = 10
"""What fewer years than this showed is left to guess, so not told."""
PERIODS: Final = (2, 10, 100, 1000)
"""Once in so many years."""
POINTS: Final = 60
"""So many points of a curve are kept."""
Values = NDArray[Any]


def known(network: Map) -> dict[str, int]:
    """How many parts and common causes a map has, and of how many is known how often they fail."""
    return {
        "size": len(network.nodes),
        "rated": sum(node.failures_per_year > 0 for node in network.nodes),
        "all_causes": len(network.common_causes),
        "causes": sum(cause.failures_per_year > 0 for cause in network.common_causes),
    }


def odds(register: Register, measure: Yardstick, scales: Scales) -> dict[str, Any]:
    """What a year may cost, and what that rests on; without curves and processes when nothing ever fails."""
    network = register.network
    failing: list[Node | CommonCause] = [*network.nodes, *network.common_causes]
    expected = sum(each.failures_per_year for each in failing)
    rests: dict[str, Any] = {
        **known(network),
        "assumed": sum(each.failures_per_year > 0 and _endless(each) for each in failing),
        "failures": round(expected, 4),
        "seed": SEED,
        "runs": 0,
        "curves": [],
        "processes": [],
        "regions": [],
    }
    if not expected:
        return rests
    found = monte_carlo(_with_repair(network), runs=years(network), seed=SEED, horizon=MINUTES_PER_YEAR)
    minutes = found.minutes_of(register.vital)
    processes = [_process(register, key, *minutes[key]) for key in register.vital]
    processes.sort(key=lambda row: (-row["down"], -row["degraded"]))
    return rests | {
        "runs": found.runs,
        "curves": list(_curves(found, minutes, scales)),
        "processes": processes,
        "regions": _regions(found, processes, measure),
    }


def years(network: Map) -> int:
    """How many years are played: the more happens in one, the fewer."""
    falling = sum(node.failures_per_year for node in network.nodes)
    falling += sum(cause.failures_per_year * len(cause.members) for cause in network.common_causes)
    most = min(FAILURES[is_compiled()] / max(falling, 1.0), ROWS / len(network.nodes), RUNS[1])
    return max(RUNS[0], int(most))


def _endless(each: Any) -> bool:
    return each.repair_spread is None and getattr(each, "repair", None) is None


def _with_repair(network: Map) -> Map:
    """The map on which everything that fails by itself is repaired."""
    nodes = (replace(node, repair=HORIZON) if _endless(node) else node for node in network.nodes)
    lasting = Spread("fixed", mode=HORIZON)
    causes = (replace(each, repair_spread=lasting) if _endless(each) else each for each in network.common_causes)
    return Map(tuple(nodes), network.requirements, tuple(causes))


def _process(register: Register, key: str, degraded: Values, down: Values) -> dict[str, Any]:
    """Hours a year on average, the share of years in which it stops at all, and the hours of a bad year."""
    node = register.network.node(key)
    return {
        "key": key,
        "name": node.name,
        "ref": str(register.places[key].public_id),
        "region": node.region,
        "degraded": round(float(degraded.mean()) / 60, 4),
        "down": round(float(down.mean()) / 60, 4),
        "stops": round(float((down > 0).mean()), 4),
        "tenth": round(_level(np.sort(down)[::-1], 10) / 60, 4),
    }


def _curves(found: Ensemble, minutes: Mapping[str, tuple[Values, Values]], scales: Scales) -> Iterator[dict[str, Any]]:
    if minutes:
        hours = sum((down + DEGRADED * degraded for degraded, down in minutes.values()), np.zeros(found.runs)) / 60
        if hours.any():
            yield _curve("", _("Alle vitale processen samen"), hours)
    names = {each.key: each.name for each in scales.interests}
    for number, interest in enumerate(INTERESTS):
        if found.impact[:, number].any():
            yield _curve(interest, names.get(interest, interest), found.impact[:, number])


def _curve(key: str, name: str, losses: Values) -> dict[str, Any]:
    """The loss-exceedance curve of a loss by year: points (loss, share of years with at least that), rarest last."""
    runs = len(losses)
    worst = np.sort(losses)[::-1]
    most = int((losses > 0).sum())
    counts = np.unique(np.geomspace(ENOUGH, most, POINTS).astype(int)).tolist() if most >= ENOUGH else []
    return {
        "key": key,
        "name": name,
        "mean": round(float(losses.mean()), 4),
        "any": round(most / runs, 4),
        "levels": [[period, round(_level(worst, period), 4)] for period in PERIODS if runs >= ENOUGH * period],
        "line": [[round(float(worst[count - 1]), 4), count / runs] for count in counts[::-1]],
    }


def _level(worst: Values, period: int) -> float:
    """What is reached once in ``period`` years; ``worst`` is by year, descending."""
    return float(worst[len(worst) // period - 1])


def _regions(found: Ensemble, processes: Sequence[dict[str, Any]], measure: Yardstick) -> list[dict[str, Any]]:
    """Of each region, when there are several: hours a year that its vital processes stand still and falter, points."""
    codes = sorted({node.region for node in found.network.nodes})
    if len(codes) < 2:
        return []
    weights = np.array([measure.weights.get(interest, 0.0) for interest in INTERESTS])
    points = found.node_impact @ weights
    of = np.array([node.region for node in found.network.nodes])
    rows = []
    for code in codes:
        own = [row for row in processes if row["region"] == code]
        rows.append(
            {
                "code": code,
                "vital": len(own),
                "down": round(sum(row["down"] for row in own), 4),
                "degraded": round(sum(row["degraded"] for row in own), 4),
                "points": round(float(points[of == code].sum()), 4),
            }
        )
    return rows
