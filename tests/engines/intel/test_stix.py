"""STIX 2.1 from others: typed, whole, and refused with the object and the property named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import stix2
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.intel import PAP, TLP, Marking, Stated
from brandwacht.engines.intel.stix import (
    SHAPES,
    InvalidStix,
    check_stix,
    read_stix,
    read_stored,
    write_bundle,
)
from brandwacht.engines.intel.stix.shapes import Indicator, Report

UUID = "6b1f2c1e-1111-4a3b-8c2d-000000000001"
BUNDLE = f"bundle--{UUID}"
WHEN = "2026-11-01T10:00:00.000Z"


def thing(kind: str, **more: Any) -> dict[str, Any]:
    common = {"type": kind, "spec_version": "2.1", "id": f"{kind}--{UUID}", "created": WHEN, "modified": WHEN}
    return common | more


def indicator(**more: Any) -> dict[str, Any]:
    pattern = "[domain-name:value = 'kwaad.example']"
    return thing("indicator", pattern=pattern, pattern_type="stix", valid_from=WHEN) | more


def bundle(*things: dict[str, Any]) -> bytes:
    return json.dumps({"type": "bundle", "id": BUNDLE, "objects": list(things)}).encode()


def test_an_object_is_typed_and_whole() -> None:
    ours = indicator(confidence=80, x_theirs={"a": [1, 2.50, None]}, description="é", object_marking_refs=[])
    (found,), problems = read_stix(bundle(ours))
    assert problems == []
    assert isinstance(found.shape, Indicator)
    assert (found.id, found.type, found.shape.confidence) == (ours["id"], "indicator", 80)
    assert found.version == datetime(2026, 11, 1, 10, tzinfo=UTC)
    assert found.whole() == ours
    assert json.loads(write_bundle([found, found], BUNDLE)) == json.loads(bundle(ours, ours))
    assert json.loads(write_bundle([], BUNDLE)) == {"type": "bundle", "id": BUNDLE}
    assert read_stored(found.raw) == found


def test_a_bundle_an_envelope_and_one_object_are_read_alike() -> None:
    ours = indicator()
    one = read_stix(bundle(ours))
    assert read_stix(json.dumps({"more": False, "objects": [ours]})) == one
    assert read_stix(json.dumps(ours)) == one
    assert read_stix(json.dumps({"type": "bundle", "id": BUNDLE})).objects == []
    assert read_stix('{"objects": []}').objects == []


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"3", b"null", b"{}", b'{"type": 3}', b"\xff\xfe", b"[" * 9000])
def test_what_is_no_stix_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidStix, match=r"^Dit is geen STIX.*\.$"):
        read_stix(data)


@pytest.mark.parametrize(
    ("wrong", "path", "message"),
    [
        (indicator(id=f"malware--{UUID}"), "id", "De id hoort te beginnen met indicator--."),
        (indicator(id="indicator--1"), "id", "Dit heeft niet de vorm die hier hoort."),
        (indicator(created="gisteren"), "created", "Dit is geen tijdstip met tijdzone"),
        (indicator(created="2026-01-01T00:00:00"), "created", "Dit is geen tijdstip met tijdzone"),
        (indicator(modified="2020-01-01T00:00:00Z"), "modified", "gewijzigd voordat het gemaakt is"),
        (indicator(valid_until=WHEN), "valid_until", "Het einde ligt niet na het begin."),
        (indicator(confidence=101), "confidence", "De waarde hoort hoogstens 100 te zijn."),
        (indicator(confidence="hoog"), "confidence", "Hier hoort een geheel getal of niets (null) te staan, niet t"),
        (indicator(pattern="[kwaad]"), "pattern", "Dit is geen geldig STIX-patroon."),
        (indicator(pattern=""), "pattern", "De lengte hoort minstens 1 te zijn."),
        (indicator(spec_version="2.0"), "spec_version", "Dit is geen STIX 2.1"),
        (indicator(object_marking_refs=[f"identity--{UUID}"]), "object_marking_refs", "naar een marking-definition"),
        (indicator(created_by_ref=f"report--{UUID}"), "created_by_ref", "naar een identity"),
        (indicator(granular_markings=[{"selectors": ["name"]}]), "granular_markings", "en niet beide"),
        (indicator(labels=["a", 3]), "labels[1]", "Hier hoort tekst te staan, niet een geheel getal."),
        (indicator(name="a\x00b"), "", "onzichtbaar teken"),
        ({"type": "report"}, "id", "Dit verplichte gegeven ontbreekt."),
        (thing("Report!"), "id", "Dit heeft niet de vorm"),
        (thing("malware"), "is_family", "Dit verplichte gegeven ontbreekt."),
        (thing("sighting", sighting_of_ref=f"sighting--{UUID}"), "sighting_of_ref", "Gezien wordt een object"),
        (thing("location"), "region", "Een plaats heeft een gebied"),
        (thing("location", latitude=52.0), "latitude", "één ontbreekt"),
        (thing("file"), "hashes", "Een bestand heeft een hash of een naam."),
        (thing("network-traffic", protocols=["tcp"]), "src_ref", "een begin (src_ref) of een eind"),
        (thing("marking-definition"), "definition", "Een markering zegt wat zij betekent"),
        (thing("bundle"), "type", "Een bundel in een bundel kan niet."),
        (thing("observed-data", first_observed=WHEN, last_observed=WHEN, number_observed=1), "object_refs", "in beide"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_the_rest_is_taken(wrong: dict[str, Any], path: str, message: str) -> None:
    reading = read_stix(bundle(indicator(), wrong))
    assert [found.whole() for found in reading.objects] == [indicator()]
    problem = reading.problems[0]
    assert (problem.number, problem.path) == (2, path)
    assert message in problem.message
    assert problem.sentence.startswith("Object 2 (")
    assert check_stix(wrong)


def test_numbers_that_are_too_large_are_named() -> None:
    for number in ("9" * 5000, "1e999"):
        _objects, (problem,) = read_stix(json.dumps(indicator())[:-1] + f', "x_big": {number}}}')
        assert problem.message in (
            "Dit getal is te groot.",
            "Dit is geen leesbare JSON. Controleer of het bestand heel is.",
        )


def test_a_property_that_comes_twice_has_one_meaning_after_reading() -> None:
    twice = json.dumps(indicator())[:-1] + ', "name": "een", "name": "twee"}'
    (found,), _problems = read_stix(twice)
    assert found.shape.name == found.whole()["name"] == "twee"  # type: ignore[attr-defined]
    assert found.raw.count(b'"name"') == 1


def test_the_marking_of_each_and_of_all() -> None:
    green = indicator(object_marking_refs=Marking(TLP.GREEN, PAP.CLEAR).refs)
    own = {"type": "marking-definition", "spec_version": "2.1", "id": f"marking-definition--{UUID}", "created": WHEN}
    own |= {"definition_type": "tlp", "definition": {"tlp": "red"}}
    red = thing("report", name="x", published=WHEN, object_refs=[green["id"]], object_marking_refs=[own["id"]])
    reading = read_stix(bundle(own, green, red))
    assert reading.problems == []
    assert reading.stated()[1:] == [Stated(TLP.GREEN, PAP.CLEAR), Stated(TLP.RED)]
    assert reading.marking() == Marking(TLP.RED, PAP.AMBER)
    assert isinstance(reading.objects[2].shape, Report)
    assert read_stix(bundle(thing("x-ours"))).marking() == Marking(TLP.AMBER_STRICT, PAP.AMBER)


MAKERS: list[Callable[[], Any]] = [
    lambda: stix2.v21.AttackPattern(name="x"),
    lambda: stix2.v21.CourseOfAction(name="x"),
    lambda: stix2.v21.Grouping(context="unspecified", object_refs=[f"report--{UUID}"]),
    lambda: stix2.v21.Identity(name="x"),
    lambda: stix2.v21.IntrusionSet(name="x", first_seen=WHEN, last_seen=WHEN),
    lambda: stix2.v21.Location(country="nl"),
    lambda: stix2.v21.MalwareAnalysis(product="x", result="malicious"),
    lambda: stix2.v21.Note(content="x", object_refs=[f"report--{UUID}"]),
    lambda: stix2.v21.Opinion(opinion="agree", object_refs=[f"report--{UUID}"]),
    lambda: stix2.v21.Sighting(sighting_of_ref=f"indicator--{UUID}", count=2),
    lambda: stix2.v21.Relationship(f"indicator--{UUID}", "indicates", f"malware--{UUID}"),
    lambda: stix2.v21.IPv4Address(value="198.51.100.7"),
    lambda: stix2.v21.Process(pid=3),
    lambda: stix2.v21.X509Certificate(serial_number="1"),
    lambda: stix2.v21.Software(name="x"),
    lambda: stix2.v21.TLP_GREEN,
]


@pytest.mark.parametrize("make", MAKERS)
def test_what_stix2_makes_is_right_and_unchanged(make: Callable[[], Any]) -> None:
    text = make().serialize()
    (found,), problems = read_stix(text)
    assert problems == []
    assert type(found.shape) is SHAPES[found.type]
    assert found.whole() == json.loads(text)


NAMES = sorted(indicator())
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.just(WHEN),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(indicator())), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=60)
@given(st.sampled_from(sorted(SHAPES)), st.dictionaries(st.sampled_from(NAMES), JSON), JSON)
def test_any_json_is_taken_whole_or_named(kind: str, changed: dict[str, Any], odd: Any) -> None:
    ours = {**indicator(type=kind, id=f"{kind}--{UUID}"), **changed}
    reading = read_stix(bundle(ours, odd) if isinstance(odd, dict) else json.dumps({"objects": [ours, odd]}))
    for found in reading.objects:
        assert found.whole() in (ours, odd)
    assert all(problem.sentence.endswith(".") for problem in reading.problems)
    assert len(reading.objects) + len({problem.number for problem in reading.problems}) == 2


@settings(max_examples=60)
@given(st.binary(max_size=60) | st.text(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes | str) -> None:
    try:
        read_stix(data)
    except InvalidStix as error:
        assert str(error).endswith(".")
