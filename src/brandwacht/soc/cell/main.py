"""The process: read the task, shut the door, search, answer."""

from __future__ import annotations

import json
import sys
import threading
from typing import Any, Final

import duckdb

from brandwacht.soc.cell import shutting
from brandwacht.soc.cell.searching import Search, Task
from brandwacht.soc.cell.statement import Refused

_KINDS: Final = (
    (duckdb.OutOfMemoryException, "geheugen"),
    (duckdb.ParserException, "sql"),
    (duckdb.BinderException, "sql"),
    (duckdb.CatalogException, "sql"),
    (duckdb.ConversionException, "sql"),
    (duckdb.OutOfRangeException, "sql"),
    (duckdb.InvalidInputException, "sql"),
    (duckdb.PermissionException, "geweigerd"),
)


def main() -> None:
    """Do the task on standard input; messages go to standard output as JSON lines."""
    given = json.load(sys.stdin)
    limits = given.pop("limits")
    memory = given.pop("memory")
    task = Task(**given)
    lock = threading.Lock()

    def tell(message: dict[str, Any]) -> None:
        text = json.dumps(message, ensure_ascii=True)
        with lock:
            sys.stdout.write(f"{text}\n")
            if message["k"] != "row":
                sys.stdout.flush()

    paths = [path for _day, path in task.files]
    connection = locked_database(paths, memory)
    shutting.limit(**limits)
    tell({"k": "start", "landlock": shutting.lock(paths)})
    try:
        Search(connection, task, tell).run()
    except Refused as error:
        tell({"k": "error", "kind": "geweigerd", "message": str(error)})
    except MemoryError:
        tell({"k": "error", "kind": "geheugen", "message": ""})
    except duckdb.Error as error:
        kind = next((kind for exception, kind in _KINDS if isinstance(error, exception)), "anders")
        tell({"k": "error", "kind": kind, "message": str(error)[:1000]})


def locked_database(paths: list[str], memory: str) -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory that can read these files and nothing else, and whose settings cannot be changed any more."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": 1,
            "memory_limit": memory,
            "temp_directory": "",
            "allow_community_extensions": False,
            "allow_unsigned_extensions": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_persistent_secrets": False,
            "python_enable_replacements": False,
            "max_expression_depth": 250,
        },
    )
    # What is loaded at first use is loaded now: later this process cannot read it any more.
    connection.execute("SELECT now()::TIMESTAMP, 1.5::DECIMAL(4, 2), uuid(), interval 1 day, [1], {'a': 1}").fetchall()
    connection.execute("SELECT json_serialize_sql('SELECT 1'), '{}'::JSON, strftime(now(), '%Y')").fetchall()
    connection.execute("SET enable_progress_bar = true")  # without it nobody can ask how far a query is
    connection.execute("SET enable_progress_bar_print = false")
    connection.execute("SET allowed_paths = ?", [paths])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection
