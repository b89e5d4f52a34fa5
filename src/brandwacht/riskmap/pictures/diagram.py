"""The regional risk diagram: every risk with its impact and likelihood, and the picture of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from brandwacht.engines.cascade import CLASSES, Scales, Simulator, losses_of
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.reckoning.worth import Risk

MOST: Final = 30
"""So many risks stand in the diagram: a reader compares tens, not hundreds."""
CELL, LEFT, TOP, DOT = 96, 150, 16, 13
WIDTH, HEIGHT = LEFT + 5 * CELL + 16, TOP + 5 * CELL + 60
SHADES: Final = ("#e3efe6", "#f3f0d3", "#f8e2c0", "#f5cdb8", "#eeb0a6")


def weighed(register: Register, risks: Sequence[Risk]) -> list[dict[str, Any]]:
    """What each risk costs per interest, in plain values; risks that cost nothing are left out."""
    simulator = Simulator(register.network)
    found = []
    for risk in risks:
        losses = losses_of(simulator.run(risk.outages, risk.horizon))
        if any(losses.values()):
            told = {str(interest): round(points, 4) for interest, points in losses.items()}
            found.append(
                {"kind": "scenario", "key": risk.key, "name": risk.name, "per_year": risk.per_year, "losses": told}
            )
    return found


def placed(rows: Sequence[Mapping[str, Any]], scales: Scales) -> list[dict[str, Any]]:
    """Risks from ``weighed`` with their place on the diagram, the gravest first; those of class X are left out."""
    found: list[dict[str, Any]] = []
    for row in rows:
        place = scales.place(row["losses"], row["per_year"])
        if place.impact == "X":
            continue
        found.append(
            {
                "key": f"{row['kind']} {row['key']}",
                "name": row["name"],
                "kind": row["kind"],
                "impact": place.impact,
                "worst": place.worst,
                "likelihood": place.likelihood,
                "scores": {str(key): score for key, score in place.scores.items()},
                "x": round(place.x, 3),
                "y": round(place.y, 3),
            }
        )
    found.sort(key=lambda row: (-(row["x"] + row["y"]), -row["y"], row["key"]))
    return [{**row, "number": number} for number, row in enumerate(found[:MOST], 1)]


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of the diagram; ``shade`` rises with impact and likelihood together."""

    x: int
    y: int
    shade: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One risk: where it stands, its number, and its name for who listens."""

    x: int
    y: int
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """Everything that is drawn. ``across`` and ``up`` are (place, class, name) of the axes."""

    width: int
    height: int
    cells: tuple[Cell, ...]
    dots: tuple[Dot, ...]
    across: tuple[tuple[int, str, str], ...]
    up: tuple[tuple[int, str, str], ...]


def drawn(rows: Sequence[Mapping[str, Any]], scales: Scales) -> Diagram:
    """The picture of placed risks; dots that would cover each other stand beside each other."""
    cells = tuple(
        Cell(LEFT + column * CELL, TOP + (4 - row) * CELL, SHADES[min(4, max(0, (row + column) // 2))])
        for row in range(5)
        for column in range(5)
    )
    taken: list[tuple[int, int]] = []
    dots = []
    for row in rows:
        x, y = _free(row["x"], row["y"], taken)
        taken.append((x, y))
        dots.append(Dot(x, y, row["number"], row["name"]))
    across = tuple(
        (LEFT + index * CELL + CELL // 2, key, scales.likelihood_name(key)) for index, key in enumerate(CLASSES)
    )
    up = tuple(
        (TOP + (4 - index) * CELL + CELL // 2, key, scales.impact_name(key)) for index, key in enumerate(CLASSES)
    )
    return Diagram(WIDTH, HEIGHT, cells, tuple(dots), across, up)


def _free(across: float, up: float, taken: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The nearest place within its own field where a dot covers no other; its own place when the field is full."""
    column, row = min(int(across), 4), min(int(up), 4)
    left, top = LEFT + column * CELL, TOP + (4 - row) * CELL
    x = round(min(max(LEFT + across * CELL, left + DOT), left + CELL - DOT))
    y = round(min(max(TOP + (5 - up) * CELL, top + DOT), top + CELL - DOT))
    steps = range(-3, 4)
    places = sorted(
        ((x + 2 * DOT * i, y + 2 * DOT * j) for i in steps for j in steps),
        key=lambda at: (abs(at[0] - x) + abs(at[1] - y), at),
    )
    for at in places:
        inside = left + DOT <= at[0] <= left + CELL - DOT and top + DOT <= at[1] <= top + CELL - DOT
        if inside and all(abs(at[0] - other[0]) >= 2 * DOT or abs(at[1] - other[1]) >= 2 * DOT for other in taken):
            return at
    return x, y
