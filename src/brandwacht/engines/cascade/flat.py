"""A map as flat arrays of whole numbers, for `kernel.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from . import records as k
from .compiled import Kernel
from .model import STATES, Map, Outage, Requirement

LEVEL = {state: level for level, state in enumerate(STATES)}
LONGEST = k.NEVER - 1
"""Minutes: longer times count as this."""


class Flat:
    """A map as numbers. Nodes keep their order; requirements that no run feels (coupling 0) are left out."""

    def __init__(self, network: Map) -> None:
        self.network = network
        self.keys = [node.key for node in network.nodes]
        self.number = {key: index for index, key in enumerate(self.keys)}
        given = [requirement for requirement in network.requirements if requirement.coupling]
        # Those of one node stand side by side, but a provider tells them in the order given.
        order = sorted(range(len(given)), key=lambda index: self.number[given[index].node])
        self.requirements: list[Requirement] = [given[index] for index in order]
        place = {index: position for position, index in enumerate(order)}
        serves: list[list[int]] = [[] for _ in self.keys]
        for index, requirement in enumerate(given):
            for provider in requirement.providers:
                serves[self.number[provider]].append(place[index])
        self.links: list[int] = [number for each in serves for number in each]
        self.edges = len(self.links)
        self.needs: list[int] = []
        first_need = [0] * (len(self.keys) + 1)
        for requirement in self.requirements:
            owner = self.number[requirement.node]
            first_need[owner + 1] += 1
            self.needs += self._need(requirement, owner)
            self.links += [self.number[key] for key in requirement.providers]
        self.nodes: list[int] = []
        need = served = 0
        for index, node in enumerate(network.nodes):
            record = [0] * k.NODE
            record[k.RESTART] = min(node.restart, LONGEST)
            record[k.FIRST_NEED], need = need, need + first_need[index + 1]
            record[k.END_NEED] = need
            record[k.FIRST_SERVED], served = served, served + len(serves[index])
            record[k.END_SERVED] = served
            record[k.BEFORE] = -1
            record[k.ENDED + k.DEGRADED] = record[k.ENDED + k.DOWN] = -k.NEVER
            self.nodes += record
        self._idle: dict[str, list[Desk]] = {}

    @classmethod
    def of(cls, network: Map) -> Flat:
        """The numbers of this map, made once."""
        if network._flat is None:
            object.__setattr__(network, "_flat", cls(network))
        found: Flat = network._flat
        return found

    def desk(self, kernel: Kernel) -> Desk:
        """A place to play on; give it back when the run is done, for the next one."""
        idle = self._idle.setdefault(kernel.name, [])
        try:
            return idle.pop()
        except IndexError:  # several threads may play at once
            return Desk(self, kernel)

    def give_back(self, desk: Desk) -> None:
        """The desk is free for another run."""
        self._idle[desk.kernel.name].append(desk)

    def _need(self, requirement: Requirement, owner: int) -> list[int]:
        count = len(requirement.providers)
        record = [0] * k.NEED
        record[k.OWNER] = owner
        record[k.SPARE] = count - requirement.needed
        record[k.UNNOTICED] = count - (requirement.degraded_at or requirement.needed)
        record[k.AUTONOMY] = min(requirement.autonomy, LONGEST)
        record[k.EFFECT] = LEVEL[requirement.effect]
        record[k.FIRST_PROVIDER] = len(self.links)
        record[k.END_PROVIDER] = len(self.links) + count
        record[k.ODDS] = round(requirement.coupling * k.CERTAIN)
        record[k.BEGAN + k.DEGRADED] = record[k.BEGAN + k.DOWN] = k.NEVER
        return record

    def outage(self, outage: Outage) -> list[int]:
        """The four numbers of an outage: node, level, first minute, end. Nothing when it lasts no time."""
        number, start, duration = self.number[outage.node], outage.start, outage.duration
        if duration is None:
            duration = self.network.nodes[number].repair
        if duration == 0:
            return []
        end = LONGEST if duration is None else start + duration
        if end > LONGEST:  # rarely, and this is done for every outage of every run
            start, end = min(start, LONGEST), LONGEST
        return [number, LEVEL[outage.state], start, end]


@dataclass(slots=True, eq=False)
class Desk:
    """Arrays to play on: those of the map, and room for what happens in a run. Every run leaves it as it was."""

    flat: Flat
    kernel: Kernel
    nodes: Any = field(init=False)
    needs: Any = field(init=False)
    links: Any = field(init=False)
    lists: Any = field(init=False)
    heap: Any = field(init=False)
    log: Any = field(init=False)
    causes: Any = field(init=False)
    guilty: Any = field(init=False)

    def __post_init__(self) -> None:
        flat, ints, int_room = self.flat, self.kernel.ints, self.kernel.int_room
        self.nodes, self.needs, self.links = ints(flat.nodes), ints(flat.needs), ints(flat.links)
        self.lists = int_room(k.list_room(len(flat.keys), flat.edges))
        self.heap = self.kernel.long_room(256)
        self.log, self.causes, self.guilty = int_room(2), int_room(0), int_room(0)

    def trace(self, outages: Sequence[int], horizon: int) -> tuple[Any, Any]:
        """The log of one run, without its counts, and the providers that it names: copies, lists or arrays."""
        if not len(self.causes):
            self.causes = self.kernel.int_room(k.CHANGE * len(self.flat.keys))
            self.log, self.guilty = self.kernel.int_room(2 + 64 * k.CHANGE), self.kernel.int_room(128)
        given, horizon = self.kernel.few(outages), min(horizon, LONGEST)
        while not self.kernel.trace(
            self.nodes, self.needs, self.links, self.lists, self.heap,
            self.log, self.causes, self.guilty, given, horizon,
        ):  # fmt: skip
            self.grow()
            self.log = self.kernel.int_room(2 * len(self.log))
            self.guilty = self.kernel.int_room(2 * len(self.guilty))
        return self.log[2 : 2 + k.CHANGE * self.log[0]].copy(), self.guilty[: self.log[1]].copy()

    def grow(self) -> None:
        """Room for twice as many events to come."""
        self.heap = self.kernel.long_room(2 * len(self.heap))
