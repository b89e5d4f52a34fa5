"""N-1: what one failure costs, against playing it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from brandwacht.engines.cascade import (
    CommonCause,
    Impact,
    LeaveCommonCause,
    LowerRate,
    Map,
    Measure,
    Node,
    Origin,
    Outage,
    Requirement,
    Spread,
    YearlyLoss,
    apply,
    criticalities,
    losses_of,
    saved_without,
    simulate,
    weighted,
)
from brandwacht.engines.cascade.logic import Logic
from tests.engines.cascade.maps import HORIZON, maps

MAP = Map(
    (
        Node("net", "Net", "e", "service", 0, 240, None, 0.5),
        Node("lijn", "Lijn", "t", "service", 0, None, Spread("fixed", mode=60), 4.0),
        Node("lift", "Lift", "b", "asset"),
        Node("112", "112", "h", "process", impact=(Impact("physical", 2, 10), Impact("stability", 0, 1))),
        Node("licht", "Licht", "h", "process", impact=(Impact("stability", 1, 2),)),
    ),
    (
        Requirement("112", "lijn", ("lijn",), effect="degraded"),
        Requirement("112", "net", ("net",), autonomy=120),
        Requirement("licht", "net", ("net",)),
    ),
    (CommonCause("graven", "Graven", "cable", ("net", "lijn"), 0.1, Spread("fixed", mode=600)),),
)


def test_every_origin_is_ranked_by_what_it_costs() -> None:
    found = criticalities(MAP, ["112", "licht"], horizon=1440)
    by = {each.origin.key: each for each in found}
    assert [each.origin.key for each in found] == ["112", "graven", "licht", "net", "lijn", "lift"]
    net = by["net"]
    assert (net.hurts, net.stops, net.first, net.lasts) == (("licht", "112"), ("licht", "112"), 0, 240)
    assert (net.degraded, net.down) == (0, 240 + 120)
    assert net.losses["physical"] == pytest.approx(2 * 10)
    assert net.loss == pytest.approx(2 * 10 + 2 * 1 + 4 * 2)
    assert net.expected == pytest.approx(0.5 * net.loss)
    line = by["lijn"]
    assert (line.hurts, line.stops, line.degraded, line.loss) == (("112",), (), 60, pytest.approx(2))
    digging = by["graven"]
    assert (digging.origin.kind, digging.lasts, digging.down) == ("common", 600, 600 + 480)
    assert (by["lift"].hurts, by["lift"].first, by["lift"].loss) == ((), None, 0)
    assert by["112"].hurts == ()


def test_one_time_for_all_compares_places_and_weights_count() -> None:
    same = criticalities(MAP, ["112"], horizon=1440, lasts=60)
    assert {each.lasts for each in same} == {60}
    stable = criticalities(MAP, ["112"], horizon=1440, weights={"stability": 2.0})
    assert next(each for each in stable if each.origin.key == "net").loss == pytest.approx(2 * (2 * 1 + 4 * 2))
    with pytest.raises(KeyError):
        criticalities(MAP, ["q"])


def test_a_failure_lasts_its_own_time() -> None:
    assert {each.origin.key: each.lasts for each in criticalities(MAP, [])} == {
        "net": 240,
        "lijn": 60,
        "lift": None,
        "112": None,
        "licht": None,
        "graven": 600,
    }


def test_the_loss_a_year_is_what_failures_cost_times_how_often_they_come() -> None:
    loss = YearlyLoss(horizon=1440)
    assert loss(MAP) == pytest.approx(sum(each.expected for each in criticalities(MAP, [], horizon=1440)))
    rarer = apply(
        MAP, [Measure("m", "M", (LowerRate(Origin("node", "net"), 0.0), LeaveCommonCause("graven", ("lijn",))))]
    )
    net, line = 480 / 60 * 10 + 480 / 60 * 1 + 600 / 60 * 2, 60 / 60 * 2
    assert loss(rarer) == pytest.approx(0.1 * net + 4.0 * line)
    assert YearlyLoss({"stability": 1.0}, 1440)(rarer) == pytest.approx(0.1 * (8 * 1 + 10 * 2))


def test_what_would_be_saved_without_a_failure() -> None:
    found = saved_without(MAP, YearlyLoss(horizon=1440))
    assert [origin.key for origin, _ in found] == ["net", "graven", "lijn"]
    expected = {each.origin: each.expected for each in criticalities(MAP, [], horizon=1440)}
    assert all(saved == pytest.approx(expected[origin]) for origin, saved in found)
    assert saved_without(MAP, YearlyLoss(), [Origin("node", "lift")]) == [(Origin("node", "lift"), 0.0)]


@settings(max_examples=25, deadline=None)
@given(maps())
def test_what_is_told_is_what_playing_it_shows(network: Map) -> None:
    network = replace(network, nodes=tuple(replace(node, impact=(Impact("economic", 1, 3),)) for node in network.nodes))
    vital = [node.key for node in network.nodes[:2]]
    for each in criticalities(network, vital, horizon=HORIZON):
        run = simulate(network, [Outage(each.origin.key, 0, each.lasts)], HORIZON)
        times = [run.downtime(key) for key in vital]
        assert (each.degraded, each.down) == (sum(one for one, _ in times), sum(other for _, other in times))
        assert each.loss == pytest.approx(weighted(losses_of(run)))
        assert set(each.hurts) == {key for key in vital if run.first_hit(key) is not None} - {each.origin.key}


@settings(max_examples=25, deadline=None)
@given(maps())
def test_who_falls_for_good_is_what_the_logic_says(network: Map) -> None:
    logic = Logic(network)
    horizon = 1 + sum(need.autonomy for need in network.requirements)
    keys = [node.key for node in network.nodes]
    for each in criticalities(network, keys, horizon=horizon, lasts=horizon):
        bit = logic.place[each.origin]
        down = {key for number, key in enumerate(keys) if logic.down[number] >> bit & 1}
        assert set(each.stops) == down - {each.origin.key}
