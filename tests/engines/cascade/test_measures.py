"""Measures: what each does to a map, and that none makes anything worse."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.cascade import (
    STATES,
    AddAutonomy,
    AddNode,
    AddProvider,
    CommonCause,
    InvalidMeasure,
    LeaveCommonCause,
    LowerRate,
    Map,
    Measure,
    Node,
    Origin,
    Outage,
    Requirement,
    ShortenRepair,
    ShortenRestart,
    Spread,
    Step,
    apply,
    check_measures,
    false_redundancies,
    minimal_sets,
    simulate,
)
from brandwacht.engines.cascade.logic import Logic
from brandwacht.engines.cascade.measures import shortened, with_needs
from tests.engines.cascade.maps import HORIZON, cases

MAP = Map(
    (
        Node("a", "A", "s", "asset", 30, 120, None, 2.0),
        Node("b", "B", "s", "asset", 0, None, Spread("triangular", 10, 100, 400)),
        Node("x", "X", "s", "process", 15),
    ),
    (Requirement("x", "lijn", ("a",), 1, None, 10),),
    (CommonCause("pand", "Pand", "building", ("a", "b"), 0.5), CommonCause("kabel", "Kabel", "cable", ("a", "b"))),
)


def measure(*steps: Step, key: str = "m", needs: tuple[str, ...] = (), excludes: tuple[str, ...] = ()) -> Measure:
    return Measure(key, key, steps, needs=needs, excludes=excludes)


def after(*steps: Step) -> Map:
    return apply(MAP, [measure(*steps)])


def test_each_step_changes_what_it_says() -> None:
    assert after(AddAutonomy("x", "lijn", 50)).needs("x")[0].autonomy == 60
    assert after(AddProvider("x", "lijn", "b")).needs("x")[0].providers == ("a", "b")
    assert after(ShortenRestart("a", 10)).node("a").restart == 10
    assert after(ShortenRestart("a", 100)).node("a").restart == 30
    assert after(ShortenRepair(Origin("node", "a"), 60)).node("a").repair == 60
    assert after(ShortenRepair(Origin("node", "a"), 600)).node("a").repair == 120
    assert after(ShortenRepair(Origin("node", "b"), 50)).node("b").repair_spread == Spread("triangular", 5, 50, 200)
    assert after(ShortenRepair(Origin("common", "pand"), 90)).common_causes[0].repair_spread == Spread("fixed", mode=90)
    assert after(LowerRate(Origin("node", "a"), 0.5)).node("a").failures_per_year == 0.5
    assert after(LowerRate(Origin("common", "pand"), 9)).common_causes[0].failures_per_year == 0.5
    assert after(LeaveCommonCause("pand", ("b",))).common_causes[0].members == ("a",)
    assert [cause.key for cause in after(LeaveCommonCause("pand", ("b", "a"))).common_causes] == ["kabel"]
    assert apply(MAP, []) == MAP


def test_a_new_provider_brings_its_own_needs_and_comes_last() -> None:
    spare = AddNode(Node("c", "C", "s", "asset"), (Requirement("c", "stroom", ("b",)),))
    network = after(spare, AddProvider("x", "lijn", "c"))
    assert [node.key for node in network.nodes] == ["a", "b", "x", "c"]
    assert [need.label for need in network.requirements] == ["lijn", "stroom"]
    assert network.needs("x")[0].providers == ("a", "c")
    # Two measures may both bring it; a measure may also lean on what another brings.
    both = [measure(spare, AddProvider("x", "lijn", "c"), key="q"), measure(spare, key="r")]
    assert apply(MAP, both) == network
    assert apply(MAP, [measure(AddProvider("x", "lijn", "c"), key="a"), measure(spare, key="z")]) == network


def test_parting_a_common_cause_mends_a_false_redundancy() -> None:
    network = Map(MAP.nodes, (Requirement("x", "lijn", ("a", "b")),), MAP.common_causes[:1])
    assert [each.origin for each in false_redundancies(network)] == [Origin("common", "pand")]
    assert false_redundancies(apply(network, [measure(LeaveCommonCause("pand", ("b",)))])) == []


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        (AddAutonomy("x", "weg", 5), "afhankelijkheid 'weg' van 'x' bestaat niet op deze kaart."),
        (AddAutonomy("x", "lijn", -5), "de buffer wordt -5 minuten langer; neem 0 of meer."),
        (AddProvider("x", "lijn", "q"), "onderdeel 'q' bestaat niet op deze kaart."),
        (AddProvider("x", "lijn", "x"), "'x' kan niet op zichzelf steunen."),
        (ShortenRestart("q", 5), "onderdeel 'q' bestaat niet op deze kaart."),
        (ShortenRestart("a", -1), "de opstarttijd wordt -1 minuten; neem 0 of meer."),
        (ShortenRepair(Origin("node", "a"), 0), "de reparatietijd wordt 0 minuten; neem 1 of meer."),
        (ShortenRepair(Origin("node", "q"), 5), "onderdeel 'q' bestaat niet op deze kaart."),
        (ShortenRepair(Origin("common", "q"), 5), "gezamenlijke oorzaak 'q' bestaat niet op deze kaart."),
        (LowerRate(Origin("node", "q"), 5), "onderdeel 'q' bestaat niet op deze kaart."),
        (LowerRate(Origin("common", "q"), 5), "gezamenlijke oorzaak 'q' bestaat niet op deze kaart."),
        (LowerRate(Origin("node", "a"), float("nan")), "de storing komt nan keer per jaar voor; neem 0 of meer."),
        (LeaveCommonCause("q", ("a",)), "gezamenlijke oorzaak 'q' bestaat niet op deze kaart."),
        (LeaveCommonCause("pand", ("q",)), "onderdeel 'q' bestaat niet op deze kaart."),
        (
            AddNode(Node("c", "C", "s", "asset"), (Requirement("x", "stroom", ("b",)),)),
            "het nieuwe onderdeel 'c' brengt een afhankelijkheid van een ander onderdeel mee.",
        ),
    ],
)
def test_a_step_that_does_not_fit_is_named(step: Step, problem: str) -> None:
    with pytest.raises(InvalidMeasure) as caught:
        after(step)
    assert caught.value.problems == (f"Maatregel 'm': {problem}",)


def test_a_new_node_that_does_not_fit_the_map_is_named() -> None:
    with pytest.raises(InvalidMeasure, match="leverancier 'q' bestaat niet"):
        after(AddNode(Node("c", "C", "s", "asset"), (Requirement("c", "stroom", ("q",)),)))


def test_a_wrong_list_of_measures_is_named_as_a_whole() -> None:
    longer = AddAutonomy("x", "lijn", 5)
    with pytest.raises(InvalidMeasure) as caught:
        check_measures(
            MAP,
            [
                measure(longer, key="a"),
                measure(longer, key="a"),
                Measure("b", "B", (longer,), -1, -2, ("b",), ("q",)),
            ],
        )
    assert caught.value.problems == (
        "Maatregel 'a' staat er meer dan een keer in; geef elke maatregel een eigen sleutel.",
        "Maatregel 'b' heeft -1 euro eenmalige kosten; neem 0 of meer.",
        "Maatregel 'b' heeft -2 euro jaarlijkse kosten; neem 0 of meer.",
        "Maatregel 'b' noemt zichzelf; haal dat weg.",
        "Maatregel 'b' noemt maatregel 'q', die er niet is.",
    )
    with pytest.raises(InvalidMeasure) as caught:
        check_measures(
            MAP,
            [
                measure(longer, key="a", needs=("b",)),
                measure(longer, key="b", needs=("a",)),
                measure(longer, key="c", needs=("d", "e")),
                measure(longer, key="d"),
                measure(ShortenRestart("q", 1), key="e", excludes=("d",)),
            ],
        )
    assert caught.value.problems == (
        "Maatregel 'a' vraagt om maatregelen die zelf om deze vragen; haal een van die voorwaarden weg.",
        "Maatregel 'b' vraagt om maatregelen die zelf om deze vragen; haal een van die voorwaarden weg.",
        "Maatregel 'c' kan nooit: 'e' en 'd' zijn allebei nodig en sluiten elkaar uit.",
        "Maatregel 'e': onderdeel 'q' bestaat niet op deze kaart.",
    )
    with pytest.raises(InvalidMeasure, match="leverancier 'q' bestaat niet"):
        check_measures(MAP, [measure(AddNode(Node("c", "C", "s", "asset"), (Requirement("c", "stroom", ("q",)),)))])
    check_measures(
        MAP,
        [
            measure(AddProvider("x", "lijn", "c"), key="a", needs=("b",)),
            measure(AddNode(Node("c", "C", "s", "asset")), key="b"),
        ],
    )


def test_needs_come_before_who_needs_them() -> None:
    chain = {
        key: measure(key=key, needs=needs) for key, needs in {"a": ("b",), "b": ("c", "d"), "c": (), "d": ()}.items()
    }
    found = with_needs("a", chain)
    assert found[-1] == "a"
    assert set(found) == {"a", "b", "c", "d"}


@given(st.sampled_from(["fixed", "exponential", "triangular", "lognormal"]), st.integers(1, 500), st.floats(0.01, 0.99))
def test_a_shorter_repair_is_never_longer_for_the_same_number(kind: str, to: int, u: float) -> None:
    spread = Spread(kind, 20, 100, 300)  # type: ignore[arg-type]
    shorter = shortened(spread, to)
    assert shorter is not None
    assert list(shorter.problems()) == []
    assert shorter.sample(u) <= spread.sample(u)


@st.composite
def steps_for(draw: st.DrawFn, network: Map) -> Sequence[Step]:
    keys = [node.key for node in network.nodes]
    found: list[Step] = []
    for _ in range(draw(st.integers(1, 4))):
        need = draw(st.sampled_from(network.requirements))
        key = draw(st.sampled_from(keys))
        others = [other for other in keys if other != need.node]
        new = Node("nieuw", "nieuw", "x", "asset")
        found += draw(
            st.sampled_from(
                [
                    [AddAutonomy(need.node, need.label, draw(st.integers(0, 9)))],
                    [AddProvider(need.node, need.label, draw(st.sampled_from(others)))],
                    [AddNode(new, (Requirement("nieuw", "n", (key,)),)), AddProvider(need.node, need.label, "nieuw")],
                    [ShortenRestart(key, draw(st.integers(0, 9)))],
                    [ShortenRepair(Origin("node", key), draw(st.integers(1, 9)))],
                ]
            )
        )
    return found


@settings(max_examples=80, deadline=None)
@given(st.data(), cases())
def test_a_measure_never_makes_anything_worse(data: st.DataObject, case: tuple[Map, list[Outage]]) -> None:
    network, outages = case
    steps = data.draw(steps_for(network))
    better = apply(network, [measure(*steps)])
    run, other = simulate(network, outages, HORIZON), simulate(better, outages, HORIZON)
    moments = {0, *(change.minute for change in (*run.changes, *other.changes))}
    for minute in moments:
        before, then = run.state_at(minute), other.state_at(minute)
        assert all(STATES.index(then[key]) <= STATES.index(before[key]) for key in before)


@settings(max_examples=40, deadline=None)
@given(st.data(), cases())
def test_a_measure_never_adds_a_failure_that_suffices(data: st.DataObject, case: tuple[Map, list[Outage]]) -> None:
    network = case[0]
    members = tuple(node.key for node in network.nodes[:2])
    network = replace(network, common_causes=(CommonCause("c", "c", "other", members),))
    steps = [*data.draw(steps_for(network)), LeaveCommonCause("c", members[:1])]
    better = apply(network, [measure(*steps)])
    old = set(Logic(network).origins)
    for node in network.nodes:
        singles = set(minimal_sets(better, node.key, 1).singles) & old
        assert singles <= set(minimal_sets(network, node.key, 1).singles)
