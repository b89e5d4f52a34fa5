"""Advisories and vulnerabilities: CSAF in and out, CVE, KEV and EPSS. See ../README.md."""

from .csaf_reading import csaf_document, read_csaf
from .csaf_writing import (
    Draft,
    DraftFlaw,
    DraftProduct,
    Provider,
    Revision,
    RolieFeed,
    check_csaf,
    file_name,
    provider_metadata,
    rolie_feed,
    write_csaf,
)
from .cve import CveRecord, Epss, EpssTable, Kev, read_cve, read_epss, read_kev
from .model import Advisory, Flaw, InvalidAdvisory, Urgency

__all__ = [
    "Advisory",
    "CveRecord",
    "Draft",
    "DraftFlaw",
    "DraftProduct",
    "Epss",
    "EpssTable",
    "Flaw",
    "InvalidAdvisory",
    "Kev",
    "Provider",
    "Revision",
    "RolieFeed",
    "Urgency",
    "check_csaf",
    "csaf_document",
    "file_name",
    "provider_metadata",
    "read_csaf",
    "read_cve",
    "read_epss",
    "read_kev",
    "rolie_feed",
    "write_csaf",
]
