"""What was seen in the logs: which kinds of log, and which fields each of them ever had."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from brandwacht.engines.detection.correlations import OutdatedForm
from brandwacht.engines.detection.events import MISSING, Event

FORM: Final = 1
"""Version of the JSON form of what was seen."""
MAX_KINDS: Final = 4096
MAX_FIELDS: Final = 2048
MAX_NAMES: Final = 100_000
MAX_NAME: Final = 200
"""Kinds of log, fields per kind and fields in all that are kept, and the characters of a name: no rule asks for what is
longer."""

_ENVELOPE: Final = ("EventID", "Channel", "Provider_Name", "Computer")

Kind = tuple[str, int | None]
"""A channel or the name of a log, in lower case, and the event number."""
Source = Hashable
"""What names a source; chosen by the caller."""


@dataclass(slots=True)
class SeenKind:
    """What was seen of one kind of log: how many events, of how many the fields were noted, and which.

    `fields` ever had a value; `empty` are those that were there without one.
    """

    events: int = 0
    sampled: int = 0
    fields: set[str] = field(default_factory=set)
    empty: set[str] = field(default_factory=set)

    def note(self, event: Event, room: int = MAX_NAMES) -> int:
        """Look at the fields of an event, and note at most `room` new ones; returns how many those were."""
        self.sampled += 1
        before = self.names
        envelope = {name: event.lookup(name) for name in _ENVELOPE}
        for fields in (event.fields, {name: value for name, value in envelope.items() if value is not MISSING}):
            for name, value in fields.items():
                known = self.empty if value is None or value == [] else self.fields
                if name not in known and len(known) < MAX_FIELDS and self.names - before < room and _usable(name):
                    known.add(name)
        return self.names - before

    @property
    def names(self) -> int:
        """How many names of fields are kept."""
        return len(self.fields) + len(self.empty)


class SeenFields:
    """Notes which fields events have: of the first `first` of a kind, and then of every `every`th.

    Of more than `kinds` kinds of log the rest is counted in `left_out` alone; more than `names` names of fields, over
    all kinds, are not noted.
    """

    def __init__(self, first: int = 200, every: int = 50, *, kinds: int = MAX_KINDS, names: int = MAX_NAMES) -> None:
        self.kinds: dict[Kind, SeenKind] = {}
        self.left_out = 0
        self._first = first
        self._every = every
        self._most_kinds = kinds
        self._room = names

    def add(self, event: Event) -> None:
        """Note an event."""
        kind = (event.origin.log, event.event_id)
        seen = self.kinds.get(kind)
        if seen is None:
            if len(self.kinds) >= self._most_kinds or not _usable(kind[0]):
                self.left_out += 1
                return
            seen = self.kinds[kind] = SeenKind()
        seen.events += 1
        if seen.events <= self._first or seen.events % self._every == 0:
            self._room -= seen.note(event, self._room)

    def tells_more_than(self, other: SeenFields) -> bool:
        """Whether a kind of log or a field was seen here that `other` does not know."""
        for kind, mine in self.kinds.items():
            known = other.kinds.get(kind)
            if known is None or not (mine.fields <= known.fields and mine.empty <= known.empty):
                return True
        return False

    def merge(self, other: SeenFields) -> None:
        """Add what another one saw, for instance in another process; the limits of this one hold."""
        self.left_out += other.left_out
        for kind, theirs in other.kinds.items():
            if kind in self.kinds or len(self.kinds) < self._most_kinds:
                mine = self.kinds.setdefault(kind, SeenKind())
                mine.events += theirs.events
                mine.sampled += theirs.sampled
                for known, names in ((mine.fields, theirs.fields), (mine.empty, theirs.empty)):
                    new = sorted(names - known)[: max(0, min(self._room, MAX_FIELDS - len(known)))]
                    known.update(new)
                    self._room -= len(new)
            else:
                self.left_out += theirs.events

    def to_json(self) -> dict[str, Any]:
        """What was seen, as plain JSON."""
        rows = [
            [channel, number, seen.events, seen.sampled, sorted(seen.fields), sorted(seen.empty)]
            for (channel, number), seen in sorted(self.kinds.items(), key=lambda item: str(item[0]))
        ]
        return {"form": FORM, "left_out": self.left_out, "kinds": rows}

    @classmethod
    def from_json(
        cls,
        data: Mapping[str, Any],
        first: int = 200,
        every: int = 50,
        *,
        kinds: int = MAX_KINDS,
        names: int = MAX_NAMES,
        wanted: Callable[[str, int | None], bool] | None = None,
    ) -> SeenFields:
        """What `to_json` wrote; with `wanted` only of these kinds of log, which is far quicker.

        Raises `OutdatedForm` when this version can not read it.
        """
        if data.get("form") != FORM:
            raise OutdatedForm(f"form {data.get('form')!r} is not {FORM}")
        made = cls(first, every, kinds=kinds, names=names)
        try:
            made.left_out = int(data["left_out"])
            for channel, number, events, sampled, filled, empty in data["kinds"]:
                if wanted is not None and not wanted(str(channel), number):
                    continue
                kind = SeenKind(int(events), int(sampled), set(map(str, filled)), set(map(str, empty)))
                made.kinds[str(channel), number] = kind
                made._room -= kind.names
        except (KeyError, TypeError, ValueError) as error:
            raise OutdatedForm(f"not what was seen: {error!r}") from error
        return made


def _usable(name: str) -> bool:
    """Whether a name can be kept: not endless, and without characters that a database refuses."""
    return len(name) <= MAX_NAME and name.isprintable()


@dataclass(slots=True)
class SeenShape:
    """The sources that bring a kind of log with exactly these fields, and how many events they brought in all."""

    fields: frozenset[str]
    empty: frozenset[str]
    sources: set[Source] = field(default_factory=set)
    events: int = 0
    sampled: int = 0


class SeenBySource:
    """What each of many sources brings. What is the same of several sources is kept once."""

    def __init__(self, seen: Mapping[Source, SeenFields] | None = None) -> None:
        self.sources: set[Source] = set()
        self.events = 0
        self.left_out = 0
        self._kinds: dict[Kind, dict[tuple[frozenset[str], frozenset[str]], SeenShape]] = {}
        for source, fields in (seen or {}).items():
            self.add(source, fields)

    def add(self, source: Source, seen: SeenFields) -> None:
        """Add what one source brought."""
        self.sources.add(source)
        self.left_out += seen.left_out
        for kind, told in seen.kinds.items():
            filled, empty = frozenset(map(sys.intern, told.fields)), frozenset(map(sys.intern, told.empty))
            shapes = self._kinds.setdefault(kind, {})
            shape = shapes.get((filled, empty))
            if shape is None:
                shape = shapes[filled, empty] = SeenShape(filled, empty)
            shape.sources.add(source)
            shape.events += told.events
            shape.sampled += told.sampled
            self.events += told.events

    def kinds(self) -> Iterator[tuple[Kind, Collection[SeenShape]]]:
        """Every kind of log, in the shapes that it was seen in."""
        for kind, shapes in self._kinds.items():
            yield kind, shapes.values()
