"""Replays of real incidents and of the two cascades in the policy hold what is known of them."""

import copy
from dataclasses import replace
from datetime import datetime
from importlib import resources
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.cascade import (
    EXAMPLES,
    InvalidData,
    Map,
    Origin,
    Outage,
    Run,
    dependents,
    false_redundancies,
    load_example,
    minimal_sets,
    read_example,
    simulate,
)
from brandwacht.engines.cascade.examples import read_nodes
from brandwacht.engines.cascade.reading import DATA, Record, from_yaml


def plain(key: str) -> Any:
    return from_yaml((DATA / "voorbeelden" / f"{key}.yaml").read_text(encoding="utf-8"), key)


@pytest.mark.parametrize("key", EXAMPLES)
def test_an_example_shows_what_is_known_and_says_what_it_assumes(key: str) -> None:
    example = load_example(key)
    assert example.key == key
    assert example.broken() == []
    assert example.status == "te bevestigen"
    assert len(example.facts) >= 4
    assert example.sources
    assert example.assumptions
    assert example.vital


def test_112_of_24_june_2019_had_three_providers_and_one_way_in() -> None:
    """Down from 15:34 to 18:52, with the number it would fall back on; the platform itself worked."""
    example = load_example("kpn-112-2019")
    run = example.replay()
    first = run.first_down("bereikbaar-112")
    assert first is not None
    assert example.moment(first) == datetime(2019, 6, 24, 15, 34)
    assert example.moment(run.of("bereikbaar-112")[-1].minute) == datetime(2019, 6, 24, 18, 52)
    assert run.first_down("politienummer") == first
    assert run.first_hit("platform-112") is None
    assert run.state_at(60)["hulp-vragen"] == "degraded"
    found = {(each.node, each.origin): each for each in false_redundancies(example.network)}
    routes = found["bereikbaar-112", Origin("node", "telefonie-kpn")]
    assert len(routes.lost) == 3
    assert [path[0] for path in routes.paths] == ["telefonie-kpn"] * 3
    assert ("hulp-vragen", Origin("node", "telefonie-kpn")) in found
    assert ("telefonie-kpn", Origin("common", "programmatuur")) in found
    assert set(minimal_sets(example.network, "bereikbaar-112").singles) == {
        Origin("node", "telefonie-kpn"),
        Origin("node", "platform-112"),
        Origin("common", "programmatuur"),
    }


def test_hemweg_of_17_january_2017_had_power_back_in_hours_and_a_tail_until_the_evening() -> None:
    example = load_example("hemweg-2017")
    run = example.replay()
    ends = {
        key: example.moment(run.of(key)[-1].minute) for key in ("net-zaanstreek", "stadsverwarming", "dienstregeling")
    }
    assert ends == {
        "net-zaanstreek": datetime(2017, 1, 17, 9, 0),
        "stadsverwarming": datetime(2017, 1, 17, 16, 0),
        "dienstregeling": datetime(2017, 1, 17, 20, 15),
    }
    assert run.downtime("ziekenhuis") == (0, 45)
    # The batteries of the traffic control lasted until 04.40; had the generator started, it would have stayed up.
    assert run.first_down("verkeersleiding") == 21
    started = [outage for outage in example.outages if outage.node != "aggregaat-spoor"]
    assert simulate(example.network, started, example.horizon).first_hit("verkeersleiding") is None
    # Without restart times everything is back with the power.
    quick = replace(example.network, nodes=tuple(replace(node, restart=0) for node in example.network.nodes))
    assert all(sum(simulate(quick, example.outages, example.horizon).downtime(node.key)) <= 131 for node in quick.nodes)


def test_nafin_of_28_august_2024_degraded_112_and_the_fallbacks_held() -> None:
    example = load_example("nafin-2024")
    run = example.replay()
    assert run.downtime("hulp-112") == (900, 0)
    assert run.downtime("bellen-112") == (0, 0)
    assert run.first_down("alarmering") is None
    assert run.state_at(600)["vliegverkeer"] == "down"
    assert {each.node for each in dependents(example.network, "nafin") if each.state == "down"} == {
        "verkeersleiding",
        "vliegverkeer",
    }
    # The fallback is a real one: nothing takes network and fallback away together.
    assert false_redundancies(example.network) == []


@pytest.fixture(scope="module")
def policy() -> tuple[Map, dict[str, Run]]:
    """The demo map of Rotterdam-Rijnmond, with its scenarios played."""
    file = resources.files("brandwacht.site.demo").joinpath("data/riskmap/VR17.yaml")
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    top = Record(data, "VR17", [])
    nodes, needs, _vital = read_nodes(top)
    network = Map(nodes, needs)
    runs = {
        row["name"]: simulate(network, [Outage(**outage) for outage in row["outages"]], row["horizon"])
        for row in data["scenarios"]
    }
    return network, runs


def test_the_harbour_of_the_policy(policy: tuple[Map, dict[str, Run]]) -> None:
    """Framework note, chapter 2: goods stand still, roads fill, help arrives later, a chemical train stands in town."""
    run = policy[1]["Terminalsystemen haven 8 uur uit"]
    order = [run.first_hit(key) for key in ("kranen", "goederen", "aanvoerwegen", "ter-plaatse")]
    assert None not in order
    assert order == sorted(order, key=lambda minute: minute or 0)
    assert run.first_down("zeevaart") is not None
    assert run.first_down("havenspoor") is not None
    assert run.first_down("chemietreinen") is not None
    assert run.path("chemietreinen")[0].node in ("terminal-west", "terminal-oost")


def test_the_telecom_of_the_policy(policy: tuple[Map, dict[str, Run]]) -> None:
    """Framework note, chapter 2: connections fall, 112 is hard to reach, unrest, services cannot talk to each other."""
    run = policy[1]["Internetknooppunt en twee providers uit"]
    calm, talk = run.first_hit("rust"), run.first_hit("verbinding-hulpdiensten")
    reached = run.first_hit("bereikbaar-112")
    assert reached is not None
    assert calm is not None
    assert talk is not None
    assert reached < calm < talk
    assert run.first_down("verbinding-hulpdiensten") is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"end": "2019-06-24 15:34"}, "'end' hoort na 'start' te liggen."),
        ({"start": "maandag"}, "'start' hoort een tijdstip te zijn, zoals 2019-06-24 15:34."),
        ({"nodes": None}, "'nodes' hoort een lijst te zijn met ten minste een regel."),
        (
            {"outages": [{"node": "spook", "until": "2019-06-24 18:52"}]},
            "onderdeel 'spook' bestaat niet op deze kaart.",
        ),
        (
            {"outages": [{"cause": "spook", "until": "2019-06-24 18:52"}]},
            "'outages', regel 1: gezamenlijke oorzaak 'spook' bestaat niet op deze kaart.",
        ),
        (
            {"outages": [{"node": "nl-alert", "until": "2019-06-24 12:00"}]},
            "'outages', regel 1: de uitval hoort na 'start' te beginnen en daarna te eindigen.",
        ),
        (
            {
                "facts": [
                    {
                        "node": "nl-alert",
                        "states": ["stuk"],
                        "from": "2019-06-24 16:00",
                        "until": "2019-06-24 15:00",
                        "text": "x",
                    }
                ]
            },
            "'facts', regel 1: 'states' noemt een of meer van up, degraded, down.",
        ),
        (
            {
                "facts": [
                    {
                        "node": "nl-alert",
                        "states": ["up"],
                        "from": "2019-06-24 16:00",
                        "until": "2019-06-24 15:00",
                        "text": "x",
                    }
                ]
            },
            "'facts', regel 1: 'from' hoort voor 'until' te liggen, en beide binnen de looptijd.",
        ),
        (
            {"common_causes": [{"key": "c", "name": "c", "kind": "software", "members": ["spook", "nl-alert"]}]},
            "spook",
        ),
    ],
)
def test_a_wrong_example_is_refused_with_its_place(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidData) as caught:
        read_example({**copy.deepcopy(plain("kpn-112-2019")), **change}, "proef")
    assert any(problem in each for each in caught.value.problems)


def test_what_an_example_does_not_show_is_named() -> None:
    example = load_example("kpn-112-2019")
    network = replace(example.network, common_causes=())
    wrong = replace(example, network=network, outages=example.outages[:1]).broken()
    assert {each.node for each in wrong} == {"bereikbaar-112", "politienummer", "telefonie-kpn"}


def test_unknown_examples_and_unreadable_text() -> None:
    with pytest.raises(KeyError):
        load_example("../schalen")
    with pytest.raises(InvalidData, match="staat dubbel"):
        from_yaml("a: 1\na: 2", "proef")
    with pytest.raises(InvalidData):
        from_yaml("!!python/object:os.system {}", "proef")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_junk_anywhere_is_refused_or_read_but_never_breaks(data: st.DataObject) -> None:
    found = copy.deepcopy(plain("kpn-112-2019"))
    junk = (
        st.none() | st.booleans() | st.integers(-9, 99) | st.floats() | st.text(max_size=3) | st.just([]) | st.just({})
    )
    place: Any = found
    while True:
        key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else list(range(len(place)))))
        if isinstance(place[key], dict | list) and place[key] and data.draw(st.integers(0, 3)):
            place = place[key]
            continue
        place[key] = data.draw(junk)
        break
    try:
        read_example(found, "proef").broken()
    except InvalidData as error:
        assert error.problems
