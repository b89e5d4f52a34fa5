"""Match events against rules: `Matcher(rules).match(event)`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from brandwacht.engines.detection.atoms import Atom, Lookup, describe, freeze, holds, test_for, texts_of
from brandwacht.engines.detection.compiling import Expression
from brandwacht.engines.detection.events import MISSING, Event
from brandwacht.engines.detection.index import FieldIndex
from brandwacht.engines.detection.logsources import LogSources, Place, everything
from brandwacht.engines.detection.planning import (
    Awake,
    Node,
    Truth,
    atoms_of,
    cost_in,
    expand,
    is_indexed,
    reduce,
    trigger,
    truth,
)
from brandwacht.engines.detection.rules import Rule

MAX_PARTITIONS: Final = 1024
"""Kinds of event (channel and number) for which rules are kept prepared."""


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that is true of an event, and why: the value per field, the selections that were true, Dutch sentences."""

    rule_id: str
    title: str
    level: str
    tags: tuple[str, ...]
    matched: dict[str, object]
    selections: tuple[str, ...]
    because: tuple[str, ...] = field(default=())


class Matcher:
    """Rules made ready for matching. Not for use by several threads at once; make one per process.

    Rules for whose log source there is no place in `logsources` are listed in `unplaced`; they never match.
    """

    def __init__(self, rules: Sequence[Rule], logsources: LogSources | None = None) -> None:
        table = logsources or everything()
        self._rules = [(rule, table.places(rule.logsource)) for rule in rules]
        self._placed = [
            (place, _Open(number, rule, node))
            for number, (rule, places) in enumerate(self._rules)
            for place, node in _nodes(rule, places)
        ]
        self._partitions: dict[tuple[str, int | None], list[_Partition]] = {}
        self.unplaced: tuple[Rule, ...] = tuple(rule for rule, places in self._rules if not places)

    def match(self, event: Event) -> list[Match]:
        """The matches of one event, in the order of the rules."""
        key = (event.kind or event.channel, event.event_id)
        partitions = self._partitions.get(key)
        if partitions is None:
            if len(self._partitions) >= MAX_PARTITIONS:
                self._partitions.clear()
            partitions = self._partitions[key] = self._prepare(*key)
        found: dict[int, Match] = {}
        for partition in partitions:
            for number, rule in partition.true_rules(event):
                found.setdefault(number, _explain(rule, partition.view(event), event))
        return [found[number] for number in sorted(found)]

    def forget(self) -> None:
        """Drop what is remembered of values (up to some tens of MB); what was prepared for kinds of event stays."""
        for partitions in self._partitions.values():
            for partition in partitions:
                partition.forget()

    def _prepare(self, channel: str, event_id: int | None) -> list[_Partition]:
        """The rules for this kind of event, one partition per way in which its fields are named."""
        views: dict[int, tuple[Place, list[_Open]]] = {}
        plain = Place(channel)
        for place, item in self._placed:
            if place.covers(channel.lower(), event_id):
                view = place if place.fields else plain
                views.setdefault(id(view), (view, []))[1].append(item)
        constants = {"Channel": channel} if channel else {}
        if event_id is not None:
            constants["EventID"] = str(event_id)
        return [_Partition(view, rules, constants) for view, rules in views.values()]


def _nodes(rule: Rule, places: Sequence[Place]) -> Iterator[tuple[Place, Node]]:
    """What a rule asks at each of its places; one and the same node wherever the place asks nothing more."""
    plain: Node | None = None
    for place in places:
        if place.where:
            yield place, expand(place.narrow(rule.condition), rule.selections)
        else:
            plain = expand(rule.condition, rule.selections) if plain is None else plain
            yield place, plain


class _Open(NamedTuple):
    """A rule with its number and what is still to be decided about it."""

    number: int
    rule: Rule
    node: Node


class _Partition:
    """The rules for one kind of event, seen in one way."""

    def __init__(self, place: Place, rules: list[_Open], constants: Mapping[str, str]) -> None:
        self._place = place
        reduced = (item._replace(node=reduce(item.node, constants)) for item in rules)
        left = [item for item in reduced if item.node is not False]
        cost = cost_in(item.node for item in left)
        triggers = [found[1] if (found := trigger(item.node, cost)) else None for item in left]
        waited_for = frozenset(atom for atoms in triggers if atoms for atom in atoms)

        numbers: dict[Atom, int] = {}
        for item in left:
            for atom in atoms_of(item.node):
                numbers.setdefault(atom, len(numbers))
        self._atoms = list(numbers)
        indexed = frozenset(number for atom, number in numbers.items() if is_indexed(atom, waited_for))
        by_field: dict[str | None, list[tuple[Atom, int]]] = defaultdict(list)
        for number in indexed:
            by_field[self._atoms[number][1]].append((self._atoms[number], number))
        self._keywords = FieldIndex(by_field.pop(None)) if None in by_field else None
        self._fields = [(name, FieldIndex(atoms)) for name, atoms in by_field.items() if name is not None]

        self._rules: list[tuple[int, Rule, Truth]] = []
        self._always: list[int] = []
        self._wakes: dict[int, list[int]] = defaultdict(list)
        for position, (item, atoms) in enumerate(zip(left, triggers, strict=True)):
            self._rules.append((item.number, item.rule, truth(item.node, numbers, indexed)))
            if atoms is None:
                self._always.append(position)
            else:
                for atom in atoms:
                    self._wakes[numbers[atom]].append(position)
        self._waking = frozenset(self._wakes)

    def forget(self) -> None:
        """See `Matcher.forget`."""
        for _, index in self._fields:
            index.forget()
        if self._keywords is not None:
            self._keywords.forget()

    def view(self, event: Event) -> Lookup:
        """How rules in this partition see the fields of `event`."""
        fields, values = self._place.fields, self._place.values
        if not fields:
            return event.lookup

        def lookup(name: str) -> object:
            value = event.lookup(fields.get(name, name))
            table = values.get(name)
            return table.get(value, value) if table and isinstance(value, str) else value

        return lookup

    def true_rules(self, event: Event) -> Iterator[tuple[int, Rule]]:
        """The rules that are true of `event`, with their numbers."""
        if not self._rules:
            return
        lookup = self.view(event)
        true: set[int] = set()
        for name, index in self._fields:
            value = lookup(name)
            if isinstance(value, str):
                true |= index.true_of(value)
            elif value is not MISSING:
                for text in texts_of(value):
                    true |= index.true_of(text)
        if self._keywords is not None:
            for value in event.fields.values():
                for text in texts_of(value):
                    true |= self._keywords.true_of(text)
        woken = set(self._always)
        for number in self._waking & true:
            woken.update(self._wakes[number])
        awake = Awake(true, lambda number: self._ask(number, event, lookup))
        for position in woken:
            number, rule, is_true = self._rules[position]
            if is_true(awake):
                yield number, rule

    def _ask(self, number: int, event: Event, lookup: Lookup) -> bool:
        atom = self._atoms[number]
        return holds(atom, lookup) if atom[1] is not None else bool(_keyword_fields(atom, event))


def _keyword_fields(atom: Atom, event: Event) -> list[str]:
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
    return holds(atom, lookup) if atom[1] is not None else bool(_keyword_fields(atom, event))


def _explain(rule: Rule, lookup: Lookup, event: Event) -> Match:
    names = tuple(name for name in rule.selections if evaluate(["sel", name], rule.selections, lookup, event))
    true_atoms: dict[Atom, None] = {}
    for name in names:
        for atom in _supporting(rule.selections[name]):
            if holds(atom, lookup) if atom[1] is not None else _keyword_fields(atom, event):
                true_atoms[atom] = None
    matched: dict[str, object] = {}
    for atom in true_atoms:
        for name in [atom[1]] if atom[1] is not None else _keyword_fields(atom, event):
            value = event.fields.get(name) if atom[1] is None else lookup(name)
            matched[name] = None if value is MISSING else value
    return Match(
        rule_id=rule.id,
        title=rule.title,
        level=rule.level,
        tags=rule.tags,
        matched=matched,
        selections=names,
        because=tuple(describe(atom) for atom in true_atoms),
    )


def _supporting(expression: Expression) -> Iterator[Atom]:
    """The atoms of a selection that can make it true; what stands under a negation can not."""
    if expression[0] in ("and", "or"):
        for part in expression[1:]:
            yield from _supporting(part)
    elif expression[0] != "not":
        yield freeze(expression)
