"""The map of one organisation: its areas and the places of what is in its register, with what happens on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from brandwacht.riskmap.cascades.live import WORST
from brandwacht.riskmap.geo.draw import Sheet, path, sheet
from brandwacht.riskmap.geo.shapes import SCALE, Point, Shape
from brandwacht.riskmap.register.boundaries import located


@dataclass(frozen=True, slots=True)
class Placed:
    """A node of the register with its place, as ``Node.place`` holds it."""

    key: str
    name: str
    kind: str
    vital: bool
    place: str
    public_id: UUID


@dataclass(frozen=True, slots=True)
class Spot:
    """One place and what stands there; ``states`` by key are those that are not in order, ``worst`` of them all."""

    name: str
    at: Point
    x: int
    y: int
    nodes: Sequence[Placed]
    states: Mapping[str, str]
    worst: str

    @property
    def rows(self) -> list[tuple[Placed, str]]:
        """What stands there with its state, the worst first."""
        return sorted(
            ((node, self.states.get(node.key, "ok")) for node in self.nodes),
            key=lambda row: (WORST.index(row[1]), not row[0].vital, row[0].name),
        )


@dataclass(frozen=True, slots=True)
class Outline:
    """An area as it is drawn; ``worst`` is the worst state in it, "" when nothing of the register stands there."""

    code: str
    name: str
    d: str
    worst: str


@dataclass(frozen=True, slots=True)
class Atlas:
    """Everything on the map. ``homeless`` have no place, or one that is not on this map."""

    sheet: Sheet
    outlines: Sequence[Outline]
    spots: Sequence[Spot]
    homeless: Sequence[Placed]

    @property
    def hit(self) -> list[Spot]:
        """The places where something is not in order."""
        return [spot for spot in self.spots if spot.worst != "ok"]


def atlas(shapes: Sequence[Shape], nodes: Iterable[Placed], states: Mapping[str, str]) -> Atlas:
    """The map of these areas and nodes; ``states`` holds the nodes that are not in order, by key."""
    by_code = {shape.code: shape for shape in shapes}
    at: defaultdict[tuple[str, Point], list[Placed]] = defaultdict(list)
    homeless = []
    for node in nodes:
        point = located(node.place, by_code)
        if point is None:
            homeless.append(node)
        else:
            name = by_code[node.place].name if node.place in by_code else _named(point)
            at[name, point].append(node)
    on = sheet(shapes, [point for _name, point in at])
    spots = []
    for (name, point), there in sorted(at.items(), key=lambda item: item[0][0]):
        hit = {node.key: states[node.key] for node in there if node.key in states}
        x, y = on.place(point)
        spots.append(Spot(name, point, x, y, there, hit, worst(hit.values())))
    in_area = {node.place: spot.worst for spot in spots for node in spot.nodes if node.place in by_code}
    outlines = [Outline(each.code, each.name, path(each, on), in_area.get(each.code, "")) for each in shapes]
    return Atlas(on, outlines, spots, homeless)


def _named(point: Point) -> str:
    """A point that is in no list of areas, by its latitude and longitude."""
    north, east = (f"{each / SCALE:.4f}".replace(".", ",") for each in (point[1], point[0]))
    return _("punt %(north)s; %(east)s") % {"north": north, "east": east}


def worst(states: Iterable[str]) -> str:
    """The worst of these states; "ok" when there are none."""
    return min(states, key=WORST.index, default="ok")


def moving(kept: Sequence[Mapping[str, Any]], drawn: Atlas) -> dict[str, Any]:
    """The areas as they are kept and the spots, for frontend/js/map.js; degrees with five decimals."""
    return {
        "areas": [{"code": each["code"], "name": each["name"], "polygons": each["polygons"]} for each in kept],
        "spots": [
            {
                "name": spot.name,
                "at": [spot.at[1] / SCALE, spot.at[0] / SCALE],
                "areas": sorted({node.place for node in spot.nodes if "," not in node.place}),
                "nodes": [
                    {"id": node.key, "label": node.name, "vital": node.vital, "ref": str(node.public_id)}
                    for node in spot.nodes
                ],
            }
            for spot in drawn.spots
        ],
    }
