"""Legal clocks: what must be reported to whom, and before when."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from .reading import DATA, DataFile, Header, Record, Source

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
KNOWN = "kennisname"
"""The moment the organisation became aware of the incident; clocks run from it or from another clock's duty."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A duty with a period of either `hours` or calendar `months`.

    It applies when the organisation is under all `regimes` and the incident has all `facts`. It runs from `runs_from`:
    `kennisname`, or the moment the duty of the clock with that key was done. `board`: the law lays the duty on the
    board itself, not on an official who acts for it.
    """

    key: str
    title: str
    duty: str
    who: str
    to_whom: str
    basis: str
    source: Source
    note: str
    status: str
    runs_from: str
    hours: int | None
    months: int | None
    regimes: frozenset[str]
    facts: frozenset[str]
    board: bool

    def due(self, start: datetime) -> datetime:
        """When the duty must be done if the clock started then, in Amsterdam time.

        Hours are elapsed hours, so they hold when the clock goes forward or back. A month ends on the same date at
        the same time, or on the last day of a month that lacks the date (the rule of Regulation (EEC, Euratom)
        1182/71, article 3(2)(c)). That regulation and the Dutch Algemene termijnenwet may give more time (the hour of
        the start does not count, the last day runs to midnight or over a weekend). We count strictly: a due time
        shown here is never later than the legal one.
        """
        if self.hours is not None:
            return (start.astimezone(UTC) + timedelta(hours=self.hours)).astimezone(AMSTERDAM)
        return add_months(start, self.months or 0)


@dataclass(frozen=True, slots=True)
class Clocks:
    """All clocks, with the words for the regimes and facts they ask for."""

    header: Header
    regimes: Mapping[str, str]
    facts: Mapping[str, str]
    rows: tuple[Clock, ...]


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A clock that applies. `starts_after`: the key of the duty it follows, None when it runs from `kennisname`.

    `provisional`: that duty is not done yet, so `due` is the latest it can become; it moves forward when the duty is
    done before its own end.
    """

    key: str
    title: str
    duty: str
    who: str
    to_whom: str
    basis: str
    source: Source
    note: str
    status: str
    started_at: datetime
    due: datetime
    starts_after: str | None
    provisional: bool


def add_months(start: datetime, months: int) -> datetime:
    """The same date and Amsterdam time `months` later, or the last day of that month; `start` must have a time zone.

    A time that the change to summer time skips becomes the first real time after it.
    """
    local = start.astimezone(AMSTERDAM)
    years, month = divmod(local.month - 1 + months, 12)
    year = local.year + years
    day = min(local.day, monthrange(year, month + 1)[1])
    moved = local.replace(year=year, month=month + 1, day=day)
    return moved.astimezone(UTC).astimezone(AMSTERDAM)


def start_clocks(
    clocks: Clocks,
    regimes: frozenset[str],
    facts: frozenset[str],
    known_at: datetime,
    done: Mapping[str, datetime] | None = None,
) -> list[RunningClock]:
    """The clocks that apply, the first due first.

    `regimes` are those the organisation set, `facts` those established of the incident, `known_at` the moment of
    `kennisname`; `done` gives for each clock whose duty is done the moment that was. ValueError, in Dutch, when a
    moment has no time zone or a name is unknown.
    """
    done = done or {}
    _check(clocks, regimes, facts, known_at, done)
    running: dict[str, RunningClock] = {}
    for clock in clocks.rows:
        if not (clock.regimes <= regimes and clock.facts <= facts):
            continue
        follows = running.get(clock.runs_from)
        started = done.get(clock.runs_from, follows.due) if follows else known_at
        running[clock.key] = RunningClock(
            key=clock.key,
            title=clock.title,
            duty=clock.duty,
            who=clock.who,
            to_whom=clock.to_whom,
            basis=clock.basis,
            source=clock.source,
            note=clock.note,
            status=clock.status,
            started_at=started.astimezone(AMSTERDAM),
            due=clock.due(started),
            starts_after=follows.key if follows else None,
            provisional=follows is not None and clock.runs_from not in done,
        )
    return sorted(running.values(), key=lambda clock: clock.due.astimezone(UTC))


def _check(
    clocks: Clocks, regimes: frozenset[str], facts: frozenset[str], known_at: datetime, done: Mapping[str, datetime]
) -> None:
    for moment in (known_at, *done.values()):
        if moment.utcoffset() is None:
            raise ValueError(f"Het tijdstip {moment:%Y-%m-%d %H:%M} heeft geen tijdzone; geef die mee.")
    known_names = (
        ("Regime", regimes, clocks.regimes),
        ("Feit", facts, clocks.facts),
        ("Klok", done, [clock.key for clock in clocks.rows]),
    )
    for what, names, known in known_names:
        for name in sorted(names):
            if name not in known:
                raise ValueError(f"{what} '{name}' is onbekend; kies uit {', '.join(known)}.")


@cache
def load_clocks(path: Path = DATA / "klokken.yaml") -> Clocks:
    """Read the clocks; raises `InvalidData` with everything that is wrong. Read once per path."""
    file = DataFile(path)
    regimes, facts = file.top.labels("regimes"), file.top.labels("facts")
    rows: dict[str, Clock] = {}
    for record in file.top.records("clocks"):
        clock = _clock(file, record, regimes, facts, rows)
        rows[clock.key] = clock
    file.finish()
    return Clocks(file.header, regimes, facts, tuple(rows.values()))


def _clock(
    file: DataFile, record: Record, regimes: Mapping[str, str], facts: Mapping[str, str], earlier: Mapping[str, Clock]
) -> Clock:
    source = file.source(record)
    clock = Clock(
        key=record.text("key"),
        title=record.text("title"),
        duty=record.text("duty"),
        who=record.text("who"),
        to_whom=record.text("to_whom"),
        basis=f"{source.title}, {record.text('article')}",
        source=source,
        note=record.text("note", ""),
        status=record.text("status", file.header.status),
        # Only clocks above it: so that no two wait for each other.
        runs_from=record.choice("runs_from", [KNOWN, *earlier]),
        hours=record.number("hours"),
        months=record.number("months"),
        regimes=frozenset(record.choices("regimes", regimes)),
        facts=frozenset(record.choices("facts", facts)),
        board=record.flag("board", default=False),
    )
    if (clock.hours is None) == (clock.months is None):
        record.problem("geef de termijn in 'hours' of in 'months', niet in beide.")
    follows = earlier.get(clock.runs_from)
    if follows and not (follows.regimes <= clock.regimes and follows.facts <= clock.facts):
        record.problem(f"deze klok volgt op '{follows.key}' en moet dus ook diens regimes en feiten vragen.")
    return clock
