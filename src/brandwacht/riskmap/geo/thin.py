"""Fewer points for the same borders, so that a page stays small and neighbours still touch.

Borders are cut where three areas meet or where a border ends, so that a border that two areas share is thinned once
and stays shared. Which points may go is told by the triangle that each makes with its neighbours: Visvalingam and
Whyatt, "Line generalisation by repeated elimination of points", The Cartographic Journal 30 (1993).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from .shapes import Area, Point, Ring, Shape, centre, surface

Arc = tuple[Point, ...]


def thin(areas: Sequence[Area], most: int) -> list[Shape]:
    """The areas with about ``most`` points together; every area keeps at least one ring.

    Islands and holes that are smaller than what was smoothed away elsewhere are left out.
    """
    rings = [ring for area in areas for polygon in area.polygons for ring in polygon]
    joints = _joints(rings)
    weights: dict[Arc, list[float]] = {}
    for ring in rings:
        for arc in _arcs(ring, joints):
            kept = _one_way(arc)
            if kept not in weights:
                weights[kept] = _weights(kept)
    level = _level(weights, most)
    thinned = {arc: _thinned(arc, each, level) for arc, each in weights.items()}
    return [_shape(area, joints, thinned, level) for area in areas]


def _shape(area: Area, joints: set[Point], thinned: dict[Arc, Arc], level: float) -> Shape:
    biggest = max((ring for polygon in area.polygons for ring in polygon[:1]), key=surface)
    polygons = []
    for polygon in area.polygons:
        rings = []
        for number, ring in enumerate(polygon):
            small = _joined(ring, joints, thinned)
            if len(set(small)) < 3 or not surface(small):
                small = ring if ring is biggest else ()
            elif surface(small) < level and ring is not biggest:
                small = ()
            if small:
                rings.append(small)
            elif not number:  # no outer ring: its holes go with it
                break
        if rings:
            polygons.append(tuple(rings))
    return Shape(area.code, area.name, centre(polygons), tuple(polygons))


def _joints(rings: Sequence[Ring]) -> set[Point]:
    """The points where more than two lines meet."""
    around: defaultdict[Point, set[Point]] = defaultdict(set)
    for ring in rings:
        for before, here in zip((ring[-1], *ring[:-1]), ring, strict=True):
            if before != here:
                around[here].add(before)
                around[before].add(here)
    return {point for point, others in around.items() if len(others) > 2}


def _arcs(ring: Ring, joints: set[Point]) -> list[Arc]:
    """The ring cut at its joints; without joints it is one arc that begins and ends in its smallest point."""
    starts = [i for i, point in enumerate(ring) if point in joints]
    if not starts:
        at = ring.index(min(ring))
        return [(*ring[at:], *ring[: at + 1])]
    turned = (*ring[starts[0] :], *ring[: starts[0] + 1])
    arcs = []
    begin = 0
    for i in range(1, len(turned)):
        if turned[i] in joints:
            arcs.append(turned[begin : i + 1])
            begin = i
    return arcs


def _one_way(arc: Arc) -> Arc:
    """The arc in one fixed direction, whichever way a ring runs through it."""
    return min(arc, arc[::-1])


def _triangle(a: Point, b: Point, c: Point) -> float:
    return float(abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])))


def _weights(arc: Arc) -> list[float]:
    """What each inner point adds: the size of its triangle, at least that of the points that went before it."""
    last = len(arc) - 1
    weights = [float("inf")] * len(arc)
    before, after = list(range(-1, last)), list(range(1, last + 2))
    heap = [(_triangle(arc[i - 1], arc[i], arc[i + 1]), i) for i in range(1, last)]
    size = {i: of for of, i in heap}
    heapify(heap)
    floor = 0.0
    while heap:
        of, i = heappop(heap)
        if size.get(i) != of:
            continue  # its neighbour went and it was weighed again
        del size[i]
        floor = max(floor, of)
        weights[i] = floor
        left, right = before[i], after[i]
        after[left], before[right] = right, left
        for each in (left, right):
            if 0 < each < last:
                size[each] = _triangle(arc[before[each]], arc[each], arc[after[each]])
                heappush(heap, (size[each], each))
    return weights


def _level(weights: dict[Arc, list[float]], most: int) -> float:
    """The weight from which points are kept, so that about ``most`` remain; 0 keeps all."""
    inner = sorted((of for each in weights.values() for of in each[1:-1]), reverse=True)
    room = max(0, most - len(weights))
    return inner[room] if room < len(inner) else 0.0


def _thinned(arc: Arc, weights: Sequence[float], level: float) -> Arc:
    kept = [i for i, of in enumerate(weights) if of > level or not level]
    if arc[0] == arc[-1] and len(kept) < 4:  # a ring by itself stays at least a triangle
        inner = sorted(range(1, len(arc) - 1), key=lambda i: (-weights[i], i))[:2]
        kept = sorted({0, len(arc) - 1, *inner})
    return tuple(arc[i] for i in kept)


def _joined(ring: Ring, joints: set[Point], thinned: dict[Arc, Arc]) -> Ring:
    points: list[Point] = []
    for arc in _arcs(ring, joints):
        kept = _one_way(arc)
        small = thinned[kept]
        points += (small if kept == arc else small[::-1])[:-1]
    return tuple(points)
