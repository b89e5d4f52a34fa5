"""Boundaries of areas: read from GeoJSON and TopoJSON, thinned out, placed on a page. Pure: bytes in, shapes out."""

from .read import MOST_BYTES, BadBoundaries, read
from .shapes import Area, Shape, centre, shape_from_json, shape_to_json
from .thin import thin

__all__ = ["MOST_BYTES", "Area", "BadBoundaries", "Shape", "centre", "read", "shape_from_json", "shape_to_json", "thin"]
