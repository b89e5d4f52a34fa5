"""The rules for one kind of event, asked in two stages.

Values repeat, and so do combinations of values; an event whose values were seen before costs a few look-ups, whatever
the number of rules. The first stage looks only at the atoms that rules wait for (their triggers). What is found there
wakes few rules, and mostly none; the second stage looks at the other atoms of those rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from brandwacht.engines.detection.atoms import Atom
from brandwacht.engines.detection.events import Event
from brandwacht.engines.detection.explaining import Explainer, Match
from brandwacht.engines.detection.fields import Key, Memory, Stage, Subjects, subject
from brandwacht.engines.detection.index import Ids
from brandwacht.engines.detection.logsources import Place
from brandwacht.engines.detection.planning import Node, Truth, atoms_of, reduce, triggers, truth
from brandwacht.engines.detection.rules import Rule


class Open(NamedTuple):
    """A rule with its number and what is still to be decided about it."""

    number: int
    rule: Rule
    node: Node


class Verdict(NamedTuple):
    """What rules say of a combination of likenesses: which are true, by position, and which atoms are."""

    positions: tuple[int, ...]
    true: Ids


NOTHING: Final = Verdict((), frozenset())


class _Plan(NamedTuple):
    """What the first stage leads to: the rules that are awake, what they still have to know, and what they said."""

    woken: Sequence[int]
    stage: Stage
    verdicts: dict[Key, Verdict]


_ASLEEP: Final = _Plan((), Stage(), {})


class Partition:
    """The rules for one kind of event, seen in one way.

    `constants` are the fields of which such events all have the same value.
    """

    def __init__(self, place: Place, rules: Sequence[Open], constants: Mapping[str, str], memory: Memory) -> None:
        self._place, self._constants, self._memory = place, constants, memory
        left = [item for rule in rules if (item := rule._replace(node=reduce(rule.node, constants))).node is not False]
        self.rules = [(item.number, item.rule) for item in left]
        self._atoms: dict[Atom, int] = {}
        self._truths: list[Truth] = []
        self._asks_about: list[frozenset[object]] = []
        wakes: dict[int, list[int]] = defaultdict(list)
        always: list[int] = []
        waited_for = triggers([item.node for item in left])
        for position, item in enumerate(left):
            atoms = dict.fromkeys(atoms_of(item.node))
            for atom in atoms:
                self._atoms.setdefault(atom, len(self._atoms))
            self._truths.append(truth(item.node, self._atoms))
            self._asks_about.append(frozenset(map(subject, atoms)))
            if (chosen := waited_for[position]) is None:
                always.append(position)
            else:
                for atom in chosen:
                    wakes[self._atoms[atom]].append(position)
        self._always = frozenset(always)
        self._explainers: dict[int, Explainer] = {}
        self._plans: dict[Key, _Plan] = {}
        numbered = self._atoms.items()
        self._first = Subjects(((a, n) for a, n in numbered if n in wakes), wakes, memory, place)
        self._later = Subjects(((a, n) for a, n in numbered if n not in wakes), wakes, memory, place)
        self._stage = self._first.stage({subject(atom) for atom, number in numbered if number in wakes})

    def forget(self) -> None:
        """Drop what is remembered of values."""
        self._plans.clear()
        self._first.forget()
        self._later.forget()

    def verdict(self, event: Event) -> Verdict:
        """What the rules say of `event`."""
        key = self._stage.key(event)
        plan = self._plans.get(key)  # type: ignore[arg-type]  # a key with a None in it is in no table
        if plan is None:
            key = self._stage.learn(event, key)
            plan = self._plans.get(key)
            if plan is None:
                plan = self._plans[key] = self._plan(key)
        if plan is _ASLEEP:
            return NOTHING
        more = plan.stage.key(event)
        found = plan.verdicts.get(more)  # type: ignore[arg-type]
        if found is None:
            more = plan.stage.learn(event, more)
            found = plan.verdicts.get(more)
            if found is None:
                found = plan.verdicts[more] = self._decide(plan.woken, (*key, *more))  # type: ignore[arg-type]
                self._memory.left -= 400 + 8 * len(more) + 32 * len(found.true)
        return found

    def _plan(self, key: Key) -> _Plan:
        self._memory.left -= 300 + 8 * len(key)
        woken = self._always.union(*[likeness.wakes for likeness in key])
        if not woken:
            return _ASLEEP
        asked = frozenset().union(*[self._asks_about[position] for position in woken])
        self._memory.left -= 1000
        return _Plan(sorted(woken), self._later.stage(asked), {})

    def _decide(self, woken: Sequence[int], key: Key) -> Verdict:
        true = frozenset().union(*[likeness.true for likeness in key])
        positions = tuple(position for position in woken if self._truths[position](true))
        return Verdict(positions, true) if positions else NOTHING

    def explain(self, verdict: Verdict, event: Event) -> Iterator[tuple[int, Match]]:
        """The rules that are true of `event`, by number, with the reasons; `verdict` is what `verdict(event)` gave."""
        lookup = self._place.view(event)
        for position in verdict.positions:
            number, rule = self.rules[position]
            explainer = self._explainers.get(position)
            if explainer is None:
                explainer = self._explainers[position] = Explainer(rule, self._constants, self._atoms)
            yield number, explainer.explain(verdict.true, lookup, event)
