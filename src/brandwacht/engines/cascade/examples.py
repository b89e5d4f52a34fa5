"""Example maps: real incidents, written by us from the public record, to replay and to learn from.

What the record says stands in `facts` and `shared`; what we made of it in `assumptions`. A file that we ship may only
be used as such when `Example.broken` is empty, and the tests hold that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, Final, get_args

from .logic import Origin
from .model import STATES, CommonCause, CommonKind, Failure, InvalidMap, Kind, Map, Node, Outage, Requirement, State
from .reading import DATA, InvalidData, Record, from_yaml
from .redundancy import false_redundancies
from .run import Run
from .scales import Source, read_sources
from .simulate import simulate

EXAMPLES: Final = ("kpn-112-2019", "hemweg-2017", "nafin-2024")

KINDS: Final[Mapping[str, Kind]] = MappingProxyType({"proces": "process", "dienst": "service", "middel": "asset"})
CAUSE_KINDS: Final = get_args(CommonKind)


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of the real incident: the node was in one of `states` from minute `start` up to `end`."""

    node: str
    states: tuple[State, ...]
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Shared:
    """What the real incident laid bare: the spares of this requirement fell together, through `origin`."""

    node: str
    label: str
    origin: Origin
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """A real incident as a map with outages. Minute 0 is `start`, in Dutch local time. Names and texts are Dutch."""

    key: str
    title: str
    story: str
    version: str
    date: date
    licence: str
    status: str
    sources: tuple[Source, ...]
    assumptions: tuple[str, ...]
    start: datetime
    horizon: int
    network: Map
    vital: tuple[str, ...]
    outages: tuple[Outage, ...]
    facts: tuple[Fact, ...]
    shared: tuple[Shared, ...]

    def replay(self) -> Run:
        """The incident, played on the map."""
        return simulate(self.network, self.outages, self.horizon)

    def moment(self, minute: int) -> datetime:
        """The local time of a minute of the run."""
        return self.start + timedelta(minutes=minute)

    def broken(self) -> list[Fact | Shared]:
        """What is known of the incident and the map does not show."""
        run = self.replay()
        rows = {(each.node, each.label, each.origin) for each in false_redundancies(self.network)}
        wrong: list[Fact | Shared] = [fact for fact in self.facts if not _holds(run, fact)]
        return wrong + [each for each in self.shared if (each.node, each.label, each.origin) not in rows]


def _holds(run: Run, fact: Fact) -> bool:
    moments = [fact.start, *(change.minute for change in run.of(fact.node) if fact.start < change.minute < fact.end)]
    return all(run.state_at(minute)[fact.node] in fact.states for minute in moments)


@cache
def load_example(key: str) -> Example:
    """One of `EXAMPLES`; KeyError for another key."""
    if key not in EXAMPLES:
        raise KeyError(key)
    text = (DATA / "voorbeelden" / f"{key}.yaml").read_text(encoding="utf-8")
    return read_example(from_yaml(text, key), key)


def read_example(data: object, name: str) -> Example:
    """An example from plain values; `InvalidData` names every fault with its place, in Dutch."""
    top = Record(data, name, [])
    heading = f"Het voorbeeld '{name}' klopt niet:"
    key, title, story = top.text("key"), top.text("title"), top.text("story")
    version, day, licence, status = top.text("version"), top.day("date"), top.text("licence"), top.text("status")
    sources, assumptions = read_sources(top), top.texts("assumptions")
    begin, end = _moment(top, "start"), _moment(top, "end")
    horizon = _minutes(begin, end)
    if horizon < 1:
        top.problem("'end' hoort na 'start' te liggen.")
    nodes, requirements, vital = read_nodes(top)
    causes = _causes(top)
    outages = _outages(top, begin, causes)
    facts = _facts(top, begin, horizon)
    shared = _shared(top, {cause.key for cause in causes})
    known = {node.key for node in nodes}
    for named in (*(each.node for each in outages), *(each.node for each in facts), *(each.node for each in shared)):
        if named not in known:
            top.problem(f"onderdeel '{named}' bestaat niet op deze kaart.")
    try:
        network = Map(nodes, requirements, causes)
    except InvalidMap as error:
        raise InvalidData(heading, [*top.problems, *error.problems]) from error
    top.finish(heading)
    return Example(
        key, title, story, version, day, licence, status, sources, assumptions,
        begin, horizon, network, vital, outages, facts, shared,
    )  # fmt: skip


def read_nodes(top: Record) -> tuple[tuple[Node, ...], tuple[Requirement, ...], tuple[str, ...]]:
    """Nodes and requirements from the list `nodes`, and the keys of the vital ones. The map still has to check them."""
    nodes: list[Node] = []
    requirements: list[Requirement] = []
    vital: list[str] = []
    for row in top.records("nodes"):
        key, name, sector = row.text("key"), row.text("name"), row.text("sector")
        kind = KINDS[row.choice("kind", tuple(KINDS))]
        nodes.append(Node(key, name, sector, kind, row.whole("restart", 0), row.whole_or_none("repair")))
        if row.take("vital", False) is True:
            vital.append(key)
        for need in row.records("needs", required=False):
            effect: Failure = (
                "degraded" if need.choice("effect", ("down", "degraded"), "down") == "degraded" else "down"
            )
            requirements.append(
                Requirement(
                    key,
                    need.text("label"),
                    need.texts("of"),
                    need.whole("needed", 1),
                    need.whole_or_none("degraded_at"),
                    need.whole("autonomy", 0),
                    effect,
                )
            )
    return tuple(nodes), tuple(requirements), tuple(vital)


def _causes(top: Record) -> tuple[CommonCause, ...]:
    found = []
    for row in top.records("common_causes", required=False):
        kind: Any = row.choice("kind", CAUSE_KINDS)
        found.append(CommonCause(row.text("key"), row.text("name"), kind, row.texts("members")))
    return tuple(found)


def _outages(top: Record, begin: datetime, causes: Iterable[CommonCause]) -> tuple[Outage, ...]:
    members = {cause.key: cause.members for cause in causes}
    found = []
    for row in top.records("outages"):
        start = _minutes(begin, _moment(row, "from")) if row.take("from") else 0
        lasts = _minutes(begin, _moment(row, "until")) - start
        state: Failure = "degraded" if row.choice("state", ("down", "degraded"), "down") == "degraded" else "down"
        if start < 0 or lasts < 1:
            row.problem("de uitval hoort na 'start' te beginnen en daarna te eindigen.")
        cause = row.text("cause", "")
        if cause and cause not in members:
            row.problem(f"gezamenlijke oorzaak '{cause}' bestaat niet op deze kaart.")
        for key in members.get(cause, ()) if cause else (row.text("node"),):
            found.append(Outage(key, max(start, 0), max(lasts, 0), state))
    return tuple(found)


def _facts(top: Record, begin: datetime, horizon: int) -> tuple[Fact, ...]:
    found = []
    for row in top.records("facts"):
        states = tuple(state for state in STATES if state in row.texts("states"))
        if not states or len(states) != len(row.texts("states")):
            row.problem(f"'states' noemt een of meer van {', '.join(STATES)}.")
        start, end = _minutes(begin, _moment(row, "from")), _minutes(begin, _moment(row, "until"))
        if not 0 <= start < end <= horizon:
            row.problem("'from' hoort voor 'until' te liggen, en beide binnen de looptijd.")
        found.append(Fact(row.text("node"), states, start, end, row.text("text")))
    return tuple(found)


def _shared(top: Record, causes: set[str]) -> tuple[Shared, ...]:
    found = []
    for row in top.records("shared", required=False):
        key = row.text("origin")
        origin = Origin("common" if key in causes else "node", key)
        found.append(Shared(row.text("node"), row.text("label"), origin, row.text("text")))
    return tuple(found)


def _moment(row: Record, key: str) -> datetime:
    """A local time, as YAML reads it (`2019-06-24 15:34:00`) or as text like `2019-06-24 15:34`."""
    value = row.take(key)
    if isinstance(value, str):
        try:
            value = datetime.strptime(value, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - local time of the incident
        except ValueError:
            value = None
    if isinstance(value, datetime) and value.tzinfo is None:
        return value
    row.problem(f"'{key}' hoort een tijdstip te zijn, zoals 2019-06-24 15:34.")
    return datetime.min  # noqa: DTZ901 - stands in for a fault


def _minutes(begin: datetime, moment: datetime) -> int:
    return int((moment - begin).total_seconds() // 60)
