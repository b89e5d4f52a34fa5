"""What all our OSCAL documents share: identifiers, metadata, names of controls, and how bytes are made and read."""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from ..framework import FRAMEWORKS, Framework, load_framework
from .assessment import Party
from .reading import InvalidOscal, Node, Props

OSCAL_VERSION: Final = "1.1.3"
NAMESPACE: Final = "urn:brandwacht:oscal"
"""Namespace of our own properties and parts."""
CATALOG: Final = "catalog"
PROFILE: Final = "profile"
RESULTS: Final = "assessment-results"
PLAN: Final = "plan-of-action-and-milestones"
KINDS: Final = (CATALOG, PROFILE, RESULTS, PLAN)
MAX_BYTES: Final = 20 * 1024 * 1024
_IDS: Final = uuid.UUID("6f0f4b1e-6a57-5c0e-9b1f-0b6a4c6d1e11")
Json = dict[str, Any]


def identifier(*parts: str) -> str:
    """A lasting identifier (UUID version 5) that follows from what it names."""
    return str(uuid.uuid5(_IDS, "\x1f".join(parts)))


def moment(at: datetime) -> str:
    """A moment in UTC, as OSCAL writes it."""
    return at.astimezone(UTC).isoformat()


def prop(name: str, value: object) -> Json:
    """A property of ours."""
    return {"name": name, "ns": NAMESPACE, "value": line(str(value))}


def line(text: str) -> str:
    """A text on one line without spaces around it, as titles and values of properties must be."""
    return " ".join(text.split())


def metadata(title: str, at: datetime, framework: Framework, party: Party | None = None) -> Json:
    """The metadata of a document about a framework, made by an organisation or by us."""
    about: Json = {
        "title": line(title),
        "last-modified": moment(at),
        "version": framework.version,
        "oscal-version": OSCAL_VERSION,
        "props": [prop("framework", framework.key), prop("fingerprint", framework.fingerprint)],
    }
    if party is not None:
        who = identifier("party", party.code)
        about["roles"] = [{"id": "creator", "title": "Opsteller"}]
        about["parties"] = [
            {"uuid": who, "type": "organization", "name": line(party.name), "short-name": line(party.code)}
        ]
        about["responsible-parties"] = [{"role-id": "creator", "party-uuids": [who]}]
    return about


def catalog_resource(framework: Framework) -> Json:
    """The resource in the back matter that stands for the catalog of a framework."""
    return {
        "uuid": catalog_id(framework),
        "title": f"{framework.title} {framework.version}",
        "description": framework.source,
    }


def catalog_id(framework: Framework) -> str:
    """The identifier of the catalog of this framework, in this content."""
    return identifier("catalog", framework.key, framework.fingerprint)


def control_id(framework: Framework, number: str) -> str:
    """The identifier of a control: a token that begins with a letter, such as bio2-5.01."""
    return f"{framework.key.partition('-')[0]}-{re.sub(r'[^-.0-9A-Za-z]+', '_', number)}"


def numbers_by_id(framework: Framework) -> Mapping[str, str]:
    """The numbers of the controls by their identifier, and by themselves."""
    found = {control.number.lower(): control.number for control in framework.controls}
    return found | {control_id(framework, control.number).lower(): control.number for control in framework.controls}


def framework_of(document: Node, mentioned: Sequence[str]) -> Framework:
    """The framework that a document names, or else the one that knows most of the control ids it mentions.

    Raises InvalidOscal when it names one that we do not have, or nothing that we know.
    """
    about = document.need("metadata")
    named = Props(about, NAMESPACE).node("framework")
    if named is not None:
        key = named.as_text()
        if key not in FRAMEWORKS:
            raise named.wrong(f"het kader ‘{key[:40]}’ kennen wij niet. Wel: {', '.join(FRAMEWORKS)}.")
        return load_framework(key)
    known = {key: numbers_by_id(load_framework(key)) for key in FRAMEWORKS}
    best = max(FRAMEWORKS, key=lambda key: sum(each.lower() in known[key] for each in mentioned))
    if not any(each.lower() in known[best] for each in mentioned):
        raise document.wrong(f"hierin staat geen maatregel die wij kennen. Wij kennen: {', '.join(FRAMEWORKS)}.")
    return load_framework(best)


def party_of(document: Node) -> Party:
    """The organisation that made a document; empty when it does not say."""
    for party in document.need("metadata").items("parties"):
        return Party(party.text("short-name"), party.text("name"))
    return Party("", "")


def dumps(kind: str, content: Mapping[str, object]) -> bytes:
    """The bytes of a document: the same content gives the same bytes."""
    return (json.dumps({kind: content}, ensure_ascii=False, indent=2) + "\n").encode()


def parse(content: bytes) -> Node:
    """A document. Raises InvalidOscal when it is no JSON, too large, or no kind of OSCAL that we read."""
    if len(content) > MAX_BYTES:
        raise InvalidOscal("", "het bestand is groter dan 20 MB.")
    try:
        document = Node(json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant))
    except json.JSONDecodeError as error:
        raise InvalidOscal("", f"geen leesbare JSON, regel {error.lineno}, teken {error.colno}.") from None
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise InvalidOscal("", "geen leesbare JSON.") from None
    kind_of(document)
    return document


def kind_of(document: Node) -> str:
    """Which of `KINDS` a document is. Raises InvalidOscal."""
    found = [kind for kind in KINDS if kind in document.mapping()]
    if len(found) != 1:
        raise document.wrong(f"hier hoort één van deze velden te staan: {', '.join(KINDS)}.")
    return found[0]


def _no_constant(name: str) -> object:
    raise ValueError(name)
