"""Whatever STIX we give out, the validator of OASIS finds nothing in it, at its strictest.

Who gives out something new adds it to `OUT`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from stix2validator import ValidationOptions, validate_string

from brandwacht.engines.intel import PAP, TLP, Indicator, Kind, Marking
from brandwacht.engines.intel.misp import DraftAttribute, DraftEvent, Level, Reach, read_misp_event, stix_of_misp
from brandwacht.engines.intel.misp import write_misp_event as write
from brandwacht.engines.intel.stix import read_stix, write_bundle
from brandwacht.sharing.queries import threats as threat_queries
from brandwacht.sharing.stix import bundle, threat_bundle
from brandwacht.sharing.taxii.naming import collection_id
from tests.sharing.members import Members, members, token_of
from tests.world import acting

pytestmark = pytest.mark.django_db

NAMESPACE, THEN = UUID(int=6), datetime(2026, 11, 1, 10, tzinfo=UTC)
MEDIA = "application/taxii+json;version=2.1"
KINDS = "198.51.100.7\n2001:db8::7\nhxxps://kwaad[.]example/pad\nkwaad.example\njan@kwaad.example\n" + "ab" * 32


def _wrapped(objects: list[Any]) -> str:
    return json.dumps({"type": "bundle", "id": f"bundle--{UUID(int=6, version=4)}", "objects": objects})


def of_warnings(circle: Members) -> list[str]:
    """A warning with every label that a file may have, and one that was withdrawn."""
    from brandwacht.sharing import services

    made = []
    with acting(circle.writer.actor) as me:
        for label in TLP:
            reader = [circle["een"].user.public_id] if label is TLP.RED else []
            draft = services.draft(
                me, title="Valse inlogpagina", tlp=label.name, what="Let op.", advice="Zoek.\n- Blokkeer.",
                indicators_text=KINDS, techniques=["T1566.002", "T1078"], reader_ids=reader,
            )  # fmt: skip
            made.append(services.send(me, draft.public_id))
        made.append(services.withdraw(me, made[-1].public_id, "Loos alarm"))
        return [json.dumps(bundle(each)) for each in made]


def of_threats(circle: Members) -> list[str]:
    """A report with every label and level, and one without anything but words."""
    made = [circle.shared("een", tlp=label.name, pap=pap.name, indicators=KINDS,
                          readers=[circle["twee"].user.public_id] if label is TLP.RED else [])
            for label, pap in zip(TLP, [*PAP, PAP.GREEN], strict=False)]  # fmt: skip
    made.append(circle.shared("een", indicators="", techniques=[], products=""))
    with acting(circle["een"].actor) as me:
        return [json.dumps(threat_bundle(threat_queries.threat(me, each.public_id))) for each in made]


def of_taxii(circle: Members) -> list[str]:
    """What the collection of the circle gives of all that was shared, as one bundle."""
    of_warnings(circle)
    of_threats(circle)
    program = Client(headers={"authorization": f"Bearer {token_of(circle['twee'])}", "accept": MEDIA})
    path = f"/taxii2/vr-isac/collections/{collection_id(circle.owner)}/objects/?match[version]=all"
    objects = program.get(path).json()["objects"]
    assert len(objects) > 20
    return [
        _wrapped(objects),
        write_bundle(read_stix(_wrapped(objects)).objects, f"bundle--{UUID(int=7, version=4)}").decode(),
    ]


def of_misp(_circle: Members) -> list[str]:
    """Events with every marking and reach, as STIX."""
    values = [Indicator(Kind.DOMAIN, "kwaad.example"), Indicator(Kind.IPV4, "198.51.100.7")]
    found = []
    for label, pap, level in zip(TLP, [*PAP, PAP.GREEN], [*Level, Level.OWN], strict=False):
        attributes = tuple(DraftAttribute(each, "Gezien", None, None) for each in values)
        draft = DraftEvent("k", "Phishing", Marking(label, pap), Reach(level), THEN, attributes, "Wij", "")
        event = read_misp_event(json.dumps(write(draft, NAMESPACE)))
        found.append(_wrapped(stix_of_misp(event, namespace=NAMESPACE, now=THEN).objects))
    return found


OUT: Mapping[str, Callable[[Members], list[str]]] = {
    "warnings": of_warnings, "threats": of_threats, "taxii": of_taxii, "misp": of_misp
}  # fmt: skip


@pytest.mark.parametrize("name", OUT)
def test_the_validator_finds_nothing(name: str) -> None:
    for text in OUT[name](members("een", "twee")):
        verdict = validate_string(text, ValidationOptions(strict=True, version="2.1"))
        assert verdict.is_valid, [str(error) for error in verdict.errors]
