"""The peer of the cascade bench: a straightforward simulator of the same model on networkx, with heapq for its events.

Nodes of the graph are the nodes of the map and its requirements; edges go from provider to requirement to node. It is
written as one would write it to be right and readable, and touches only what changes, as ours does. It gives the
minute, node and new state of every change; unlike ours it keeps no causes.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable
from itertools import count

import networkx as nx

from brandwacht.engines.cascade import STATES, Map, Outage

UP, DEGRADED, DOWN = range(3)
NEVER = float("inf")
Key = str | tuple[str, str]


def graph(network: Map) -> nx.DiGraph[Key]:
    """The map as a directed graph."""
    made: nx.DiGraph[Key] = nx.DiGraph()
    for node in network.nodes:
        made.add_node(node.key, restart=node.restart, repair=node.repair)
    for need in network.requirements:
        key = (need.node, need.label)
        made.add_node(
            key,
            needed=need.needed,
            enough=need.degraded_at or need.needed,
            size=len(need.providers),
            autonomy=need.autonomy,
            effect=STATES.index(need.effect),
        )
        made.add_edge(key, need.node)
        made.add_edges_from((provider, key) for provider in need.providers)
    return made


class Simulation:
    """One run on a graph."""

    def __init__(self, on: nx.DiGraph[Key], horizon: int) -> None:
        self.on, self.horizon = on, horizon
        self.events: list[tuple[int, int, Key, int, int]] = []
        self.serial = count()
        self.state: dict[Key, int] = {}
        self.forced: dict[tuple[Key, int], int] = {}
        self.down: dict[Key, int] = {}  # providers, by requirement
        self.unwell: dict[Key, int] = {}
        self.short_since: dict[tuple[Key, int], int] = {}
        self.pressure: dict[Key, int] = {}
        self.relieved: dict[tuple[Key, int], int] = {}

    def schedule(self, minute: int, node: Key, level: int = 0, step: int = 0) -> None:
        if minute < self.horizon:
            heapq.heappush(self.events, (minute, next(self.serial), node, level, step))

    def run(self, outages: Iterable[Outage]) -> list[tuple[int, Key, int]]:
        for outage in outages:
            lasts = self.on.nodes[outage.node]["repair"] if outage.duration is None else outage.duration
            level = STATES.index(outage.state)
            if lasts != 0:
                self.schedule(outage.start, outage.node, level, 1)
                if lasts is not None:
                    self.schedule(outage.start + lasts, outage.node, level, -1)
        changes = []
        while self.events:
            now = self.events[0][0]
            touched: set[Key] = set()
            while self.events and self.events[0][0] == now:
                _, _, node, level, step = heapq.heappop(self.events)
                if step:
                    self.forced[node, level] = self.forced.get((node, level), 0) + step
                touched.add(node)
            before: dict[Key, int] = {}
            for failing in (False, True):
                queue = deque(touched)
                while queue:
                    node = queue.popleft()
                    level, state = self.target(now, node), self.state.get(node, UP)
                    if (level > state) if failing else (level < state):
                        before.setdefault(node, state)
                        hit = self.become(node, state, level)
                        queue.extend(hit)
                        touched.update(hit)
            changes += [(now, node, self.state[node]) for node, state in before.items() if self.state[node] != state]
            for node in touched:
                self.close(now, node)
        return changes

    def become(self, node: Key, state: int, level: int) -> list[Key]:
        self.state[node] = level
        hit: list[Key] = []
        for need in self.on.successors(node):
            self.down[need] = self.down.get(need, 0) + (level == DOWN) - (state == DOWN)
            self.unwell[need] = self.unwell.get(need, 0) + (level > UP) - (state > UP)
            hit.extend(self.on.successors(need))
        return hit

    def shortage(self, need: Key) -> int:
        about = self.on.nodes[need]
        works = about["size"] - self.down.get(need, 0)
        if works < about["needed"]:
            return int(about["effect"])
        strained = about["size"] - self.unwell.get(need, 0) < about["needed"] or works < about["enough"]
        return DEGRADED if strained else UP

    def felt(self, now: int, need: Key) -> int:
        level, autonomy = self.shortage(need), self.on.nodes[need]["autonomy"]
        while autonomy and level and self.short_since.get((need, level), NEVER) + autonomy > now:
            level -= 1
        return level

    def pushed(self, now: int, node: Key) -> int:
        level = next((level for level in (DOWN, DEGRADED) if self.forced.get((node, level))), UP)
        return max([level, *(self.felt(now, need) for need in self.on.predecessors(node))])

    def target(self, now: int, node: Key) -> int:
        pushed, restart = self.pushed(now, node), self.on.nodes[node]["restart"]
        for level in (DOWN, DEGRADED):
            if level <= pushed:
                return level
            since = now if self.pressure.get(node, UP) >= level else self.relieved.get((node, level), -NEVER)
            if since + restart > now:
                return level
        return UP

    def close(self, now: int, node: Key) -> None:
        for need in self.on.predecessors(node):
            level = self.shortage(need)
            for worse in (DEGRADED, DOWN):
                if level < worse:
                    self.short_since.pop((need, worse), None)
                elif (need, worse) not in self.short_since:
                    self.short_since[need, worse] = now
                    if autonomy := self.on.nodes[need]["autonomy"]:
                        self.schedule(now + autonomy, node)
        pushed, earlier = self.pushed(now, node), self.pressure.get(node, UP)
        for level in range(pushed + 1, earlier + 1):
            self.relieved[node, level] = now
        if pushed < earlier and self.on.nodes[node]["restart"]:
            self.schedule(now + self.on.nodes[node]["restart"], node)
        self.pressure[node] = pushed
