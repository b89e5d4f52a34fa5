"""The tile map, the network's places and two outcomes beside each other: pure, from values to values."""

from __future__ import annotations

from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.cascade import Map, Node, Outage, Requirement, simulate
from brandwacht.riskmap.cascades.compare import compare, fate
from brandwacht.riskmap.cascades.outcome import Outcome, outcome
from brandwacht.riskmap.mapping import Place, Register
from brandwacht.riskmap.pictures.drawing import wrapped
from brandwacht.riskmap.pictures.moving import spread
from brandwacht.riskmap.pictures.tiles import CHARACTERS, PLACES, _parted, worst_of
from tests.riskmap.test_pictures import random_register


def played(*outages: Outage, autonomy: int = 60, horizon: int = 1440) -> Outcome:
    network = Map(
        (
            Node("net", "Net", "Energie", "service"),
            Node("werk", "Werk", "Zorg", "process", 30),
            Node("los", "Los", "Zorg", "process"),
        ),
        (Requirement("werk", "Stroom", ("net",), autonomy=autonomy),),
    )
    places = {node.key: Place(1, UUID(int=1), node.key == "werk") for node in network.nodes}
    return outcome(Register(network, places, (), ""), simulate(network, outages, horizon))


def test_every_region_has_a_tile_of_its_own() -> None:
    assert set(PLACES) == {f"VR{number:02d}" for number in range(1, 26)}
    assert len(set(PLACES.values())) == 25


def test_the_worst_state_of_a_process_at_a_minute() -> None:
    found = played(Outage("net", 0, 240))
    assert [worst_of(found, minute) for minute in (0, 60, 100, 300)] == ["buffer", "down", "down", "ok"]


def test_what_happens_to_a_node_in_minutes() -> None:
    found = played(Outage("net", 0, 240))
    assert fate(found, "werk", 1440).first == 60
    assert fate(found, "werk", 1440).down == 210  # from 60 until the power is back at 240 and it has restarted
    assert fate(found, "werk", 100).down == 40
    assert fate(found, "los", 1440).first is None


def test_two_outcomes_beside_each_other() -> None:
    left, right = played(Outage("net", 0, 240)), played(Outage("net", 0, 240), Outage("los", 30, 60), autonomy=120)
    found = compare(left, right)
    assert [row.part.key for row in found.only_right] == ["los"]
    assert [(row.part.key, row.told) for row in found.differing] == [
        ("werk", "rechts 1 uur later, rechts 1 uur korter")
    ]
    assert found.only_left == []
    assert (found.left.stopped, found.right.stopped) == (1, 2)
    assert (found.left.hit, found.right.hit) == (210, 210)
    assert found.finding == "Rechts ligt 1 proces meer stil dan links."
    assert compare(left, left).finding == "De twee uitkomsten zijn gelijk."
    back = compare(right, left)
    assert [row.part.key for row in back.only_left] == ["los"]
    assert back.finding == "Rechts ligt 1 proces minder stil dan links."


@given(st.integers(0, 30), st.integers(1, 120))
def test_every_node_has_a_place_and_none_share_it(seed: int, size: int) -> None:
    register = random_register(seed, size)
    places = spread(register.network)
    assert len(set(places.values())) == len(places) == len(register.network.nodes)
    bands: dict[str, list[int]] = {}
    for key, (_x, y) in places.items():
        bands.setdefault(register.network.node(key).sector, []).append(y)
    ordered = sorted((min(ys), max(ys)) for ys in bands.values())
    assert all(below[1] < above[0] for below, above in pairwise(ordered))


def test_a_big_map_is_wider_than_high_but_not_by_much() -> None:
    places = spread(random_register(3, 400).network)
    width, height = (max(place[i] for place in places.values()) for i in (0, 1))
    assert 0.8 < width / height < 4


def test_a_long_name_breaks_at_its_own_hyphen() -> None:
    assert wrapped(_parted("Zaanstreek-Waterland"), CHARACTERS) == ["Zaanstreek-", "Waterland"]
    assert wrapped(_parted("Noord-Holland Noord"), CHARACTERS) == ["Noord-Holland", "Noord"]
