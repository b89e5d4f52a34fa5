"""The simulation against the formulas, closed forms and things that must stay the same."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.cascade import (
    STATES,
    Cause,
    Change,
    InvalidOutage,
    Map,
    Node,
    Outage,
    Requirement,
    Run,
    Simulator,
    State,
    simulate,
)
from tests.engines.cascade.maps import HORIZON, cases
from tests.engines.cascade.naive import play


def node(key: str, restart: int = 0, repair: int | None = None) -> Node:
    return Node(key, key, "sector", "service", restart, repair)


def history(run: Run, horizon: int) -> list[dict[str, State]]:
    return [run.state_at(minute) for minute in range(horizon)]


@settings(max_examples=400, deadline=None)
@given(cases())
def test_agrees_with_the_formulas_minute_by_minute(case: tuple[Map, list[Outage]]) -> None:
    network, outages = case
    run = simulate(network, outages, HORIZON)
    expected = play(network, outages, HORIZON)
    assert history(run, HORIZON) == expected
    for found in network.nodes:
        states = [states[found.key] for states in expected]
        assert run.downtime(found.key) == (states.count("degraded"), states.count("down"))
        assert run.first_down(found.key) == (states.index("down") if "down" in states else None)
        hit = [minute for minute, state in enumerate(states) if state != "up"]
        assert run.first_hit(found.key) == (hit[0] if hit else None)


@settings(max_examples=300, deadline=None)
@given(cases())
def test_every_path_leads_from_an_outage_through_linked_causes(case: tuple[Map, list[Outage]]) -> None:
    network, outages = case
    run = simulate(network, outages, HORIZON)
    for found in network.nodes:
        path = run.path(found.key)
        if run.first_hit(found.key) is None:
            assert path == []
            continue
        assert path[0].cause.kind == "outage"
        assert (path[-1].node, path[-1].minute) == (found.key, run.first_hit(found.key))
        assert all(change.worse for change in path)
        for earlier, later in pairwise(path):
            assert earlier.minute <= later.minute
            assert later.cause.kind == "requirement"
            assert earlier.node in later.cause.providers


@settings(max_examples=300, deadline=None)
@given(cases(), st.integers(0, 20))
def test_more_outage_never_makes_anything_better(case: tuple[Map, list[Outage]], longer: int) -> None:
    network, outages = case
    first, *others = outages
    lasts = network.node(first.node).repair if first.duration is None else first.duration
    worse = [Outage(first.node, first.start, None if lasts is None else lasts + longer, "down"), *others]
    if lasts is None:
        worse[0] = Outage(first.node, first.start, HORIZON, "down")
    run, other = simulate(network, outages, HORIZON), simulate(network, worse, HORIZON)
    for before, after in zip(history(run, HORIZON), history(other, HORIZON), strict=True):
        assert all(STATES.index(before[key]) <= STATES.index(after[key]) for key in before)


@settings(max_examples=200, deadline=None)
@given(cases(), st.integers(1, 50))
def test_starting_later_shifts_everything(case: tuple[Map, list[Outage]], shift: int) -> None:
    network, outages = case
    run = simulate(network, outages, HORIZON)
    later = [Outage(outage.node, outage.start + shift, outage.duration, outage.state) for outage in outages]
    shifted = simulate(network, later, HORIZON + shift)
    assert [(change.minute + shift, change.node, change.after) for change in run.changes] == [
        (change.minute, change.node, change.after) for change in shifted.changes
    ]


@settings(max_examples=200, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(case: tuple[Map, list[Outage]], random: object) -> None:
    network, outages = case
    nodes, requirements, shuffled = list(network.nodes), list(network.requirements), list(outages)
    for values in (nodes, requirements, shuffled):
        random.shuffle(values)  # type: ignore[attr-defined]
    other = simulate(Map(tuple(nodes), tuple(requirements)), shuffled, HORIZON)
    assert history(other, HORIZON) == history(simulate(network, outages, HORIZON), HORIZON)


@settings(max_examples=200, deadline=None)
@given(cases(), st.integers(1, HORIZON))
def test_a_shorter_horizon_is_a_prefix(case: tuple[Map, list[Outage]], horizon: int) -> None:
    network, outages = case
    whole = simulate(network, outages, HORIZON)
    short = simulate(network, outages, horizon)
    assert short.changes == tuple(change for change in whole.changes if change.minute < horizon)


@settings(max_examples=100, deadline=None)
@given(cases(), st.integers(1, HORIZON))
def test_a_simulator_remembers_nothing_of_earlier_runs(case: tuple[Map, list[Outage]], horizon: int) -> None:
    network, outages = case
    simulator = Simulator(network)
    simulator.run(outages, horizon)
    assert simulator.run(outages[::-1], HORIZON) == simulate(network, outages[::-1], HORIZON)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_one_buffer_in_closed_form(start: int, lasts: int, autonomy: int, restart: int) -> None:
    """Down from start + autonomy until start + lasts + restart, if the outage outlasts the buffer."""
    network = Map(
        (node("stroom"), node("server", restart)), (Requirement("server", "stroom", ("stroom",), 1, None, autonomy),)
    )
    run = simulate(network, [Outage("stroom", start, lasts)], 5000)
    hit = lasts > autonomy
    assert run.first_down("server") == (start + autonomy if hit else None)
    assert run.downtime("server") == (0, lasts + restart - autonomy if hit else 0)


@given(st.lists(st.integers(0, 300), min_size=1, max_size=12))
def test_a_chain_adds_its_buffers(buffers: list[int]) -> None:
    nodes = [node(f"n{place}") for place in range(len(buffers) + 1)]
    needs = [
        Requirement(f"n{place + 1}", "vorige", (f"n{place}",), 1, None, size) for place, size in enumerate(buffers)
    ]
    run = simulate(Map(tuple(nodes), tuple(needs)), [Outage("n0")], 4320)
    assert run.first_down(nodes[-1].key) == sum(buffers)
    assert [change.node for change in run.path(nodes[-1].key)] == [found.key for found in nodes]


def test_causes_name_the_requirement_and_the_providers_that_failed() -> None:
    network = Map((node("a"), node("b"), node("c", restart=5)), (Requirement("c", "lijnen", ("a", "b"), 1, None, 10),))
    run = simulate(network, [Outage("a", 0, 100), Outage("b", 20, 30)], 200)
    assert run.of("c") == (
        Change(30, "c", "up", "down", Cause("requirement", 20, "lijnen", ("a", "b"))),
        Change(55, "c", "down", "up", Cause("restored", 50)),
    )
    assert [change.node for change in run.path("c")] == ["b", "c"]


def test_degraded_providers_work_but_degrade() -> None:
    network = Map(
        tuple(node(key) for key in "abcx"),
        (Requirement("x", "twee van drie", ("a", "b", "c"), 2, None, 0),),
    )

    def states(*outages: Outage) -> str:
        return simulate(network, outages, 10).state_at(0)["x"]

    assert states(Outage("a", state="degraded")) == "up"
    assert states(Outage("a", state="degraded"), Outage("b", state="degraded")) == "degraded"
    assert states(Outage("a"), Outage("b", state="degraded")) == "degraded"
    assert states(Outage("a"), Outage("b")) == "down"


def test_a_lost_spare_degrades_when_asked() -> None:
    network = Map(
        tuple(node(key) for key in "abx"), (Requirement("x", "lijnen", ("a", "b"), 1, degraded_at=2, autonomy=3),)
    )
    run = simulate(network, [Outage("a", 0, 20), Outage("b", 5, 10)], 60)
    assert [(change.minute, change.after) for change in run.of("x")] == [
        (3, "degraded"),
        (8, "down"),
        (15, "degraded"),
        (20, "up"),
    ]


def test_supply_in_the_minute_the_buffer_ends_is_in_time() -> None:
    network = Map((node("a"), node("b")), (Requirement("b", "a", ("a",), 1, None, 10),))
    assert simulate(network, [Outage("a", 0, 10)], 60).first_hit("b") is None
    assert simulate(network, [Outage("a", 0, 11)], 60).downtime("b") == (0, 1)


def test_a_circle_without_buffers_stays_down() -> None:
    network = Map(
        (node("stroom"), node("telecom")),
        (Requirement("stroom", "t", ("telecom",)), Requirement("telecom", "s", ("stroom",))),
    )
    run = simulate(network, [Outage("stroom", 5, 10)], 100)
    assert run.state_at(99) == {"stroom": "down", "telecom": "down"}
    assert [change.node for change in run.path("telecom")] == ["stroom", "telecom"]


def test_overlapping_outages_end_when_the_last_one_ends() -> None:
    run = simulate(Map((node("a"),), ()), [Outage("a", 0, 10), Outage("a", 5, 10), Outage("a", 12, 8, "degraded")], 60)
    assert [(change.minute, change.after) for change in run.changes] == [(0, "down"), (15, "degraded"), (20, "up")]


def test_repair_time_counts_when_there_is_no_duration() -> None:
    network = Map((node("a", repair=30), node("b"), node("c", repair=0)), ())
    run = simulate(network, [Outage("a", 10), Outage("b", 10), Outage("c", 10)], 100)
    assert (run.downtime("a"), run.downtime("b"), run.downtime("c")) == ((0, 30), (0, 90), (0, 0))


def test_impossible_outages_are_all_named() -> None:
    with pytest.raises(InvalidOutage) as caught:
        simulate(Map((node("a"),), ()), [Outage("q"), Outage("a", -1, -2, "up")], 0)  # type: ignore[arg-type]
    assert caught.value.problems == (
        "De looptijd is 0 minuten; neem 1 of meer.",
        "Uitval van 'q': dit onderdeel bestaat niet op deze kaart.",
        "Uitval van 'a' begint op minuut -1; neem 0 of meer.",
        "Uitval van 'a' duurt -2 minuten; neem 0 of meer, of laat de duur leeg.",
        "Uitval van 'a' heeft toestand 'up'; kies uit degraded, down.",
    )
