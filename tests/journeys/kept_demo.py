"""The demo, filled once in a process and put back for every journey: filling it takes longer than most journeys do."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from abc import ABC, abstractmethod
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from brandwacht.site import demo
from brandwacht.soc.services import correlations, indicator_sets, seen

DATABASE = "test.sqlite3"
"""The database among the files of the tests; it is kept on its own."""


class KeptDemo:
    """The demo of the moment ``now``, as ``make demo`` fills it: the database and the files beside it."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        for _line in demo.fill(now):
            pass
        self._rows: _Rows = _PostgresRows() if connection.vendor == "postgresql" else _SqliteRows()
        self._files = Path(tempfile.mkdtemp(prefix="kept-demo-", dir=settings.DATA.parent))
        _copy(settings.DATA, self._files)

    def put_back(self) -> None:
        """Make everything as it was when the demo had just been filled."""
        self._rows.put_back()
        for each in _parts(settings.DATA):
            shutil.rmtree(each) if each.is_dir() else each.unlink()
        _copy(self._files, settings.DATA)
        # What a process holds of rows and files by their number or version, which come again now with other content.
        seen._held.clear()
        correlations._held.clear()
        indicator_sets.load.cache_clear()

    def remove(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self._files, ignore_errors=True)


def _parts(folder: Path) -> list[Path]:
    return [each for each in folder.iterdir() if not each.name.startswith(DATABASE)]


def _copy(source: Path, target: Path) -> None:
    for each in _parts(source):
        if each.is_dir():
            shutil.copytree(each, target / each.name, copy_function=shutil.copy2)
        else:
            shutil.copy2(each, target / each.name)


class _Rows(ABC):
    """All rows of the database as they are when this is made."""

    @abstractmethod
    def put_back(self) -> None:
        """Make the rows so again."""


class _SqliteRows(_Rows):
    def __init__(self) -> None:
        self._kept = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(self._kept)

    def put_back(self) -> None:
        connection.ensure_connection()
        self._kept.backup(connection.connection)


class _PostgresRows(_Rows):
    def __init__(self) -> None:
        self._rows = {table: self._read(table) for table in connection.introspection.table_names()}
        with connection.cursor() as cursor:
            cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
            self._numbers: list[tuple[str, int | None]] = cursor.fetchall()

    @staticmethod
    def _read(table: str) -> bytes:
        with connection.cursor() as cursor, _raw(cursor).copy(f'COPY "{table}" TO STDOUT (FORMAT BINARY)') as out:
            return b"".join(bytes(part) for part in out)

    def put_back(self) -> None:
        names = ", ".join(f'"{table}"' for table in self._rows)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {names} RESTART IDENTITY")
            for table, rows in self._rows.items():
                # Links between rows are checked at the end of the transaction.
                with _raw(cursor).copy(f'COPY "{table}" FROM STDIN (FORMAT BINARY)') as into:
                    into.write(rows)
            for name, number in self._numbers:
                if number is not None:
                    cursor.execute("SELECT setval(%s::regclass, %s)", [f'"{name}"', number])


def _raw(cursor: Any) -> Any:
    return cursor.cursor
