"""Random maps and outages, cycles included."""

import random

from hypothesis import strategies as st

from brandwacht.engines.cascade import CommonCause, Impact, Map, Node, Outage, Requirement, Spread

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


def scattered(chance: random.Random, size: int, most: int = 3, minutes: int = 9) -> Map:
    """A map of `size` nodes, circles likely, up to `most` requirements a node and times up to `minutes`.

    In one example of hypothesis there fit dozens of these, where its own maps take a draw for every number.
    """

    def some() -> int:
        return chance.choice((0, chance.randint(0, minutes)))

    nodes = tuple(
        Node(
            f"n{number}", f"N{number}", "s", "asset", some(), chance.choice((None, some())),
            Spread("lognormal", 0, 1 + some(), 1 + 2 * minutes), chance.choice((0, 2, 500)), chance.choice("xyz"),
            (Impact("economic", chance.random(), chance.random()), Impact("heritage", 0, chance.random())),
        )
        for number in range(size)
    )  # fmt: skip
    requirements = []
    for number in range(size):
        for label in range(chance.randint(0, most)):
            others = [other for other in chance.sample(range(size), min(size, 4)) if other != number]
            providers = tuple(f"n{other}" for other in others[: chance.randint(1, 3)])
            if not providers:
                continue
            needed = chance.randint(1, len(providers))
            spare = needed < len(providers) and chance.random() < 0.5
            requirements.append(
                Requirement(
                    f"n{number}", f"r{label}", providers, needed,
                    chance.randint(needed + 1, len(providers)) if spare else None, some(),
                    chance.choice(("degraded", "down", "down")), chance.choice((1.0, 1.0, 1.0, 0.5, 0.0)),
                )
            )  # fmt: skip
    chance.shuffle(requirements)
    causes = []
    if size > 2:
        causes = [CommonCause("c", "C", "cable", ("n0", "n2"), 300, Spread("fixed", mode=some())),
                  CommonCause("d", "D", "other", ("n1",), 10)]  # fmt: skip
    return Map(nodes, tuple(requirements), tuple(causes))


def outages(chance: random.Random, network: Map, most: int = 4, minutes: int = 30) -> list[Outage]:
    """Up to `most` outages of nodes of this map."""
    return [
        Outage(
            chance.choice(network.nodes).key,
            chance.choice((0, chance.randint(0, minutes))),
            chance.choice((None, chance.randint(0, minutes))),
            chance.choice(("degraded", "down", "down")),
        )
        for _ in range(chance.randint(1, most))
    ]
