"""What a map refuses, what a run tells, who depends on whom, and where nodes are drawn."""

import json
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings

from brandwacht.engines.cascade import (
    Exposure,
    InvalidMap,
    Map,
    Node,
    Outage,
    Requirement,
    dependents,
    layout,
    simulate,
)
from tests.engines.cascade.maps import maps

DOUBLE = "Afhankelijkheid 'l' van 'b' staat er meer dan een keer in;"
TOO_MANY = "Afhankelijkheid 'l' van 'b' is beperkt onder 4 werkende leveranciers;"


def node(key: str, sector: str = "sector") -> Node:
    return Node(key, key, sector, "asset")


def needs(key: str, *providers: str, autonomy: int = 0, needed: int = 1) -> Requirement:
    return Requirement(key, "+".join(providers), providers, needed, None, autonomy)


def test_a_faulty_map_names_every_problem() -> None:
    with pytest.raises(InvalidMap) as caught:
        Map(
            (node("a"), node("a"), Node("b", "B", "s", "ding", -1, -2), node("")),  # type: ignore[arg-type]
            (
                Requirement("z", "l", ("y",), 2),
                Requirement("b", "l", ()),
                Requirement("b", "l", ("a", "a", "b"), 1, 4, -3, "up"),  # type: ignore[arg-type]
                Requirement("b", "m", ("a",), 0),
            ),
        )
    assert caught.value.problems == (
        "Onderdeel 'a' staat er meer dan een keer in; geef elk onderdeel een eigen sleutel.",
        "Onderdeel 'b' heeft soort 'ding'; kies uit process, service, asset.",
        "Onderdeel 'b' heeft een opstarttijd van -1 minuten; neem 0 of meer.",
        "Onderdeel 'b' heeft een reparatietijd van -2 minuten; neem 0 of meer, of laat die leeg.",
        "Onderdeel '' heeft geen sleutel; geef elk onderdeel een eigen sleutel.",
        "Afhankelijkheid 'l' van 'z': onderdeel 'z' bestaat niet op deze kaart.",
        "Afhankelijkheid 'l' van 'z': leverancier 'y' bestaat niet op deze kaart.",
        "Afhankelijkheid 'l' van 'z' vraagt 2 van 1 leveranciers; neem 1 tot en met 1.",
        "Afhankelijkheid 'l' van 'b' noemt geen leveranciers; noem er ten minste een.",
        f"{DOUBLE} geef elke afhankelijkheid van een onderdeel een eigen naam.",
        "Afhankelijkheid 'l' van 'b': een onderdeel kan niet op zichzelf steunen.",
        "Afhankelijkheid 'l' van 'b': een leverancier staat er dubbel in; noem elke leverancier een keer.",
        f"{TOO_MANY} neem een getal boven 1 en ten hoogste 3, of laat het leeg.",
        "Afhankelijkheid 'l' van 'b' heeft een buffer van -3 minuten; neem 0 of meer.",
        "Afhankelijkheid 'l' van 'b' heeft gevolg 'up'; kies uit degraded, down.",
        "Afhankelijkheid 'm' van 'b' vraagt 0 van 1 leveranciers; neem 1 tot en met 1.",
    )
    assert str(caught.value).startswith("De risicokaart klopt niet:\n- Onderdeel 'a'")


def test_a_map_answers_about_its_nodes() -> None:
    network = Map((node("a"), node("b")), (needs("b", "a"),))
    assert "a" in network
    assert "c" not in network
    assert network.node("b").key == "b"
    assert [need.label for need in network.needs("b")] == ["a"]
    assert network.serves("a") == ("b",)
    with pytest.raises(KeyError):
        network.node("c")


def test_a_run_goes_to_json_and_back() -> None:
    network = Map((node("a"), node("b")), (needs("b", "a", autonomy=5),))
    run = simulate(network, [Outage("a", 1, 10)], 60)
    plain = run.to_json()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["horizon"] == 60
    assert plain["changes"][1] == {
        "minute": 6,
        "node": "b",
        "before": "up",
        "after": "down",
        "cause": {"kind": "requirement", "since": 1, "requirement": "a", "providers": ["a"]},
    }
    with pytest.raises(KeyError):
        run.path("c")


def test_dependents_say_when_the_buffers_run_out_and_through_what() -> None:
    network = Map(
        tuple(node(key) for key in ("dc", "koppeling", "alarmering", "roosters", "los")),
        (
            needs("koppeling", "dc", autonomy=30),
            needs("alarmering", "koppeling", autonomy=240),
            needs("roosters", "dc", "los", autonomy=5),
        ),
    )
    assert dependents(network, "dc") == [
        Exposure("koppeling", 1, 30, 30, "down", ("dc", "koppeling")),
        Exposure("alarmering", 2, 270, 270, "down", ("dc", "koppeling", "alarmering")),
        Exposure("roosters", 1, None, None, "up", ("dc", "roosters")),
    ]
    assert dependents(network, "alarmering") == []
    with pytest.raises(KeyError):
        dependents(network, "onbekend")


def test_dependents_ignore_the_repair_time() -> None:
    network = Map((Node("a", "A", "s", "asset", repair=1), node("b")), (needs("b", "a", autonomy=9000),))
    assert dependents(network, "a")[0].minutes_until == 9000


@settings(max_examples=200, deadline=None)
@given(maps())
def test_dependents_are_all_that_can_be_reached(network: Map) -> None:
    for start in network.nodes:
        reached, border = set(), {start.key}
        while border:
            reached |= border
            border = {key for place in border for key in network.serves(place)} - reached
        found = dependents(network, start.key)
        assert {exposure.node for exposure in found} == reached - {start.key}
        for exposure in found:
            assert (exposure.path[0], exposure.path[-1]) == (start.key, exposure.node)
            assert (exposure.minutes_until is None) == (exposure.state == "up")
            assert (exposure.minutes_until_down is None) == (exposure.state != "down")
            assert exposure.hops <= len(exposure.path) - 1


@settings(max_examples=200, deadline=None)
@given(maps(10))
def test_layout_gives_every_node_its_own_place_in_the_band_of_its_sector(network: Map) -> None:
    places = layout(network)
    assert places == layout(Map(network.nodes[::-1], network.requirements[::-1]))
    assert set(places) == {found.key for found in network.nodes}
    assert len(set(places.values())) == len(places)
    bands = [
        [places[found.key][1] for found in network.nodes if found.sector == sector]
        for sector in sorted({found.sector for found in network.nodes})
    ]
    assert all(max(above) < min(below) for above, below in pairwise(bands))
    circles = {(one, other) for one in places for other in places if _reaches(network, one, other)}
    for need in network.requirements:
        for provider in need.providers:
            together = (need.node, provider) in circles and (provider, need.node) in circles
            if together:
                assert places[provider][0] == places[need.node][0]
            else:
                assert places[provider][0] < places[need.node][0]


def _reaches(network: Map, start: str, end: str) -> bool:
    reached, border = set(), {start}
    while border:
        border = {key for place in border for key in network.serves(place)} - reached
        reached |= border
    return end in reached


def test_layout_of_a_deep_map_is_quick_and_needs_no_deep_stack() -> None:
    count = 2000
    chain = Map(
        tuple(node(f"n{place:04}", f"s{place % 10}") for place in range(count)),
        tuple(needs(f"n{place:04}", f"n{place - 1:04}") for place in range(1, count)),
    )
    places = layout(chain)
    assert places["n1999"][0] == 1999
    assert Counter(column for column, _ in places.values()).most_common(1)[0][1] == 1
