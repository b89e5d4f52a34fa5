"""What a simulation found: every change, with its cause, and questions about them."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

from .compiled import plain
from .flat import Flat
from .model import STATES, Map, State
from .records import CHANGE

CauseKind = Literal["outage", "requirement", "restored", "border"]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a node changed.

    `outage`: its own outage began (`since` is that minute). `requirement`: the requirement of that label was not met
    from minute `since`, through `providers`, and the buffer ran out. `restored`: the last cause of the worse state
    ended at minute `since`, and the restart time has passed. `border`: it follows a node of another side (`borders`).
    """

    kind: CauseKind
    since: int
    requirement: str = ""
    providers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One node going from one state to another at the start of `minute`."""

    minute: int
    node: str
    before: State
    after: State
    cause: Cause

    @property
    def worse(self) -> bool:
        """Whether this is a step towards down."""
        return STATES.index(self.after) > STATES.index(self.before)


class Run:
    """The outcome for minutes 0 up to, not including, `horizon`.

    `changes` is in order of time; within a minute recoveries come first, then failures in causal order, so that the
    failures a failure rests on stand before it. Methods raise KeyError for a node that is not on the map.

    It holds the log of `kernel.py` as it is, and makes changes and causes of it when they are asked for.
    """

    def __init__(self, network: Map, horizon: int, log: Any, providers: Any) -> None:
        self.network = network
        self.horizon = horizon
        self._log = log
        self._providers = providers

    def __repr__(self) -> str:
        return f"Run(horizon={self.horizon}, changes={self.changes})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Run) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[Map, int, tuple[Change, ...]]:
        return self.network, self.horizon, self.changes

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every change, with its cause."""
        flat, log, providers = Flat.of(self.network), plain(self._log), plain(self._providers)
        kinds, keys, needs, found = get_args(CauseKind), flat.keys, flat.requirements, []
        for at in range(0, len(log), CHANGE):
            minute, node, before, after, kind, since, through, first, end = log[at : at + CHANGE]
            cause = Cause(
                kinds[kind],
                since,
                needs[through].label if through >= 0 else "",
                tuple(keys[provider] for provider in providers[first:end]),
            )
            found.append(Change(minute, keys[node], STATES[before], STATES[after], cause))
        return tuple(found)

    @cached_property
    def _of_node(self) -> Mapping[str, tuple[int, ...]]:
        found: dict[str, list[int]] = {}
        for index, change in enumerate(self.changes):
            found.setdefault(change.node, []).append(index)
        return {key: tuple(indices) for key, indices in found.items()}

    def of(self, node: str) -> tuple[Change, ...]:
        """The changes of one node, in order of time."""
        return tuple(self.changes[index] for index in self._indices(node))

    def _indices(self, node: str) -> tuple[int, ...]:
        return self._of_node.get(self.network.node(node).key, ())

    def state_at(self, minute: int) -> dict[str, State]:
        """The state of every node during this minute."""
        states: dict[str, State] = {node.key: "up" for node in self.network.nodes}
        end = bisect_right(self.changes, minute, key=lambda change: change.minute)
        states.update((change.node, change.after) for change in self.changes[:end])
        return states

    def downtime(self, node: str) -> tuple[int, int]:
        """Minutes this node was degraded and minutes it was down, within the horizon."""
        minutes = dict.fromkeys(STATES, 0)
        state: State = "up"
        start = 0
        for change in self.of(node):
            minutes[state] += change.minute - start
            state, start = change.after, change.minute
        minutes[state] += self.horizon - start
        return minutes["degraded"], minutes["down"]

    def first_hit(self, node: str) -> int | None:
        """The minute this node was first not up; None when it stayed up."""
        return next((change.minute for change in self.of(node)), None)

    def first_down(self, node: str) -> int | None:
        """The minute this node first went down; None when it never did."""
        return next((change.minute for change in self.of(node) if change.after == "down"), None)

    def path(self, node: str) -> list[Change]:
        """The chain of changes from an outage to this node's first state that is not up; empty when it stayed up.

        Where several providers failed, the chain follows the one that tipped the requirement over.
        """
        if not self._indices(node):
            return []
        index = self._indices(node)[0]
        chain = [self.changes[index]]
        # Every step goes to an earlier change, so this ends, also on a map with cycles.
        while chain[-1].cause.kind == "requirement":
            index = self._tipping(index, chain[-1].cause)
            chain.append(self.changes[index])
        return chain[::-1]

    def _tipping(self, before: int, cause: Cause) -> int:
        failures = []
        for provider in cause.providers:
            earlier = [index for index in self._indices(provider) if index < before and self.changes[index].worse]
            failures.append(earlier[-1])
        # When providers took turns failing, none of those that fail now had failed at the start of the shortage.
        in_time = [index for index in failures if self.changes[index].minute <= cause.since]
        return max(in_time) if in_time else min(failures)

    def to_json(self) -> dict[str, Any]:
        """The run as plain values for JSON: `horizon`, and `changes` with their cause."""
        return {
            "horizon": self.horizon,
            "changes": [
                {
                    "minute": change.minute,
                    "node": change.node,
                    "before": change.before,
                    "after": change.after,
                    "cause": {
                        "kind": change.cause.kind,
                        "since": change.cause.since,
                        "requirement": change.cause.requirement,
                        "providers": list(change.cause.providers),
                    },
                }
                for change in self.changes
            ],
        }
