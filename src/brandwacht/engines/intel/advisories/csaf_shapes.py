"""The parts of a CSAF document (2.0 and 2.1, OASIS) that we read, as typed structures."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

Time = Annotated[datetime, Meta(tz=True)]
Text = Annotated[str, Meta(min_length=1)]


class Tlp(Struct, frozen=True):
    """The label for sharing."""

    label: str


class Distribution(Struct, frozen=True):
    """How the document may be shared."""

    text: str = ""
    tlp: Tlp | None = None


class Note(Struct, frozen=True):
    """A piece of text; `category` is summary, description, general, details, legal_disclaimer, ..."""

    category: str = ""
    text: str = ""
    title: str = ""


class Reference(Struct, frozen=True):
    """Where to read on."""

    url: str = ""
    summary: str = ""
    category: str = ""


class Severity(Struct, frozen=True):
    """The publisher's own word for how bad it is."""

    text: str = ""


class Publisher(Struct, frozen=True):
    """Who speaks."""

    name: Text
    category: str = ""
    namespace: str = ""


class Tracking(Struct, frozen=True):
    """The document's id, version and times."""

    id: Text
    current_release_date: Time
    initial_release_date: Time
    version: Text
    status: str = ""


class Document(Struct, frozen=True):
    """The head of the document."""

    csaf_version: str
    title: Text
    publisher: Publisher
    tracking: Tracking
    category: str = ""
    aggregate_severity: Severity | None = None
    distribution: Distribution | None = None
    notes: list[Note] = []
    references: list[Reference] = []


class Helper(Struct, frozen=True):
    """Names of a product in other lists; 2.0 has `purl`, 2.1 `purls`."""

    cpe: str = ""
    purl: str = ""
    purls: list[str] = []


class FullName(Struct, frozen=True):
    """A product by its id in this document."""

    product_id: Text
    name: str = ""
    product_identification_helper: Helper | None = None


class Branch(Struct, frozen=True):
    """A node of the tree of products: vendor, product_name, product_version, product_version_range, ..."""

    category: str = ""
    name: str = ""
    product: FullName | None = None
    branches: list[Branch] = []


class Relationship(Struct, frozen=True):
    """A product on, in or with another one."""

    product_reference: str
    relates_to_product_reference: str
    full_product_name: FullName
    category: str = ""


class Path(Struct, frozen=True):
    """What 2.1 has in place of a relationship."""

    beginning_product_reference: str
    full_product_name: FullName


class Group(Struct, frozen=True):
    """Products together."""

    group_id: str
    product_ids: list[str] = []


class Tree(Struct, frozen=True):
    """All products of the document."""

    branches: list[Branch] = []
    full_product_names: list[FullName] = []
    relationships: list[Relationship] = []
    product_paths: list[Path] = []
    product_groups: list[Group] = []


class Status(Struct, frozen=True):
    """Which products have the vulnerability, and which do not."""

    known_affected: list[str] = []
    first_affected: list[str] = []
    last_affected: list[str] = []
    known_not_affected: list[str] = []
    fixed: list[str] = []
    first_fixed: list[str] = []
    recommended: list[str] = []
    under_investigation: list[str] = []
    unknown: list[str] = []


class Score(Struct, frozen=True):
    """A score of 2.0."""

    cvss_v2: dict[str, Any] = {}
    cvss_v3: dict[str, Any] = {}
    cvss_v4: dict[str, Any] = {}


class Metric(Struct, frozen=True):
    """A score of 2.1."""

    content: Score


class Threat(Struct, frozen=True):
    """`category` is impact, exploit_status or target_set."""

    category: str = ""
    details: str = ""


class Remediation(Struct, frozen=True):
    """What one can do; `category` is vendor_fix, mitigation, workaround, ..."""

    category: str = ""
    details: str = ""


class Vulnerability(Struct, frozen=True):
    """One vulnerability."""

    cve: str = ""
    title: str = ""
    product_status: Status | None = None
    scores: list[Score] = []
    metrics: list[Metric] = []
    threats: list[Threat] = []
    remediations: list[Remediation] = []


class Csaf(Struct, frozen=True):
    """The whole document."""

    document: Document
    product_tree: Tree | None = None
    vulnerabilities: list[Vulnerability] = []
