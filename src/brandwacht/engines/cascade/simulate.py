"""Play outages on a map, from event to event.

The rules, their formulas and why they are these: README.md and docs/decisions/0005-cascade-semantics.md.
"""

from collections import deque
from collections.abc import Iterable
from heapq import heappop, heappush

from .model import STATES, Map, Outage, check_outages
from .run import Cause, Change, Run

_UP, _DEGRADED, _DOWN = range(3)
_LEVEL = {state: level for level, state in enumerate(STATES)}
_LEVELS = (_DOWN, _DEGRADED)
_NEVER_BEGAN = 1 << 60
_LONG_AGO = -_NEVER_BEGAN


def simulate(network: Map, outages: Iterable[Outage], horizon: int = 4320) -> Run:
    """The changes that `outages` cause in minutes 0 up to, not including, `horizon` (default 72 hours).

    Deterministic; raises `InvalidOutage`. Costs are proportional to the changes and the requirements they touch.
    """
    outages = tuple(outages)
    check_outages(network, outages, horizon)
    simulation = _Simulation(network, horizon)
    for outage in outages:
        simulation.plan(outage)
    return Run(network, horizon, simulation.play())


class _Simulation:
    """The state of one run, in lists by node number and by requirement number."""

    def __init__(self, network: Map, horizon: int) -> None:
        number = {node.key: index for index, node in enumerate(network.nodes)}
        requirements = network.requirements
        self.horizon = horizon
        self.keys = [node.key for node in network.nodes]
        self.number = number
        self.restart = [node.restart for node in network.nodes]
        self.repair = [node.repair for node in network.nodes]
        self.labels = [requirement.label for requirement in requirements]
        self.owner = [number[requirement.node] for requirement in requirements]
        self.providers = [[number[key] for key in requirement.providers] for requirement in requirements]
        self.needed = [requirement.needed for requirement in requirements]
        self.wanted = [requirement.degraded_at or requirement.needed for requirement in requirements]
        self.autonomy = [requirement.autonomy for requirement in requirements]
        self.effect = [_LEVEL[requirement.effect] for requirement in requirements]
        self.needs: list[list[int]] = [[] for _ in self.keys]
        self.serves: list[list[int]] = [[] for _ in self.keys]
        for index, owner in enumerate(self.owner):
            self.needs[owner].append(index)
            for provider in self.providers[index]:
                self.serves[provider].append(index)

        # As of the change being worked on.
        self.state = [_UP] * len(self.keys)
        self.forced = [[0, 0, 0] for _ in self.keys]  # running outages of a node, by level
        self.working = [len(providers) for providers in self.providers]
        self.in_order = list(self.working)
        # As of the end of the previous minute.
        self.pressure = [_UP] * len(self.keys)
        self.ended = [[_LONG_AGO] * 3 for _ in self.keys]  # when the pressure last fell below each level
        self.began = [[_NEVER_BEGAN] * 3 for _ in requirements]  # since when the shortage is at least each level

        self.events: list[tuple[int, int, int, int]] = []  # minute, node, level, outages begun (+1) or ended (-1)

    def plan(self, outage: Outage) -> None:
        node, level = self.number[outage.node], _LEVEL[outage.state]
        duration = self.repair[node] if outage.duration is None else outage.duration
        if duration == 0:
            return
        self.schedule(outage.start, node, level, 1)
        if duration is not None:
            self.schedule(outage.start + duration, node, level, -1)

    def schedule(self, minute: int, node: int, level: int = _UP, delta: int = 0) -> None:
        if minute < self.horizon:
            heappush(self.events, (minute, node, level, delta))

    def play(self) -> tuple[Change, ...]:
        changes: list[Change] = []
        while self.events:
            now = self.events[0][0]
            touched: set[int] = set()
            while self.events and self.events[0][0] == now:
                _, node, level, delta = heappop(self.events)
                self.forced[node][level] += delta
                touched.add(node)
            before: dict[int, int] = {}
            self.recover(now, touched, before)
            causes = self.fail(now, touched, before)
            changes += self.settled(now, before, causes)
            for node in touched:
                self.remember(now, node)
        return tuple(changes)

    # One minute: first every recovery that the states of the previous minute allow, then every failure that follows.

    def recover(self, now: int, touched: set[int], before: dict[int, int]) -> None:
        queue = deque(sorted(touched))
        while queue:
            node = queue.popleft()
            if (level := self.target(now, node)) < self.state[node]:
                before.setdefault(node, self.state[node])
                queue.extend(self.become(node, level, touched))

    def fail(self, now: int, touched: set[int], before: dict[int, int]) -> dict[int, Cause]:
        causes: dict[int, Cause] = {}
        queue = deque(sorted(touched))
        while queue:
            node = queue.popleft()
            if (level := self.target(now, node)) > self.state[node]:
                before.setdefault(node, self.state[node])
                causes.pop(node, None)  # so that the order of the causes is the order of the last failures
                causes[node] = self.cause(now, node, level)
                queue.extend(self.become(node, level, touched))
        return causes

    def become(self, node: int, level: int, touched: set[int]) -> list[int]:
        """Set the state and return the nodes that may notice."""
        works = (level < _DOWN) - (self.state[node] < _DOWN)
        in_order = (level == _UP) - (self.state[node] == _UP)
        self.state[node] = level
        noticing = []
        for requirement in self.serves[node]:
            self.working[requirement] += works
            self.in_order[requirement] += in_order
            noticing.append(self.owner[requirement])
        touched.update(noticing)
        return noticing

    def shortage(self, requirement: int) -> int:
        working, needed = self.working[requirement], self.needed[requirement]
        if working < needed:
            return self.effect[requirement]
        return _DEGRADED if self.in_order[requirement] < needed or working < self.wanted[requirement] else _UP

    def noticed(self, now: int, requirement: int) -> int:
        """The shortage that has outlasted the buffer."""
        level = self.shortage(requirement)
        autonomy = self.autonomy[requirement]
        if not autonomy:
            return level
        began = self.began[requirement]
        while level and began[level] + autonomy > now:
            level -= 1
        return level

    def pushed(self, now: int, node: int) -> int:
        """The level that outages and requirements push the node to."""
        forced = self.forced[node]
        level = _DOWN if forced[_DOWN] else _DEGRADED if forced[_DEGRADED] else _UP
        for requirement in self.needs[node]:
            if level == _DOWN:
                break
            level = max(level, self.noticed(now, requirement))
        return level

    def target(self, now: int, node: int) -> int:
        """The level the node should have: what it is pushed to, or was within its restart time."""
        pushed = self.pushed(now, node)
        for level in _LEVELS:
            if level <= pushed:
                return level
            ended = now if self.pressure[node] >= level else self.ended[node][level]
            if ended + self.restart[node] > now:
                return level
        return _UP

    def cause(self, now: int, node: int, level: int) -> Cause:
        if any(self.forced[node][level:]):
            return Cause("outage", now)
        requirement = next(index for index in self.needs[node] if self.noticed(now, index) >= level)
        fails = self.working[requirement] < self.needed[requirement]
        guilty = _DOWN if fails else _DEGRADED
        return Cause(
            "requirement",
            min(now, self.began[requirement][level]),
            self.labels[requirement],
            tuple(self.keys[index] for index in self.providers[requirement] if self.state[index] >= guilty),
        )

    def settled(self, now: int, before: dict[int, int], causes: dict[int, Cause]) -> list[Change]:
        """The net changes of this minute."""
        better = [node for node in sorted(before) if self.state[node] < before[node]]
        worse = [node for node in causes if self.state[node] > before[node]]
        # A node that is down rests only on nodes that are down; one that is degraded may rest on either.
        worse.sort(key=lambda node: -self.state[node])
        changes = []
        for node in better + worse:
            cause = causes[node] if self.state[node] > before[node] else self.relief(now, node, before[node])
            changes.append(Change(now, self.keys[node], STATES[before[node]], STATES[self.state[node]], cause))
        return changes

    def relief(self, now: int, node: int, level: int) -> Cause:
        return Cause("restored", now if self.pressure[node] >= level else self.ended[node][level])

    def remember(self, now: int, node: int) -> None:
        """Close the minute for this node: start or stop its buffers and its restart."""
        for requirement in self.needs[node]:
            shortage, began = self.shortage(requirement), self.began[requirement]
            for level in _LEVELS:
                if shortage < level:
                    began[level] = _NEVER_BEGAN
                elif began[level] == _NEVER_BEGAN:
                    began[level] = now
                    if self.autonomy[requirement]:
                        self.schedule(now + self.autonomy[requirement], node)
        pushed = self.pushed(now, node)
        for level in _LEVELS:
            if pushed < level <= self.pressure[node]:
                self.ended[node][level] = now
                if self.restart[node]:
                    self.schedule(now + self.restart[node], node)
        self.pressure[node] = pushed
