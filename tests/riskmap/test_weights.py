"""The bit sets say the same as the engine does for every single loss."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.cascade import Map, Node, Requirement, criticalities, dependents, load_scales
from brandwacht.riskmap.mapping import Place, Register
from brandwacht.riskmap.reckoning.heaviest import points
from brandwacht.riskmap.reckoning.weak import ranking
from brandwacht.riskmap.reckoning.weights import weigh
from brandwacht.riskmap.reckoning.worth import yardstick


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


def test_the_map_and_the_weak_spots_name_the_same_part_first() -> None:
    """Of what hits equally many the soonest comes first, not the first by name; who is repaired in time is left out."""
    nodes = [Node(key, key, "s", "service", repair=10 if key == "brief" else None) for key in ("brief", "late", "soon")]
    nodes += [Node(key, key, "s", "process") for key in ("v1", "v2")]
    waits = {"brief": 20, "late": 255, "soon": 15}
    needs = [Requirement(v, key, (key,), autonomy=waits[key]) for v in ("v1", "v2") for key in waits]
    network = Map(tuple(nodes), tuple(needs))
    places = {node.key: Place(0, UUID(int=0), node.kind == "process") for node in nodes}
    register = Register(network, places, (), "")
    weights = weigh(network, register.vital)
    measure = yardstick(network, register.vital, load_scales())
    ranked = ranking(register, measure, criticalities(network, register.vital, weights=measure.weights))
    assert [row["name"] for row in ranked] == ["soon", "late"]
    assert points(register, weights, load_scales(), None) == points(register, weights, load_scales(), ranked)
    assert [(each.name, each.hurts, each.minutes) for each in points(register, weights, load_scales(), None)] == [
        ("soon", 2, 15),
        ("late", 2, 255),
    ]
