"""The objects of STIX 2.1 as typed structures: the properties we know, with their types.

Specification: OASIS STIX Version 2.1 (2021), sections 3 to 7. A structure holds what the program uses; what it does not
know stays in the original text (see `reading.py`). Open vocabularies are plain text, as the specification has them.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from msgspec import Meta

from .common import Id, KillChainPhase, Name, Named, Seen, Shape, Time, Versioned
from .observables import (
    Artifact,
    AutonomousSystem,
    Directory,
    EmailMessage,
    File,
    NetworkTraffic,
    Observable,
    ObservedName,
    Valued,
)


class AttackPattern(Named, frozen=True, kw_only=True):
    """A way in which others attack (4.1)."""


class Campaign(Seen, frozen=True, kw_only=True):
    """Attacks that belong together (4.2)."""

    objective: str = ""


class CourseOfAction(Named, frozen=True, kw_only=True):
    """What one can do (4.3)."""


class Grouping(Versioned, frozen=True, kw_only=True):
    """Objects with a shared context (4.4)."""

    context: str
    object_refs: list[Id]
    name: str = ""
    description: str = ""


class Identity(Versioned, frozen=True, kw_only=True):
    """A person, organisation or group (4.5)."""

    name: str
    description: str = ""
    roles: list[str] = []
    identity_class: str = ""
    sectors: list[str] = []
    contact_information: str = ""


class Incident(Named, frozen=True, kw_only=True):
    """Something that happened (4.6)."""


class Indicator(Versioned, frozen=True, kw_only=True):
    """A pattern that tells of something suspicious (4.7)."""

    pattern: Name
    pattern_type: str
    valid_from: Time
    valid_until: Time | None = None
    name: str = ""
    description: str = ""
    indicator_types: list[str] = []
    pattern_version: str | None = None
    kill_chain_phases: list[KillChainPhase] = []


class Infrastructure(Seen, frozen=True, kw_only=True):
    """Systems and services of an attacker (4.8)."""

    infrastructure_types: list[str] = []


class IntrusionSet(Seen, frozen=True, kw_only=True):
    """Behaviour and means of one actor (4.9)."""

    goals: list[str] = []
    resource_level: str = ""
    primary_motivation: str = ""
    secondary_motivations: list[str] = []


class Location(Versioned, frozen=True, kw_only=True):
    """A place (4.10)."""

    name: str = ""
    description: str = ""
    latitude: Annotated[float, Meta(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Meta(ge=-180, le=180)] | None = None
    precision: float | None = None
    region: str = ""
    country: str = ""
    administrative_area: str = ""
    city: str = ""
    street_address: str = ""
    postal_code: str = ""


class Malware(Versioned, frozen=True, kw_only=True):
    """Malicious software (4.11)."""

    is_family: bool
    name: str = ""
    description: str = ""
    malware_types: list[str] = []
    aliases: list[str] = []
    kill_chain_phases: list[KillChainPhase] = []
    first_seen: Time | None = None
    last_seen: Time | None = None
    sample_refs: list[Id] = []


class MalwareAnalysis(Versioned, frozen=True, kw_only=True):
    """What an analysis of malware found (4.12)."""

    product: str
    version: str = ""
    result: str = ""
    result_name: str = ""
    analysis_sco_refs: list[Id] = []
    sample_ref: Id | None = None


class Note(Versioned, frozen=True, kw_only=True):
    """A remark about objects (4.13)."""

    content: str
    object_refs: list[Id]
    abstract: str = ""
    authors: list[str] = []


class ObservedData(Versioned, frozen=True, kw_only=True):
    """What was seen in systems (4.14)."""

    first_observed: Time
    last_observed: Time
    number_observed: Annotated[int, Meta(ge=1, le=999_999_999)]
    objects: dict[str, Any] = {}
    object_refs: list[Id] = []


class Opinion(Versioned, frozen=True, kw_only=True):
    """Whether one agrees with what is said (4.15)."""

    opinion: str
    object_refs: list[Id]
    explanation: str = ""
    authors: list[str] = []


class Report(Versioned, frozen=True, kw_only=True):
    """A story with the objects it is about (4.16)."""

    name: str
    published: Time
    object_refs: list[Id]
    description: str = ""
    report_types: list[str] = []


class ThreatActor(Seen, frozen=True, kw_only=True):
    """Who attacks (4.17)."""

    threat_actor_types: list[str] = []
    roles: list[str] = []
    goals: list[str] = []
    sophistication: str = ""
    resource_level: str = ""
    primary_motivation: str = ""


class Tool(Named, frozen=True, kw_only=True):
    """Ordinary software that attackers use too (4.18)."""

    tool_types: list[str] = []
    tool_version: str = ""


class Vulnerability(Named, frozen=True, kw_only=True):
    """A weak spot in software (4.19)."""


class Relationship(Versioned, frozen=True, kw_only=True):
    """How two objects belong together (5.1)."""

    relationship_type: str
    source_ref: Id
    target_ref: Id
    description: str = ""
    start_time: Time | None = None
    stop_time: Time | None = None


class Sighting(Versioned, frozen=True, kw_only=True):
    """That something was seen (5.2)."""

    sighting_of_ref: Id
    description: str = ""
    first_seen: Time | None = None
    last_seen: Time | None = None
    count: Annotated[int, Meta(ge=0, le=999_999_999)] | None = None
    observed_data_refs: list[Id] = []
    where_sighted_refs: list[Id] = []
    summary: bool = False


class MarkingDefinition(Shape, frozen=True, kw_only=True):
    """What a marking means (7.2.1)."""

    created: Time
    created_by_ref: Id | None = None
    name: str | None = None
    definition_type: str | None = None
    definition: dict[str, Any] = {}


class ExtensionDefinition(Versioned, frozen=True, kw_only=True):
    """What an extension adds (7.3)."""

    name: str
    schema: str
    version: str
    extension_types: list[str]


class LanguageContent(Versioned, frozen=True, kw_only=True):
    """A translation of an object (7.1)."""

    object_ref: Id
    contents: dict[str, Any]
    object_modified: Time | None = None


SHAPES: Final[dict[str, type[Shape]]] = {
    "attack-pattern": AttackPattern,
    "campaign": Campaign,
    "course-of-action": CourseOfAction,
    "grouping": Grouping,
    "identity": Identity,
    "incident": Incident,
    "indicator": Indicator,
    "infrastructure": Infrastructure,
    "intrusion-set": IntrusionSet,
    "location": Location,
    "malware": Malware,
    "malware-analysis": MalwareAnalysis,
    "note": Note,
    "observed-data": ObservedData,
    "opinion": Opinion,
    "report": Report,
    "threat-actor": ThreatActor,
    "tool": Tool,
    "vulnerability": Vulnerability,
    "relationship": Relationship,
    "sighting": Sighting,
    "artifact": Artifact,
    "autonomous-system": AutonomousSystem,
    "directory": Directory,
    "domain-name": Valued,
    "email-addr": Valued,
    "email-message": EmailMessage,
    "file": File,
    "ipv4-addr": Valued,
    "ipv6-addr": Valued,
    "mac-addr": Valued,
    "mutex": ObservedName,
    "network-traffic": NetworkTraffic,
    "process": Observable,
    "software": ObservedName,
    "url": Valued,
    "user-account": Observable,
    "windows-registry-key": Observable,
    "x509-certificate": Observable,
    "marking-definition": MarkingDefinition,
    "extension-definition": ExtensionDefinition,
    "language-content": LanguageContent,
}
"""Every type of the specification; another type (`x-...`) is read as `Shape`."""
