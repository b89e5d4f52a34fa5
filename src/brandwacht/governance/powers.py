"""The table of powers as pages show it: for one phase by role, and for all phases side by side. No queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from brandwacht.cert.models import Phase
from brandwacht.engines.authority import GENERAL, Power, Powers, Source, load_escalation, load_powers
from brandwacht.governance.glossary import explained

SHOWN = 5
"""Rows that the panel shows before the rest is folded away."""
SHOWN_OF_MINE = 3


@dataclass(frozen=True, slots=True)
class RoleRows:
    """Rows of one role; ``mine`` when the reader wears that hat."""

    key: str
    label: str
    mine: bool
    rows: tuple[Power, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """Sources that were checked on the same day in the same way."""

    titles: tuple[str, ...]
    checked: date
    how: str


@dataclass(frozen=True, slots=True)
class InPhase:
    """Who may do what in one scenario and phase: what comes first, and the rest."""

    scenario: str
    scenario_label: str
    phase: str
    phase_label: str
    first: Sequence[RoleRows]
    rest: Sequence[RoleRows]
    rest_count: int
    powers: Powers
    sources: Sequence[Source]
    words: Sequence[tuple[str, str]]


def known_scenario(key: str) -> str:
    """The scenario, or the general one when the table of powers does not know it (any more)."""
    return key if key in load_powers().scenarios else GENERAL


def in_phase(scenario: str, phase: str, hats: Sequence[str]) -> InPhase:
    """Who may do what, the reader's hats first. ``KeyError`` for an unknown phase."""
    powers = load_powers()
    scenario = known_scenario(scenario)
    rows = powers.who(scenario, phase)
    groups = _by_role(powers, rows, hats)
    first: list[RoleRows] = []
    rest: list[RoleRows] = []
    room = SHOWN
    for group in groups:
        wanted = SHOWN_OF_MINE if group.mine else 1 if powers.roles[group.key].board else 0
        taken = min(wanted, room, len(group.rows))
        room -= taken
        for part, into in ((group.rows[:taken], first), (group.rows[taken:], rest)):
            if part:
                into.append(RoleRows(group.key, group.label, group.mine, part))
    return InPhase(
        scenario=scenario,
        scenario_label=powers.scenarios[scenario],
        phase=phase,
        phase_label=str(Phase(phase).label),
        first=first,
        rest=rest,
        rest_count=sum(len(group.rows) for group in rest),
        powers=powers,
        sources=sources_of(rows),
        words=explained(texts_of(rows)),
    )


def _by_role(powers: Powers, rows: Sequence[Power], hats: Sequence[str]) -> list[RoleRows]:
    order = [*hats, *(key for key in powers.roles if key not in hats)]
    groups = [
        RoleRows(key, powers.roles[key].label, key in hats, tuple(row for row in rows if row.role == key))
        for key in order
    ]
    return [group for group in groups if group.rows]


def sources_of(rows: Iterable[Power]) -> list[Source]:
    """The sources that these rows rest on, each once."""
    return list({row.source.key: row.source for row in rows}.values())


def grounds_of(rows: Iterable[Power]) -> list[Ground]:
    """The sources of these rows, those that were checked in the same way together."""
    together: dict[tuple[date, str], list[str]] = {}
    for source in sources_of(rows):
        together.setdefault((source.checked, source.how), []).append(source.title)
    return [Ground(tuple(titles), checked, how) for (checked, how), titles in together.items()]


def texts_of(rows: Iterable[Power]) -> Iterator[str]:
    """Every text of these rows that a reader sees."""
    for row in rows:
        yield from (row.role_label, row.text, row.lever, row.basis, row.table_label, *row.conditions)


# --- all phases side by side ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One power over ``span`` adjacent phases; ``phases`` names them. Without power: empty phases."""

    span: int
    phases: str
    power: Power | None


@dataclass(frozen=True, slots=True)
class RoleLines:
    """One role in the map: lines of cells, packed so that a phase holds at most one power a line."""

    key: str
    label: str
    lines: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class NetworkMap:
    """The map: phases across, roles down."""

    scenario: str
    scenario_label: str
    phases: Sequence[tuple[str, str]]
    roles: Sequence[RoleLines]
    powers: Powers
    sources: Sequence[Source]
    words: Sequence[tuple[str, str]]


def network_map(scenario: str, phase: str = "", role: str = "") -> NetworkMap:
    """The bestuurlijke netwerkkaart for a scenario; one phase or role only when given."""
    powers = load_powers()
    scenario = known_scenario(scenario)
    phases = [key for key in powers.phases if phase in ("", key)]
    wanted = [role] if role in powers.roles else list(powers.roles)
    rows: list[Power] = []
    lines = []
    for key in wanted:
        own = [row for each in phases for row in powers.who(scenario, each, [key])]
        rows += own
        if own:
            lines.append(RoleLines(key, powers.roles[key].label, tuple(_packed(own, phases))))
    escalation = load_escalation()
    said = [text for level in escalation.levels for text in (level.title, level.when, level.decides, *level.teams)]
    return NetworkMap(
        scenario=scenario,
        scenario_label=powers.scenarios[scenario],
        phases=[(str(Phase(key).label), powers.phases[key]) for key in phases],
        roles=lines,
        powers=powers,
        sources=sources_of(rows),
        words=explained([*texts_of(rows), *said, *(time.what for time in escalation.norm_times)]),
    )


def _packed(rows: Sequence[Power], phases: Sequence[str]) -> Iterator[tuple[Cell, ...]]:
    """Lay each power over its phases, in the first line where these are free."""
    reach: dict[tuple[str, str], list[int]] = {}
    power: dict[tuple[str, str], Power] = {}
    for row in rows:
        key = (row.key, row.scenario)
        reach.setdefault(key, []).append(phases.index(row.phase))
        power.setdefault(key, row)
    lines: list[dict[int, tuple[int, Power]]] = []
    taken: list[set[int]] = []
    for key, places in reach.items():
        for start, end in _runs(sorted(places)):
            span = set(range(start, end + 1))
            index = next((i for i, used in enumerate(taken) if not used & span), len(taken))
            if index == len(taken):
                taken.append(set())
                lines.append({})
            taken[index] |= span
            lines[index][start] = (end, power[key])
    for line in lines:
        yield tuple(_cells(line, phases))


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Adjacent numbers as (first, last)."""
    start = previous = places[0]
    for place in places[1:]:
        if place != previous + 1:
            yield start, previous
            start = place
        previous = place
    yield start, previous


def _cells(line: dict[int, tuple[int, Power]], phases: Sequence[str]) -> Iterator[Cell]:
    place = 0
    while place < len(phases):
        end, power = line.get(place, (place, None))
        names = ", ".join(str(Phase(key).label).split(":")[0] for key in phases[place : end + 1])
        yield Cell(end - place + 1, names, power)
        place = end + 1
