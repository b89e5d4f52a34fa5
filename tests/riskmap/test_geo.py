"""Boundaries: what files hold, what is wrong with them, and thinning that keeps neighbours together."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.riskmap import geo
from brandwacht.riskmap.geo.draw import path, sheet
from brandwacht.riskmap.geo.dutch_grid import degrees
from brandwacht.riskmap.geo.shapes import SCALE, Area, Ring, surface


def square(x: float, y: float, side: float = 0.1) -> list[list[float]]:
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def feature(ring: Any, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": ring}}


def collection(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


TOPOLOGY: dict[str, Any] = {
    "type": "Topology",
    "transform": {"scale": [0.001, 0.001], "translate": [4.0, 52.0]},
    "arcs": [
        [[100, 0], [0, 100]],  # the border that both share, upwards
        [[100, 100], [-100, 0], [0, -100], [100, 0]],  # around the left one, from the top of the border to its foot
        [[100, 0], [100, 0], [0, 100], [-100, 0]],  # around the right one, from the foot to the top
    ],
    "objects": {
        "gemeenten": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]], "properties": {"code": "L", "naam": "Links"}},
                {"type": "MultiPolygon", "arcs": [[[2, -1]]], "id": "R"},
            ],
        },
        "land": {"type": "Polygon", "arcs": [[2, 1]]},
    },
}


def test_geojson_in_degrees_and_on_the_dutch_grid() -> None:
    left, right = geo.read(
        collection(
            feature([square(4.3, 51.9)], statcode="GM0599", statnaam="Rotterdam"),
            feature([[square(90_000, 437_000, 1000)]], "MultiPolygon", id=7),
        )
    )
    assert (left.code, left.name) == ("GM0599", "Rotterdam")
    assert left.polygons[0][0] == ((430000, 5190000), (440000, 5190000), (440000, 5200000), (430000, 5200000))
    assert (right.code, right.name) == ("7", "7")
    x, y = right.polygons[0][0][0]
    assert abs(x / SCALE - 4.4445) < 0.01
    assert abs(y / SCALE - 51.9164) < 0.01


def test_the_dutch_grid_at_two_known_points() -> None:
    """Amersfoort, the origin; and the Westertoren in Amsterdam, the check of Schreutelkamp and Strang van Hees."""
    assert degrees(155_000, 463_000) == (5.38720621, 52.15517440)
    east, north = degrees(120_700.723, 487_525.501)
    assert math.isclose(east, 4.88352559, abs_tol=1e-6)
    assert math.isclose(north, 52.37453253, abs_tol=1e-6)


def test_topojson_with_shared_borders_and_names_from_elsewhere() -> None:
    areas = geo.read(json.dumps(TOPOLOGY).encode(), names={"R": "Rechts"})
    assert [(a.code, a.name) for a in areas] == [("L", "Links"), ("R", "Rechts")]
    left, right = (set(area.polygons[0][0]) for area in areas)
    assert left & right == {(410000, 5200000), (410000, 5210000)}
    assert [a.code for a in geo.read(json.dumps(TOPOLOGY).encode(), lambda code, _name: code == "R")] == ["R"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "geen GeoJSON of TopoJSON"),
        (b"{", "regel 1"),
        (b"[1]", "bevat geen gebieden"),
        (b'{"type": "FeatureCollection"}', "features"),
        (collection(), "geen enkel gebied"),
        (collection("x"), "Gebied 1 (zonder naam) is geen object"),
        (collection(feature([square(4, 52)])), "Gebied 1 (zonder naam) heeft geen code en geen naam"),
        (collection(feature([square(4, 52)], code="a"), feature([square(4, 52)], code="a")), "Gebied 2 (a): de code a"),
        (collection(feature([square(4, 52)[:-1]], naam="Delft")), "Gebied 1 (Delft): een rand sluit niet"),
        (collection(feature([[[4, 52]] * 5], naam="Delft")), "minder dan drie verschillende punten"),
        (collection(feature([square(40, 52)], naam="Delft")), "het punt 40, 52 ligt niet in Nederland"),
        (collection(feature([[["x", 1]] * 4], naam="Delft")), "een punt is geen getal"),
        (collection(feature([4, 52], "Point", naam="Delft")), "dit is een Point"),
        (collection({"type": "Feature", "geometry": None, "properties": {"naam": "Delft"}}), "de vorm ontbreekt"),
        (collection(feature([], naam="Delft")), "een vlak heeft geen rand"),
        (collection(feature([], "MultiPolygon", naam="Delft")), "Gebied 1 (Delft) heeft geen vlak"),
        (
            collection(feature([square(4, 52)], code="a"), crs={"properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}),
            "stelsel urn:ogc:def:crs:EPSG::3857",
        ),
        (json.dumps(TOPOLOGY | {"arcs": 1}).encode(), "ontbreekt de lijst “arcs”"),
        (json.dumps(TOPOLOGY | {"arcs": [[[1]]]}).encode(), "Lijn 0"),
        (json.dumps(TOPOLOGY | {"arcs": []}).encode(), "Gebied 1 (Links): een rand verwijst naar lijn 0"),
        (json.dumps(TOPOLOGY | {"transform": {"scale": [1]}}).encode(), "transform"),
        (json.dumps(TOPOLOGY | {"objects": {}}).encode(), "geen lagen"),
    ],
)
def test_what_is_wrong_is_named(data: bytes, told: str) -> None:
    with pytest.raises(geo.BadBoundaries) as error:
        geo.read(data)
    assert told in str(error.value)


def test_a_layer_that_is_not_there_and_areas_of_somebody_else() -> None:
    data = json.dumps(TOPOLOGY).encode()
    with pytest.raises(geo.BadBoundaries, match=r"Er staan: gemeenten, land\."):
        geo.read(data, layer="wijken")
    with pytest.raises(geo.BadBoundaries, match="geen gebied van uw organisatie"):
        geo.read(data, lambda code, _name: code == "GM0001")


def test_few_numbers_can_not_name_a_long_line_very_often() -> None:
    line = [[100, 0], *([[1, 1], [-1, -1]] * 5000)]
    geometry = {"type": "Polygon", "arcs": [[0] * 1000], "properties": {"naam": "Bom"}}
    with pytest.raises(geo.BadBoundaries, match=r"Gebied 1 \(Bom\): dit gebied heeft meer dan 400000 punten"):
        geo.read(json.dumps(TOPOLOGY | {"arcs": [line], "objects": {"x": geometry}}).encode())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats() | st.sampled_from(["Polygon", "Topology", "code", ""]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "features", "geometry", "coordinates", "arcs", "objects", "properties", "transform"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(JSON, st.sampled_from(["FeatureCollection", "Topology", "Feature"]), st.data())
def test_anything_is_read_or_refused_in_words(inside: Any, kind: str, data: st.DataObject) -> None:
    document = {"type": kind, "features": inside, "objects": data.draw(JSON), "arcs": data.draw(JSON)}
    given_bytes = data.draw(st.binary(max_size=40) | st.just(json.dumps(document).encode()))
    try:
        areas = geo.read(given_bytes)
    except geo.BadBoundaries as error:
        assert str(error)
    else:
        assert all(area.polygons for area in areas)


def grid(size: int, jitter: int) -> list[Area]:
    """Squares beside each other with bent borders that neighbours share to the point."""

    def bend(i: int, j: int, step: int, upright: bool) -> tuple[int, int]:
        off = ((i * 7 + j * 13 + step * 5) % (2 * jitter + 1) - jitter) if 0 < step < 10 else 0
        return (i * 1000 + off, j * 1000 + step * 100) if upright else (i * 1000 + step * 100, j * 1000 + off)

    areas = []
    for i in range(size):
        for j in range(size):
            south = [bend(i, j, s, False) for s in range(10)]
            east = [bend(i + 1, j, s, True) for s in range(10)]
            north = [bend(i, j + 1, s, False) for s in range(10, 0, -1)]
            west = [bend(i, j, s, True) for s in range(10, 0, -1)]
            ring: Ring = tuple((x + 430_000, y + 5_190_000) for x, y in (*south, *east, *north, *west))
            areas.append(Area(f"{i}-{j}", f"{i}-{j}", ((ring,),)))
    return areas


@given(st.integers(1, 4), st.integers(1, 40), st.integers(0, 200))
def test_thinned_neighbours_still_touch_and_nothing_is_lost(size: int, jitter: int, most: int) -> None:
    areas = grid(size, jitter)
    shapes = geo.thin(areas, most)
    assert [shape.code for shape in shapes] == [area.code for area in areas]
    ways: dict[tuple[Any, Any], int] = {}
    for shape in shapes:
        for ring in shape.polygons[0]:
            for a, b in zip(ring, (*ring[1:], ring[0]), strict=True):
                ways[a, b] = ways.get((a, b), 0) + 1
    assert all(count == 1 for count in ways.values())
    # Every border inside runs once in each direction: no gap and no overlap between neighbours.
    alone = sum((b, a) not in ways for a, b in ways)
    total = sum(surface(shape.polygons[0][0]) for shape in shapes)
    assert size == 1 or alone < len(ways)
    outside = sum(a[0] * b[1] - b[0] * a[1] for a, b in ways if (b, a) not in ways)
    assert total == abs(outside)


def test_small_islands_go_and_the_only_ring_stays() -> None:
    wide = tuple(
        (430_000 + round(9000 * math.cos(t / 9)), 5_200_000 + round(9000 * math.sin(t / 9))) for t in range(56)
    )
    island: Ring = ((450_000, 5_200_000), (450_002, 5_200_000), (450_001, 5_200_002))
    (shape,) = geo.thin([Area("a", "a", ((wide,), (island,)))], 8)
    assert len(shape.polygons) == 1
    assert 3 <= shape.points <= 12
    (small,) = geo.thin([Area("b", "b", ((island,),))], 0)
    assert small.polygons == ((island,),)


def test_kept_shapes_come_back_and_the_centre_lies_inside_a_bent_area() -> None:
    bent: Ring = ((0, 0), (100, 0), (100, 100), (90, 100), (90, 10), (10, 10), (10, 100), (0, 100))
    (shape,) = geo.thin([Area("u", "U", ((bent,),))], 100)
    assert geo.shape_from_json(json.loads(json.dumps(geo.shape_to_json(shape)))) == shape
    x, y = shape.centre
    assert x in range(91, 100) or x in range(1, 10)
    assert y in range(45, 56)


def test_drawn_on_a_sheet_north_is_up() -> None:
    shapes = geo.thin(
        geo.read(collection(feature([square(4.3, 51.9)], code="a"), feature([square(4.4, 52.0)], code="b"))), 99
    )
    on = sheet(shapes)
    (ax, ay), (bx, by) = (on.place(shape.centre) for shape in shapes)
    assert ax < bx
    assert ay > by
    assert path(shapes[0], on).startswith("M")
    assert on.width == 1000
    assert 400 < on.height < 2000
    assert sheet([]).place((5, 5)) == (0, 0)


def test_real_boundaries_of_all_municipalities(shared_data: Path) -> None:
    """CBS and Kadaster through the corona dashboard of the ministry of health (EUPL-1.2)."""
    data = (shared_data / "geo" / "nl-vr-gm.topo.json").read_bytes()
    regions = geo.read(data, layer="vr_features")
    assert len(regions) == 25
    areas = geo.read(data, lambda code, _name: code.startswith("GM"))
    assert len(areas) == 342
    shapes = geo.thin(areas, 3000)
    assert sum(shape.points for shape in shapes) < 7000
    assert len(json.dumps([geo.shape_to_json(shape) for shape in shapes])) < 200_000
