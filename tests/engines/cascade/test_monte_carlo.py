"""Monte Carlo: chances come out as stated, and what is compared shares its random numbers."""

import math
import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.cascade import (
    INTERESTS,
    CommonCause,
    Ensemble,
    Impact,
    InvalidOutage,
    Kernel,
    Map,
    Node,
    Outage,
    Requirement,
    Spread,
    monte_carlo,
    simulate,
)
from tests.engines.cascade.maps import scattered

SEEDS = st.integers(0, 2**32)


def alone(**more: object) -> Map:
    return Map((Node("a", "A", "s", "asset", **more),), ())  # type: ignore[arg-type]


def changed(network: Map, key: str, change: Callable[[Node], Node]) -> Map:
    nodes = tuple(change(node) if node.key == key else node for node in network.nodes)
    return Map(nodes, network.requirements, network.common_causes)


@pytest.mark.parametrize("rate", [1.0, 60.0, 2000.0])
def test_a_node_fails_as_often_as_its_rate_says(compiled: Kernel, rate: float) -> None:
    """It works for an exponential time and is then repaired: down a share r / (r + 1 / rate) of a long time."""
    network = alone(failures_per_year=rate, repair=50)
    runs, horizon = 20_000, 4320
    down = monte_carlo(network, runs=runs, seed=1, horizon=horizon, kernel=compiled).minutes("a")[1]
    ever = 1 - math.exp(-rate * horizon / 525_600)
    assert (down > 0).mean() == pytest.approx(ever, abs=4 * math.sqrt(ever / runs))
    works = 525_600 / rate
    # The first repairs come a little late for it: at the start everything works.
    share = 50 / (50 + works)
    assert down.mean() / horizon == pytest.approx(share, rel=0.02, abs=4 * down.std() / horizon / math.sqrt(runs))


def test_the_minute_of_a_failure_is_spread_over_the_window() -> None:
    network = alone(failures_per_year=10.0)
    horizon = 4320
    down = monte_carlo(network, runs=6000, seed=3, horizon=horizon).minutes("a")[1]
    began = (horizon - down[down > 0]) / horizon
    assert began.min() >= 0
    for share in (0.25, 0.5, 0.75):
        at = (1 - math.exp(-10 * horizon * share / 525_600)) / (1 - math.exp(-10 * horizon / 525_600))
        assert (began < share).mean() == pytest.approx(at, abs=0.08)


@settings(max_examples=25)
@given(SEEDS, st.integers(1, 40), st.integers(1, 40))
def test_the_first_runs_do_not_depend_on_how_many_there_are(seed: int, few: int, more: int) -> None:
    network = scattered(random.Random(seed), 8)
    short = monte_carlo(network, runs=few, seed=seed, horizon=500)
    long = monte_carlo(network, runs=few + more, seed=seed, horizon=500)
    assert np.array_equal(short.downtime, long.downtime[:few])


@settings(max_examples=25)
@given(SEEDS)
def test_a_change_to_one_node_leaves_every_other_draw_as_it_was(seed: int) -> None:
    """Without requirements nothing passes from node to node, so all others must be the same to the minute."""
    network = scattered(random.Random(seed), 12, most=0)
    base = monte_carlo(network, runs=40, seed=seed, horizon=2000)
    others = [place for place, node in enumerate(network.nodes) if node.key != "n3"]
    for change in (
        lambda node: replace(node, failures_per_year=900.0),
        lambda node: replace(node, failures_per_year=0.0),
        lambda node: replace(node, repair_spread=Spread("fixed", mode=77)),
    ):
        other = monte_carlo(changed(network, "n3", change), runs=40, seed=seed, horizon=2000)
        assert np.array_equal(base.downtime[:, others], other.downtime[:, others])
    grown = Map((Node("nieuw", "N", "s", "asset", failures_per_year=50.0), *network.nodes), (), network.common_causes)
    other = monte_carlo(grown, runs=40, seed=seed, horizon=2000)
    assert np.array_equal(base.downtime, other.downtime[:, 1:])


@settings(max_examples=25)
@given(SEEDS, st.floats(0.1, 400), st.floats(0.1, 1))
def test_a_lower_rate_or_a_shorter_repair_never_makes_a_run_worse(seed: int, rate: float, factor: float) -> None:
    def down(failures: float, minutes: float) -> "np.ndarray[tuple[int], np.dtype[np.int32]]":
        network = alone(failures_per_year=failures, repair_spread=Spread("exponential", mode=minutes))
        return monte_carlo(network, runs=60, seed=seed, horizon=1000).minutes("a")[1]

    assert ((down(rate * factor, 30) > 0) <= (down(rate, 30) > 0)).all()
    # With one failure a run at most, all of it is shorter.
    once = down(rate * factor, 10_000), down(rate, 10_000)
    assert (once[0] <= once[1]).mean() > 0.9


def test_a_coupling_is_felt_in_its_share_of_the_runs() -> None:
    nodes = tuple(Node(key, key, "s", "asset") for key in "abc")
    network = Map(nodes, (Requirement("b", "x", ("a",), coupling=0.3), Requirement("c", "x", ("a",), coupling=0.9)))
    found = monte_carlo(network, runs=4000, seed=5, horizon=10, outages=[Outage("a", 0, 5)])
    b, c = (found.minutes(key)[1] == 5 for key in "bc")
    assert found.minutes("a")[1].tolist() == [5] * 4000
    assert b.mean() == pytest.approx(0.3, abs=0.035)
    assert c.mean() == pytest.approx(0.9, abs=0.025)
    assert (b & c).mean() == pytest.approx(0.27, abs=0.035)
    assert simulate(network, [Outage("a", 0, 5)], 10).downtime("b") == (0, 5)
    # The coupling of one changes nothing for the other, and a stronger one is felt in the same runs and more.
    tighter = Map(nodes, (Requirement("b", "x", ("a",), coupling=0.5), network.requirements[1]))
    other = monte_carlo(tighter, runs=4000, seed=5, horizon=10, outages=[Outage("a", 0, 5)])
    assert np.array_equal(other.minutes("c")[1] == 5, c)
    assert (b <= (other.minutes("b")[1] == 5)).all()


def test_a_common_cause_takes_all_its_members_for_the_same_time() -> None:
    nodes = tuple(Node(key, key, "s", "asset") for key in "abc")
    cause = CommonCause("kabel", "Kabel", "cable", ("c", "a"), 40.0, Spread("triangular", 10, 60, 400))
    found = monte_carlo(Map(nodes, (), (cause,)), runs=500, seed=6)
    a, b, c = (found.minutes(key)[1] for key in "abc")
    assert np.array_equal(a, c)
    assert 0.2 < (a > 0).mean() < 0.4
    assert not b.any()
    # At two failures in one run the times add up, so that only most of them stay within one draw.
    assert (a[a > 0] >= 10).all()


def test_given_outages_happen_in_every_run_and_nothing_else_does() -> None:
    network = Map(
        (
            Node("a", "A", "s", "asset", repair_spread=Spread("triangular", 10, 20, 30), failures_per_year=500.0),
            Node("b", "B", "s", "asset", repair=7, failures_per_year=500.0),
            Node("c", "C", "s", "asset", failures_per_year=500.0),
        ),
        (),
    )
    found = monte_carlo(
        network, runs=50, seed=7, horizon=100, outages=[Outage("a", 3), Outage("b"), Outage("b", 50, 4)]
    )
    a = found.minutes("a")[1]
    assert set(a) <= set(range(10, 31))
    assert len(set(a)) > 5
    assert set(found.minutes("b")[1]) == {11}
    assert not found.minutes("c")[1].any()
    assert not monte_carlo(network, runs=3, seed=7, outages=[Outage("a", 0, 0)]).run.size


def test_impact_adds_up_by_interest_region_and_node() -> None:
    network = Map(
        (
            Node("a", "A", "s", "asset", region="west", impact=(Impact("economic", 0, 60), Impact("heritage", 0, 6))),
            Node("b", "B", "s", "service", region="oost", impact=(Impact("economic", 30, 600),)),
            Node("c", "C", "s", "process"),
        ),
        (Requirement("b", "x", ("a",), effect="degraded", autonomy=4), Requirement("c", "x", ("b",))),
    )
    found = monte_carlo(network, runs=2, seed=1, horizon=60, outages=[Outage("a", 0, 10), Outage("b", 20, 1)])
    economic, heritage = INTERESTS.index("economic"), INTERESTS.index("heritage")
    assert found.impact[:, economic].tolist() == [10 + 3 + 10] * 2
    assert found.impact[:, heritage].tolist() == [1] * 2
    assert found.impact.sum() == 48
    assert found.region_impact("west").sum(axis=1).tolist() == [11] * 2
    assert found.region_impact("oost").sum(axis=1).tolist() == [13] * 2
    assert not found.region_impact("noord").any()
    assert found.node_impact[:, economic].tolist() == pytest.approx([10, 13, 0])
    assert found.mean_minutes.tolist() == [[0, 10], [6, 1], [6, 1]]
    losses, shares = found.exceedance("economic")
    assert (losses.tolist(), shares.tolist()) == ([23], [1])
    assert found.exceedance("economic", "west")[0].tolist() == [10]
    assert found.exceedance("physical")[0].size == 0
    assert found.windows_per_year == 8760


def test_the_loss_exceedance_curve_says_how_many_runs_lose_at_least_so_much() -> None:
    network = alone(
        failures_per_year=60.0, repair_spread=Spread("lognormal", 0, 60, 900), impact=(Impact("physical", 0, 60),)
    )
    found: Ensemble = monte_carlo(network, runs=400, seed=8)
    losses, shares = found.exceedance()
    total = found.impact.sum(axis=1)
    assert list(losses) == sorted(set(total) - {0})
    assert shares.tolist() == [(total >= loss).mean() for loss in losses]
    assert found.exceedance("physical")[0].tolist() == losses.tolist()


def test_impossible_questions_are_refused() -> None:
    with pytest.raises(InvalidOutage, match="Er zijn 0 runs gevraagd; neem er 1 of meer"):
        monte_carlo(alone(), runs=0, seed=1)
    with pytest.raises(InvalidOutage, match="bestaat niet op deze kaart"):
        monte_carlo(alone(), runs=1, seed=1, outages=[Outage("z")])
    assert not monte_carlo(alone(), runs=5, seed=1).run.size
