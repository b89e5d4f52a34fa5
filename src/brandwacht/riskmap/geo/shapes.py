"""The shapes that the other modules pass on: areas made of rings of points on a fine grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SCALE = 100_000
"""Grid steps in a degree: one step is about a metre."""

Point = tuple[int, int]
"""Longitude and latitude in grid steps."""
Ring = tuple[Point, ...]
"""A closed line; the first point is not repeated at the end."""


@dataclass(frozen=True, slots=True)
class Area:
    """An area as it was read: polygons of rings, the outer one first, then its holes."""

    code: str
    name: str
    polygons: tuple[tuple[Ring, ...], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """An area as it is kept and drawn. ``centre`` lies inside it."""

    code: str
    name: str
    centre: Point
    polygons: tuple[tuple[Ring, ...], ...]

    @property
    def points(self) -> int:
        """How many points it is drawn with."""
        return sum(len(ring) for polygon in self.polygons for ring in polygon)


def surface(ring: Sequence[Point]) -> float:
    """Twice the surface of a ring in grid steps squared, never negative (the shoelace formula)."""
    total = 0
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], *ring[:1]), strict=True):
        total += x1 * y2 - x2 * y1
    return abs(total)


def centre(polygons: Sequence[Sequence[Ring]]) -> Point:
    """A point inside the biggest polygon: the middle of its widest stretch, halfway between south and north.

    A centroid may fall outside a bent area; this one can not.
    """
    rings = max(polygons, key=lambda polygon: surface(polygon[0]))
    ys = [y for _x, y in rings[0]]
    level = (min(ys) + max(ys)) / 2 + 0.5  # between grid lines, so that no point lies on it
    crossings = sorted(
        x1 + (level - y1) * (x2 - x1) / (y2 - y1)
        for ring in rings
        for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], *ring[:1]), strict=True)
        if (y1 < level) != (y2 < level)
    )
    spans = [(right - left, (left + right) / 2) for left, right in zip(crossings[::2], crossings[1::2], strict=False)]
    middle = max(spans)[1] if spans else rings[0][0][0]
    return round(middle), round(level)


def shape_to_json(shape: Shape) -> dict[str, Any]:
    """Plain values to keep; a ring is one flat list: the first point, then the steps to the next."""
    return {
        "code": shape.code,
        "name": shape.name,
        "centre": list(shape.centre),
        "polygons": [[_flat(ring) for ring in polygon] for polygon in shape.polygons],
    }


def shape_from_json(kept: Mapping[str, Any]) -> Shape:
    """The shape that ``shape_to_json`` wrote."""
    x, y = kept["centre"]
    polygons = tuple(tuple(_ring(flat) for flat in polygon) for polygon in kept["polygons"])
    return Shape(kept["code"], kept["name"], (x, y), polygons)


def _flat(ring: Ring) -> list[int]:
    found: list[int] = []
    before = (0, 0)
    for x, y in ring:
        found += (x - before[0], y - before[1])
        before = (x, y)
    return found


def _ring(flat: Sequence[int]) -> Ring:
    x = y = 0
    points = []
    for dx, dy in zip(flat[::2], flat[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x, y))
    return tuple(points)
