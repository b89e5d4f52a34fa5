"""Match events against rules: `Matcher(rules).match(event)`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from brandwacht.engines.detection.events import Event, Origin
from brandwacht.engines.detection.explaining import Match
from brandwacht.engines.detection.fields import Memory
from brandwacht.engines.detection.logsources import LogSources, Place, everything
from brandwacht.engines.detection.partitions import NOTHING, Open, Partition
from brandwacht.engines.detection.planning import expand
from brandwacht.engines.detection.rules import Rule

MAX_PARTITIONS: Final = 1024
"""Kinds of event for which rules are kept prepared."""
MEMORY: Final = 128 * 1024 * 1024
"""Bytes, by estimate, that may be remembered of values; beyond it memory starts anew."""


class Matcher:
    """Rules made ready for matching. Not for use by several threads at once; make one per process.

    Rules for whose log source there is no place in `logsources` are listed in `unplaced`; they never match.
    """

    def __init__(self, rules: Sequence[Rule], logsources: LogSources | None = None, *, memory: int = MEMORY) -> None:
        table = logsources or everything()
        self._memory = Memory(memory)
        placed = [(number, rule, table.places(rule.logsource)) for number, rule in enumerate(rules)]
        self._at: dict[str, list[tuple[Place, int, Rule]]] = defaultdict(list)
        self._anywhere: list[tuple[Place, int, Rule]] = []
        for number, rule, places in placed:
            for place in places:
                (self._at[place.channel] if place.is_one_log else self._anywhere).append((place, number, rule))
        self._expanded: dict[tuple[int, int], Open] = {}
        self._partitions: dict[Origin, list[Partition]] = {}
        self.unplaced: tuple[Rule, ...] = tuple(rule for _, rule, places in placed if not places)

    def match(self, event: Event) -> list[Match]:
        """The matches of one event, in the order of the rules."""
        partitions = self._partitions.get(event.origin)
        if partitions is None:
            partitions = self._prepare(event.origin)
        found: dict[int, Match] | None = None
        for partition in partitions:
            verdict = partition.verdict(event)
            if verdict is not NOTHING:
                found = found or {}
                for number, match in partition.explain(verdict, event):
                    found.setdefault(number, match)
        if self._memory.left < 0:
            self.forget()
        return [found[number] for number in sorted(found)] if found else []

    def forget(self) -> None:
        """Drop what is remembered of values; what was prepared for kinds of event stays."""
        for partitions in self._partitions.values():
            for partition in partitions:
                partition.forget()
        self._memory.left = self._memory.size

    def _prepare(self, origin: Origin) -> list[Partition]:
        """The rules for this kind of event, one partition per way in which its fields are named."""
        if len(self._partitions) >= MAX_PARTITIONS:
            self._partitions.clear()
            self._memory.left = self._memory.size
        channel, event_id = origin.channel, origin.event_id
        views: dict[int, tuple[Place, list[Open]]] = {}
        plain, log = Place(channel), origin.log
        for place, number, rule in (*self._at.get(log, ()), *self._anywhere):
            if place.covers(log, event_id):
                view = place if place.fields else plain
                views.setdefault(id(view), (view, []))[1].append(self._open(place, number, rule))
        constants = {"Channel": channel} if channel else {}
        if event_id is not None:
            constants["EventID"] = str(event_id)
        prepared = [Partition(view, rules, constants, self._memory) for view, rules in views.values()]
        self._partitions[origin] = found = [part for part in prepared if part.rules]
        return found

    def _open(self, place: Place, number: int, rule: Rule) -> Open:
        """The rule as it is asked of events from `place`, with its selections filled in."""
        key = (id(place) if place.where else 0, number)
        found = self._expanded.get(key)
        if found is None:
            node = expand(place.narrow(rule.condition), rule.selections)
            found = self._expanded[key] = Open(number, rule, node)
        return found
