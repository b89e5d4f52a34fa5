"""What was learnt of the values of fields: per value its likeness, which is all that rules can tell of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Final, cast

from brandwacht.engines.detection.atoms import LITERAL_TESTS, Atom, holds
from brandwacht.engines.detection.events import MISSING, NULL, Event, Value, value_of
from brandwacht.engines.detection.index import FieldIndex, Ids
from brandwacht.engines.detection.logsources import Place

MEMO_LENGTH: Final = 2_048
"""Longer texts are not remembered."""
ENVELOPE: Final = frozenset({"EventID", "Channel", "Provider_Name", "Computer"})
ASIDE: Final = frozenset({"Level", "Keywords", "Message", "Task", "Opcode"})
"""Fields that an event may keep aside of its payload."""
LOOKED_UP: Final = ENVELOPE | ASIDE
REFERENCE: Final = object()
_BETWEEN: Final = "\n"
"""Between the texts of an event when they are looked through together."""


class Likeness:
    """What rules can tell of a value: the atoms that are true of it, and the rules that this wakes, by number."""

    __slots__ = ("true", "wakes")

    def __init__(self, true: Ids, wakes: Ids) -> None:
        self.true = true
        self.wakes = wakes


Key = tuple[Likeness, ...]


class Memory:
    """How much may still be remembered, in bytes by estimate, over all partitions of a matcher."""

    __slots__ = ("left", "size")

    def __init__(self, size: int) -> None:
        self.size = self.left = size


class Field:
    """Some atoms of one field: their index, and the likeness of values seen before.

    `table` translates values before rules see them; `wakes` gives the rules that wait for an atom.
    """

    __slots__ = ("_kinds", "_memory", "_table", "_wakes", "index", "memo")

    def __init__(
        self,
        atoms: Iterable[tuple[Atom, int]],
        wakes: Mapping[int, Sequence[int]],
        memory: Memory,
        table: Mapping[str, str],
    ) -> None:
        self.memo: dict[Value | None, Likeness] = {}
        self.index = FieldIndex(atoms)
        self._kinds: dict[Ids, Likeness] = {}
        self._wakes, self._memory, self._table = wakes, memory, table

    def likeness(self, value: Value | None) -> Likeness:
        """The likeness of a value, remembered unless it is long."""
        found = self.memo.get(value)
        if found is None:
            seen = self._table.get(value, value) if self._table and isinstance(value, str) else value
            true = self.index.true_of(seen)
            found = self._kinds.get(true) or self.kind(true)
            if (size := len(value) if isinstance(value, str) else _length(value)) <= MEMO_LENGTH:
                self.memo[value] = found
                self._memory.left -= size + 150
        return found

    def kind(self, true: Ids) -> Likeness:
        """The one likeness of which exactly these atoms are true."""
        found = self._kinds.get(true)
        if found is None:
            wakes = frozenset(position for number in true for position in self._wakes.get(number, ()))
            found = self._kinds[true] = Likeness(true, wakes)
            self._memory.left -= 400 + 60 * (len(true) + len(wakes))
        return found

    def forget(self) -> None:
        """Drop what is remembered."""
        self.memo.clear()
        self._kinds.clear()


def _length(value: Value | None) -> int:
    if isinstance(value, str):
        return len(value)
    return sum(_length(item) for item in value) if isinstance(value, tuple) else 0


class Keywords:
    """Atoms without a field: they are true of an event when they are true of any of its values."""

    def __init__(self, field: Field) -> None:
        self._field = field
        # Asked of every event: a call less for each counts.
        self._is_silent, self._is_silent_line = field.index.is_silent, field.index.is_silent_line

    def likeness(self, event: Event) -> Likeness | None:
        """The likeness of all values together; None when no keyword stands in any."""
        line = event.line
        if line is not None and self._is_silent_line(line):
            return None  # all values stand in the line
        aside = event.aside
        if aside and not event.values.keys().isdisjoint(aside):
            aside = {name: value for name, value in aside.items() if name not in event.values}
        values = event.values.values()
        try:
            # Part by part is for the few events in which something may be found: mostly all is text, and silent.
            text = _BETWEEN.join(values)  # type: ignore[arg-type]
            if aside:
                text += _BETWEEN + _BETWEEN.join(aside.values())  # type: ignore[arg-type]
        except TypeError:
            every = (*values, *map(value_of, aside.values()))
            text = _BETWEEN.join([part for value in every for part in _texts(value)])
        if self._is_silent(text):
            return None
        parts = (*values, *map(value_of, aside.values()))
        true = frozenset().union(*[self._field.likeness(value).true for value in parts])
        return self._field.kind(true) if true else None

    def forget(self) -> None:
        """Drop what is remembered."""
        self._field.forget()


class References:
    """Atoms that compare two fields of one event."""

    def __init__(
        self,
        atoms: Sequence[tuple[Atom, int]],
        wakes: Mapping[int, Sequence[int]],
        memory: Memory,
        place: Place,
    ) -> None:
        special = LOOKED_UP | place.values.keys()
        self._plain = [
            (number, place.fields.get(atom[1], atom[1]), place.fields.get(atom[2], atom[2]), LITERAL_TESTS[atom[3]])
            for atom, number in atoms
            if special.isdisjoint(atom[1:3])
        ]
        self._special = [(atom, number) for atom, number in atoms if not special.isdisjoint(atom[1:3])]
        self._place = place
        self._field = Field((), wakes, memory, {})

    def likeness(self, event: Event) -> Likeness | None:
        """The likeness of an event to these atoms; None when none is true."""
        values = event.values
        true: list[int] = []
        for number, name, other, compare in self._plain:
            one, two = values.get(name), values.get(other)
            if one is not None and two is not None and _any_pair(compare, one, two):
                true.append(number)
        if self._special:
            view = self._place.view(event)
            true += [number for atom, number in self._special if holds(atom, view)]
        return self._field.kind(frozenset(true)) if true else None

    def forget(self) -> None:
        """Drop what is remembered."""
        self._field.forget()


def _any_pair(compare: Callable[[str, str], bool], one: Value, two: Value) -> bool:
    if isinstance(one, str) and isinstance(two, str):
        return compare(one.lower(), two.lower())
    return any(compare(text, other) for other in _lowered(two) for text in _lowered(one))


def _lowered(value: Value) -> list[str]:
    return [text.lower() for text in _texts(value)]


def _texts(value: Value) -> list[str]:
    """The texts of a value, or of each value in a list."""
    if isinstance(value, tuple):
        return [text for item in value for text in _texts(item)]
    return [] if value is NULL else [str(value)]


class Stage:
    """What is looked at together of an event: fields, by the names that they have in events; keywords; references."""

    __slots__ = ("_beside", "_fields", "_keywords", "_memos", "_names", "_references", "_simple")

    def __init__(
        self,
        fields: Sequence[tuple[str, Field]] = (),
        keywords: Keywords | None = None,
        references: References | None = None,
    ) -> None:
        payload = [(name, field) for name, field in fields if name not in LOOKED_UP]
        self._names = [name for name, _ in payload]
        self._fields = [field for _, field in payload]
        self._memos = [field.memo for field in self._fields]
        self._beside = [(name, field) for name, field in fields if name in LOOKED_UP]
        self._keywords, self._references = keywords, references
        self._simple = not self._beside and keywords is None and references is None

    def key(self, event: Event) -> tuple[Likeness | None, ...]:
        """The likeness of each field of `event`, None where the value was not seen before. A key without None tells
        all there is to know; `learn` completes the others. Of keywords and references only what is true is in it.
        """
        key: tuple[Likeness | None, ...] = ()
        if self._names:
            key = tuple(map(_get, self._memos, map(event.values.get, self._names)))
        if self._simple:
            return key
        if self._beside:
            key += tuple([field.likeness(_beside(event, name)) for name, field in self._beside])
        if self._keywords is not None and (heard := self._keywords.likeness(event)) is not None:
            key = (*key, heard)
        if self._references is not None and (same := self._references.likeness(event)) is not None:
            key = (*key, same)
        return key

    def learn(self, event: Event, key: tuple[Likeness | None, ...]) -> Key:
        """The key with the likeness of the values that were not seen before."""
        values = event.values
        known = list(key)
        for place, seen in enumerate(key):
            if seen is None:
                known[place] = self._fields[place].likeness(values.get(self._names[place]))
        return cast("Key", tuple(known))


_get: Final = dict.get


def _beside(event: Event, name: str) -> Value | None:
    """The value of a field of the envelope, or of one that the event may keep aside."""
    value = event.lookup(name)
    return None if value is MISSING else value_of(value)


class Subjects:
    """Atoms by what they are about: fields, the whole event, or two fields together."""

    def __init__(
        self, atoms: Iterable[tuple[Atom, int]], wakes: Mapping[int, Sequence[int]], memory: Memory, place: Place
    ) -> None:
        found: dict[object, list[tuple[Atom, int]]] = defaultdict(list)
        for atom, number in atoms:
            found[subject(atom)].append((atom, number))
        references, keywords = found.pop(REFERENCE, None), found.pop(None, None)
        self._references = References(references, wakes, memory, place) if references else None
        self._keywords = Keywords(Field(keywords, wakes, memory, {})) if keywords else None
        self._names = place.fields
        self._fields = {
            str(name): Field(about, wakes, memory, place.values.get(str(name), {})) for name, about in found.items()
        }

    def stage(self, asked: Container[object]) -> Stage:
        """The stage that looks at what is in `asked`, by `subject`."""
        return Stage(
            [(self._names.get(name, name), field) for name, field in self._fields.items() if name in asked],
            self._keywords if None in asked else None,
            self._references if REFERENCE in asked else None,
        )

    def forget(self) -> None:
        """Drop what is remembered."""
        for part in (self._keywords, self._references, *self._fields.values()):
            if part is not None:
                part.forget()


def subject(atom: Atom) -> object:
    """What an atom is about: a field by name, None for the whole event, `REFERENCE` for two fields together."""
    return REFERENCE if atom[0] == "ref" else atom[1]
