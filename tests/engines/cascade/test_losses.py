"""One figure for a map: by given scenarios, failure by failure, and by chance on shared random numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.cascade import (
    AddAutonomy,
    AddProvider,
    Budget,
    EnsembleLoss,
    Impact,
    LeaveCommonCause,
    LowerRate,
    Map,
    Measure,
    Node,
    Origin,
    Outage,
    Requirement,
    Scenario,
    ScenarioLoss,
    ShortenRepair,
    ShortenRestart,
    Spread,
    Step,
    YearlyLoss,
    apply,
    best_portfolio,
    saved_without,
)
from brandwacht.engines.cascade.model import CommonCause

MAP = Map(
    (
        Node("net", "Net", "e", "service", 0, 120, None, 2.0),
        Node("mast1", "Mast 1", "t", "asset", 30, None, Spread("exponential", mode=240), 6.0),
        Node("mast2", "Mast 2", "t", "asset", 30, None, Spread("exponential", mode=240), 6.0),
        Node("bellen", "Bellen", "h", "process", 15, impact=(Impact("physical", 1, 10),)),
        Node("pomp", "Pomp", "w", "process", impact=(Impact("ecological", 1, 4),)),
    ),
    (
        Requirement("mast1", "net", ("net",), autonomy=60),
        Requirement("mast2", "net", ("net",), autonomy=60),
        Requirement("bellen", "mast", ("mast1", "mast2"), degraded_at=2),
        Requirement("pomp", "net", ("net",), coupling=0.5),
    ),
    (CommonCause("terrein", "Terrein", "building", ("mast1", "mast2"), 1.0, Spread("triangular", 60, 300, 900)),),
)


def with_(*steps: Step) -> Map:
    return apply(MAP, [Measure("m", "M", steps)])


def test_given_outages_without_chance_cost_what_the_scenario_costs() -> None:
    sure = Map(MAP.nodes, (*MAP.requirements[:3], Requirement("pomp", "net", ("net",))), MAP.common_causes)
    outages = (Outage("net", 0, 300), Outage("mast1", 10, 600))
    chance = EnsembleLoss(runs=8, horizon=1440, outages=outages)
    assert chance(sure) == pytest.approx(ScenarioLoss([Scenario(outages, 1.0, 1440)])(sure))


def test_chance_and_failure_by_failure_agree_where_failures_hardly_meet() -> None:
    """The spread of repair times is left out of one and the horizon cuts the other, so some tenths apart."""
    one = Map(
        (
            Node("net", "Net", "e", "service", 0, 120, None, 4.0),
            Node("pomp", "Pomp", "w", "process", impact=(Impact("ecological", 0, 4),)),
        ),
        (Requirement("pomp", "net", ("net",)),),
    )
    yearly = YearlyLoss()(one)
    assert yearly == pytest.approx(4.0 * 2 * 4)
    assert EnsembleLoss(runs=20_000, seed=3)(one) == pytest.approx(yearly, rel=0.15)


def test_a_coupling_of_a_half_costs_half() -> None:
    outages = (Outage("net", 0, 300),)
    loss = EnsembleLoss(runs=4000, horizon=1440, outages=outages, weights={"ecological": 1.0})
    assert loss(MAP) == pytest.approx(5 * 4 / 2, rel=0.1)


def test_the_same_numbers_give_the_same_figure_and_other_seeds_another() -> None:
    loss = EnsembleLoss(runs=2000, seed=5)
    assert loss(MAP) == loss(MAP)
    assert loss(MAP) != EnsembleLoss(runs=2000, seed=6)(MAP)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                AddAutonomy("mast1", "net", 120),
                AddAutonomy("mast2", "net", 30),
                AddProvider("pomp", "net", "mast1"),
                ShortenRestart("mast1", 0),
                ShortenRestart("bellen", 5),
                ShortenRepair(Origin("common", "terrein"), 60),
                LeaveCommonCause("terrein", ("mast2",)),
            ]
        ),
        min_size=1,
        max_size=4,
    ),
    st.integers(0, 99),
)
def test_what_makes_no_failure_come_sooner_costs_less_on_the_same_numbers(steps: list[Step], seed: int) -> None:
    loss = EnsembleLoss(runs=200, seed=seed)
    assert loss(with_(*steps)) <= loss(MAP) + 1e-9


def test_chance_ranks_failures_and_sees_rarer_ones() -> None:
    loss = EnsembleLoss(runs=4000, seed=1)
    ranked = saved_without(MAP, loss)
    assert {origin.key for origin, _ in ranked} == {"net", "mast1", "mast2", "terrein"}
    assert ranked[0][0] == Origin("common", "terrein")
    assert all(saved >= 0 for _, saved in ranked)
    assert loss(with_(LowerRate(Origin("common", "terrein"), 0.1))) < loss(MAP)


def test_a_portfolio_can_be_chosen_by_chance() -> None:
    measures = [
        Measure("scheiden", "Mast 2 elders", (LeaveCommonCause("terrein", ("mast2",)),), 50_000),
        Measure("snel", "Sneller opstarten", (ShortenRestart("bellen", 0),), 50_000),
    ]
    advice = best_portfolio(MAP, measures, Budget(60_000), EnsembleLoss(runs=1000))
    assert advice.best.keys == ("scheiden",)
    assert advice.best.effect > 0
