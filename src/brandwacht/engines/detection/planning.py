"""How the rules for one kind of event are evaluated together.

Every rule is reduced to what is still open for this kind of event. From what is left a *trigger* is chosen: a set of
atoms of which at least one must be true for the rule to be true. An event thus wakes only the rules whose trigger it
has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from brandwacht.engines.detection.atoms import Atom, freeze, test_for
from brandwacht.engines.detection.compiling import Expression

Truth = Callable[[frozenset[int]], bool]
"""Whether an expression is true, from the numbers of the atoms that are."""
Node = bool | Atom
"""A reduced expression: True, False, an atom, or ("and" | "or" | "not", ...) over such nodes."""

_DULL_FIELDS: Final = frozenset({"Provider_Name", "Computer", "EventType", "Protocol", "Initiated", "IntegrityLevel"})
_TRIGGER_KINDS: Final = frozenset({"eq", "starts", "ends", "contains", "glob", "re", "ref"})


def expand(condition: Expression, selections: Mapping[str, Expression]) -> Node:
    """The condition with its selections filled in, frozen."""
    match condition:
        case ["sel", str(name)]:
            return expand(selections[name], selections)
        case ["and" | "or" | "not" as op, *parts]:
            return (op, *(expand(part, selections) for part in parts))
    return freeze(condition)


def reduce(node: Node, constants: Mapping[str, str]) -> Node:
    """`node` when the fields in `constants` have these values: their atoms are decided and their branches disappear."""
    if isinstance(node, bool):
        return node
    match node:
        case ("not", part):
            inner = reduce(part, constants)
            return not inner if isinstance(inner, bool) else ("not", inner)
        case ("and" | "or" as op, *parts):
            stop = op == "or"
            left: dict[Node, None] = {}
            for part in parts:
                inner = reduce(part, constants)
                if inner is stop:
                    return stop
                if not isinstance(inner, bool):
                    left.update(dict.fromkeys(inner[1:] if inner[0] == op else (inner,)))
            if not left:
                return not stop
            return next(iter(left)) if len(left) == 1 else (op, *left)
        case ("null", field) if field in constants:
            return False
        case ("exists", field, wanted) if field in constants:
            return bool(wanted)
        case ("ref", *_):
            return node
        case (_, field, *_) if field in constants:
            return test_for(node)(constants[field])
    return node


def atoms_of(node: Node) -> Iterable[Atom]:
    """All atoms in a reduced expression."""
    if not isinstance(node, bool):
        if node[0] in ("and", "or", "not"):
            for part in node[1:]:
                yield from atoms_of(part)
        else:
            yield node


def trigger(node: Node, cost: Callable[[Atom], float]) -> tuple[float, frozenset[Atom]] | None:
    """The cheapest set of atoms of which one must be true for `node` to be true; None when there is no such set."""
    if isinstance(node, bool) or node[0] == "not":
        return None
    if node[0] in ("and", "or"):
        found = [trigger(part, cost) for part in node[1:]]
        if node[0] == "and":
            return min((item for item in found if item is not None), key=lambda item: item[0], default=None)
        sure = [item for item in found if item is not None]
        if len(sure) < len(found):
            return None
        return sum(price for price, _ in sure), frozenset().union(*(atoms for _, atoms in sure))
    return (cost(node), frozenset({node})) if node[0] in _TRIGGER_KINDS else None


def triggers(nodes: Sequence[Node]) -> list[frozenset[Atom] | None]:
    """The trigger of each of these rules, or None. Every field with triggers is looked at in every event, so that a
    field that few rules would wait for is passed over where another one will do.
    """
    cost = cost_in(nodes)
    first = [trigger(node, cost) for node in nodes]
    usage = Counter(field for found in first if found for field in {atom[1] for atom in found[1]})
    rare = {field for field, count in usage.items() if count * RARE < len(nodes)}

    def dearer(atom: Atom) -> float:
        return cost(atom) * (RARELY if atom[1] in rare else 1)

    second = [trigger(node, dearer) for node in nodes]
    return [found[1] if found else None for found in second]


RARE: Final = 50
"""A field is rare when less than one rule in so many would wait for it."""
RARELY: Final = 8
"""How many times dearer an atom of a rare field may be counted."""


def cost_in(nodes: Iterable[Node]) -> Callable[[Atom], float]:
    """How often an atom is expected to be true, by guess: what many rules ask and what is short is common."""
    usage = Counter(atom for node in nodes for atom in set(atoms_of(node)))

    def cost(atom: Atom) -> float:
        kind, field = atom[0], atom[1]
        if kind in ("re", "ref"):
            return 1000.0
        if kind == "glob":
            length = sum(len(part) for part in atom[2] if isinstance(part, str))
        else:
            length = len(atom[2])
        return usage[atom] * (1 + 60 / (1 + length) ** 2) * (100 if field in _DULL_FIELDS else 1)

    return cost


def truth(node: Node, numbers: Mapping[Atom, int]) -> Truth:
    """A function that says whether `node` is true, given the numbers of the true atoms."""
    if isinstance(node, bool):
        return (lambda true: True) if node else (lambda true: False)
    op = node[0]
    if op == "not":
        inner = truth(node[1], numbers)
        return lambda true: not inner(true)
    if op not in ("and", "or"):
        number = numbers[node]
        return lambda true: number in true
    ids = frozenset(numbers[part] for part in node[1:] if part in numbers)
    rest = [truth(part, numbers) for part in node[1:] if part not in numbers]
    return _all_of(ids, rest) if op == "and" else _any_of(ids, rest)


def _all_of(ids: frozenset[int], rest: list[Truth]) -> Truth:
    match rest:
        case []:
            return lambda true: ids <= true
        case [only]:
            return lambda true: ids <= true and only(true)
        case [one, other]:
            return lambda true: ids <= true and one(true) and other(true)
    return lambda true: ids <= true and all(part(true) for part in rest)


def _any_of(ids: frozenset[int], rest: list[Truth]) -> Truth:
    match rest:
        case []:
            return lambda true: not ids.isdisjoint(true)
        case [only]:
            return lambda true: not ids.isdisjoint(true) or only(true)
    return lambda true: not ids.isdisjoint(true) or any(part(true) for part in rest)
