"""Who is empowered to do what, by role, scenario and phase; and what remains for who is not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .reading import DATA, DataFile, Header, Record, Source

GENERAL = "algemeen"
"""The scenario whose rows hold in every scenario."""


@dataclass(frozen=True, slots=True)
class Role:
    """A hat someone wears; `board` marks the hats of administrators, who must find an answer in every situation."""

    key: str
    label: str
    board: bool


@dataclass(frozen=True, slots=True)
class Power:
    """One row, for one scenario and one phase.

    `may`: whether the role has a power here. `text`: what it allows, or what is lacking, in plain Dutch. `basis`: law
    and article, empty when no rule gives or withholds it. `conditions`: when it may be used, and what follows.
    `lever`: what remains to be done; always there when `may` is false. `table`: where it is decided.
    """

    key: str
    role: str
    role_label: str
    scenario: str
    phase: str
    table: str
    table_label: str
    may: bool
    text: str
    basis: str
    conditions: tuple[str, ...]
    lever: str
    source: Source
    status: str


@dataclass(frozen=True, slots=True)
class Powers:
    """The whole table, with the words for its roles, scenarios, phases and tables, in order of presentation."""

    header: Header
    roles: Mapping[str, Role]
    scenarios: Mapping[str, str]
    phases: Mapping[str, str]
    tables: Mapping[str, str]
    rows: tuple[Power, ...]

    @property
    def version(self) -> str:
        """The version of the data file."""
        return self.header.version

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the data file, in hexadecimals."""
        return self.header.fingerprint

    def who(self, scenario: str, phase: str, roles: Iterable[str] | None = None) -> list[Power]:
        """The rows for this scenario and those for every scenario, in this phase, for these roles (default: all).

        By role; within a role the scenario's own rows come first, and powers before the lack of them. KeyError for a
        scenario, phase or role that the data does not know.
        """
        wanted = list(self.roles) if roles is None else list(roles)
        for name, known in ((scenario, self.scenarios), (phase, self.phases), *((role, self.roles) for role in wanted)):
            if name not in known:
                raise KeyError(name)
        order = {role: place for place, role in enumerate(self.roles)}
        found = [
            row
            for row in self.rows
            if row.role in wanted and row.phase == phase and row.scenario in (scenario, GENERAL)
        ]
        return sorted(found, key=lambda row: (order[row.role], row.scenario != scenario, not row.may))


@cache
def load_powers(path: Path = DATA / "bevoegdheden.yaml") -> Powers:
    """Read the table; raises `InvalidData` with everything that is wrong. Read once per path."""
    file = DataFile(path)
    top = file.top
    roles = {key: Role(key, found.text("label"), found.flag("board")) for key, found in top.named("roles")}
    scenarios, phases, tables = top.labels("scenarios"), top.labels("phases"), top.labels("tables")
    if GENERAL not in scenarios:
        top.problem(f"'scenarios' mist '{GENERAL}', het scenario dat altijd meetelt.")
    rows: list[Power] = []
    for record in top.records("powers"):
        rows += _rows(file, record, roles, scenarios, phases, tables)
    file.finish()
    return Powers(file.header, roles, scenarios, phases, tables, tuple(rows))


def _rows(
    file: DataFile,
    record: Record,
    roles: Mapping[str, Role],
    scenarios: Mapping[str, str],
    phases: Mapping[str, str],
    tables: Mapping[str, str],
) -> Iterable[Power]:
    role = record.choice("role", roles)
    table = record.choice("table", tables)
    source = file.source(record)
    article = record.text("article", "")
    may, lever = record.flag("may"), record.text("lever", "")
    if may and not article:
        record.problem("een bevoegdheid heeft een grondslag nodig; vul 'article' in.")
    if not may and not lever:
        record.problem("zonder bevoegdheid hoort erbij wat wel kan; vul 'lever' in.")
    text, conditions = record.text("text"), record.texts("conditions")
    key, status = record.text("key"), record.text("status", file.header.status)
    in_scenarios, in_phases = record.choices("scenarios", scenarios), record.choices("phases", phases)
    for scenario in in_scenarios:
        for phase in in_phases:
            yield Power(
                key=key,
                role=role,
                role_label=roles[role].label if role in roles else "",
                scenario=scenario,
                phase=phase,
                table=table,
                table_label=tables.get(table, ""),
                may=may,
                text=text,
                basis=f"{source.title}, {article}" if article else "",
                conditions=conditions,
                lever=lever,
                source=source,
                status=status,
            )
