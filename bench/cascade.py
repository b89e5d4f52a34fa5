"""Cascades: one run, every node alone and Monte Carlo, beside a simulator on networkx and heapq of the same model.

The maps are made, the same for a seed: every node names three providers at random, in one to three requirements, so
that circles are everywhere. One requirement in ten asks for more than one of its providers, one in five falters when a
spare is lost, one in five only degrades. Buffers are 0 minutes to 24 hours, restart 0 to 60 minutes, repair 1 to 8
hours; 72 hours are played. Of Monte Carlo every node fails by itself once in one to ten years and belongs to a region.

A run of ours is timed from outages to the finished record of every change with its cause, as numbers; what it costs to
make objects of all of them is a figure of its own. The peer gives changes without causes. Both must have the same
changes. All figures are of one core, by processor time: the median over repeats of the mean over the cases.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from cascade_networkx import Simulation, graph  # noqa: E402

from brandwacht.engines.cascade import (  # noqa: E402
    PURE,
    STATES,
    Impact,
    Kernel,
    Map,
    Node,
    Outage,
    Requirement,
    Simulator,
    Spread,
    each_alone,
    monte_carlo,
    warm,
)

HORIZON = 4320
EDGES = 3
OUTAGES = 5


def made(size: int, seed: int = 2026) -> Map:
    """A random map; what it is like stands above."""
    chance = random.Random(seed)
    nodes, requirements = [], []
    for number in range(size):
        nodes.append(
            Node(
                f"n{number}", f"N{number}", f"s{number % 8}", "asset",
                chance.choice((0, 15, 60)), chance.choice((60, 240, 480)),
                Spread("lognormal", 0, 240, 1440), chance.uniform(0.1, 1.0), f"r{number % 25}",
                (Impact("economic", 1, 3), Impact("physical", 0, 1)) if chance.random() < 0.1 else (),
            )
        )  # fmt: skip
        left = EDGES
        while left:
            count = min(left, chance.choice((1, 2, 2, 3)))
            providers: set[int] = set()
            while len(providers) < count:
                providers |= {chance.randrange(size)} - {number}
            needed = 1 if chance.random() < 0.9 else chance.randint(1, count)
            spare = 2 if needed == 1 and count > 1 and chance.random() < 0.2 else None
            requirements.append(
                Requirement(
                    f"n{number}", f"r{left}", tuple(f"n{provider}" for provider in sorted(providers)), needed, spare,
                    chance.choice((0, 30, 120, 240, 480, 1440)), "down" if chance.random() < 0.8 else "degraded",
                )
            )  # fmt: skip
            left -= count
    return Map(tuple(nodes), tuple(requirements))


def timed(work: Callable[[], object], repeats: int) -> float:
    """Seconds of processor time: the median over repeats."""
    found = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return statistics.median(found)


def figure(name: str, ours: float, unit: str, n: int, peer: float | None = None, less: bool = True) -> dict[str, Any]:
    """`less`: whether less is better."""
    ratio = None if peer is None else peer / ours if less else ours / peer
    shown = None if ratio is None else round(ratio, 2)
    print(f"{name}: {ours:,.4g} {unit}" + ("" if peer is None else f", peer {peer:,.4g}, ratio {shown}"), flush=True)
    return {
        "figure": name,
        "ours": round(ours, 3),
        "peer": peer and round(peer, 3),
        "ratio": shown,
        "unit": unit,
        "n": n,
    }


def cases(network: Map, count: int, seed: int = 1) -> list[list[Outage]]:
    chance = random.Random(seed)
    return [[Outage(chance.choice(network.nodes).key) for _ in range(OUTAGES)] for _ in range(count)]


def ours(simulator: Simulator, each: Sequence[list[Outage]], objects: bool = False) -> None:
    for case in each:
        run = simulator.run(case, HORIZON)
        if objects:
            _ = run.changes


def against_networkx(network: Map, kernel: Kernel, count: int, repeats: int) -> list[dict[str, Any]]:
    each, on = cases(network, count), graph(network)
    fast, plain = Simulator(network, kernel), Simulator(network, PURE)
    changes = 0
    for case in each:
        found = sorted((change.minute, change.node, change.after) for change in fast.run(case, HORIZON).changes)
        peers = sorted((now, str(node), STATES[level]) for now, node, level in Simulation(on, HORIZON).run(case))
        assert found == peers, "not the same changes"
        changes += len(found)
    per = 1e6 / count
    peer = per * timed(lambda: [Simulation(on, HORIZON).run(case) for case in each], repeats)
    size = len(network.nodes)
    name = f"{size:,} nodes, {OUTAGES} outages, {changes / count:.0f} changes on average; peer: networkx and heapq, "
    return [
        figure(f"{name}a run with all causes", per * timed(lambda: ours(fast, each), 3 * repeats), "µs", count, peer),
        figure(
            f"{name}a run, changes and causes as objects too",
            per * timed(lambda: ours(fast, each, True), 3 * repeats), "µs", count, peer,
        ),
        figure(f"{name}a run in pure Python", per * timed(lambda: ours(plain, each), repeats), "µs", count, peer),
    ]  # fmt: skip


def growth(kernel: Kernel, sizes: Sequence[int], repeats: int) -> dict[str, Any]:
    """How much slower a run gets when the map also holds ever more that the outages have nothing to do with."""
    small = made(sizes[0])
    times = []
    for size in sizes:
        more = made(size - sizes[0]) if size > sizes[0] else Map((), ())
        beside = Map(
            small.nodes + tuple(Node(f"x{node.key}", node.name, node.sector, "asset") for node in more.nodes),
            small.requirements
            + tuple(
                Requirement(f"x{need.node}", need.label, tuple(f"x{key}" for key in need.providers))
                for need in more.requirements
            ),
        )
        each, simulator = cases(small, 200), Simulator(beside, kernel)
        ours(simulator, each)
        times.append(1e6 / len(each) * timed(lambda: ours(simulator, each), 5 * repeats))  # noqa: B023
        print(f"    {size:,} nodes: {times[-1]:.1f} µs a run")
    name = f"The same changes on a map of {sizes[-1]:,} nodes in place of {sizes[0]:,}: times as long"
    return figure(name, times[-1] / times[0], "times", sizes[-1])


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--quick", action="store_true", help="fewer cases and repeats")
    options = arguments.parse_args()
    count, repeats = (20, 3) if options.quick else (100, 7)
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        warm(Path(folder))
        compiling = time.process_time() - start
        start = time.process_time()
        kernel = warm(Path(folder))
        loading = time.process_time() - start
    national, regional = made(10_000), made(2000)
    results = against_networkx(national, kernel, count, repeats)
    results.append(growth(kernel, (1000, 10_000) if options.quick else (1000, 10_000, 100_000), repeats))
    each_alone(national, kernel=kernel)
    seconds = timed(lambda: each_alone(national, kernel=kernel), 2 * repeats)
    results.append(figure("Every node alone (N-1), 10,000 nodes", 1000 * seconds, "ms", 10_000))
    pure = 200
    few = timed(lambda: monte_carlo(regional, runs=pure, seed=1, kernel=PURE), 1)
    many = timed(lambda: monte_carlo(regional, runs=10_000, seed=1, kernel=kernel).impact, repeats)
    found = monte_carlo(regional, runs=10_000, seed=1, kernel=kernel)
    unwell = len(found.run) / found.runs
    name = f"Monte Carlo, 10,000 runs of 2,000 nodes ({unwell:.0f} of them not up in a run), impact included"
    results.append(figure(name, many, "s", 10_000))
    results.append(figure(f"Monte Carlo in pure Python, {pure} of these runs", few, "s", pure))
    results.append(figure("Compiling the kernel, once for a version", compiling, "s", 1))
    results.append(figure("Taking the compiled kernel from disk, once for a process", loading, "s", 1))
    print(json.dumps(results))


if __name__ == "__main__":
    main()
