"""What organisations run, and which advisories concern them. See ../README.md."""

from .affected import Affected, Subject
from .matching import LEAST, Ground, Match, Matcher
from .names import SIMILAR, Cpe, Purl, likeness, parse_cpe, parse_purl
from .profiles import Asset, InvalidAsset, InvalidSheet, Profile, RowProblem, read_rows, read_xlsx
from .versions import InvalidRange, Versions, between, exactly, order, parse_vers

__all__ = [
    "LEAST",
    "SIMILAR",
    "Affected",
    "Asset",
    "Cpe",
    "Ground",
    "InvalidAsset",
    "InvalidRange",
    "InvalidSheet",
    "Match",
    "Matcher",
    "Profile",
    "Purl",
    "RowProblem",
    "Subject",
    "Versions",
    "between",
    "exactly",
    "likeness",
    "order",
    "parse_cpe",
    "parse_purl",
    "parse_vers",
    "read_rows",
    "read_xlsx",
]
