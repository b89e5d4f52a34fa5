"""The picture of what more money buys: cost against what it saves, as shapes for a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from brandwacht.network.wording import euros

WIDTH, HEIGHT, LEFT, FLOOR, TOP, RIGHT = 720, 300, 24, 250, 24, 690
TICKS: Final = 4


@dataclass(frozen=True, slots=True)
class Spot:
    """A choice: its place, cost and effect, and what it holds."""

    x: float
    y: float
    cost: int
    effect: float
    predicted: float
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Everything that is drawn. ``path`` climbs in steps: between two choices more money buys nothing."""

    width: int
    height: int
    floor: int
    path: str
    spots: tuple[Spot, ...]
    ticks: tuple[tuple[float, str], ...]


def curve(front: Sequence[Mapping[str, Any]]) -> Curve:
    """The Pareto front, cheapest first, as a stair."""
    most_cost = max((row["cost"] for row in front), default=0) or 1
    most_effect = max((row["effect"] for row in front), default=0.0) or 1.0
    spots = tuple(
        Spot(
            round(LEFT + (RIGHT - LEFT) * row["cost"] / most_cost, 1),
            round(FLOOR - (FLOOR - TOP) * max(0.0, row["effect"]) / most_effect, 1),
            row["cost"],
            row["effect"],
            row["predicted"],
            tuple(row["names"]),
        )
        for row in front
    )
    path = "".join(f"M{spot.x} {spot.y}" if index == 0 else f"H{spot.x}V{spot.y}" for index, spot in enumerate(spots))
    ticks = tuple(
        (round(LEFT + (RIGHT - LEFT) * step / TICKS, 1), euros(most_cost * step // TICKS)) for step in range(TICKS + 1)
    )
    return Curve(WIDTH, HEIGHT, FLOOR, path + (f"H{RIGHT}" if spots else ""), spots, ticks)
