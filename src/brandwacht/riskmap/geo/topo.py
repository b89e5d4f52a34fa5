"""TopoJSON: borders as arcs that areas share (the TopoJSON Format Specification, version 1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _

MOST_POINTS = 400_000
"""So many points may the areas of a file have together."""
Arc = Sequence[tuple[float, float]]


class Broken(ValueError):
    """A part of a file that can not be read; the message (Dutch) is the end of a sentence that names the area."""


def not_an_area(kind: Any) -> str:
    """That a geometry of this kind is no area."""
    if isinstance(kind, str) and kind:
        return _("dit is een %(kind)s; grenzen zijn vlakken (Polygon of MultiPolygon).") % {"kind": kind[:40]}
    return _("de vorm ontbreekt; grenzen zijn vlakken (Polygon of MultiPolygon).")


def arcs(document: Mapping[str, Any]) -> list[Arc]:
    """All arcs of a topology in its own units. Raises ``Broken`` that names the arc."""
    given = document.get("arcs")
    if not isinstance(given, list):
        raise Broken(_("In dit TopoJSON-bestand ontbreekt de lijst “arcs”."))
    transform = document.get("transform")
    scale, shift = _transform(transform) if transform is not None else ((1.0, 1.0), (0.0, 0.0))
    return [_arc(number, arc, transform is not None, scale, shift) for number, arc in enumerate(given)]


def polygons(geometry: Any, known: Sequence[Arc]) -> Iterator[Any]:
    """The polygons of a geometry, each a list of rings of positions. Raises ``Broken``."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    inside = geometry.get("arcs") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(inside, list):
        raise Broken(not_an_area(kind))
    room = MOST_POINTS
    for rings in [inside] if kind == "Polygon" else inside:
        if not isinstance(rings, list):
            raise Broken(_("een vlak heeft geen rand."))
        polygon = []
        for indexes in rings:
            polygon.append(_ring(indexes, known, room))
            room -= len(polygon[-1])
        yield polygon


def _ring(indexes: Any, known: Sequence[Arc], room: int) -> list[tuple[float, float]]:
    if not isinstance(indexes, list):
        raise Broken(_("een rand is geen lijst van nummers van lijnen."))
    points: list[tuple[float, float]] = []
    for index in indexes:
        if not isinstance(index, int) or isinstance(index, bool) or not -len(known) <= index < len(known):
            raise Broken(_("een rand verwijst naar lijn %(index)s, die er niet is.") % {"index": str(index)[:20]})
        arc = known[index] if index >= 0 else known[~index][::-1]
        points += arc[1:] if points else arc
        if len(points) > room:  # few numbers can name a long line very often
            raise Broken(
                _("dit gebied heeft meer dan %(n)d punten. Kies een gegeneraliseerd bestand.") % {"n": MOST_POINTS}
            )
    return points


def _transform(given: Any) -> tuple[tuple[float, float], tuple[float, float]]:
    try:
        (sx, sy), (tx, ty) = given["scale"], given["translate"]
        numbers = [float(each) for each in (sx, sy, tx, ty)]
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        raise Broken(_("Het onderdeel “transform” moet twee getallen bij scale en bij translate hebben.")) from error
    if not all(isfinite(each) for each in numbers):
        raise Broken(_("Het onderdeel “transform” heeft een getal dat niet bestaat."))
    return (numbers[0], numbers[1]), (numbers[2], numbers[3])


def _arc(
    number: int, given: Any, steps: bool, scale: tuple[float, float], shift: tuple[float, float]
) -> list[tuple[float, float]]:
    """One arc; ``steps``: its positions are whole steps from the one before."""
    if not isinstance(given, list):
        raise Broken(_("Lijn %(number)d in “arcs” is geen lijst van punten.") % {"number": number})
    x = y = 0.0
    points = []
    for position in given:
        if (
            not isinstance(position, list)
            or len(position) < 2
            or any(isinstance(each, bool) or not isinstance(each, int | float) for each in position[:2])
        ):
            raise Broken(_("Lijn %(number)d in “arcs” heeft een punt zonder twee getallen.") % {"number": number})
        x, y = (x + position[0], y + position[1]) if steps else (position[0], position[1])
        points.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
    return points
