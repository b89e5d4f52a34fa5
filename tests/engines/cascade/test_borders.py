"""Cascades over borders against one run of the joined map, and what crosses and what does not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.cascade import InvalidOutage, Map, Node, Outage, Requirement, simulate
from brandwacht.engines.cascade.borders import InvalidTimeline, Link, Side, Timeline, Unsettled, checked, settle
from tests.engines.cascade.maps import HORIZON, cases


def node(key: str, restart: int = 0) -> Node:
    return Node(key, key, "sector", "service", restart)


def parted(network: Map, outages: list[Outage], where: Mapping[str, str]) -> tuple[dict[str, Side], list[Link]]:
    """The map cut in sides: `where` says on which side each node lives; a provider elsewhere becomes a stand-in."""
    links: dict[tuple[str, str], Link] = {}
    for need in network.requirements:
        for provider in need.providers:
            giver, taker = where[provider], where[need.node]
            if giver != taker:
                links[taker, provider] = Link(giver, provider, taker, provider)
    sides = {}
    for side in set(where.values()):
        stand_ins = [link.stand_in for link in links.values() if link.taker == side]
        sides[side] = Side(
            Map(
                tuple(n for n in network.nodes if where[n.key] == side or n.key in stand_ins),
                tuple(need for need in network.requirements if where[need.node] == side),
            ),
            [outage for outage in outages if where[outage.node] == side],
            HORIZON,
            shared=[link.shared for link in links.values() if link.giver == side],
            stand_ins=stand_ins,
        )
    return sides, list(links.values())


def foreign(side: str, links: list[Link], agreed: Mapping[tuple[str, str], Timeline]) -> dict[str, Timeline]:
    return {link.stand_in: agreed[link.giver, link.shared] for link in links if link.taker == side}


@settings(max_examples=50, deadline=None)
@given(cases(), st.lists(st.sampled_from("ab"), min_size=6, max_size=6) | st.just(list("abcabc")))
def test_equals_one_run_of_the_joined_map(case: tuple[Map, list[Outage]], places: list[str]) -> None:
    network, outages = case
    where = {found.key: place for found, place in zip(network.nodes, places, strict=False)}
    sides, links = parted(network, outages, where)
    agreed = settle(sides, links)
    joined = simulate(network, outages, HORIZON)
    for name, side in sides.items():
        run = side.run(foreign(name, links, agreed))
        for found in side.network.nodes:
            expected = [(change.minute, change.before, change.after) for change in joined.of(found.key)]
            assert [(change.minute, change.before, change.after) for change in run.of(found.key)] == expected


def agreed_between(
    network: Map, outages: list[Outage], where: Mapping[str, str]
) -> tuple[dict[tuple[str, str], Timeline], dict[str, Side], list[Link]]:
    sides, links = parted(network, outages, where)
    return settle(sides, links), sides, links


def test_what_keeps_each_other_down_over_a_border_stays_down() -> None:
    network = Map(
        (node("stroom"), node("telecom")),
        (Requirement("stroom", "t", ("telecom",)), Requirement("telecom", "s", ("stroom",))),
    )
    agreed, _sides, _links = agreed_between(network, [Outage("stroom", 5, 10)], {"stroom": "a", "telecom": "b"})
    assert agreed == {("a", "stroom"): ((5, "down"),), ("b", "telecom"): ((5, "down"),)}


def test_what_comes_and_goes_within_a_minute_counts_on_the_other_side() -> None:
    """`x` is back at minute 10 through p, and at once lost again through q; `z` and `w` use the moment to start."""
    network = Map(
        tuple(node(key) for key in "pqxzw"),
        (
            Requirement("x", "p", ("p",)),
            Requirement("x", "q", ("q",)),
            Requirement("z", "een van twee", ("x", "w")),
            Requirement("w", "z", ("z",)),
        ),
    )
    outages = [Outage("p", 0, 10), Outage("q", 10, 20), Outage("w", 0, 5)]
    agreed, sides, links = agreed_between(network, outages, dict.fromkeys("pqx", "a") | dict.fromkeys("zw", "b"))
    assert agreed["a", "x"] == ((0, "down"), (10, "up"), (10, "down"), (30, "up"))
    over, joined = sides["b"].run(foreign("b", links, agreed)), simulate(network, outages, HORIZON)
    assert [(change.minute, change.after) for change in over.of("z")] == [(0, "down"), (10, "up")]
    assert over.downtime("z") == joined.downtime("z")


def test_a_path_ends_at_the_stand_in_and_names_nothing_behind_it() -> None:
    network = Map(
        (node("geheim"), node("pomp"), node("dienst")),
        (Requirement("pomp", "geheime voeding", ("geheim",), 1, None, 3), Requirement("dienst", "pomp", ("pomp",))),
    )
    where = {"geheim": "a", "pomp": "a", "dienst": "b"}
    agreed, sides, links = agreed_between(network, [Outage("geheim", 0, 20)], where)
    run = sides["b"].run(foreign("b", links, agreed))
    assert [(change.node, change.cause.kind) for change in run.path("dienst")] == [
        ("pomp", "border"),
        ("dienst", "requirement"),
    ]
    assert [(change.minute, change.after) for change in run.of("pomp")] == [(3, "down"), (20, "up")]
    assert "geheim" not in repr(run) + repr(run.network) + repr(agreed) + str(run.to_json())
    assert {found.key for found in run.network.nodes} == {"pomp", "dienst"}


def test_a_stand_in_has_no_needs_restart_or_repair_of_its_own() -> None:
    network = Map((node("bron"), node("pomp", restart=50)), (Requirement("pomp", "bron", ("bron",)),))
    side = Side(network, [Outage("bron", 0, 5)], HORIZON, shared=(), stand_ins=["pomp"])
    assert side.run({}).of("pomp") == ()
    timeline = ((7, "degraded"), (9, "down"), (11, "degraded"), (12, "up"))
    assert tuple((change.minute, change.after) for change in side.run({"pomp": timeline}).of("pomp")) == timeline


TIMELINES = st.lists(st.tuples(st.integers(0, HORIZON - 1), st.sampled_from(["up", "degraded", "down"])), max_size=6)


@settings(max_examples=50, deadline=None)
@given(TIMELINES)
def test_a_stand_in_does_what_its_timeline_says(raw: list[tuple[int, str]]) -> None:
    side = Side(Map((node("pomp"),), ()), [], HORIZON, shared=["pomp"], stand_ins=["pomp"])
    try:
        timeline = checked(raw, HORIZON)  # type: ignore[arg-type]
    except InvalidTimeline as error:
        assert error.problems
        with pytest.raises(InvalidTimeline):
            side.run({"pomp": tuple(raw)})  # type: ignore[dict-item]
        return
    last = dict(timeline)
    at_the_end = [last[minute] for minute in dict(timeline)]
    told = {change.minute: change.after for change in side.run({"pomp": timeline}).of("pomp")}
    assert all(told[minute] == last[minute] for minute in told)
    assert side.run({"pomp": timeline}).state_at(HORIZON - 1)["pomp"] == (at_the_end or ["up"])[-1]


@pytest.mark.parametrize(
    "raw",
    [
        [(0, "weg")],
        [(-1, "down")],
        [(HORIZON, "down")],
        [(0.5, "down")],
        [(5, "down"), (4, "up")],
        [(5, "down"), (5, "down")],
        [(0, "up")],
        [(5, "degraded"), (5, "down")],
    ],
)
def test_timelines_that_no_node_can_have_are_refused(raw: list[tuple[int, str]]) -> None:
    with pytest.raises(InvalidTimeline, match="Het tijdverloop"):
        checked(raw, HORIZON)  # type: ignore[arg-type]


class Restless:
    """A side that changes its mind whatever the others say."""

    def __init__(self) -> None:
        self.asked = 0

    def ahead(self, foreign: Mapping[str, Timeline], since: int) -> Mapping[str, Timeline]:
        self.asked += 1
        return {"x": ((max(since, 0), "down" if self.asked % 2 else "degraded"),)}


def test_a_side_that_keeps_changing_its_mind_ends_the_exchange() -> None:
    restless = Restless()
    with pytest.raises(Unsettled, match="20 ronden"):
        settle({"a": restless, "b": Restless()}, [Link("a", "x", "b", "x")], rounds=20)
    assert restless.asked == 20


def test_a_side_checks_its_own_outages_and_keys() -> None:
    network = Map((node("pomp"),), ())
    with pytest.raises(InvalidOutage):
        Side(network, [Outage("elders")], HORIZON, shared=(), stand_ins=())
    with pytest.raises(KeyError):
        Side(network, [], HORIZON, shared=["elders"], stand_ins=())
