"""Play outages on a map, from event to event.

The rules, their formulas and why they are these: README.md and docs/decisions/0005-cascade-semantics.md.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from heapq import heappop, heappush

from .model import STATES, Map, Outage, check_outages
from .run import Cause, Change, Run

_UP, _DEGRADED, _DOWN = range(3)
_LEVEL = {state: level for level, state in enumerate(STATES)}
_LEVELS = (_DOWN, _DEGRADED)
_NEVER = 1 << 60


def simulate(network: Map, outages: Iterable[Outage], horizon: int = 4320) -> Run:
    """The changes that `outages` cause in minutes 0 up to, not including, `horizon` (default 72 hours).

    Deterministic; raises `InvalidOutage`. For many runs on one map prepare a `Simulator` once.
    """
    return Simulator(network).run(outages, horizon)


class Simulator:
    """A map made ready for many runs: nodes and requirements as numbers, in lists. Unchanged by running."""

    def __init__(self, network: Map) -> None:
        requirements = [requirement for requirement in network.requirements if requirement.coupling]
        self.network = network
        self.keys = [node.key for node in network.nodes]
        self.number = {key: index for index, key in enumerate(self.keys)}
        self.restart = [node.restart for node in network.nodes]
        self.labels = [requirement.label for requirement in requirements]
        self.owner = [self.number[requirement.node] for requirement in requirements]
        self.providers = [[self.number[key] for key in requirement.providers] for requirement in requirements]
        # How many providers it can lose before it fails, and before it is degraded.
        self.spare = [len(requirement.providers) - requirement.needed for requirement in requirements]
        self.unnoticed = [
            len(requirement.providers) - (requirement.degraded_at or requirement.needed) for requirement in requirements
        ]
        self.autonomy = [requirement.autonomy for requirement in requirements]
        self.effect = [_LEVEL[requirement.effect] for requirement in requirements]
        self.needs: list[list[int]] = [[] for _ in self.keys]
        self.serves: list[list[int]] = [[] for _ in self.keys]
        for index, owner in enumerate(self.owner):
            self.needs[owner].append(index)
            for provider in self.providers[index]:
                self.serves[provider].append(index)

    def run(self, outages: Iterable[Outage], horizon: int = 4320) -> Run:
        """As `simulate`. Costs are proportional to what changes, not to the size of the map."""
        outages = tuple(outages)
        check_outages(self.network, outages, horizon)
        play = _Play(self, horizon)
        for outage in outages:
            play.plan(outage)
        return Run(self.network, horizon, tuple(play.changes()))


class _Play:
    """One run. What is not in a mapping is as it was at the start: up, with full buffers."""

    def __init__(self, simulator: Simulator, horizon: int) -> None:
        self.on = simulator
        self.horizon = horizon
        self.events: list[tuple[int, int, int, int]] = []  # minute, node, level, outages begun (+1) or ended (-1)
        # As of the change being worked on.
        self.state: defaultdict[int, int] = defaultdict(int)
        self.forced: defaultdict[tuple[int, int], int] = defaultdict(int)  # running outages, by node and level
        self.lost: defaultdict[int, int] = defaultdict(int)  # providers down, by requirement
        self.impaired: defaultdict[int, int] = defaultdict(int)  # providers not up, by requirement
        # As of the end of the previous minute.
        self.pressure: defaultdict[int, int] = defaultdict(int)
        self.ended: dict[tuple[int, int], int] = {}  # when the pressure last fell below a level, by node and level
        self.began: dict[
            tuple[int, int], int
        ] = {}  # since when the shortage is at least that, by requirement and level

    def plan(self, outage: Outage) -> None:
        node, level = self.on.number[outage.node], _LEVEL[outage.state]
        duration = self.on.network.node(outage.node).repair if outage.duration is None else outage.duration
        if duration == 0:
            return
        self.schedule(outage.start, node, level, 1)
        if duration is not None:
            self.schedule(outage.start + duration, node, level, -1)

    def schedule(self, minute: int, node: int, level: int = _UP, delta: int = 0) -> None:
        if minute < self.horizon:
            heappush(self.events, (minute, node, level, delta))

    def changes(self) -> Iterable[Change]:
        while self.events:
            now = self.events[0][0]
            touched: set[int] = set()
            while self.events and self.events[0][0] == now:
                _, node, level, delta = heappop(self.events)
                self.forced[node, level] += delta
                touched.add(node)
            before: dict[int, int] = {}
            self.recover(now, touched, before)
            causes = self.fail(now, touched, before)
            yield from self.settled(now, before, causes)
            for node in touched:
                self.remember(now, node)

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
        lost = (level == _DOWN) - (self.state[node] == _DOWN)
        impaired = (level > _UP) - (self.state[node] > _UP)
        self.state[node] = level
        noticing = []
        for requirement in self.on.serves[node]:
            self.lost[requirement] += lost
            self.impaired[requirement] += impaired
            noticing.append(self.on.owner[requirement])
        touched.update(noticing)
        return noticing

    def shortage(self, requirement: int) -> int:
        lost, spare = self.lost[requirement], self.on.spare[requirement]
        if lost > spare:
            return self.on.effect[requirement]
        return _DEGRADED if self.impaired[requirement] > spare or lost > self.on.unnoticed[requirement] else _UP

    def noticed(self, now: int, requirement: int) -> int:
        """The shortage that has outlasted the buffer."""
        level = self.shortage(requirement)
        autonomy = self.on.autonomy[requirement]
        if autonomy:
            while level and self.began.get((requirement, level), _NEVER) + autonomy > now:
                level -= 1
        return level

    def pushed(self, now: int, node: int) -> int:
        """The level that outages and requirements push the node to."""
        level = _DOWN if self.forced[node, _DOWN] else _DEGRADED if self.forced[node, _DEGRADED] else _UP
        for requirement in self.on.needs[node]:
            if level == _DOWN:
                break
            level = max(level, self.noticed(now, requirement))
        return level

    def target(self, now: int, node: int) -> int:
        """The level the node should have: what it is pushed to, or was within its restart time."""
        pushed = self.pushed(now, node)
        for level in _LEVELS:
            if level <= pushed or self.relieved(now, node, level) + self.on.restart[node] > now:
                return level
        return _UP

    def relieved(self, now: int, node: int, level: int) -> int:
        """When the pressure fell below this level, given that it is below it now."""
        return now if self.pressure[node] >= level else self.ended.get((node, level), -_NEVER)

    def cause(self, now: int, node: int, level: int) -> Cause:
        if any(self.forced[node, worse] for worse in _LEVELS if worse >= level):
            return Cause("outage", now)
        requirement = next(index for index in self.on.needs[node] if self.noticed(now, index) >= level)
        guilty = _DOWN if self.lost[requirement] > self.on.spare[requirement] else _DEGRADED
        return Cause(
            "requirement",
            self.began.get((requirement, level), now),
            self.on.labels[requirement],
            tuple(self.on.keys[index] for index in self.on.providers[requirement] if self.state[index] >= guilty),
        )

    def settled(self, now: int, before: dict[int, int], causes: dict[int, Cause]) -> Iterable[Change]:
        """The net changes of this minute."""
        better = [node for node in sorted(before) if self.state[node] < before[node]]
        worse = [node for node in causes if self.state[node] > before[node]]
        # A node that is down rests only on nodes that are down; one that is degraded may rest on either.
        worse.sort(key=lambda node: -self.state[node])
        for node in better:
            causes[node] = Cause("restored", self.relieved(now, node, before[node]))
        for node in better + worse:
            yield Change(now, self.on.keys[node], STATES[before[node]], STATES[self.state[node]], causes[node])

    def remember(self, now: int, node: int) -> None:
        """Close the minute for this node: start or stop its buffers and its restart."""
        for requirement in self.on.needs[node]:
            shortage = self.shortage(requirement)
            for level in _LEVELS:
                if shortage < level:
                    self.began.pop((requirement, level), None)
                elif (requirement, level) not in self.began:
                    self.began[requirement, level] = now
                    if self.on.autonomy[requirement]:
                        self.schedule(now + self.on.autonomy[requirement], node)
        pushed = self.pushed(now, node)
        for level in _LEVELS:
            if pushed < level <= self.pressure[node]:
                self.ended[node, level] = now
                if self.on.restart[node]:
                    self.schedule(now + self.on.restart[node], node)
        self.pressure[node] = pushed
