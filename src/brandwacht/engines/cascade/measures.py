"""What can be done about a map, what it costs, and the map as it is when it has been done."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

from .logic import Origin
from .model import CommonCause, InvalidInput, InvalidMap, Map, Node, Requirement
from .spread import Spread


class InvalidMeasure(InvalidInput):
    """Measures that this map cannot take."""


@dataclass(frozen=True, slots=True)
class AddAutonomy:
    """The buffer of a requirement lasts `minutes` longer: a generator, more fuel, more stock, a paper procedure."""

    node: str
    label: str
    minutes: int


@dataclass(frozen=True, slots=True)
class AddNode:
    """A new node with what it needs; meant for `AddProvider` to lean on. Nothing changes when its key is there."""

    node: Node
    needs: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True)
class AddProvider:
    """A requirement gets one more provider; what it needs stays the same number."""

    node: str
    label: str
    provider: str


@dataclass(frozen=True, slots=True)
class ShortenRestart:
    """A node starts within `to` minutes; nothing changes when it already did."""

    node: str
    to: int


@dataclass(frozen=True, slots=True)
class ShortenRepair:
    """An own outage takes `to` minutes (1 or more) to repair; nothing changes when it already took no longer.

    A spread is scaled as a whole, so that its `mode` becomes `to`. For a common cause: how long its strike lasts.
    """

    origin: Origin
    to: int


@dataclass(frozen=True, slots=True)
class LeaveCommonCause:
    """These members are no longer struck by a common cause; when all have left, it is gone."""

    cause: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LowerRate:
    """A node fails, or a common cause strikes, `to` times a year; nothing changes when it already did so less."""

    origin: Origin
    to: float


Step = AddAutonomy | AddNode | AddProvider | ShortenRestart | ShortenRepair | LeaveCommonCause | LowerRate


@dataclass(frozen=True, slots=True)
class Measure:
    """Something to spend on: `once` and `yearly` in whole euros.

    `needs` are keys of measures that must be taken too, `excludes` of measures that cannot be taken with it (it is
    enough that one of the two says so).
    """

    key: str
    name: str
    steps: tuple[Step, ...]
    once: int = 0
    yearly: int = 0
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()

    def cost(self, years: int) -> int:
        """Euros over so many years, without interest or inflation."""
        return self.once + self.yearly * years


def apply(network: Map, measures: Iterable[Measure]) -> Map:
    """The map with these measures taken; their order does not matter.

    Old nodes, requirements and common causes keep their order and new ones come last, so that both maps can be played
    on the same random numbers. Raises `InvalidMeasure` with every step that does not fit the map. Needs and excludes
    are not looked at: that is for `check_measures` and whoever chooses.
    """
    draft = _Draft(network)
    problems = draft.take(measures)
    if problems:
        raise InvalidMeasure("De maatregelen passen niet op deze kaart:", problems)
    try:
        return draft.map()
    except InvalidMap as error:
        raise InvalidMeasure("De maatregelen passen niet op deze kaart:", error.problems) from error


def check_measures(network: Map, measures: Sequence[Measure]) -> None:
    """Raise `InvalidMeasure` with everything that is wrong with a list of measures to choose from.

    That is: double or unknown keys, costs that cannot be, needs in a circle, needs that exclude each other, and steps
    that do not fit this map when the measure is taken with all that it needs.
    """
    by_key = {measure.key: measure for measure in measures}
    problems: list[str] = []
    if len(by_key) < len(measures):
        keys = [measure.key for measure in measures]
        for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
            problems.append(f"Maatregel '{key}' staat er meer dan een keer in; geef elke maatregel een eigen sleutel.")
    for measure in measures:
        where = f"Maatregel '{measure.key}'"
        for what, euros in (("eenmalige", measure.once), ("jaarlijkse", measure.yearly)):
            if euros < 0:
                problems.append(f"{where} heeft {euros} euro {what} kosten; neem 0 of meer.")
        for key in (*measure.needs, *measure.excludes):
            if key not in by_key:
                problems.append(f"{where} noemt maatregel '{key}', die er niet is.")
            elif key == measure.key:
                problems.append(f"{where} noemt zichzelf; haal dat weg.")
    if not problems:
        for measure in measures:
            problems += _fit(network, measure, by_key)
    if problems:
        raise InvalidMeasure("De maatregelen kloppen niet:", dict.fromkeys(problems))


def _fit(network: Map, measure: Measure, by_key: Mapping[str, Measure]) -> Iterator[str]:
    where = f"Maatregel '{measure.key}'"
    together = with_needs(measure.key, by_key)
    if any(measure.key in by_key[key].needs for key in together):
        yield f"{where} vraagt om maatregelen die zelf om deze vragen; haal een van die voorwaarden weg."
    for key in together:
        for other in by_key[key].excludes:
            if other in together:
                yield f"{where} kan nooit: '{key}' en '{other}' zijn allebei nodig en sluiten elkaar uit."
    chosen = [by_key[key] for key in together]
    if any(isinstance(step, AddNode) for each in chosen for step in each.steps):
        try:
            apply(network, chosen)
        except InvalidMeasure as error:
            yield from error.problems
    else:
        # Only new nodes can make a map that does not fit; checking a whole map for each measure takes long.
        yield from _Draft(network).take(chosen)


def with_needs(key: str, by_key: Mapping[str, Measure]) -> tuple[str, ...]:
    """This measure and all that it needs, directly or through others, itself last."""
    found: dict[str, None] = {}
    todo = [key]
    while todo:
        each = todo.pop()
        if each not in found:
            found[each] = None
            todo += by_key[each].needs
    return tuple(reversed(found))


class _Draft:
    """A map in the making."""

    def __init__(self, network: Map) -> None:
        self.nodes = {node.key: node for node in network.nodes}
        self.needs = {(need.node, need.label): need for need in network.requirements}
        self.causes = {cause.key: cause for cause in network.common_causes}
        self.gone: set[str] = set()

    def map(self) -> Map:
        causes = tuple(cause for cause in self.causes.values() if cause.key not in self.gone)
        return Map(tuple(self.nodes.values()), tuple(self.needs.values()), causes)

    def take(self, measures: Iterable[Measure]) -> list[str]:
        """Take all steps, and tell which do not fit."""
        chosen = sorted(measures, key=lambda measure: measure.key)
        for measure in chosen:
            self._add_nodes(measure)
        return [
            f"Maatregel '{measure.key}': {problem}"
            for measure in chosen
            for step in measure.steps
            if (problem := self._step(step))
        ]

    def _add_nodes(self, measure: Measure) -> None:
        for step in measure.steps:
            if isinstance(step, AddNode) and step.node.key not in self.nodes:
                self.nodes[step.node.key] = step.node
                self.needs.update(((need.node, need.label), need) for need in step.needs)

    def _step(self, step: Step) -> str | None:
        match step:
            case AddNode(node, needs):
                if any(need.node != node.key for need in needs):
                    return f"het nieuwe onderdeel '{node.key}' brengt een afhankelijkheid van een ander onderdeel mee."
            case AddAutonomy(node, label, minutes):
                if minutes < 0:
                    return f"de buffer wordt {minutes} minuten langer; neem 0 of meer."
                return self._need(node, label, lambda need: replace(need, autonomy=need.autonomy + minutes))
            case AddProvider(node, label, provider):
                return self._provider(node, label, provider)
            case ShortenRestart(node, to):
                if to < 0:
                    return f"de opstarttijd wordt {to} minuten; neem 0 of meer."
                if node not in self.nodes:
                    return _unknown(node)
                old = self.nodes[node]
                self.nodes[node] = replace(old, restart=min(old.restart, to))
            case ShortenRepair(origin, to):
                if to < 1:
                    return f"de reparatietijd wordt {to} minuten; neem 1 of meer."
                return self._origin(origin, to)
            case LeaveCommonCause(key, members):
                return self._leave(key, members)
            case LowerRate(origin, to):
                if not (isfinite(to) and to >= 0):
                    return f"de storing komt {to} keer per jaar voor; neem 0 of meer."
                return self._rate(origin, to)
        return None

    def _need(self, node: str, label: str, change: Callable[[Requirement], Requirement]) -> str | None:
        need = self.needs.get((node, label))
        if need is None:
            return f"afhankelijkheid '{label}' van '{node}' bestaat niet op deze kaart."
        self.needs[node, label] = change(need)
        return None

    def _provider(self, node: str, label: str, provider: str) -> str | None:
        if provider not in self.nodes:
            return _unknown(provider)
        if provider == node:
            return f"'{node}' kan niet op zichzelf steunen."

        def with_provider(need: Requirement) -> Requirement:
            return replace(need, providers=tuple(dict.fromkeys((*need.providers, provider))))

        return self._need(node, label, with_provider)

    def _origin(self, origin: Origin, to: int) -> str | None:
        if origin.kind == "common":
            cause = self.causes.get(origin.key)
            if cause is None:
                return _unknown_cause(origin.key)
            spread = shortened(cause.repair_spread, to) or Spread("fixed", mode=to)
            self.causes[origin.key] = replace(cause, repair_spread=spread)
            return None
        if origin.key not in self.nodes:
            return _unknown(origin.key)
        node = self.nodes[origin.key]
        repair = to if node.repair is None else min(node.repair, to)
        self.nodes[origin.key] = replace(node, repair=repair, repair_spread=shortened(node.repair_spread, to))
        return None

    def _leave(self, key: str, members: tuple[str, ...]) -> str | None:
        cause: CommonCause | None = self.causes.get(key)
        if cause is None:
            return _unknown_cause(key)
        for member in members:
            if member not in self.nodes:
                return _unknown(member)
        left = tuple(member for member in cause.members if member not in members)
        if left:
            self.causes[key] = replace(cause, members=left)
        else:
            self.gone.add(key)
        return None

    def _rate(self, origin: Origin, to: float) -> str | None:
        if origin.kind == "common":
            if origin.key not in self.causes:
                return _unknown_cause(origin.key)
            cause = self.causes[origin.key]
            self.causes[origin.key] = replace(cause, failures_per_year=min(cause.failures_per_year, to))
            return None
        if origin.key not in self.nodes:
            return _unknown(origin.key)
        node = self.nodes[origin.key]
        self.nodes[origin.key] = replace(node, failures_per_year=min(node.failures_per_year, to))
        return None


def shortened(spread: Spread | None, to: int) -> Spread | None:
    """The spread, scaled so that its mode is at most `to` minutes."""
    if spread is None or spread.mode <= to:
        return spread
    factor = to / spread.mode
    return Spread(spread.kind, spread.low * factor, float(to), spread.high * factor)


def _unknown(key: str) -> str:
    return f"onderdeel '{key}' bestaat niet op deze kaart."


def _unknown_cause(key: str) -> str:
    return f"gezamenlijke oorzaak '{key}' bestaat niet op deze kaart."
