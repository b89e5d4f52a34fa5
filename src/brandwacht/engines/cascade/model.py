"""What a cascade is computed on: nodes, what they require, and what goes wrong.

Times are whole minutes. Every value is frozen, so that one map can serve many runs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final, Literal, get_args

from .spread import Spread

State = Literal["up", "degraded", "down"]
Failure = Literal["degraded", "down"]
Kind = Literal["process", "service", "asset"]
Interest = Literal["territorial", "physical", "economic", "ecological", "stability", "heritage"]
CommonKind = Literal["provider", "cable", "building", "software", "other"]

STATES: Final[tuple[State, ...]] = get_args(State)
"""From good to bad; the position of a state is its level."""
INTERESTS: Final[tuple[Interest, ...]] = get_args(Interest)
"""The six national-security interests, in the order of the columns of an impact."""
MOST_FAILURES: Final = 525_600
"""Failures in a year, at most: one a minute."""


class InvalidInput(ValueError):
    """Input that cannot be computed on; `problems` holds every fault, in Dutch, each naming its place."""

    def __init__(self, heading: str, problems: Iterable[str]) -> None:
        self.problems: tuple[str, ...] = tuple(problems)
        super().__init__(f"{heading}\n" + "\n".join(f"- {problem}" for problem in self.problems))


class InvalidMap(InvalidInput):
    """A map with unknown names, double keys or impossible numbers."""


class InvalidOutage(InvalidInput):
    """An outage of an unknown node or with an impossible time."""


@dataclass(frozen=True, slots=True)
class Impact:
    """What it costs one vital interest when a node is not up: impact points per hour of being degraded or down."""

    interest: Interest
    degraded: float = 0.0
    down: float = 0.0


@dataclass(frozen=True, slots=True)
class Node:
    """A process, service or asset.

    `restart`: minutes between the end of the last cause and being back in the better state.
    `repair`: minutes an own outage lasts when the outage names no duration; None means it lasts to the horizon.

    Only Monte Carlo looks at the rest. `repair_spread`: the repair time as a distribution, in place of `repair`.
    `failures_per_year`: how often the node fails by itself. `region`: what impact is added up by. `impact`: what an
    hour of not being up costs, at most once per interest.
    """

    key: str
    name: str
    sector: str
    kind: Kind
    restart: int = 0
    repair: int | None = None
    repair_spread: Spread | None = None
    failures_per_year: float = 0.0
    region: str = ""
    impact: tuple[Impact, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """`node` needs at least `needed` of `providers` to work.

    A provider that is degraded still works. With w providers that work and u of those in full order, the requirement

    - fails when w < needed; the node becomes `effect`;
    - is strained when it does not fail, but u < needed (it leans on degraded providers) or w < degraded_at; the node
      becomes degraded;
    - is met otherwise.

    The buffer of `autonomy` minutes (UPS, fuel, stock, paper) covers both: the node notices a failure or strain only
    when it has lasted that long without a break. The buffer is full again as soon as the requirement is met. Where
    the loss of a spare must show at once although there is a buffer, state a second requirement without autonomy.

    `coupling` is the chance that, in one run of Monte Carlo, the requirement is felt at all. In a deterministic run it
    is felt unless the coupling is 0.
    """

    node: str
    label: str
    providers: tuple[str, ...]
    needed: int = 1
    degraded_at: int | None = None
    autonomy: int = 0
    effect: Failure = "down"
    coupling: float = 1.0


@dataclass(frozen=True, slots=True)
class CommonCause:
    """What can take all its `members` down at the same moment, for the same time.

    Only Monte Carlo lets it strike, `failures_per_year` times; `repair_spread` is how long it lasts, None to the
    horizon.
    """

    key: str
    name: str
    kind: CommonKind
    members: tuple[str, ...]
    failures_per_year: float = 0.0
    repair_spread: Spread | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """From minute `start` the node is `state` for `duration` minutes, whatever its providers do.

    Without a duration the node's `repair` time counts; without that either, it lasts to the horizon.
    """

    node: str
    start: int = 0
    duration: int | None = None
    state: Failure = "down"


@dataclass(frozen=True, slots=True)
class Map:
    """Nodes, requirements and common causes that fit together; cycles are allowed.

    Raises `InvalidMap` with all problems at once.
    """

    nodes: tuple[Node, ...]
    requirements: tuple[Requirement, ...]
    common_causes: tuple[CommonCause, ...] = ()
    _nodes: Mapping[str, Node] = field(init=False, repr=False, compare=False)
    _needs: Mapping[str, tuple[Requirement, ...]] = field(init=False, repr=False, compare=False)
    _serves: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    # The same as numbers, and as logic, once it was asked.
    _flat: Any = field(init=False, repr=False, compare=False, default=None)
    _logic: Any = field(init=False, repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", tuple(self.nodes))
        object.__setattr__(self, "requirements", tuple(self.requirements))
        object.__setattr__(self, "common_causes", tuple(self.common_causes))
        problems = [
            *_node_problems(self.nodes),
            *_requirement_problems(self.nodes, self.requirements),
            *_cause_problems(self.nodes, self.common_causes),
        ]
        if problems:
            raise InvalidMap("De risicokaart klopt niet:", problems)
        needs: dict[str, list[Requirement]] = {node.key: [] for node in self.nodes}
        # A dict keeps the order of first mention and drops doubles.
        serves: dict[str, dict[str, None]] = {node.key: {} for node in self.nodes}
        for requirement in self.requirements:
            needs[requirement.node].append(requirement)
            for provider in requirement.providers:
                serves[provider][requirement.node] = None
        object.__setattr__(self, "_nodes", {node.key: node for node in self.nodes})
        object.__setattr__(self, "_needs", {key: tuple(found) for key, found in needs.items()})
        object.__setattr__(self, "_serves", {key: tuple(found) for key, found in serves.items()})

    def __contains__(self, key: str) -> bool:
        return key in self._nodes

    def node(self, key: str) -> Node:
        """The node with this key; KeyError when there is none."""
        return self._nodes[key]

    def needs(self, key: str) -> tuple[Requirement, ...]:
        """What this node requires, in the order given."""
        return self._needs[key]

    def serves(self, key: str) -> tuple[str, ...]:
        """Keys of the nodes that name this node as a provider, each once."""
        return self._serves[key]


def _node_problems(nodes: tuple[Node, ...]) -> Iterable[str]:
    seen: set[str] = set()
    for node in nodes:
        where = f"Onderdeel '{node.key}'"
        if not node.key:
            yield f"Onderdeel '{node.name}' heeft geen sleutel; geef elk onderdeel een eigen sleutel."
        if node.key in seen:
            yield f"{where} staat er meer dan een keer in; geef elk onderdeel een eigen sleutel."
        seen.add(node.key)
        if node.kind not in get_args(Kind):
            yield f"{where} heeft soort '{node.kind}'; kies uit {', '.join(get_args(Kind))}."
        if node.restart < 0:
            yield f"{where} heeft een opstarttijd van {node.restart} minuten; neem 0 of meer."
        if node.repair is not None and node.repair < 0:
            yield f"{where} heeft een reparatietijd van {node.repair} minuten; neem 0 of meer, of laat die leeg."
        yield from _chance_problems(where, node.failures_per_year, node.repair_spread)
        yield from _impact_problems(where, node)


def _chance_problems(where: str, failures: float, spread: Spread | None) -> Iterable[str]:
    if not (isfinite(failures) and 0 <= failures <= MOST_FAILURES):
        yield f"{where} valt {failures} keer per jaar uit; neem 0 tot en met 525.600."
    if spread is not None:
        for problem in spread.problems():
            yield f"{where}: de hersteltijd {problem}"


def _impact_problems(where: str, node: Node) -> Iterable[str]:
    seen: set[Interest] = set()
    for impact in node.impact:
        if impact.interest not in get_args(Interest):
            yield f"{where} heeft gevolgen voor belang '{impact.interest}'; kies uit {', '.join(get_args(Interest))}."
        elif impact.interest in seen:
            yield f"{where} noemt belang '{impact.interest}' meer dan een keer; noem elk belang een keer."
        seen.add(impact.interest)
        if not all(isfinite(points) and points >= 0 for points in (impact.degraded, impact.down)):
            yield f"{where}: de gevolgen voor belang '{impact.interest}' zijn geen punten van 0 of meer per uur."


def _requirement_problems(nodes: tuple[Node, ...], requirements: tuple[Requirement, ...]) -> Iterable[str]:
    known = {node.key for node in nodes}
    seen: set[tuple[str, str]] = set()
    for requirement in requirements:
        where = f"Afhankelijkheid '{requirement.label}' van '{requirement.node}'"
        count = len(requirement.providers)
        if requirement.node not in known:
            yield f"{where}: onderdeel '{requirement.node}' bestaat niet op deze kaart."
        if (requirement.node, requirement.label) in seen:
            yield f"{where} staat er meer dan een keer in; geef elke afhankelijkheid van een onderdeel een eigen naam."
        seen.add((requirement.node, requirement.label))
        for provider in dict.fromkeys(requirement.providers):
            if provider not in known:
                yield f"{where}: leverancier '{provider}' bestaat niet op deze kaart."
            if provider == requirement.node:
                yield f"{where}: een onderdeel kan niet op zichzelf steunen."
        if len(set(requirement.providers)) < count:
            yield f"{where}: een leverancier staat er dubbel in; noem elke leverancier een keer."
        if not count:
            yield f"{where} noemt geen leveranciers; noem er ten minste een."
        elif not 1 <= requirement.needed <= count:
            yield f"{where} vraagt {requirement.needed} van {count} leveranciers; neem 1 tot en met {count}."
        elif requirement.degraded_at is not None and not requirement.needed < requirement.degraded_at <= count:
            yield (
                f"{where} is beperkt onder {requirement.degraded_at} werkende leveranciers; neem een getal boven "
                f"{requirement.needed} en ten hoogste {count}, of laat het leeg."
            )
        if requirement.autonomy < 0:
            yield f"{where} heeft een buffer van {requirement.autonomy} minuten; neem 0 of meer."
        if requirement.effect not in get_args(Failure):
            yield f"{where} heeft gevolg '{requirement.effect}'; kies uit {', '.join(get_args(Failure))}."
        if not 0 <= requirement.coupling <= 1:
            yield f"{where} telt met kans {requirement.coupling} mee; neem 0 tot en met 1."


def _cause_problems(nodes: tuple[Node, ...], causes: tuple[CommonCause, ...]) -> Iterable[str]:
    known = {node.key for node in nodes}
    seen: set[str] = set()
    for cause in causes:
        where = f"Gezamenlijke oorzaak '{cause.key}'"
        if not cause.key:
            yield f"Gezamenlijke oorzaak '{cause.name}' heeft geen sleutel; geef elke oorzaak een eigen sleutel."
        if cause.key in seen:
            yield f"{where} staat er meer dan een keer in; geef elke oorzaak een eigen sleutel."
        seen.add(cause.key)
        if cause.kind not in get_args(CommonKind):
            yield f"{where} heeft soort '{cause.kind}'; kies uit {', '.join(get_args(CommonKind))}."
        if not cause.members:
            yield f"{where} raakt geen onderdelen; noem er ten minste een."
        if len(set(cause.members)) < len(cause.members):
            yield f"{where}: een onderdeel staat er dubbel in; noem elk onderdeel een keer."
        for member in dict.fromkeys(cause.members):
            if member not in known:
                yield f"{where}: onderdeel '{member}' bestaat niet op deze kaart."
        yield from _chance_problems(where, cause.failures_per_year, cause.repair_spread)


def check_outages(network: Map, outages: Iterable[Outage], horizon: int) -> None:
    """Raise `InvalidOutage`, naming every outage that this map cannot play."""
    problems = [] if horizon > 0 else [f"De looptijd is {horizon} minuten; neem 1 of meer."]
    known, failures = network._nodes, STATES[1:]
    for outage in outages:
        if (
            outage.node in known
            and outage.start >= 0
            and (outage.duration is None or outage.duration >= 0)
            and outage.state in failures
        ):
            continue  # most are well, and there may be thousands
        where = f"Uitval van '{outage.node}'"
        if outage.node not in known:
            problems.append(f"{where}: dit onderdeel bestaat niet op deze kaart.")
        if outage.start < 0:
            problems.append(f"{where} begint op minuut {outage.start}; neem 0 of meer.")
        if outage.duration is not None and outage.duration < 0:
            problems.append(f"{where} duurt {outage.duration} minuten; neem 0 of meer, of laat de duur leeg.")
        if outage.state not in get_args(Failure):
            problems.append(f"{where} heeft toestand '{outage.state}'; kies uit {', '.join(get_args(Failure))}.")
    if problems:
        raise InvalidOutage("De uitval is niet door te rekenen:", problems)
