"""The figure over the quarters as a drawing: dots, and the line between those that are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.formats import date_format

LEFT, TOP, STEP, HIGH, WIDE = 46, 18, 108, 120, 520
"""Where the drawing begins, the distance between two quarters, and the height of 100 percent."""
LINES: Final = (0, 50, 100)


@dataclass(frozen=True, slots=True)
class Dot:
    """One quarter: where, its percentage, and its day in words; ``known`` is whether there was any answer."""

    x: int
    y: int
    percent: int
    label: str
    known: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """All of it, in the units of the drawing. ``path`` is empty with fewer than two known quarters."""

    dots: Sequence[Dot]
    path: str
    lines: Sequence[tuple[int, int]]
    width: int = WIDE
    height: int = TOP + HIGH + 30

    @property
    def foot(self) -> int:
        """Where the days stand."""
        return TOP + HIGH + 20


def drawn(trend: Sequence[Mapping[str, Any]]) -> Drawing:
    """The drawing of a kept trend, oldest first: {"day", "percent" or null}."""
    dots = [
        Dot(
            LEFT + place * STEP,
            _y(point["percent"] or 0),
            point["percent"] or 0,
            date_format(date.fromisoformat(point["day"]), "M Y"),
            point["percent"] is not None,
        )
        for place, point in enumerate(trend)
    ]
    known = [dot for dot in dots if dot.known]
    path = "M" + " L".join(f"{dot.x} {dot.y}" for dot in known) if len(known) > 1 else ""
    return Drawing(dots, path, [(_y(percent), percent) for percent in LINES])


def _y(percent: int) -> int:
    return TOP + round(HIGH * (100 - percent) / 100)
