"""Running a search over the files of a task, and telling on the way how it goes."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import duckdb

from brandwacht.soc.cell.statement import check

CHUNK_BYTES: Final = 24 * 1024 * 1024
CHUNK_FILES: Final = 100
LONGEST_TEXT: Final = 65_536
"""Characters of one value that are kept; the rest is cut off."""
DAMAGE: Final = ("parquet", "thrift", "zstd", "magic", "snappy", "no such file")
PROGRESS_SECONDS: Final = 0.4

Tell = Callable[[dict[str, Any]], None]


@dataclass(slots=True)
class Task:
    """What to search: ``files`` from new to old, and either a condition over fields or somebody's SQL.

    ``files`` are (day, path). ``where`` and ``values`` are a condition with its parameters, ``columns`` what to show of
    an event; ``view`` the columns of the view ``events`` with their types; ``narrow`` a condition that always holds.
    ``step`` is the width of a bar of the timeline in seconds, ``rows`` and ``size`` (bytes) the most that is given.
    """

    files: list[tuple[str, str]]
    sql: str = ""
    where: str = ""
    values: list[Any] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    view: list[tuple[str, str]] = field(default_factory=list)
    narrow: str = ""
    step: int = 3600
    rows: int = 1000
    size: int = 1 << 24


class Search:
    """One search; ``tell`` gets each message for the one who asked."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, task: Task, tell: Tell) -> None:
        self.connection = connection
        self.task = task
        self.tell = tell
        self.given = 0
        self.size = 0
        self.total = len(task.files)
        self.full = False

    def run(self) -> None:
        """Search, and tell the end."""
        if self.task.sql:
            self._by_sql()
        else:
            self._by_fields()
        self.tell({"k": "end", "rows": self.given, "full": self.full})

    # by fields: chunk by chunk, from new to old

    def _by_fields(self) -> None:
        self.tell({"k": "columns", "columns": self.task.columns})
        done = found = 0
        for chunk in self._chunks():
            try:
                found += self._chunk(chunk)
            except duckdb.Error as error:
                if not _is_damage(error):
                    raise
                for path in chunk:
                    try:
                        found += self._chunk([path])
                    except duckdb.Error as again:
                        if not _is_damage(again):
                            raise
                        self.tell({"k": "bad", "file": path})
            done += len(chunk)
            self.tell({"k": "state", "done": done, "total": self.total, "found": found})

    def _chunks(self) -> Iterator[list[str]]:
        """Files of one day, about ``CHUNK_BYTES`` together."""
        chunk: list[str] = []
        size, of_day = 0, ""
        for day, path in self.task.files:
            if chunk and (day != of_day or size >= CHUNK_BYTES or len(chunk) >= CHUNK_FILES):
                yield chunk
                chunk, size = [], 0
            chunk.append(path)
            size += _size(path)
            of_day = day
        if chunk:
            yield chunk

    def _chunk(self, files: list[str]) -> int:
        where = f"({self.task.narrow}) AND ({self.task.where})"
        counted = self.connection.execute(
            f"SELECT organisation, CAST(epoch(time) AS BIGINT) // {int(self.task.step)} AS bar, count(*)"  # noqa: S608
            f" FROM read_parquet(?) WHERE {where} GROUP BY ALL",
            [files, *self.task.values],
        ).fetchall()
        found = sum(count for _owner, _bar, count in counted)
        if not found:
            return 0
        rows: list[Any] = []
        if not self.full:
            columns = ", ".join(f'"{name}"' for name in self.task.columns)
            rows = self.connection.execute(
                f"SELECT {columns} FROM read_parquet(?) WHERE {where}"  # noqa: S608
                f" ORDER BY time DESC, batch, number LIMIT {self.task.rows - self.given}",
                [files, *self.task.values],
            ).fetchall()
        # Told only now: a file that turns out damaged half-way is asked again by itself.
        self.tell({"k": "counts", "counts": [list(row) for row in counted]})
        self._give(rows)
        if self.given >= self.task.rows:
            self.full = True
        return found

    # by SQL: all at once

    def _by_sql(self) -> None:
        sql = check(self.connection, self.task.sql)
        files = [path for _day, path in self.task.files if self._looks_whole(path)]
        with _Watch(self.connection, self.total, self.tell, lambda: self.given):
            try:
                self._select(sql, files)
            except duckdb.Error as error:
                if self.given or not _is_damage(error):
                    raise
                self._select(sql, [path for path in files if self._reads_whole(path)])

    def _select(self, sql: str, files: Sequence[str]) -> None:
        self._show(files)
        cursor = self.connection.execute(sql)
        description = cursor.description or []
        self.tell({"k": "columns", "columns": [str(column[0])[:200] for column in description]})
        while not self.full and (rows := cursor.fetchmany(500)):
            self._give(rows)
            self.full = self.full or self.given >= self.task.rows
        self.tell({"k": "state", "done": self.total, "total": self.total, "found": self.given})

    def _show(self, files: Sequence[str]) -> None:
        """Make the view ``events``: the only thing that a person's SQL may ask."""
        if files:
            names = ", ".join("'" + path.replace("'", "''") + "'" for path in files)
            columns = ", ".join(f'"{name}"' for name, _kind in self.task.view)
            source = f"SELECT {columns} FROM read_parquet([{names}]) WHERE {self.task.narrow}"  # noqa: S608
        else:
            empty = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in self.task.view)
            source = f"SELECT {empty} WHERE false"
        self.connection.execute(f"CREATE OR REPLACE VIEW events AS {source}")

    def _looks_whole(self, path: str) -> bool:
        """Whether a file begins and ends as Parquet does: enough for one that was cut off."""
        try:
            with open(path, "rb") as file:
                head = file.read(4)
                file.seek(-8, os.SEEK_END)
                tail = file.read(8)
                whole = head == tail[4:] == b"PAR1" and int.from_bytes(tail[:4], "little") + 12 <= file.tell()
        except OSError:
            whole = False
        if not whole:
            self.tell({"k": "bad", "file": path})
        return whole

    def _reads_whole(self, path: str) -> bool:
        try:
            self.connection.execute("SELECT max(hash(e)) FROM read_parquet(?) e", [[path]]).fetchall()
        except duckdb.Error as error:
            if not _is_damage(error):
                raise
            self.tell({"k": "bad", "file": path})
            return False
        return True

    def _give(self, rows: Sequence[Sequence[Any]]) -> None:
        for row in rows:
            if self.given >= self.task.rows or self.size >= self.task.size:
                self.full = True
                return
            values = [plain(value) for value in row]
            self.tell({"k": "row", "row": values})
            self.given += 1
            self.size += sum(len(value) if isinstance(value, str) else 8 for value in values)


class _Watch:
    """Tells now and then how far a query over all files is."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, total: int, tell: Tell, found: Callable[[], int]) -> None:
        self._ended = threading.Event()
        self._facts = (connection, total, tell, found)
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        connection, total, tell, found = self._facts
        while not self._ended.wait(PROGRESS_SECONDS):
            percent = connection.query_progress()
            done = int(total * max(0.0, min(percent, 99.0)) / 100)
            tell({"k": "state", "done": done, "total": total, "found": found()})

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join(2)


def plain(value: Any) -> Any:
    """A value as JSON has it: moments as text, long texts cut off, what has no form of its own as text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else str(value)
    if isinstance(value, datetime | date):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, bytes):
        return value[: LONGEST_TEXT // 2].hex()
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, default=str, ensure_ascii=False)[:LONGEST_TEXT]
    return str(value)[:LONGEST_TEXT]


def _is_damage(error: duckdb.Error) -> bool:
    text = str(error).lower()
    return isinstance(error, duckdb.IOException) or any(word in text for word in DAMAGE)


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0
