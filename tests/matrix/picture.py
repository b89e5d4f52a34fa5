"""Rows of the pictures of the risk map: what runs now, the map, the tiles, trying out and comparing."""

from __future__ import annotations

import json

from tests.matrix.riskmap import _ASK, _MAP, _THAT
from tests.matrix.rows import make, part, upload

_SQUARE = [[4.3, 51.9], [4.4, 51.9], [4.4, 52.0], [4.3, 52.0], [4.3, 51.9]]
_AREA = {"type": "Feature", "properties": {"code": "GM0599"}, "geometry": {"type": "Polygon", "coordinates": [_SQUARE]}}
_FILE = upload("grens.geojson", json.dumps({"type": "FeatureCollection", "features": [_AREA]}))
PICTURE = (
    part("riskmap:now", **_MAP),
    part("riskmap:now", **_MAP | _THAT),
    part("riskmap:now-part", **_MAP),
    part("riskmap:now-part", **_MAP | _THAT),
    part("riskmap:places", **_MAP),
    part("riskmap:places", **_MAP | _THAT),
    part("riskmap:regions", **_MAP),
    part("riskmap:compare", **_MAP),
    part("riskmap:compare", **_MAP | _THAT),
    part("riskmap:boundaries"),
    make("riskmap:boundaries", data=lambda world: {"whole": "on", **_FILE(world)}),
    make(
        "riskmap:put",
        data=lambda world: {"place": "51,9; 4,4", "nodes": [str(world.things["process"].public_id)]},
        stranger=422,
    ),
    make("riskmap:try-out", data=_ASK, ok=200, stranger=200, ended=200, ended_cert=403, **_MAP | {"word": True}),
    make("riskmap:try-out", data=_ASK, ok=200, **_MAP | _THAT | {"word": True}),
)
