"""The objects of STIX 2.1 as typed structures: the properties we know, with their types.

Specification: OASIS STIX Version 2.1 (2021), sections 3 to 7. A structure holds what the program uses; what it does not
know stays in the original text (see `reading.py`). Open vocabularies are plain text, as the specification has them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from msgspec import Meta, Struct

_UUID: Final = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
Id = Annotated[str, Meta(pattern=rf"^[a-z0-9][a-z0-9-]{{1,248}}--{_UUID}\Z")]
Time = Annotated[datetime, Meta(tz=True)]
Name = Annotated[str, Meta(min_length=1)]
Percent = Annotated[int, Meta(ge=0, le=100)]
Hashes = dict[str, str]


class Reference(Struct, frozen=True):
    """An external reference: where to read on (STIX 2.1, 2.5)."""

    source_name: str
    description: str | None = None
    url: str | None = None
    hashes: Hashes = {}
    external_id: str | None = None


class Granular(Struct, frozen=True):
    """A marking on parts of an object (STIX 2.1, 7.2.3)."""

    selectors: list[str]
    marking_ref: Id | None = None
    lang: str | None = None


class KillChainPhase(Struct, frozen=True):
    """A step in an attack (STIX 2.1, 2.11)."""

    kill_chain_name: str
    phase_name: str


class Shape(Struct, frozen=True, kw_only=True):
    """What every object has."""

    type: str
    id: Id
    spec_version: str | None = None
    object_marking_refs: list[Id] = []
    granular_markings: list[Granular] = []
    extensions: dict[str, Any] = {}


class Versioned(Shape, frozen=True, kw_only=True):
    """A domain or relationship object: it has a maker, and versions by `modified` (STIX 2.1, 3.2)."""

    created: Time
    modified: Time
    created_by_ref: Id | None = None
    revoked: bool = False
    labels: list[str] = []
    confidence: Percent | None = None
    lang: str | None = None
    external_references: list[Reference] = []


class Named(Versioned, frozen=True, kw_only=True):
    """A domain object with a name."""

    name: str
    description: str = ""
    aliases: list[str] = []
    kill_chain_phases: list[KillChainPhase] = []


class Seen(Named, frozen=True, kw_only=True):
    """A named object that was seen for some time."""

    first_seen: Time | None = None
    last_seen: Time | None = None


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


class Observable(Shape, frozen=True, kw_only=True):
    """A cyber-observable object (6): a fact, without maker or versions."""

    defanged: bool = False


class Valued(Observable, frozen=True, kw_only=True):
    """An address, domain name or URL: its value is all it is."""

    value: Name


class File(Observable, frozen=True, kw_only=True):
    """A file (6.7)."""

    hashes: Hashes = {}
    size: Annotated[int, Meta(ge=0)] | None = None
    name: str | None = None
    mime_type: str | None = None


class Artifact(Observable, frozen=True, kw_only=True):
    """Bytes, or where they are (6.1)."""

    mime_type: str | None = None
    payload_bin: str | None = None
    url: str | None = None
    hashes: Hashes = {}


class AutonomousSystem(Observable, frozen=True, kw_only=True):
    """A network by its number (6.2)."""

    number: int
    name: str | None = None


class Directory(Observable, frozen=True, kw_only=True):
    """A folder (6.3)."""

    path: Name


class ObservedName(Observable, frozen=True, kw_only=True):
    """A mutex or software: what it is called (6.11, 6.14)."""

    name: Name


class NetworkTraffic(Observable, frozen=True, kw_only=True):
    """A connection (6.12)."""

    protocols: list[str]
    src_ref: Id | None = None
    dst_ref: Id | None = None
    src_port: Annotated[int, Meta(ge=0, le=65_535)] | None = None
    dst_port: Annotated[int, Meta(ge=0, le=65_535)] | None = None


class EmailMessage(Observable, frozen=True, kw_only=True):
    """A mail (6.6)."""

    is_multipart: bool
    from_ref: Id | None = None
    subject: str | None = None


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
