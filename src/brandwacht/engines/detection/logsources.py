"""Which events a rule is about: from the log source it names to channels, event numbers and field names.

The table is data (`data/logsources.yaml`, our own); a caller may give another one for other products.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from brandwacht.engines.detection.atoms import Lookup
from brandwacht.engines.detection.compiling import Expression, join
from brandwacht.engines.detection.events import Event


@dataclass(frozen=True, slots=True)
class Place:
    """Where a log source is found. `channel` is in lower case ("" is any), `events` None means every number; for a log
    that is no Windows channel it is the `kind` of its events.

    `where` narrows it down: per field the values of which the event must have one. `fields` and `values` translate: the
    name in a rule to the name in the event, and per name in a rule a value in the event to the value that rules expect.
    """

    channel: str
    events: frozenset[int] | None = None
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def covers(self, channel: str, event_id: int | None) -> bool:
        """Whether an event of this channel (lower case) and number comes from here."""
        return self.channel in ("", channel) and (self.events is None or event_id in self.events)

    def view(self, event: Event) -> Lookup:
        """How rules see the fields of an event from here."""
        if not self.fields:
            return event.lookup

        def lookup(name: str) -> object:
            value = event.lookup(self.fields.get(name, name))
            table = self.values.get(name)
            return table.get(value, value) if table and isinstance(value, str) else value

        return lookup

    def narrow(self, condition: Expression) -> Expression:
        """`condition` for events from here: with what `where` asks beside it."""
        asked = [join("or", [["eq", name, value.lower(), False] for value in self.where[name]]) for name in self.where]
        return join("and", [*asked, condition])


@dataclass(frozen=True, slots=True)
class LogSources:
    """The table of log sources of one product."""

    product: str
    categories: Mapping[str, tuple[Place, ...]]
    services: Mapping[str, tuple[Place, ...]]

    def places(self, logsource: Mapping[str, str]) -> tuple[Place, ...]:
        """The places of a rule's log source; empty when this table does not know it."""
        product, category, service = (logsource.get(key) for key in ("product", "category", "service"))
        if (product or self.product) != self.product:
            return ()
        if category is None and service is None:
            return (Place(""),) if product else ()
        by_service = self.services.get(service, ()) if service else None
        if category is None:
            return by_service or ()
        by_category = self.categories.get(category, ())
        if by_service is None:
            return by_category
        channels = {place.channel for place in by_service}
        return tuple(place for place in by_category if place.channel in channels)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], product: str = "windows") -> LogSources:
        """The table that a parsed data file (the shape of `data/logsources.yaml`) describes."""
        channels: Mapping[str, str] = data.get("channels", {})

        def place(entry: Mapping[str, Any]) -> Place:
            events = entry.get("events")
            return Place(
                channel=channels.get(entry["channel"], entry["channel"]).lower(),
                events=None if events is None else frozenset(events),
                where=entry.get("where", {}),
                fields=entry.get("fields", {}),
                values=entry.get("values", {}),
            )

        return cls(
            product=product,
            categories={name: tuple(map(place, entries)) for name, entries in data.get("categories", {}).items()},
            services={
                name: tuple(place({"channel": channel}) for channel in entries)
                for name, entries in data.get("services", {}).items()
            },
        )


def logsource_of(logsource: object) -> dict[str, str]:
    """The parts of a log source of pySigma that are filled in, by name."""
    parts = {key: getattr(logsource, key) for key in ("product", "category", "service")}
    return {key: str(value) for key, value in parts.items() if value is not None}


@cache
def windows() -> LogSources:
    """The table for Windows and Sysmon that comes with this package."""
    text = (files(__package__) / "data" / "logsources.yaml").read_text(encoding="utf-8")
    return LogSources.from_data(yaml.safe_load(text))
