"""False redundancy: spares that one failure takes away together."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from .logic import Logic, Origin, Rule, members
from .model import Map


@dataclass(frozen=True, slots=True)
class FalseRedundancy:
    """A requirement with spares that fails through one failure.

    `origin` is the failure nearest to the group; `behind` are those further up that do the same by bringing the origin
    down. `lost` are the providers that fall with it, `paths` (one for each of those) the shortest chain of keys from
    the node that fails, or the member of the common cause that is struck, to the provider. Time does not count: the
    failure is taken to outlast every buffer on the way.
    """

    node: str
    label: str
    needed: int
    providers: tuple[str, ...]
    origin: Origin
    lost: tuple[str, ...]
    paths: tuple[tuple[str, ...], ...]
    behind: tuple[Origin, ...]


def false_redundancies(network: Map) -> list[FalseRedundancy]:
    """Every requirement with spares that one failure makes fail, in order of the map; a row for each nearest failure.

    What counts is that the group falls by itself: with its own node held up, the failure must still take it below
    `needed`. So a node whose providers lean on the node itself is no finding, as it is down before they are.
    """
    logic = Logic.of(network)
    found: list[tuple[int, FalseRedundancy]] = []
    for circle in logic.circles:
        for node in circle:
            rules = [rule for rule in logic.rules[node] if rule.to_fail > 1]
            own = 1 << node
            if not any(logic.fails(rule, logic.down) & ~own for rule in rules):
                continue
            causes = 0
            for rule in rules:
                causes |= logic.fails(rule, logic.down) & ~own
            down = _held_up(logic, node, circle, causes)
            for rule in rules:
                found += [
                    (rule.index, each) for each in _findings(logic, node, rule, logic.fails(rule, down) & causes, down)
                ]
    found.sort(key=lambda each: each[0])
    return [each for _, each in found]


def _held_up(logic: Logic, node: int, circle: Sequence[int], causes: int) -> Sequence[int]:
    """What brings every node down when this one never falls, as far as it is among `causes`.

    Only who is in a circle with the node, and falls by one of these causes, can differ.
    """
    if len(circle) == 1:
        return logic.down
    down = list(logic.down)
    others = [each for each in circle if each != node and logic.down[each] & causes]
    for each in others:
        down[each] = logic.own[each] & causes
    down[node] = 0
    logic.grow(down, others, within=set(others))
    return down


def _findings(logic: Logic, node: int, rule: Rule, causes: int, down: Sequence[int]) -> list[FalseRedundancy]:
    need = logic.network.requirements[rule.index]
    found = []
    for origin, behind in _nearest(logic, causes, down):
        lost = [provider for provider in rule.providers if down[provider] >> origin & 1]
        found.append(
            FalseRedundancy(
                need.node,
                need.label,
                need.needed,
                need.providers,
                logic.origins[origin],
                tuple(logic.keys[provider] for provider in lost),
                tuple(_path(logic, origin, provider, node, down) for provider in lost),
                logic.named(behind),
            )
        )
    return found


def _nearest(logic: Logic, causes: int, down: Sequence[int]) -> list[tuple[int, int]]:
    """The causes that no other cause explains, each with the set of those that act through it.

    A cause acts through a node when it brings that node down. Of nodes that bring each other down the first stands.
    """
    nodes = [cause for cause in members(causes) if cause < len(logic.keys)]
    by = {cause: down[cause] & causes for cause in nodes}
    explained = 0
    for cause, acting in by.items():
        # Only in a circle can two nodes bring each other down.
        mutual = [each for each in members(acting & logic.circle_of[cause]) if each < cause and by[each] >> cause & 1]
        explained |= acting & ~(1 << cause) & ~sum(1 << each for each in mutual)
    # Nothing brings a common cause about, so nothing acts through it.
    return [(cause, by.get(cause, 0) & ~(1 << cause)) for cause in members(causes & ~explained)]


def _path(logic: Logic, origin: int, provider: int, avoiding: int, down: Sequence[int]) -> tuple[str, ...]:
    """The shortest chain of falling nodes from the origin to this provider, each a reason for the next."""
    start = set(logic.struck[origin])
    after: dict[int, int | None] = {provider: None}
    queue = deque([provider])
    while queue:
        node = queue.popleft()
        if node in start:
            chain = []
            step: int | None = node
            while step is not None:
                chain.append(logic.keys[step])
                step = after[step]
            return tuple(chain)
        for rule in logic.rules[node]:
            if rule.stops and logic.fails(rule, down) >> origin & 1:
                for each in rule.providers:
                    if each not in after and each != avoiding and down[each] >> origin & 1:
                        after[each] = node
                        queue.append(each)
    raise AssertionError("a node that falls has a chain to what made it fall")
