"""Reading events back, in order of time."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb
import structlog

from brandwacht.engines.detection import Event
from brandwacht.soc.store import layout
from brandwacht.soc.store.engine import engine, is_whole
from brandwacht.soc.store.rows import StoredRow, event_of

log = structlog.get_logger(__name__)

SLICE_BYTES: Final = 24 * 1024 * 1024
"""A day of more stored bytes than this is read in slices of time, so that sorting stays in memory."""
MOST_SLICES: Final = 1440
ROWS: Final = 2000
_COLUMNS: Final = (
    "time, time_known, received, organisation, log_source, batch, number, record_id, kind, channel, provider, event_id,"
    " host, fields, raw"
)


def scan(
    owner_codes: Iterable[str],
    since: datetime,
    until: datetime,
    *,
    kinds: Collection[str] | None = None,
    source_keys: Collection[str] | None = None,
) -> Iterator[tuple[StoredRow, Event]]:
    """The events of these organisations from ``since`` up to but not with ``until``, in order of time.

    ``kinds`` narrows to events whose kind or channel is one of these, ``source_keys`` to these sources. Reads one slice
    of time at a time: memory does not grow with the period. A damaged file is set aside and named in the log of the
    program; the rest goes on. Events that are added while it runs may be missed.
    """
    owners = sorted(set(owner_codes))
    first, last = layout.days_between(since.astimezone(UTC), until.astimezone(UTC))
    days = sorted({p.day for owner in owners for p in layout.partitions(owner, first, last, source_keys)})
    with engine() as connection:
        for day in days:
            yield from _day(connection, owners, day, since, until, kinds, source_keys)


def _day(
    connection: duckdb.DuckDBPyConnection,
    owners: list[str],
    day: date,
    since: datetime,
    until: datetime,
    kinds: Collection[str] | None,
    source_keys: Collection[str] | None,
) -> Iterator[tuple[StoredRow, Event]]:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    begin, end = max(since, midnight), min(until, midnight + timedelta(days=1))
    files = _files(owners, day, source_keys)
    slices = min(MOST_SLICES, max(1, math.ceil(_size(files) / SLICE_BYTES)))
    step = (end - begin) / slices
    for number in range(slices):
        start = begin + number * step
        stop = end if number == slices - 1 else begin + (number + 1) * step
        yield from _slice(connection, files, start, stop, kinds)


def _slice(
    connection: duckdb.DuckDBPyConnection,
    files: list[Path],
    start: datetime,
    stop: datetime,
    kinds: Collection[str] | None,
) -> Iterator[tuple[StoredRow, Event]]:
    where, values = "time >= ? AND time < ?", [start.replace(tzinfo=None), stop.replace(tzinfo=None)]
    parameters: list[Any] = list(values)
    if kinds is not None:
        where += " AND (list_contains(?, kind) OR list_contains(?, channel))"
        parameters += [list(kinds), list(kinds)]
    given = 0
    while files:
        names = [str(path) for path in files]
        sql = f"SELECT {_COLUMNS} FROM read_parquet(?) WHERE {where} ORDER BY time, batch, number"  # noqa: S608
        try:
            cursor = connection.execute(sql, [names, *parameters])
            columns = [column[0] for column in cursor.description or ()]
            while rows := cursor.fetchmany(ROWS):
                for row in rows:
                    given += 1
                    yield event_of(dict(zip(columns, row, strict=True)))
            return
        except duckdb.Error as error:
            bad = damaged_among(files)
            if given or not bad:
                raise  # what was given could not be told from what would come again
            for path in bad:
                log.warning("stored events are damaged and set aside", file=str(path), error=str(error)[:200])
            files[:] = [path for path in files if path.exists() and path not in bad]


def damaged_among(files: Iterable[Path]) -> list[Path]:
    """The files that cannot be read, each set aside; also those that are gone."""
    bad = []
    for path in files:
        if not path.exists():
            bad.append(path)
        elif not is_whole(path):
            layout.set_aside(path)
            bad.append(path)
    return bad


def _files(owners: list[str], day: date, source_keys: Collection[str] | None) -> list[Path]:
    return [
        path
        for owner in owners
        for partition in layout.partitions(owner, day, day, source_keys)
        for path in layout.live_files(partition.folder)
    ]


def _size(files: Iterable[Path]) -> int:
    total = 0
    for path in files:
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            continue
    return total
