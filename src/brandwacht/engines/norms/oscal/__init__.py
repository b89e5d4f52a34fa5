"""OSCAL 1.1 in JSON: catalogs, profiles, assessment results and plans of action, out and in.

Pure: the moment is an argument, identifiers follow from what they name, and the same content gives the same bytes.
"""

from .assessment import Assessed, Assessment, Evidence, Party, PlannedMeasure
from .catalog import CatalogContent, export_catalog, read_catalog
from .documents import CATALOG, KINDS, PLAN, PROFILE, RESULTS, kind_of, parse
from .poam import ReadPlan, export_poam, read_poam
from .profile import Applicability, export_profile, read_profile
from .reading import InvalidOscal
from .results import ReadResults, export_results, read_results

__all__ = [
    "CATALOG",
    "KINDS",
    "PLAN",
    "PROFILE",
    "RESULTS",
    "Applicability",
    "Assessed",
    "Assessment",
    "CatalogContent",
    "Evidence",
    "InvalidOscal",
    "Party",
    "PlannedMeasure",
    "ReadPlan",
    "ReadResults",
    "export_catalog",
    "export_poam",
    "export_profile",
    "export_results",
    "kind_of",
    "parse",
    "read_catalog",
    "read_poam",
    "read_profile",
    "read_results",
]
