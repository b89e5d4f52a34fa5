"""Random maps and outages, cycles included."""

from hypothesis import strategies as st

from brandwacht.engines.cascade import Map, Node, Outage, Requirement

HORIZON = 60
STATES_OF_FAILURE = st.sampled_from(["degraded", "down"])
MINUTES = st.integers(0, 9)


@st.composite
def maps(draw: st.DrawFn, most: int = 6) -> Map:
    keys = [f"n{number}" for number in range(draw(st.integers(2, most)))]
    nodes = [
        Node(key, key.upper(), draw(st.sampled_from("xyz")), "service", draw(MINUTES), draw(st.none() | MINUTES))
        for key in keys
    ]
    requirements = []
    for number in range(draw(st.integers(1, 2 * len(keys)))):
        key = draw(st.sampled_from(keys))
        others = [other for other in keys if other != key]
        providers = draw(st.lists(st.sampled_from(others), min_size=1, max_size=3, unique=True))
        needed = draw(st.integers(1, len(providers)))
        degraded_at = draw(st.none() | st.integers(needed + 1, len(providers))) if needed < len(providers) else None
        requirements.append(
            Requirement(
                key, f"r{number}", tuple(providers), needed, degraded_at, draw(MINUTES), draw(STATES_OF_FAILURE)
            )
        )
    return Map(tuple(nodes), tuple(requirements))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Map, list[Outage]]:
    network = draw(maps())
    keys = st.sampled_from([node.key for node in network.nodes])
    outage = st.builds(Outage, keys, st.integers(0, 30), st.none() | st.integers(0, 20), STATES_OF_FAILURE)
    return network, draw(st.lists(outage, min_size=1, max_size=4))
