"""Which indicators stand in events, at next to no cost for what was seen before.

watch = IndicatorWatch(IndicatorHolder(built.found))
hits = watch.match(events)

Values repeat: of a value that was seen before, finding the addresses, domains and hashes in it and looking them up in
all sets are one look in a table. Events are looked at by the batch, one field of all those of a kind at a time: what is
done per event would cost more than the looks themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import Final, NamedTuple

from brandwacht.engines.detection.ecs import observed_fields
from brandwacht.engines.detection.events import Event, Origin, Value
from brandwacht.engines.detection.indicators import Indicator, IndicatorSet
from brandwacht.engines.detection.observing import MAX_ITEMS, Observable, observables_in

MEMORY: Final = 16 * 1024 * 1024
"""Bytes, by estimate, that may be remembered; beyond it memory starts anew."""
MEMO_LENGTH: Final = 2_048
"""Longer texts are not remembered."""


class Sighting(NamedTuple):
    """An indicator that one of the sets has, and the observable that it is about as it stood in the event.

    `place` is the position of the set in its holder.
    """

    indicator: Indicator
    kind: str
    observed: str
    place: int


class IndicatorHit(NamedTuple):
    """A sighting, and the field of the event in which it was (first) seen."""

    indicator: Indicator
    kind: str
    observed: str
    place: int
    field: str


class IndicatorHolder:
    """Where the sets of the moment are. `replace` takes effect at the next event, in every watch that uses it."""

    def __init__(self, *found: IndicatorSet) -> None:
        self.current = found

    def replace(self, *found: IndicatorSet) -> None:
        """Use `found` from now on; an event that is being looked at ends on the sets it began with."""
        self.current = found


_Row = Mapping[str, Value]
_origin_of: Final = attrgetter("origin")


class IndicatorWatch:
    """Looks for indicators in events, batch by batch. Not for use by several threads at once."""

    def __init__(self, holder: IndicatorHolder, *, memory: int = MEMORY) -> None:
        self._holder, self._sets = holder, holder.current
        self._size = self._left = memory
        self._places: dict[Origin, dict[tuple[str, ...], Sequence[tuple[str, str]]]] = {}
        self._silent: dict[str, set[Value]] = defaultdict(set)  # by how a field is read
        self._sightings: dict[tuple[str, Value], tuple[Sighting, ...]] = {}

    def match(self, events: Sequence[Event]) -> dict[int, list[IndicatorHit]]:
        """The hits by the position of their event in `events`; each hit of an event once, those that ended too."""
        if self._sets is not self._holder.current or self._left < 0:
            self._forget()
        kinds: dict[Origin, list[int]] = defaultdict(list)
        for position, kind in enumerate(map(_origin_of, events)):
            kinds[kind].append(position)
        hits: dict[int, list[IndicatorHit]] = {}
        for kind, positions in kinds.items():
            rows = [events[position].values for position in positions]
            names = tuple(rows[0])
            if all(map(names.__eq__, map(tuple, rows))):  # mostly so, and quickest to see
                self._look(kind, names, positions, rows, hits)
            else:
                for position, row in zip(positions, rows, strict=True):
                    self._look(kind, tuple(row), [position], [row], hits)
        return dict(sorted(hits.items()))

    def _look(
        self,
        kind: Origin,
        names: tuple[str, ...],
        positions: Sequence[int],
        rows: Sequence[_Row],
        hits: dict[int, list[IndicatorHit]],
    ) -> None:
        """Add what is in the values of events of one kind that all have the same fields, by their positions."""
        for name, how in self._fields(kind, names):
            values = list(map(itemgetter(name), rows))
            if how == "text" and _without_address(values):
                continue
            silent = self._silent[how]
            if not silent.issuperset(values):
                pairs = zip(positions, values, strict=True)
                for position, value in [each for each in pairs if each[1] not in silent]:
                    if sightings := self._find(how, value):
                        told = hits.setdefault(position, [])
                        known = {hit[:4] for hit in told}
                        told += [IndicatorHit(*one, name) for one in sightings if one not in known]

    def _fields(self, kind: Origin, names: tuple[str, ...]) -> Sequence[tuple[str, str]]:
        """Where to look in events of a kind with these fields."""
        known = self._places.setdefault(kind, {})
        found = known.get(names)
        if found is None:
            every = observed_fields(kind.log, kind.event_id)
            found = known[names] = [field for field in every if field[0] in names]
            self._left -= 500 + 100 * len(names)
        return found

    def _find(self, how: str, value: Value) -> tuple[Sighting, ...]:
        found = self._sightings.get((how, value))
        if found is None:
            items = value if isinstance(value, tuple) else (value,)
            texts = [item for item in items if isinstance(item, str)]
            found = self._sighted(how, texts)
            if (size := sum(map(len, texts))) <= MEMO_LENGTH:
                self._left -= size + 200 + 300 * len(found)
                if found:
                    self._sightings[how, value] = found
                else:
                    self._silent[how].add(value)
        return found

    def _sighted(self, how: str, texts: Sequence[str]) -> tuple[Sighting, ...]:
        observed: dict[Observable, None] = {}
        for text in texts[:MAX_ITEMS]:
            observed.update(dict.fromkeys(observables_in(text, how)))
        return tuple(
            Sighting(indicator, kind, text, place)
            for kind, text in observed
            for place, each in enumerate(self._sets)
            for indicator in each.find(kind, text)
        )

    def _forget(self) -> None:
        self._sets = self._holder.current
        self._left = self._size
        for remembered in (self._places, self._silent, self._sightings):
            remembered.clear()


def _without_address(values: Sequence[Value]) -> bool:
    """Whether surely none of these texts holds the address of a web page: one search through all is quickest."""
    try:
        return "://" not in "\n".join(values)  # type: ignore[arg-type]
    except TypeError:  # some are no text
        return False
