"""MISP in and out: markings, distribution, sharing groups and comments are never lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymisp import MISPEvent, MISPObject, MISPOrganisation, MISPSharingGroup
from stix2validator import ValidationOptions, validate_string

from brandwacht.engines.intel import PAP, TLP, Indicator, Kind, Marking, Stated
from brandwacht.engines.intel.misp import (
    EXTENSION,
    DraftAttribute,
    DraftEvent,
    Group,
    InvalidMisp,
    Level,
    Reach,
    effective,
    misp_of_stix,
    read_manifest,
    read_misp_event,
    stix_of_misp,
    write_feed,
    write_misp_event,
)
from brandwacht.engines.intel.stix import read_stix

NAMESPACE = UUID(int=6)
THEN = datetime(2026, 11, 1, 10, tzinfo=UTC)
GROUP = Group("6b1f2c1e-1111-4a3b-8c2d-000000000009", "Waterschappen", ("WS1", "WS2"))


def theirs() -> MISPEvent:
    event = MISPEvent()
    event.info, event.distribution = "Phishing", 4
    event.add_tag("tlp:amber")
    event.add_tag("PAP:GREEN")
    event.Orgc = MISPOrganisation()
    event.Orgc.name, event.Orgc.uuid = "CERT-X", "6b1f2c1e-1111-4a3b-8c2d-000000000001"
    group = MISPSharingGroup()
    group.from_dict(
        uuid=GROUP.uuid, name=GROUP.name, id=3,
        SharingGroupOrg=[{"Organisation": {"name": name}, "extend": False} for name in GROUP.members],
    )  # fmt: skip
    event.SharingGroup = group
    event.add_attribute("ip-dst", "198.51.100.7", comment="Eerste stap", distribution=0).add_tag("tlp:red")
    event.add_attribute("domain|ip", "kwaad.example|198.51.100.8", comment="Tweede", distribution=5)
    event.add_attribute("text", "zomaar tekst", comment="Derde", distribution=3)
    thing = MISPObject("file")
    thing.comment, thing.distribution = "Bijlage", 1
    thing.add_attribute("sha256", "ab" * 32, comment="In de mail", distribution=5)
    event.add_object(thing)
    return event


def as_json() -> str:
    """What PyMISP writes; it leaves out the moment of what is not sent yet."""
    return json.dumps({**json.loads(theirs().to_json()), "timestamp": str(int(THEN.timestamp()))})


def test_an_event_made_by_pymisp_comes_in_whole() -> None:
    made = as_json()
    event = read_misp_event(f'{{"Event": {made}}}')
    assert (event.info, event.organisation, event.changed) == ("Phishing", "CERT-X", THEN)
    assert event.stated == Stated(TLP.AMBER, PAP.GREEN)
    assert event.reach == Reach(Level.ALL, (GROUP,))
    first, second, third, fourth = event.attributes
    assert (first.stated, first.reach) == (Stated(TLP.RED, PAP.GREEN), Reach(Level.OWN, (GROUP,)))
    assert (second.stated, second.reach) == (event.stated, event.reach)
    assert third.reach == event.reach, "a part goes no further than the whole"
    assert (fourth.reach, fourth.object_name) == (Reach(Level.COMMUNITY, (GROUP,)), "file")
    assert [each.comment for each in event.attributes] == ["Eerste stap", "Tweede", "Derde", "In de mail"]
    assert [each.value for each in second.indicators] == ["kwaad.example", "198.51.100.8"]
    assert event.whole() == json.loads(made)
    bare = read_misp_event(made)
    assert bare == event


def test_a_feed_goes_out_as_it_came_in() -> None:
    event = read_misp_event(as_json())
    files = write_feed([event])
    assert set(files) == {"manifest.json", "hashes.csv", f"{event.uuid}.json"}
    assert read_misp_event(files[f"{event.uuid}.json"]) == event
    back = MISPEvent()
    back.load(files[f"{event.uuid}.json"].decode())
    assert str(back.distribution) == "4"
    assert back.SharingGroup.name == "Waterschappen"
    assert [tag.name for tag in back.attributes[0].tags] == ["tlp:red"]
    assert back.objects[0].comment == "Bijlage"
    (entry,) = read_manifest(files["manifest.json"])
    assert (entry.file, entry.info, entry.changed) == (f"{event.uuid}.json", "Phishing", THEN)
    assert entry.stated == event.stated
    assert files["hashes.csv"].count(b"\n") == 5


def test_as_stix_everything_keeps_its_marking_reach_and_comment() -> None:
    event = read_misp_event(as_json())
    objects, left_out = stix_of_misp(event, namespace=NAMESPACE, now=THEN)
    text = json.dumps({"type": "bundle", "id": "bundle--6b1f2c1e-1111-4a3b-8c2d-000000000002", "objects": objects})
    verdict = validate_string(text, ValidationOptions(strict=True, version="2.1"))
    assert verdict.is_valid, [str(error) for error in verdict.errors]
    assert left_out == ["1 keer text: daar kan in STIX niet op worden gezocht."]
    reading = read_stix(text)
    assert reading.problems == []
    indicators = [each for each in reading.objects if each.type == "indicator"]
    assert [each.whole()["description"] for each in indicators] == ["Eerste stap", "Tweede", "Tweede", "In de mail"]
    stated = dict(zip([each.id for each in reading.objects], reading.stated(), strict=True))
    markings = [stated[each.id].marking().tlp for each in indicators]
    assert markings == [TLP.RED, TLP.AMBER_STRICT, TLP.AMBER_STRICT, TLP.AMBER_STRICT], "within a group: AMBER+STRICT"
    assert indicators[0].whole()["extensions"][EXTENSION]["sharing_groups"][0]["members"] == ["WS1", "WS2"]
    assert stix_of_misp(event, namespace=NAMESPACE, now=THEN).objects == objects

    whole = Reach(Level.ALL, (GROUP,))
    draft, lost = misp_of_stix(
        reading, key="x", info="Terug", changed=THEN, organisation="Wij", organisation_uuid="", reach=whole
    )
    assert lost == []
    back = read_misp_event(json.dumps(write_misp_event(draft, NAMESPACE)))
    values = [(indicator, each.comment) for each in event.attributes for indicator in each.indicators]
    assert [(each.indicators[0], each.comment) for each in back.attributes] == values
    assert [each.reach.groups for each in back.attributes] == [(GROUP,)] * 4
    assert [each.stated.tlp for each in back.attributes] == markings
    assert back.stated.tlp is TLP.RED


def test_what_is_more_than_a_value_goes_along_whole() -> None:
    pattern = "[process:name = 'x.exe'] FOLLOWEDBY [domain-name:value = 'kwaad.example']"
    common = {"spec_version": "2.1", "created": "2026-11-01T10:00:00Z", "modified": "2026-11-01T10:00:00Z"}
    own = "6b1f2c1e-1111-4a3b-8c2d-000000000003"
    things = [
        {"type": "indicator", "id": f"indicator--{own}", "pattern": pattern, "pattern_type": "stix",
         "valid_from": "2026-11-01T10:00:00Z", "description": "Zo", **common},
        {"type": "indicator", "id": f"indicator--{own}", "pattern": "rule x {}", "pattern_type": "yara",
         "valid_from": "2026-11-01T10:00:00Z", **common},
        {"type": "malware", "id": f"malware--{own}", "is_family": True, **common},
    ]  # fmt: skip
    reading = read_stix(json.dumps({"objects": things}))
    draft, lost = misp_of_stix(
        reading, key="x", info="i", changed=THEN, organisation="Wij", organisation_uuid="", reach=Reach(Level.COMMUNITY)
    )
    assert [(each.type, each.value, each.comment) for each in draft.attributes] == [
        ("stix2-pattern", pattern, "Zo"),
        ("text", "yara: rule x {}", ""),
    ]
    assert draft.marking == Marking(TLP.AMBER_STRICT, PAP.AMBER)
    assert lost == ["1 objecten van soort malware passen niet in MISP."]


@pytest.mark.parametrize(
    ("reach", "least"),
    [
        (Reach(Level.OWN), TLP.AMBER_STRICT),
        (Reach(Level.ALL, (Group("x", "leeg", ()),)), TLP.AMBER_STRICT),
        (Reach(Level.COMMUNITY), TLP.GREEN),
        (Reach(Level.ALL), TLP.CLEAR),
    ],
)
def test_a_narrow_reach_is_no_mild_marking_elsewhere(reach: Reach, least: TLP) -> None:
    draft = DraftEvent("k", "i", Marking(TLP.CLEAR, PAP.CLEAR), reach, THEN, (), "Wij", "")
    event = read_misp_event(json.dumps(write_misp_event(draft, NAMESPACE)))
    assert event.reach == reach
    assert effective(event).tlp is least


values = st.sampled_from([Indicator(Kind.DOMAIN, "kwaad.example"), Indicator(Kind.IPV4, "198.51.100.0/24")])
markings = st.builds(Marking, st.sampled_from(TLP), st.sampled_from(PAP))
reaches = st.sampled_from([*map(Reach, Level), Reach(Level.ALL, (GROUP,))])
drafts = st.builds(DraftAttribute, values, st.text(max_size=5), st.none() | markings, st.none() | reaches)


@settings(max_examples=40)
@given(markings, reaches, st.lists(drafts, max_size=4))
def test_our_events_survive(marking: Marking, reach: Reach, attributes: list[DraftAttribute]) -> None:
    draft = DraftEvent("k", "i", marking, reach, THEN, tuple(attributes), "Wij", "")
    if any("\0" in each.comment for each in attributes):
        with pytest.raises(ValueError, match="NUL"):  # as the reader says
            write_misp_event(draft, NAMESPACE)
        return
    event = read_misp_event(json.dumps(write_misp_event(draft, NAMESPACE)))
    assert event.stated.marking() == marking
    for given_, found in zip(dict.fromkeys(attributes), event.attributes, strict=True):
        assert (found.comment, found.indicators) == (given_.comment, (given_.indicator,))
        assert found.stated.marking() == (given_.marking or marking)
        assert found.reach == (given_.reach.within(reach) if given_.reach else reach)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "leesbare JSON"),
        (b"{}", "uuid: Dit verplichte gegeven ontbreekt"),
        (b'{"uuid": "../x", "info": "a"}', "geen UUID"),
        (json.dumps({"uuid": GROUP.uuid, "info": "a\x00"}).encode(), "onzichtbaar"),
        (json.dumps({"uuid": GROUP.uuid, "info": [1]}).encode(), "info: Hier hoort tekst"),
        (b'{"Event":' * 3000, "."),
    ],
)
def test_what_is_no_event_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(InvalidMisp, match=words):
        read_misp_event(data)


def test_a_manifest_with_a_path_is_refused() -> None:
    with pytest.raises(InvalidMisp, match="geen UUID"):
        read_manifest('{"../../etc": {"info": "x"}}')
    with pytest.raises(InvalidMisp, match="geen overzicht"):
        read_manifest("[]")


NAMES = [
    "uuid",
    "info",
    "distribution",
    "Tag",
    "name",
    "Attribute",
    "Object",
    "type",
    "value",
    "SharingGroup",
    "timestamp",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.just(GROUP.uuid),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=15,
)


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(NAMES), JSON), st.binary(max_size=20))
def test_anything_is_read_or_refused(parts: dict[str, Any], data: bytes) -> None:
    given_ = {"uuid": GROUP.uuid, "info": "x", "Attribute": [{"uuid": GROUP.uuid, "type": "url", "value": "x"} | parts]}
    for text in (json.dumps(given_ | parts), json.dumps(given_), data):
        try:
            event = read_misp_event(text)
            stix_of_misp(event, namespace=NAMESPACE, now=THEN)
            read_manifest(write_feed([event])["manifest.json"])
        except InvalidMisp as error:
            assert str(error).endswith(".")
