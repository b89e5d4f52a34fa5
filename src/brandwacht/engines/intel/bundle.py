"""A warning as a STIX 2.1 bundle that any threat-intelligence platform reads.

The same input gives the same bytes: ids follow from content, order is fixed, time comes in. Specification:
OASIS STIX Version 2.1 (2021).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from .ids import stamp, stix_id
from .indicators import Indicator
from .pap import PAP
from .tlp import TLP

StixObject = dict[str, object]

_TECHNIQUE: Final = re.compile(r"T\d{4}(\.\d{3})?")
# An identity says only that an organisation exists, so it has one age, and one marking (CLEAR) in every bundle.
_IDENTITY_SINCE: Final = "2026-01-01T00:00:00.000Z"


class InvalidWarning(ValueError):
    """A warning that cannot become a bundle; `errors` are Dutch, all of them at once."""

    def __init__(self, errors: Sequence[str]) -> None:
        super().__init__(" ".join(errors))
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True)
class Sender:
    """The organisation that speaks. `key` is its stable key (never shown), `name` what others read."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Technique:
    """An ATT&CK technique: `T1059` or `T1059.001`, with its name when it is known."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing the reader can do."""

    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class WarningData:
    """What a warning says. `key` is its stable key: a new version of the same warning keeps it.

    `published` is when the first version went out, with a time zone. `pap` is written when it is stated.
    """

    key: str
    title: str
    text: str
    tlp: TLP
    published: datetime
    indicators: tuple[Indicator, ...] = ()
    techniques: tuple[Technique, ...] = ()
    advice: tuple[Advice, ...] = ()
    pap: PAP | None = None


def warning_bundle(warning: WarningData, *, sender: Sender, now: datetime, namespace: UUID) -> StixObject:
    """Write a warning as a STIX 2.1 bundle, ready for `json.dumps`.

    Holds the marking definitions, the sender (identity), a report, and an object for each indicator, technique and
    advice. Every object but the definitions carries a marking: the sender CLEAR, the rest the warning's own label.
    `now` is the time of this version (STIX `modified`); `namespace` is the installation's own UUID. Ids follow from
    namespace, sender and content, so another system recognises a new version.

    Raises InvalidWarning with all that is wrong.
    """
    _check(warning, sender, now)
    source = _identity(sender, namespace)
    common: StixObject = {
        "spec_version": "2.1",
        "created_by_ref": source["id"],
        "created": stamp(warning.published),
        "modified": stamp(now),
        "lang": "nl",
        "object_marking_refs": [label.marking_id for label in (warning.tlp, warning.pap) if label is not None],
    }

    def thing(kind: str, *content: str, **fields: object) -> StixObject:
        return {"type": kind, "id": stix_id(kind, namespace, sender.key, warning.key, *content), **common, **fields}

    parts = [
        *(thing("indicator", each.pattern, **_indicator(each, warning)) for each in dict.fromkeys(warning.indicators)),
        *(thing("attack-pattern", each.id, **_attack_pattern(each)) for each in _once(warning.techniques)),
        *(
            thing("course-of-action", each.title, each.text, name=each.title, description=each.text)
            for each in dict.fromkeys(warning.advice)
        ),
    ]
    report = thing(
        "report",
        name=warning.title,
        description=warning.text,
        report_types=["threat-report"],
        published=stamp(warning.published),
        object_refs=[part["id"] for part in parts] or [source["id"]],
    )
    labels = dict.fromkeys((TLP.CLEAR, warning.tlp, warning.pap))
    definitions = [label.marking_definition() for label in labels if label is not None]
    bundle_id = stix_id("bundle", namespace, sender.key, warning.key, stamp(now))
    return {"type": "bundle", "id": bundle_id, "objects": [*definitions, source, report, *parts]}


def _check(warning: WarningData, sender: Sender, now: datetime) -> None:
    errors = []
    if not warning.title.strip():
        errors.append("De waarschuwing heeft geen titel. Geef er een.")
    if not warning.key or not sender.key or not sender.name.strip():
        errors.append("De waarschuwing of de afzender heeft geen sleutel of naam.")
    for technique in warning.techniques:
        if not _TECHNIQUE.fullmatch(technique.id):
            errors.append(f"‘{technique.id[:20]}’ is geen ATT&CK-techniek. Schrijf T1059 of T1059.001.")
    errors += [
        f"Advies {number} heeft geen titel." for number, each in enumerate(warning.advice, 1) if not each.title.strip()
    ]
    if warning.published.tzinfo is None or now.tzinfo is None:
        errors.append("Het tijdstip van de waarschuwing heeft geen tijdzone.")
    elif now < warning.published:
        errors.append("Het tijdstip van deze versie ligt vóór dat van de eerste versie.")
    if errors:
        raise InvalidWarning(errors)


def _identity(sender: Sender, namespace: UUID) -> StixObject:
    return {
        "type": "identity",
        "id": stix_id("identity", namespace, sender.key, sender.name),
        "spec_version": "2.1",
        "created": _IDENTITY_SINCE,
        "modified": _IDENTITY_SINCE,
        "object_marking_refs": [TLP.CLEAR.marking_id],
        "name": sender.name,
        "identity_class": "organization",
        "sectors": ["government-public-services", "emergency-services"],
    }


def _indicator(indicator: Indicator, warning: WarningData) -> StixObject:
    return {
        "name": f"{indicator.kind.dutch} {indicator.defanged}",
        "description": f"Uit de waarschuwing: {warning.title}",
        "indicator_types": ["malicious-activity"],
        "pattern": indicator.pattern,
        "pattern_type": "stix",
        "pattern_version": "2.1",
        "valid_from": stamp(warning.published),
    }


def _attack_pattern(technique: Technique) -> StixObject:
    reference = {
        "source_name": "mitre-attack",
        "external_id": technique.id,
    }
    return {"name": technique.name.strip() or technique.id, "external_references": [reference]}


def _once(techniques: Iterable[Technique]) -> list[Technique]:
    """Drop doubles by id, keep order, take the first that has a name."""
    named: dict[str, Technique] = {}
    for technique in techniques:
        if technique.id not in named or not named[technique.id].name:
            named[technique.id] = technique
    return list(named.values())
