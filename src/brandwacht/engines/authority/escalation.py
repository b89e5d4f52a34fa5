"""Scaling up: the GRIP levels, who meets, who decides, and the norm times."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .reading import DATA, DataFile, Header, Source


@dataclass(frozen=True, slots=True)
class Level:
    """One GRIP level: when it is called for, who leads, which teams meet, and who has the final say."""

    key: str
    title: str
    when: str
    leads: str
    teams: tuple[str, ...]
    table: str
    decides: str
    basis: str
    source: Source
    status: str


@dataclass(frozen=True, slots=True)
class NormTime:
    """Within how many minutes a team or product must be there, counted from `runs_from`."""

    key: str
    what: str
    minutes: int
    runs_from: str
    basis: str
    source: Source
    status: str


@dataclass(frozen=True, slots=True)
class Escalation:
    """The levels from low to high, and the norm times from short to long."""

    header: Header
    levels: tuple[Level, ...]
    norm_times: tuple[NormTime, ...]


@cache
def load_escalation(path: Path = DATA / "opschaling.yaml") -> Escalation:
    """Read the levels and norm times; raises `InvalidData` with everything that is wrong. Read once per path."""
    file = DataFile(path)
    levels, times = [], []
    for record in file.top.records("levels"):
        source, article = file.source(record), record.text("article", "")
        levels.append(
            Level(
                key=record.text("key"),
                title=record.text("title"),
                when=record.text("when"),
                leads=record.text("leads"),
                teams=record.texts("teams"),
                table=record.text("table"),
                decides=record.text("decides"),
                basis=f"{source.title}, {article}" if article else source.title,
                source=source,
                status=record.text("status", file.header.status),
            )
        )
    for record in file.top.records("norm_times"):
        source, minutes = file.source(record), record.number("minutes")
        if minutes is None:
            record.problem("'minutes' ontbreekt.")
        times.append(
            NormTime(
                key=record.text("key"),
                what=record.text("what"),
                minutes=minutes or 0,
                runs_from=record.text("runs_from"),
                basis=f"{source.title}, {record.text('article')}",
                source=source,
                status=record.text("status", file.header.status),
            )
        )
    file.finish()
    return Escalation(file.header, tuple(levels), tuple(sorted(times, key=lambda time: time.minutes)))
