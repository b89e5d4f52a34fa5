"""Cascades over a border: each side runs its own map, and they tell each other only when shared nodes changed.

A side shares some of its nodes; on the map of another side a *stand-in* takes the place of such a node and does what
its timeline says. `settle` lets the sides exchange timelines until nobody has anything to add; each side then reads
its own `run`. Nobody sees another's map, and a path of causes ends at the stand-in.

The outcome is, minute for minute, that of one run of the joined map. That asks for order. The sides agree first on
what happens earliest: within a minute first all recoveries, then all failures (rule 4 of the README), each from the
state before. Agreeing on whole timelines at once would not do: two nodes across a border that keep each other down
would also keep each other up. Every round settles one more step, so the exchange ends; both half-steps of a minute
are monotone, so the order within one does not matter (Tarski 1955, see docs/decisions/0005-cascade-semantics.md).

A state that is reached and lost within one minute counts for others too, but a `Run` does not show it. So a side adds
helper nodes to its own map. An *echo* of a shared node needs that node or a mirror of itself; once let go, it keeps
the best state the node had, however shortly. A stand-in gets two *signals* per level, used in turn, so that one can
end and the other begin within a minute.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, pairwise
from typing import Final, Protocol

from .model import STATES, Failure, InvalidInput, Map, Node, Outage, Requirement, State, check_outages
from .run import Cause, Change, Run
from .simulate import Simulator

Timeline = tuple[tuple[int, State], ...]
"""The changes of one node as (minute, state after), in order of time; before the first it is up.

Twice the same minute: better first, then worse again within that minute.
"""

MOST_ROUNDS: Final = 2000
_BETTER, _WORSE = 0, 1
_FAILURES: Final[tuple[Failure, ...]] = ("degraded", "down")
_HELPER: Final = "\0"


class InvalidTimeline(InvalidInput):
    """A timeline that no node can have."""


class Unsettled(RuntimeError):
    """The sides needed more rounds than allowed; nothing of what they exchanged is final."""


@dataclass(frozen=True, slots=True)
class Link:
    """The node `shared` of side `giver` is seen by side `taker` as its node `stand_in`."""

    giver: str
    shared: str
    taker: str
    stand_in: str


class Party(Protocol):
    """One side as the others know it."""

    def ahead(self, foreign: Mapping[str, Timeline], since: int) -> Mapping[str, Timeline]:
        """Of each shared node what it does after minute `since`, if the stand-ins do `foreign` and then stay so.

        Exact for the first minute in which anything happens; later ones may lack what comes and goes in a minute.
        """
        ...


class Side:
    """One map with the outages of this side, made ready to be asked many times. Takes nothing from other maps.

    `shared` are keys of nodes whose timelines others may have; `stand_ins` are keys of nodes that follow another side
    and so have no needs, restart or repair of their own here. Raises `InvalidOutage`, and KeyError for unknown keys.
    """

    def __init__(
        self, network: Map, outages: Iterable[Outage], horizon: int, *, shared: Iterable[str], stand_ins: Iterable[str]
    ) -> None:
        self.network = network
        self.horizon = horizon
        self.shared = tuple(dict.fromkeys(shared))
        self.stand_ins = tuple(dict.fromkeys(stand_ins))
        for key in (*self.shared, *self.stand_ins):
            network.node(key)
        self.outages = tuple(outages)
        check_outages(network, self.outages, horizon)
        self._simulator = Simulator(_with_helpers(network, self.shared, self.stand_ins))

    def ahead(self, foreign: Mapping[str, Timeline], since: int) -> dict[str, Timeline]:
        """See `Party`. Raises `InvalidTimeline` for what no node can do."""
        held = [
            Outage(helper, 0, since + 1) for key in self.shared for helper in (_echo(key), _mirror(key)) if since >= 0
        ]
        run = self._play(foreign, held)
        return {key: tuple(_heard(run, key, since)) for key in self.shared}

    def run(self, foreign: Mapping[str, Timeline]) -> Run:
        """The run of this side's own map. What a stand-in does has cause `border`: there the path ends."""
        changes = []
        for change in self._play(foreign, []).changes:
            if change.node.startswith(_HELPER):
                continue
            if change.node in self.stand_ins:
                change = replace(change, cause=Cause("border" if change.worse else "restored", change.minute))
            changes.append(change)
        return _Told(self.network, self.horizon, tuple(changes))

    def _play(self, foreign: Mapping[str, Timeline], held: Sequence[Outage]) -> Run:
        signals = [
            signal
            for key in self.stand_ins
            for signal in _signals(key, checked(foreign.get(key, ()), self.horizon), self.horizon)
        ]
        return self._simulator.run([*self.outages, *signals, *held], self.horizon)


class _Told(Run):
    """A run of which the changes are told, not played."""

    def __init__(self, network: Map, horizon: int, changes: tuple[Change, ...]) -> None:
        super().__init__(network, horizon, (), ())
        self._told = changes

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every change, with its cause."""
        return self._told


def settle(
    parties: Mapping[str, Party],
    links: Iterable[Link],
    *,
    rounds: int = MOST_ROUNDS,
    told: Callable[[int], None] | None = None,
) -> dict[tuple[str, str], Timeline]:
    """What every linked node does, by (side, key of the shared node), after the sides agreed.

    Each round asks every side once; before it `told` hears the last minute that was agreed on, -1 for none yet.
    Raises `Unsettled` after `rounds`, KeyError for a link to an unknown side, and what `told` raises to end it early.
    """
    links = tuple(links)
    known: dict[tuple[str, str], Timeline] = {(link.giver, link.shared): () for link in links}
    asked: dict[str, dict[str, tuple[str, str]]] = {name: {} for name in parties}
    for link in links:
        asked[link.taker][link.stand_in] = (link.giver, link.shared)
    now = since = -1  # the last minute in which something was agreed, and the minute from which sides are asked
    for _round in range(rounds):
        if told is not None:
            told(now)
        pending: dict[tuple[int, int], dict[tuple[str, str], State]] = {}
        for name, party in parties.items():
            foreign = {stand_in: known[source] for stand_in, source in asked[name].items()}
            for node, timeline in party.ahead(foreign, since).items():
                if (name, node) in known:
                    _compare(known[name, node], timeline, since, (name, node), pending)
        first = min(pending, default=None)
        if first is not None and (first[0] <= now or since == now):
            for source, state in pending[first].items():
                before = [(m, s) for (m, half), s in _halves(known[source]) if (m, half) < first]
                known[source] = (*before, (first[0], state))
            now = first[0]
        elif since == now:
            return known
        else:
            since = now  # minute `now` is done; ask anew, so that what comes and goes after it is heard
    raise Unsettled(f"De kanten zijn het na {rounds} ronden niet eens.")


def _compare(
    known: Timeline,
    timeline: Timeline,
    since: int,
    source: tuple[str, str],
    pending: dict[tuple[int, int], dict[tuple[str, str], State]],
) -> None:
    agreed = dict(_halves(known))
    before = tuple(step for step in known if step[0] <= since)
    for at, state in _halves((*before, *timeline)):
        if agreed.get(at) != state:
            pending.setdefault(at, {})[source] = state


def checked(timeline: Iterable[tuple[int, State]], horizon: int) -> Timeline:
    """The timeline, if a node can have it within the horizon; `InvalidTimeline` (Dutch) otherwise."""
    steps = tuple((minute, state) for minute, state in timeline)
    problems = []
    for minute, state in steps:
        if type(minute) is not int or not 0 <= minute < horizon:
            problems.append(f"Minuut {minute!r} valt buiten de looptijd van {horizon} minuten.")
        if state not in STATES:
            problems.append(f"Toestand {state!r} bestaat niet; kies uit {', '.join(STATES)}.")
    if not problems:
        halves = [at for at, _state in _halves(steps)]
        if any(later <= earlier for earlier, later in pairwise(halves)):
            problems.append("De minuten staan niet op volgorde, of een minuut staat er te vaak in.")
        if any(after == before for (_m, before), (_n, after) in pairwise(((0, STATES[0]), *steps))):
            problems.append("Een verandering moet naar een andere toestand gaan.")
    if problems:
        raise InvalidTimeline("Het tijdverloop van een gedeeld onderdeel klopt niet:", problems)
    return steps


def _halves(timeline: Iterable[tuple[int, State]]) -> Iterator[tuple[tuple[int, int], State]]:
    """Each step with its place in time: (minute, 0) for better, (minute, 1) for worse."""
    level = 0
    for minute, state in timeline:
        after = STATES.index(state)
        yield (minute, _BETTER if after < level else _WORSE), state
        level = after


def _heard(run: Run, key: str, since: int) -> Iterator[tuple[int, State]]:
    """What the node does after `since`: its net changes, and through its echo also what comes and goes."""
    moments = groupby(
        sorted([*run.of(key), *run.of(_echo(key))], key=lambda change: change.minute), key=lambda change: change.minute
    )
    level = best = 0
    for minute, group in moments:
        after, echo = level, best
        for change in group:
            if change.node == key:
                after = STATES.index(change.after)
            else:
                echo = STATES.index(change.after)
        if minute > since:
            between = min(level, after, echo) if echo < best else min(level, after)
            if between < level:
                yield minute, STATES[between]
            if after > between:
                yield minute, STATES[after]
        level, best = after, echo


def _echo(key: str) -> str:
    return f"{_HELPER}echo {key}"


def _mirror(key: str) -> str:
    return f"{_HELPER}mirror {key}"


def _signal(key: str, state: Failure, turn: int) -> str:
    return f"{_HELPER}{state} {turn} {key}"


def _with_helpers(network: Map, shared: Sequence[str], stand_ins: Sequence[str]) -> Map:
    follow = set(stand_ins)
    nodes = [replace(node, restart=0, repair=None) if node.key in follow else node for node in network.nodes]
    needs = [need for need in network.requirements if need.node not in follow]
    for key in shared:
        echo, mirror = _echo(key), _mirror(key)
        nodes += [Node(echo, "", "", "asset"), Node(mirror, "", "", "asset")]
        needs += [Requirement(echo, echo, (key, mirror)), Requirement(mirror, mirror, (echo,))]
    for key in stand_ins:
        signals = tuple(_signal(key, state, turn) for state in _FAILURES for turn in (0, 1))
        nodes += [Node(signal, "", "", "asset") for signal in signals]
        needs.append(Requirement(key, _HELPER, signals, len(signals)))
    return replace(network, nodes=tuple(nodes), requirements=tuple(needs))


def _signals(key: str, timeline: Timeline, horizon: int) -> Iterator[Outage]:
    """The outages of the helpers that make a stand-in follow this timeline."""
    for level, state in enumerate(_FAILURES, 1):
        turn = 0
        start: int | None = None
        for minute, after in (*timeline, (horizon, STATES[0])):
            bad = STATES.index(after) >= level
            if bad and start is None:
                start = minute
            elif not bad and start is not None:
                yield Outage(_signal(key, state, turn), start, minute - start, state)
                start, turn = None, 1 - turn
