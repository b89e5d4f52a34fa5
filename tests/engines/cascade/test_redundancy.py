"""False redundancy and minimal sets against trying every failure in the simulator."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.cascade import (
    CommonCause,
    Failure,
    FalseRedundancy,
    Map,
    Node,
    Origin,
    Outage,
    Requirement,
    false_redundancies,
    minimal_sets,
    minimal_sets_of,
    simulate,
)
from brandwacht.engines.cascade.logic import Logic
from tests.engines.cascade.maps import maps


def node(key: str) -> Node:
    return Node(key, key, "sector", "asset")


def needs(key: str, *providers: str, needed: int = 1, autonomy: int = 0) -> Requirement:
    return Requirement(key, "+".join(providers), providers, needed, None, autonomy)


def network(keys: str, *requirements: Requirement, common: tuple[CommonCause, ...] = ()) -> Map:
    return Map(tuple(node(key) for key in keys.split()), requirements, common)


@st.composite
def with_causes(draw: st.DrawFn, most: int = 7) -> Map:
    """Random maps, circles included, with common causes; some requirements are never felt."""
    found = draw(maps(most))
    keys = [each.key for each in found.nodes]
    groups = st.lists(st.sampled_from(keys), min_size=2, max_size=3, unique=True)
    causes = [
        CommonCause(f"c{number}", "oorzaak", "cable", tuple(group))
        for number, group in enumerate(draw(st.lists(groups, max_size=3)))
    ]
    couplings = draw(st.lists(st.sampled_from([1.0, 1.0, 0.5]), min_size=20, max_size=20))
    requirements = [replace(need, coupling=couplings[index % 20]) for index, need in enumerate(found.requirements)]
    return Map(found.nodes, tuple(requirements), tuple(causes))


def struck(found: Map, origin: Origin) -> tuple[str, ...]:
    """The nodes that this origin brings down by itself."""
    if origin.kind == "node":
        return (origin.key,)
    return next(cause.members for cause in found.common_causes if cause.key == origin.key)


def end_state(found: Map, nodes: Iterable[str]) -> dict[str, str]:
    """Where everything ends when these nodes go down for good and every buffer runs out."""
    horizon = 1 + sum(need.autonomy for need in found.requirements)
    return simulate(found, [Outage(key, 0, horizon) for key in set(nodes)], horizon).state_at(horizon - 1)  # type: ignore[return-value]


@settings(max_examples=30, deadline=None)
@given(with_causes())
def test_the_logic_is_where_a_run_ends(found: Map) -> None:
    logic = Logic(found)
    for bit, origin in enumerate(logic.origins):
        states = end_state(found, struck(found, origin))
        for number, key in enumerate(logic.keys):
            assert bool(logic.down[number] >> bit & 1) == (states[key] == "down")
            assert bool(logic.hurt[number] >> bit & 1) == (states[key] != "up")


@settings(max_examples=30, deadline=None)
@given(with_causes())
def test_false_redundancy_is_what_trying_every_failure_finds(found: Map) -> None:
    expected: set[tuple[str, str, Origin]] = set()
    origins = Logic(found).origins
    for need in found.requirements:
        if need.needed == len(need.providers):
            continue
        # The same map with the group's own node held up.
        held = replace(found, requirements=tuple(each for each in found.requirements if each.node != need.node))
        for origin in origins:
            if origin == Origin("node", need.node):
                continue
            states = end_state(held, [key for key in struck(found, origin) if key != need.node])
            if sum(states[key] != "down" for key in need.providers) < need.needed:
                expected.add((need.node, need.label, origin))
    reported = false_redundancies(found)
    assert {(each.node, each.label, origin) for each in reported for origin in (each.origin, *each.behind)} == expected
    for each in reported:
        assert len(each.providers) - len(each.lost) < each.needed
        assert set(each.lost) <= set(each.providers)
        for provider, path in zip(each.lost, each.paths, strict=True):
            assert path[0] in struck(found, each.origin)
            assert path[-1] == provider
            assert each.node not in path
            for earlier, later in pairwise(path):
                assert any(earlier in need.providers for need in found.needs(later))
                assert end_state(found, struck(found, each.origin))[later] == "down"


@settings(max_examples=30, deadline=None)
@given(with_causes(6), st.sampled_from(["down", "degraded"]))
def test_minimal_sets_are_what_trying_every_pair_finds(found: Map, state: Failure) -> None:
    target = found.nodes[0].key
    origins = [origin for origin in Logic(found).origins if origin != Origin("node", target)]

    def hit(*chosen: Origin) -> bool:
        ended = end_state(found, [key for origin in chosen for key in struck(found, origin)])[target]
        return ended in (state, "down")

    singles = tuple(origin for origin in origins if hit(origin))
    rest = [origin for origin in origins if origin not in singles]
    pairs = tuple(pair for pair in combinations(rest, 2) if hit(*pair))
    sets = minimal_sets(found, target, state=state)
    assert (sets.singles, sets.pairs, sets.state) == (singles, pairs, state)
    assert minimal_sets(found, target, 1, state=state) == replace(sets, pairs=())


def test_three_providers_that_share_one_network_are_no_spares() -> None:
    found = network(
        "kern stroom kpn vodafone tmobile bereikbaar",
        needs("kern", "stroom", autonomy=600),
        needs("kpn", "kern"),
        needs("vodafone", "kern"),
        needs("tmobile", "kern"),
        needs("bereikbaar", "kpn", "vodafone", "tmobile"),
    )
    assert false_redundancies(found) == [
        FalseRedundancy(
            "bereikbaar",
            "kpn+vodafone+tmobile",
            1,
            ("kpn", "vodafone", "tmobile"),
            Origin("node", "kern"),
            ("kpn", "vodafone", "tmobile"),
            (("kern", "kpn"), ("kern", "vodafone"), ("kern", "tmobile")),
            (Origin("node", "stroom"),),
        )
    ]


def test_what_can_be_reached_but_does_not_fall_is_no_finding() -> None:
    found = network(
        "a b x y doel",
        needs("x", "a", "b"),
        needs("y", "a"),
        needs("doel", "x", "y"),
    )
    assert false_redundancies(found) == []
    assert minimal_sets(found, "doel").pairs == (
        (Origin("node", "a"), Origin("node", "b")),
        (Origin("node", "a"), Origin("node", "x")),
        (Origin("node", "x"), Origin("node", "y")),
    )


def test_two_of_three_needs_only_two_that_share_a_cause() -> None:
    found = network("bron a b c doel", needs("a", "bron"), needs("b", "bron"), needs("doel", "a", "b", "c", needed=2))
    (finding,) = false_redundancies(found)
    assert (finding.origin, finding.lost) == (Origin("node", "bron"), ("a", "b"))


def test_a_building_with_both_spares_in_it_is_named_unless_a_node_explains_it() -> None:
    building = CommonCause("pand", "Pand", "building", ("a", "b"))
    spares = needs("doel", "a", "b")
    (finding,) = false_redundancies(network("a b doel", spares, common=(building,)))
    assert (finding.origin, finding.paths) == (Origin("common", "pand"), (("a",), ("b",)))
    bigger = replace(building, members=("bron", "a"))
    (finding,) = false_redundancies(
        network("bron a b doel", needs("a", "bron"), needs("b", "bron"), spares, common=(bigger,))
    )
    assert (finding.origin, finding.behind) == (Origin("node", "bron"), (Origin("common", "pand"),))


def test_spares_that_lean_on_the_node_itself_are_no_finding() -> None:
    circle = network(
        "bron a b doel", needs("doel", "bron"), needs("doel", "a", "b"), needs("a", "doel"), needs("b", "doel")
    )
    assert false_redundancies(circle) == []


def test_a_requirement_that_is_never_felt_does_not_count() -> None:
    found = network("bron a b doel", needs("a", "bron"), needs("b", "bron"), needs("doel", "a", "b"))
    silent = replace(found, requirements=tuple(replace(need, coupling=0.0) for need in found.requirements))
    assert false_redundancies(silent) == []
    assert minimal_sets(silent, "doel").singles == ()


def test_several_targets_at_once_and_unknown_ones() -> None:
    found = network("a b c", needs("b", "a"), needs("c", "b"))
    assert [each.singles for each in minimal_sets_of(found, ["b", "c"]).values()] == [
        (Origin("node", "a"),),
        (Origin("node", "a"), Origin("node", "b")),
    ]
    with pytest.raises(KeyError):
        minimal_sets(found, "onbekend")
