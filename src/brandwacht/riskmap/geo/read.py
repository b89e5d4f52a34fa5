"""Boundaries as others publish them: GeoJSON (RFC 7946, and the older form with ``crs``) and TopoJSON.

CBS and PDOK give both, in degrees or in metres on the Dutch grid; which of the two the numbers tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import isfinite
from typing import Any

import orjson
from django.utils.translation import gettext as _

from . import topo
from .dutch_grid import degrees
from .shapes import SCALE, Area, Point, Ring

MOST_BYTES = 25 * 1024 * 1024
MOST_AREAS = 2000
CODES = ("code", "statcode", "gemeentecode", "gm_code", "vr_code", "identificatie", "id", "gemeente_code")
NAMES = ("name", "naam", "statnaam", "gemeentenaam", "gm_naam", "vr_naam", "label", "gemeente_naam")
EAST, NORTH = (3.0, 7.5), (50.6, 53.8)
"""Degrees between which the European Netherlands lies."""
GRID_X, GRID_Y = (-8_000, 300_000), (289_000, 660_000)
"""Metres between which the Dutch grid is used."""
Keep = Callable[[str, str], bool]


class BadBoundaries(ValueError):
    """A file that can not be used; the message (Dutch) names the place and the mend."""


def read(data: bytes, keep: Keep | None = None, layer: str = "", names: Mapping[str, str] | None = None) -> list[Area]:
    """The areas of a file for which ``keep(code, name)`` holds, in its order; ``names`` gives names by code.

    Of a TopoJSON with several layers the one called ``layer`` is read, else the one with most areas that are kept.
    Raises ``BadBoundaries``.
    """
    if len(data) > MOST_BYTES:
        raise BadBoundaries(_("Het bestand is groter dan 25 MB. Kies een gegeneraliseerd bestand, of alleen uw regio."))
    try:
        document = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise BadBoundaries(
            _("Dit is geen GeoJSON of TopoJSON: regel %(line)d, teken %(column)d is niet te lezen.")
            % {"line": error.lineno, "column": error.colno}
        ) from error
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "Topology":
        return _topology(document, keep, layer, names or {})
    if kind == "FeatureCollection":
        _check_crs(document.get("crs"))
        features = document.get("features")
        if not isinstance(features, list):
            raise BadBoundaries(_("In dit GeoJSON-bestand ontbreekt de lijst “features”."))
        return _areas(features, lambda geometry: _plain(geometry), keep, names or {})
    raise BadBoundaries(
        _("Dit bestand bevat geen gebieden. Kies een GeoJSON met een FeatureCollection, of een TopoJSON.")
    )


def _topology(document: dict[str, Any], keep: Keep | None, layer: str, names: Mapping[str, str]) -> list[Area]:
    layers = document.get("objects")
    if not isinstance(layers, dict) or not layers:
        raise BadBoundaries(_("In dit TopoJSON-bestand staan geen lagen (“objects”)."))
    if layer and layer not in layers:
        raise BadBoundaries(
            _("De laag “%(layer)s” staat niet in dit bestand. Er staan: %(layers)s.")
            % {"layer": layer, "layers": ", ".join(sorted(map(str, layers)))}
        )
    try:
        arcs = topo.arcs(document)
    except topo.Broken as error:
        raise BadBoundaries(str(error)) from error
    by_layer = {name: _members(layers[name]) for name in ([layer] if layer else layers)}

    def fits(name: str) -> int:
        known = [facts for facts in (_facts(each, names) for each in by_layer[name]) if facts[0]]
        return sum(keep is None or keep(*facts) for facts in known)

    chosen = max(by_layer, key=lambda name: (fits(name), len(by_layer[name])))
    return _areas(by_layer[chosen], lambda geometry: topo.polygons(geometry, arcs), keep, names)


def _members(layer: Any) -> list[Any]:
    if not isinstance(layer, dict):
        return []
    inside = layer.get("geometries")
    return inside if layer.get("type") == "GeometryCollection" and isinstance(inside, list) else [layer]


def _facts(feature: Any, names: Mapping[str, str]) -> tuple[str, str]:
    """Code and name of a feature, empty when it has none."""
    if not isinstance(feature, dict):
        return "", ""
    given = feature.get("properties")
    by_name = {str(k).lower(): v for k, v in given.items()} if isinstance(given, dict) else {}
    by_name = {k: v.replace("\x00", "") if isinstance(v, str) else v for k, v in by_name.items()}
    by_name.setdefault("id", feature.get("id"))
    code = next((str(by_name[k]).strip() for k in CODES if isinstance(by_name.get(k), str | int) and by_name[k]), "")
    name = next((by_name[k].strip() for k in NAMES if isinstance(by_name.get(k), str) and by_name[k].strip()), "")
    return code[:40], (name or names.get(code, "") or code)[:120]


def _areas(
    features: Sequence[Any], shapes: Callable[[Any], Iterator[Any]], keep: Keep | None, names: Mapping[str, str]
) -> list[Area]:
    found: list[Area] = []
    codes: set[str] = set()
    points = 0
    for number, feature in enumerate(features, 1):
        code, name = _facts(feature, names)
        told = _("Gebied %(number)d (%(name)s)") % {"number": number, "name": name or _("zonder naam")}
        if not isinstance(feature, dict):
            raise BadBoundaries(_("%(area)s is geen object.") % {"area": told})
        if keep is not None and not keep(code, name):
            continue
        code = code or name
        if not code:
            raise BadBoundaries(
                _("%(area)s heeft geen code en geen naam. Geef het een eigenschap “code” of “naam”.") % {"area": told}
            )
        if code in codes:
            raise BadBoundaries(_("%(area)s: de code %(code)s komt twee keer voor.") % {"area": told, "code": code})
        if len(found) == MOST_AREAS:
            raise BadBoundaries(_("Het bestand heeft meer dan %(n)d gebieden.") % {"n": MOST_AREAS})
        try:
            polygons = tuple(_polygon(rings) for rings in shapes(feature.get("geometry", feature)))
        except topo.Broken as error:
            raise BadBoundaries(f"{told}: {error}") from error
        if not polygons:
            raise BadBoundaries(_("%(area)s heeft geen vlak.") % {"area": told})
        points += sum(len(ring) for polygon in polygons for ring in polygon)
        if points > topo.MOST_POINTS:
            raise BadBoundaries(
                _("Tot en met %(area)s zijn er meer dan %(n)d punten. Kies een gegeneraliseerd bestand.")
                % {"area": told[:1].lower() + told[1:], "n": topo.MOST_POINTS}
            )
        codes.add(code)
        found.append(Area(code, name or code, polygons))
    if not found:
        raise BadBoundaries(
            _("In dit bestand staat geen gebied van uw organisatie. Zet “alleen mijn regio” uit om alles te nemen.")
            if keep is not None
            else _("In dit bestand staat geen enkel gebied.")
        )
    return found


def _plain(geometry: Any) -> Iterator[Any]:
    """The polygons of a GeoJSON geometry, each a list of rings of positions."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    inside = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind == "Polygon":
        yield inside
    elif kind == "MultiPolygon" and isinstance(inside, list):
        yield from inside
    else:
        raise topo.Broken(topo.not_an_area(kind))


def _polygon(rings: Any) -> tuple[Ring, ...]:
    if not isinstance(rings, list) or not rings:
        raise topo.Broken(_("een vlak heeft geen rand."))
    return tuple(_ring(ring) for ring in rings)


def _ring(positions: Any) -> Ring:
    if not isinstance(positions, list):
        raise topo.Broken(_("een rand is geen lijst van punten."))
    points = [_point(position) for position in positions]
    if len(points) < 4 or points[0] != points[-1]:
        raise topo.Broken(_("een rand sluit niet: het laatste punt moet gelijk zijn aan het eerste."))
    ring: list[Point] = []
    for point in points[:-1]:
        if not ring or ring[-1] != point:
            ring.append(point)
    if len(set(ring)) < 3:
        raise topo.Broken(_("een rand heeft minder dan drie verschillende punten."))
    return tuple(ring)


def _point(position: Any) -> Point:
    if not isinstance(position, list | tuple) or len(position) < 2:
        raise topo.Broken(_("een punt heeft geen twee getallen."))
    x, y = position[0], position[1]
    if not all(isinstance(each, int | float) and not isinstance(each, bool) and isfinite(each) for each in (x, y)):
        raise topo.Broken(_("een punt is geen getal."))
    if EAST[0] <= x <= EAST[1] and NORTH[0] <= y <= NORTH[1]:
        return round(x * SCALE), round(y * SCALE)
    if GRID_X[0] <= x <= GRID_X[1] and GRID_Y[0] <= y <= GRID_Y[1]:
        east, north = degrees(x, y)
        return round(east * SCALE), round(north * SCALE)
    raise topo.Broken(
        _("het punt %(x)s, %(y)s ligt niet in Nederland. Gebruik graden (WGS84) of het Rijksdriehoeksstelsel.")
        % {"x": f"{x:.6g}", "y": f"{y:.6g}"}
    )


def _check_crs(given: Any) -> None:
    """Refuse a file that says that its numbers are in another system than the two that are known."""
    name = ""
    if isinstance(given, dict) and isinstance(given.get("properties"), dict):
        name = str(given["properties"].get("name", ""))
    if name and not name.endswith(("28992", "4326", "4258", "CRS84")):
        raise BadBoundaries(
            _("Het bestand gebruikt het stelsel %(name)s. Vraag het op in WGS84 (EPSG:4326) of RD (EPSG:28992).")
            % {"name": name[:80]}
        )
