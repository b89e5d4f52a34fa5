"""One kernel, three ways: as plain formulas, in pure Python and compiled."""

import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.cascade import (
    INTERESTS,
    PURE,
    Kernel,
    Map,
    Node,
    Outage,
    Played,
    Requirement,
    Simulator,
    State,
    each_alone,
    load,
    monte_carlo,
    play_many,
    simulate,
)
from brandwacht.engines.cascade import compiled as engine
from brandwacht.engines.cascade.compiled import home
from tests.engines.cascade.maps import outages, scattered
from tests.engines.cascade.naive import play

SEEDS = st.integers(0, 2**32)
HORIZON = 35


def same(one: Played, other: Played) -> bool:
    return all(
        np.array_equal(getattr(one, column), getattr(other, column)) for column in ("run", "node", "degraded", "down")
    )


@settings(max_examples=40)
@given(SEEDS)
def test_every_change_comes_in_the_minute_that_the_formulas_say(compiled: Kernel, seed: int) -> None:
    """Fifty maps an example, with circles, buffers, restart, spares and strain, against the naive simulator."""
    chance = random.Random(seed)
    for _ in range(50):
        network = scattered(chance, chance.randint(2, 6))
        case = outages(chance, network)
        states: dict[str, State] = {node.key: "up" for node in network.nodes}
        expected = []
        for minute, now in enumerate(play(network, case, HORIZON)):
            expected += [(minute, key, states[key], now[key]) for key in sorted(now) if now[key] != states[key]]
            states = now
        run = Simulator(network, compiled).run(case, HORIZON)
        found = [(change.minute, change.node, change.before, change.after) for change in run.changes]
        assert sorted(found, key=lambda each: each[:2]) == expected
        assert [each[0] for each in found] == [each[0] for each in expected]


@settings(max_examples=40)
@given(SEEDS)
def test_compiled_and_in_pure_python_it_gives_the_same_bits(compiled: Kernel, seed: int) -> None:
    chance = random.Random(seed)
    network = scattered(chance, chance.randint(2, 60), minutes=chance.choice((9, 200)))
    horizon = chance.choice((20, 1000))
    cases = [outages(chance, network, most=6, minutes=100) for _ in range(5)]
    for case in cases:
        plain, fast = Simulator(network, PURE).run(case, horizon), Simulator(network, compiled).run(case, horizon)
        assert plain.to_json() == fast.to_json()
    assert same(play_many(network, cases, horizon, PURE), play_many(network, cases, horizon, compiled))
    alone = [each_alone(network, horizon=horizon, watch=["n1"], kernel=kernel) for kernel in (PURE, compiled)]
    for column in ("degraded", "down", "minutes", "impact"):
        assert np.array_equal(getattr(alone[0], column), getattr(alone[1], column))
    assert np.array_equal(alone[0].hits["n1"], alone[1].hits["n1"])
    for case in ([], cases[0]):
        ensembles = [
            monte_carlo(network, runs=30, seed=seed, horizon=horizon, outages=case, kernel=kernel)
            for kernel in (PURE, compiled)
        ]
        assert same(*ensembles)
        assert np.array_equal(ensembles[0].impact, ensembles[1].impact)


@settings(max_examples=40)
@given(SEEDS)
def test_counting_minutes_alone_agrees_with_the_record_of_every_change(seed: int) -> None:
    chance = random.Random(seed)
    network = scattered(chance, chance.randint(2, 12))
    cases = [outages(chance, network) for _ in range(4)]
    found = play_many(network, cases, HORIZON)
    for number, case in enumerate(cases):
        run = simulate(network, case, HORIZON)
        for place, node in enumerate(network.nodes):
            minutes = tuple(int(each[number]) for each in found.minutes(node.key))
            assert minutes == run.downtime(node.key) == tuple(found.downtime[number, place])


@settings(max_examples=25)
@given(SEEDS)
def test_every_node_alone_is_the_same_as_one_by_one(seed: int) -> None:
    chance = random.Random(seed)
    network = scattered(chance, chance.randint(2, 12))
    duration = chance.choice((None, 0, 7))
    alone = each_alone(network, duration=duration, horizon=HORIZON, watch=["n0", "n1"])
    hits: dict[str, list[list[int]]] = {"n0": [], "n1": []}
    for place, failing in enumerate(network.nodes):
        run = simulate(network, [Outage(failing.key, 0, HORIZON if duration is None else duration)], HORIZON)
        minutes = {node.key: run.downtime(node.key) for node in network.nodes}
        others = [minutes[node.key] for node in network.nodes if node is not failing]
        assert alone.down[place] == sum(down > 0 for _, down in others)
        assert alone.degraded[place] == sum(degraded > 0 and not down for degraded, down in others)
        assert list(alone.minutes[place]) == [sum(each) for each in zip(*others, strict=True)]
        for interest in ("economic", "heritage"):
            points = sum(
                (impact.degraded * minutes[node.key][0] + impact.down * minutes[node.key][1]) / 60
                for node in network.nodes
                for impact in node.impact
                if impact.interest == interest
            )
            assert alone.impact[place, INTERESTS.index(interest)] == pytest.approx(points)
        for key, rows in hits.items():
            if key != failing.key and any(minutes[key]):
                rows.append([place, *minutes[key]])
    assert {key: rows.tolist() for key, rows in alone.hits.items()} == hits


def chain(size: int) -> Map:
    nodes = tuple(Node(f"n{place}", "N", "s", "asset") for place in range(size))
    return Map(nodes, tuple(Requirement(f"n{place}", "r", (f"n{place - 1}",)) for place in range(1, size)))


@pytest.mark.parametrize("name", ["pure Python", "numba"])
def test_lists_that_are_too_short_are_made_longer(compiled: Kernel, name: str) -> None:
    kernel = {each.name: each for each in (PURE, compiled)}[name]
    network = chain(300)
    run = Simulator(network, kernel).run([Outage("n0")], 10)
    assert [change.node for change in run.changes] == [f"n{place}" for place in range(300)]
    many = [Outage("n299", 2 * start, 1) for start in range(400)]
    assert len(Simulator(network, kernel).run(many, 4320).changes) == 800
    assert list(play_many(network, [many, [Outage("n0")]], 900, kernel).down) == [400, *[900] * 300]


def test_times_beyond_what_is_played_change_nothing() -> None:
    far = 10**15
    network = Map(
        (
            Node("a", "A", "s", "asset", repair=far),
            Node("b", "B", "s", "asset", restart=far),
            Node("c", "C", "s", "asset"),
        ),
        (Requirement("b", "r", ("a",)), Requirement("c", "r", ("a",), autonomy=far)),
    )
    run = simulate(network, [Outage("a"), Outage("c", far, far)], 2 * far)
    assert [(change.minute, change.node) for change in run.changes] == [(0, "a"), (0, "b")]


def test_threads_share_a_simulator(compiled: Kernel) -> None:
    chance = random.Random(7)
    network = scattered(chance, 200)
    cases = [outages(chance, network, minutes=200) for _ in range(40)]
    simulator = Simulator(network, compiled)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda case: simulator.run(case, 500), cases))
    assert found == [Simulator(network, PURE).run(case, 500) for case in cases]


def test_what_was_compiled_is_used_once_it_is_loaded(
    compiled: Kernel, kernels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_current", PURE)
    assert load(kernels)
    assert load(kernels)
    assert engine.current().name == compiled.name == "numba"
    assert simulate(chain(3), [Outage("n0")], 10) == Simulator(chain(3), PURE).run([Outage("n0")], 10)


def test_the_engine_comes_without_the_compiler() -> None:
    command = "import brandwacht.engines.cascade, sys; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", command], check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"


def test_nothing_is_loaded_that_was_not_compiled(tmp_path: Path) -> None:
    assert not load(tmp_path)
    home(tmp_path).mkdir(parents=True)
    assert not load(tmp_path)
