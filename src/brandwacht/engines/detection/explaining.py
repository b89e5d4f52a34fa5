"""Why a rule is true of an event. Asked of matches only, so it goes the plain way, atom by atom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from brandwacht.engines.detection.atoms import Atom, Lookup, describe, freeze, holds, test_for, texts_of
from brandwacht.engines.detection.compiling import Expression
from brandwacht.engines.detection.events import MISSING, Event
from brandwacht.engines.detection.planning import Truth, atoms_of, expand, reduce, truth
from brandwacht.engines.detection.rules import Rule

MEMO_REASONS: Final = 512
"""Combinations of true atoms per rule of which the reasons are remembered."""


@dataclass(slots=True)
class Match:
    """A rule that is true of an event, and why: the value per field, the selections that were true, Dutch sentences."""

    rule_id: str
    title: str
    level: str
    tags: tuple[str, ...]
    matched: dict[str, object]
    selections: tuple[str, ...]
    because: tuple[str, ...] = field(default=())


def keyword_fields(atom: Atom, event: Event) -> list[str]:
    """The fields in which a keyword stands."""
    test = test_for(atom)
    return [name for name, value in event.fields.items() if any(test(text) for text in texts_of(value))]


def evaluate(expression: Expression, selections: Mapping[str, Expression], lookup: Lookup, event: Event) -> bool:
    """Whether an expression is true, the plain way: used to explain, and what the fast way is tested against."""
    match expression:
        case ["sel", str(name)]:
            return evaluate(selections[name], selections, lookup, event)
        case ["not", part]:
            return not evaluate(part, selections, lookup, event)
        case ["and", *parts]:
            return all(evaluate(part, selections, lookup, event) for part in parts)
        case ["or", *parts]:
            return any(evaluate(part, selections, lookup, event) for part in parts)
    atom = freeze(expression)
    return holds(atom, lookup) if atom[1] is not None else bool(keyword_fields(atom, event))


class _Reasons(NamedTuple):
    """What holds for every event of which the same atoms are true."""

    selections: tuple[str, ...]
    because: tuple[str, ...]
    fields: tuple[str, ...]
    keywords: tuple[Atom, ...]


class Explainer:
    """Why one rule is true, for events of one kind.

    `numbers` are those of the atoms that are known of an event, `constants` the fields that are the same in all such
    events. Atoms in neither are asked of the event.
    """

    def __init__(self, rule: Rule, constants: Mapping[str, str], numbers: Mapping[Atom, int]) -> None:
        self._rule = rule
        self._truths: dict[str, Truth] = {}
        self._known: dict[str, dict[int, Atom]] = {}
        self._given: dict[str, list[Atom]] = {}
        self._asked: dict[str, list[Atom]] = {}
        for name, selection in rule.selections.items():
            node = reduce(expand(selection, rule.selections), constants)
            if all(atom in numbers for atom in atoms_of(node)):
                self._truths[name] = truth(node, numbers)
            atoms = list(dict.fromkeys(_supporting(selection)))
            self._known[name] = {numbers[atom]: atom for atom in atoms if atom in numbers}
            others = {atom: reduce(atom, constants) for atom in atoms if atom not in numbers}
            self._given[name] = [atom for atom, decided in others.items() if decided is True]
            self._asked[name] = [atom for atom, decided in others.items() if not isinstance(decided, bool)]
        self._repeatable = len(self._truths) == len(rule.selections) and not any(self._asked.values())
        self._reasons: dict[frozenset[int], _Reasons] = {}

    def explain(self, true: frozenset[int], lookup: Lookup, event: Event) -> Match:
        """The match of the rule, which is true of `event`; `true` are the numbers of the atoms that are."""
        reasons = self._reasons.get(true)
        if reasons is None:
            reasons = self._find(true, lookup, event)
            if self._repeatable:
                if len(self._reasons) >= MEMO_REASONS:
                    self._reasons.clear()
                self._reasons[true] = reasons
        matched: dict[str, object] = {}
        for name in reasons.fields:
            value = lookup(name)
            matched[name] = None if value is MISSING else value
        for atom in reasons.keywords:
            for name in keyword_fields(atom, event):
                matched[name] = event.fields[name]
        rule = self._rule
        return Match(rule.id, rule.title, rule.level, rule.tags, matched, reasons.selections, reasons.because)

    def _find(self, true: frozenset[int], lookup: Lookup, event: Event) -> _Reasons:
        names = tuple(name for name in self._rule.selections if self._holds(name, true, lookup, event))
        atoms: dict[Atom, None] = {}
        for name in names:
            known = self._known[name]
            atoms.update(dict.fromkeys(self._given[name]))
            atoms.update((known[number], None) for number in sorted(true & known.keys()))
            for atom in self._asked[name]:
                if holds(atom, lookup) if atom[1] is not None else keyword_fields(atom, event):
                    atoms[atom] = None
        return _Reasons(
            selections=names,
            because=tuple(describe(atom) for atom in atoms),
            fields=tuple(dict.fromkeys(atom[1] for atom in atoms if atom[1] is not None)),
            keywords=tuple(atom for atom in atoms if atom[1] is None),
        )

    def _holds(self, name: str, true: frozenset[int], lookup: Lookup, event: Event) -> bool:
        known = self._truths.get(name)
        if known is not None:
            return known(true)
        return evaluate(["sel", name], self._rule.selections, lookup, event)


def _supporting(expression: Expression) -> Iterator[Atom]:
    """The atoms of a selection that can make it true; what stands under a negation can not."""
    if expression[0] in ("and", "or"):
        for part in expression[1:]:
            yield from _supporting(part)
    elif expression[0] != "not":
        yield freeze(expression)
