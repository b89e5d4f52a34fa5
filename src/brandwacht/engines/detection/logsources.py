"""Which events a rule is about: from the log source it names to channels, kinds, event numbers and field names.

The tables are data (`data/logsources*.yaml`, our own); a caller may give other ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from brandwacht.engines.detection.atoms import Lookup
from brandwacht.engines.detection.compiling import Expression, join
from brandwacht.engines.detection.events import Event

ANY_CHANNEL: Final = "windows:*"
"""As the channel of a place: every event that is from a Windows channel, or from a log that names nothing."""
_KINDS: Final = [
    "linux",
    "macos",
    "zeek",
    "suricata",
    "ecs",
    "web",
    "proxy",
    "cisco",
    "fortinet",
    "paloalto",
    "huawei",
    "juniper",
    "cef",
    "leef",
    "aws",
    "azure",
    "m365",
    "gcp",
    "okta",
    "onelogin",
    "github",
    "bitbucket",
    "kubernetes",
    "opencanary",
    "json",
    "app",
]
"""The first parts of the kinds of events that are from no Windows channel."""
UNKNOWN: Final = "Voor deze logbron is er geen logboek dat deze versie kan lezen."


@dataclass(frozen=True, slots=True)
class Place:
    """Where a log source is found. `channel` is in lower case ("" is any), `events` None means every number; for a log
    that is no Windows channel it is the `kind` of its events, and "linux.*" is every kind that begins so.

    `where` narrows it down: per field the values of which the event must have one. `fields` and `values` translate: the
    name in a rule to the name in the event, and per name in a rule a value in the event to the value that rules expect.
    """

    channel: str
    events: frozenset[int] | None = None
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def is_one_log(self) -> bool:
        """Whether this place is exactly the log that `channel` names."""
        return self.channel != "" and not self.channel.endswith("*")

    def covers(self, channel: str, event_id: int | None) -> bool:
        """Whether an event of this channel or kind (lower case) and number comes from here."""
        if self.events is not None and event_id not in self.events:
            return False
        if self.channel in ("", channel):
            return True
        if self.channel == ANY_CHANNEL:
            return channel.partition(".")[0] not in _KINDS or "." not in channel
        return self.channel.endswith("*") and channel.startswith(self.channel[:-1])

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
class Product:
    """The log sources of one product; `whole` is for rules that name the product and nothing else."""

    categories: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    services: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    whole: tuple[Place, ...] = (Place(""),)

    def places(self, category: str | None, service: str | None) -> tuple[Place, ...]:
        """The places of a category, a service, or what belongs to both."""
        if category is None and service is None:
            return self.whole
        by_service = self.services.get(service) if service else None
        if category is None:
            return by_service or ()
        by_category = self.categories.get(category, ())
        if by_service is None:
            return by_category
        channels = {place.channel for place in by_service}
        return tuple(place for place in by_category if place.channel in channels)


@dataclass(frozen=True, slots=True)
class LogSources:
    """The log sources of products by name; the product "" is for rules that name none. `unplaced` holds, per
    "product/category/service", a Dutch sentence that says why there is no place for it.
    """

    products: Mapping[str, Product]
    unplaced: Mapping[str, str] = field(default_factory=dict)

    def places(self, logsource: Mapping[str, str]) -> tuple[Place, ...]:
        """The places of a rule's log source; empty when these tables do not know it."""
        product, category, service = (logsource.get(key) for key in ("product", "category", "service"))
        if product:
            table = self.products.get(product)
            return table.places(category, service) if table else ()
        if category is None and service is None:
            return ()
        found = (table.places(category, service) for table in self.products.values())
        return _once(place for places in found for place in places)

    def why_unplaced(self, logsource: Mapping[str, str]) -> str:
        """A Dutch sentence that says why a rule's log source has no place; "" when it has one."""
        if self.places(logsource):
            return ""
        name = "/".join(logsource.get(key) or "-" for key in ("product", "category", "service"))
        return self.unplaced.get(name, UNKNOWN)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], product: str = "windows") -> LogSources:
        """The table of one product that a parsed data file (the shape of `data/logsources.yaml`) describes."""
        return cls({product: _product(data, data.get("channels", {}))})


def _place(entry: str | Mapping[str, Any], channels: Mapping[str, str]) -> Place:
    if isinstance(entry, str):
        return Place(channels.get(entry, entry).lower())
    events = entry.get("events")
    return Place(
        channel=channels.get(entry["channel"], entry["channel"]).lower(),
        events=None if events is None else frozenset(events),
        where=entry.get("where", {}),
        fields=entry.get("fields", {}),
        values=entry.get("values", {}),
    )


def _product(data: Mapping[str, Any], channels: Mapping[str, str]) -> Product:
    def places(entries: Iterable[str | Mapping[str, Any]]) -> tuple[Place, ...]:
        return tuple(_place(entry, channels) for entry in entries)

    return Product(
        categories={name: places(entries) for name, entries in data.get("categories", {}).items()},
        services={name: places(entries) for name, entries in data.get("services", {}).items()},
        whole=places(data["all"]) if "all" in data else (Place(""),),
    )


def _once(places: Iterable[Place]) -> tuple[Place, ...]:
    found: list[Place] = []
    for place in places:
        if place not in found:
            found.append(place)
    return tuple(found)


def _together(first: Product, second: Product, whole: tuple[Place, ...]) -> Product:
    def both(
        one: Mapping[str, tuple[Place, ...]], two: Mapping[str, tuple[Place, ...]]
    ) -> Mapping[str, tuple[Place, ...]]:
        return {name: (*one.get(name, ()), *two.get(name, ())) for name in dict.fromkeys((*one, *two))}

    return Product(both(first.categories, second.categories), both(first.services, second.services), whole)


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((files(__package__) / "data" / name).read_text(encoding="utf-8"))
    return data


def logsource_of(logsource: object) -> dict[str, str]:
    """The parts of a log source of pySigma that are filled in, by name."""
    parts = {key: getattr(logsource, key) for key in ("product", "category", "service")}
    return {key: str(value) for key, value in parts.items() if value is not None}


@cache
def windows() -> LogSources:
    """The table for Windows and Sysmon alone."""
    return LogSources.from_data(_read("logsources.yaml"))


@cache
def everything() -> LogSources:
    """The tables of all products that come with this package, with the events in ECS beside those of each product."""
    other, ecs = _read("logsources-other.yaml"), _read("logsources-ecs.yaml")
    products = {name: _product(data, other["channels"]) for name, data in other["products"].items()}
    products["windows"] = _together(windows().products["windows"], Product(), products["windows"].whole)
    for name, categories in ecs["places"].items():
        placed = {
            category: tuple(Place(kind, fields=ecs["fields"], values=ecs["values"]) for kind in kinds)
            for category, kinds in categories.items()
        }
        products[name] = _together(products[name], Product(placed), products[name].whole)
    return LogSources(products, other["unplaced"])
