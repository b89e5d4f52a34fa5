"""MISP: events and feeds in and out, with markings, distribution and comments. See ../README.md."""

from .converting import EXTENSION, Converted, effective, misp_of_stix, stix_of_misp
from .reading import (
    Group,
    InvalidMisp,
    Level,
    ManifestEntry,
    MispAttribute,
    MispEvent,
    Reach,
    read_manifest,
    read_misp_event,
)
from .writing import DraftAttribute, DraftEvent, write_feed, write_misp_event

__all__ = [
    "EXTENSION",
    "Converted",
    "DraftAttribute",
    "DraftEvent",
    "Group",
    "InvalidMisp",
    "Level",
    "ManifestEntry",
    "MispAttribute",
    "MispEvent",
    "Reach",
    "effective",
    "misp_of_stix",
    "read_manifest",
    "read_misp_event",
    "stix_of_misp",
    "write_feed",
    "write_misp_event",
]
