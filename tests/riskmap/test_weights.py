"""The bit sets say the same as the engine does for every single loss."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.cascade import Map, Node, Requirement, dependents
from brandwacht.riskmap.reckoning.weights import weigh


@st.composite
def maps(draw: st.DrawFn) -> Map:
    keys = [f"n{number}" for number in range(draw(st.integers(2, 9)))]
    needs = []
    for number in range(draw(st.integers(0, 12))):
        node = draw(st.sampled_from(keys))
        others = [key for key in keys if key != node]
        providers = tuple(draw(st.lists(st.sampled_from(others), min_size=1, max_size=4, unique=True)))
        needed = draw(st.integers(1, len(providers)))
        higher = list(range(needed + 1, len(providers) + 1))
        degraded_at = draw(st.sampled_from([None, *higher]))
        effect = draw(st.sampled_from(["down", "degraded"]))
        needs.append(Requirement(node, f"r{number}", providers, needed, degraded_at, draw(st.integers(0, 5)), effect))
    return Map(tuple(Node(key, key, "s", "service") for key in keys), tuple(needs))


@given(maps())
def test_weights_agree_with_the_engine(network: Map) -> None:
    keys = [node.key for node in network.nodes]
    weights = weigh(network, keys)
    for key in keys:
        for exposure in dependents(network, key):
            assert (exposure.minutes_until is not None) == (key in weights.hits[exposure.node])
            assert (exposure.minutes_until_down is not None) == (key in weights.downs[exposure.node])


def test_the_heaviest_comes_first() -> None:
    nodes = tuple(Node(key, key, "s", "service") for key in "abcde")
    needs = (
        Requirement("d", "x", ("a",)),
        Requirement("e", "x", ("a",), effect="degraded"),
        Requirement("e", "y", ("b", "c")),
    )
    weights = weigh(Map(nodes, needs), ["d", "e"])
    assert weights.heaviest == (("a", 2, 1),)
    assert weights.hits["e"] == ("a",)
