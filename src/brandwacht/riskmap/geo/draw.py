"""Areas and places on a page: from degrees to the units of an SVG picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, radians

from .shapes import SCALE, Point, Shape

WIDTH = 1000
MARGIN = 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """The size of a picture and how points come on it."""

    width: int
    height: int
    place: Callable[[Point], tuple[int, int]]


def sheet(shapes: Sequence[Shape], points: Sequence[Point] = ()) -> Sheet:
    """A sheet on which these areas and points fit, north up, true to scale around its middle.

    Equirectangular with the scale of the middle latitude: over a safety region nobody sees the difference.
    """
    all_points = [p for shape in shapes for polygon in shape.polygons for ring in polygon for p in ring] + list(points)
    if not all_points:
        return Sheet(WIDTH, WIDTH // 2, lambda point: (0, 0))
    west, east = min(x for x, _y in all_points), max(x for x, _y in all_points)
    south, north = min(y for _x, y in all_points), max(y for _x, y in all_points)
    squeeze = cos(radians((south + north) / 2 / SCALE))
    inner = WIDTH - 2 * MARGIN
    scale = inner / max((east - west) * squeeze, (north - south) * 0.6, 1)
    shift = (inner - (east - west) * squeeze * scale) / 2

    def place(point: Point) -> tuple[int, int]:
        return (
            round(MARGIN + shift + (point[0] - west) * squeeze * scale),
            round(MARGIN + (north - point[1]) * scale),
        )

    return Sheet(WIDTH, round((north - south) * scale) + 2 * MARGIN, place)


def path(shape: Shape, on: Sheet) -> str:
    """The outline of an area as the ``d`` of an SVG path; holes stay open with the rule "evenodd"."""
    parts = []
    for polygon in shape.polygons:
        for ring in polygon:
            x, y = on.place(ring[0])
            steps = [f"M{x} {y}"]
            for point in ring[1:]:
                to = on.place(point)
                if to != (x, y):
                    steps.append(f"l{to[0] - x} {to[1] - y}")
                    x, y = to
            parts.append("".join(steps) + "z")
    return "".join(parts)
