"""STIX 2.1: typed objects, a reader that keeps what it does not know, and a writer. See ../README.md."""

from .common import Shape, Versioned
from .reading import InvalidStix, Problem, Reading, StixObject, check_stix, read_stix, read_stored, write_bundle
from .shapes import SHAPES

__all__ = [
    "SHAPES",
    "InvalidStix",
    "Problem",
    "Reading",
    "Shape",
    "StixObject",
    "Versioned",
    "check_stix",
    "read_stix",
    "read_stored",
    "write_bundle",
]
