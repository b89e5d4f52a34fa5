"""Figures that others published or that follow in closed form, which the engine has to come to.

In coupled networks a node works as long as it is in the giant component of its own network and has support from the
other. Components are found here, by scipy; support is played by the engine, as a requirement without a buffer.
"""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from brandwacht.engines.cascade import Kernel, Map, Node, Outage, Requirement, Spread, monte_carlo, play_many

Works = NDArray[np.bool_]
Edges = NDArray[np.int64]


def random_edges(chance: np.random.Generator, size: int, degree: float) -> Edges:
    """Erdős and Rényi: pairs of nodes, so many that the mean degree is `degree`."""
    return chance.integers(0, size, (2, int(size * degree / 2)))


def in_giant_component(works: Works, edges: Edges) -> Works:
    left, right = edges[:, works[edges[0]] & works[edges[1]]]
    graph = coo_array((np.ones(len(left)), (left, right)), shape=(len(works), len(works)))
    _, label = connected_components(graph, directed=False)
    largest = np.bincount(label[works]).argmax() if works.any() else -1
    return works & (label == largest)


def cascade(kernel: Kernel, support: Map, networks: list[Edges], works: Works) -> list[float]:
    """The share of each network that goes on working. `works` and the nodes of `support` are network after network."""
    size = len(works) // len(networks)
    outages = [Outage(node.key) for node in support.nodes]
    single = all(len(need.providers) == 1 for need in support.requirements)
    played = np.zeros_like(works)
    while True:
        before = int(works.sum())
        for place, edges in enumerate(networks):
            own = slice(place * size, (place + 1) * size)
            works[own] = in_giant_component(works[own], edges)
        # Who has one support falls with that one alone; who has several, with those that fell in earlier rounds too.
        falls = np.flatnonzero(~works & ~played) if single else np.flatnonzero(~works)
        found = play_many(support, [[outages[node] for node in falls]], 1, kernel)
        works[found.node[found.down > 0]] = False
        played = ~works
        # Near a threshold the last nodes trickle away one by one, over many rounds, and decide nothing.
        if before - int(works.sum()) <= size // 10_000:
            return [float(works[place * size : (place + 1) * size].mean()) for place in range(len(networks))]


def one_to_one(size: int, networks: int) -> Map:
    """Node i of every network needs node i of the next, all around, so that they live and die together."""
    names = [[f"{network}-{place}" for place in range(size)] for network in range(networks)]
    return Map(
        tuple(Node(key, key, "s", "asset") for each in names for key in each),
        tuple(
            Requirement(names[network][place], "steun", (names[(network + 1) % networks][place],))
            for network in range(networks)
            for place in range(size)
        ),
    )


def coupled(kernel: Kernel, support: Map, networks: int, degree: float, kept: float, seed: int) -> float:
    """The share of the first network that works, after all but a share `kept` of its nodes was taken away."""
    chance = np.random.default_rng(seed)
    size = len(support.nodes) // networks
    works = np.ones(networks * size, dtype=bool)
    works[:size] = chance.random(size) < kept
    return cascade(kernel, support, [random_edges(chance, size, degree) for _ in range(networks)], works)[0]


def test_two_coupled_random_networks_collapse_at_once_below_the_threshold(compiled: Kernel) -> None:
    """P = p(1 - exp(-kP))^2, with k = 4 the mean degree and p the share that is left.

    Buldyrev, Parshani, Paul, Stanley and Havlin, "Catastrophic cascade of failures in interdependent networks", Nature
    464 (2010).
    """
    support = one_to_one(50_000, 2)
    assert coupled(compiled, support, 2, 4, 0.8, seed=1) == pytest.approx(0.7088, abs=0.008)
    assert coupled(compiled, support, 2, 4, 0.65, seed=2) == pytest.approx(0.4598, abs=0.02)
    assert coupled(compiled, support, 2, 4, 0.605, seed=3) < 0.01


@pytest.mark.parametrize(("networks", "threshold"), [(2, 2.455407), (3, 3.089119), (4, 3.508901)])
def test_more_networks_break_sooner(compiled: Kernel, networks: int, threshold: float) -> None:
    """The least p k for which P = p(1 - exp(-kP))^n has a solution above 0, and the engine on both sides of it.

    Gao, Buldyrev, Havlin and Stanley, "Robustness of a network of networks", Physical Review Letters 107 (2011).
    """

    def needed(x: float) -> float:
        return float(x / (1 - math.exp(-x)) ** networks)

    least = minimize_scalar(needed, bounds=(0.1, 10), method="bounded", options={"xatol": 1e-9})
    assert least.fun == pytest.approx(threshold, abs=1e-6)
    support = one_to_one(5000, networks)
    kept = threshold / 6
    above, below = (coupled(compiled, support, networks, 6, kept * factor, seed=4) for factor in (1.1, 0.9))
    assert above > 6 / 10 * least.x / 6
    assert below < 0.01


def test_one_of_several_supports_is_enough(compiled: Kernel) -> None:
    """mu_A = R_A (1 - exp(-c_BA mu_B)) (1 - exp(-a mu_A)), and the same for B.

    The number of supports of a node is Poisson distributed, with mean c. Shao, Buldyrev, Havlin and Stanley, "Cascade
    of failures in coupled network systems with multiple support-dependence relations", Physical Review E 83 (2011).
    """
    size = 20_000
    chance = np.random.default_rng(5)
    left, degrees, supports = (0.8, 1.0), (4, 3), (3, 2)
    names = [[f"{network}{place}" for place in range(size)] for network in "AB"]
    works = np.concatenate([chance.random(size) < share for share in left])
    requirements = []
    for network in range(2):
        for place, count in enumerate(chance.poisson(supports[network], size)):
            if count:
                found = np.unique(chance.integers(0, size, count))
                providers = tuple(names[1 - network][other] for other in found)
                requirements.append(Requirement(names[network][place], "steun", providers))
            else:
                works[network * size + place] = False
    support = Map(tuple(Node(key, key, "s", "asset") for each in names for key in each), tuple(requirements))
    edges = [random_edges(chance, size, degree) for degree in degrees]
    assert cascade(compiled, support, edges, works) == pytest.approx([0.5941, 0.5692], abs=0.015)


def buffered(repair: Spread) -> Map:
    return Map(
        (
            Node("bron", "Bron", "s", "asset", repair_spread=repair),
            Node("dienst", "Dienst", "s", "service", restart=30),
        ),
        (Requirement("dienst", "stroom", ("bron",), autonomy=60),),
    )


def test_a_buffer_before_an_outage_of_unknown_length() -> None:
    """E[down] = exp(-b / tau) (tau + r): the outage has no memory, so what outlasts the buffer lasts tau longer.

    Mean 240, buffer 60, restart 30 minutes give 210.276. First at the quantiles of the distribution, then drawn.
    """
    expected = math.exp(-60 / 240) * (240 + 30)
    assert expected == pytest.approx(210.276, abs=0.0005)
    repair = Spread("exponential", mode=240)
    network, ranks, horizon = buffered(repair), 4000, 10_000
    lasting = [repair.sample((rank + 0.5) / ranks) for rank in range(ranks)]
    played = play_many(network, [[Outage("bron", 0, minutes)] for minutes in lasting], horizon)
    assert played.minutes("dienst")[1].mean() == pytest.approx(expected, abs=0.5)

    runs = 4000
    drawn = monte_carlo(network, runs=runs, seed=2026, horizon=horizon, outages=[Outage("bron")])
    down = drawn.minutes("dienst")[1]
    assert down.mean() == pytest.approx(expected, abs=4 * down.std() / math.sqrt(runs))
