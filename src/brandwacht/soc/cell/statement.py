"""What a person's SQL may be: one SELECT over the view ``events``, by the tree that DuckDB's own parser makes of it.

What is not on a list of what is allowed is refused: other tables, functions that make tables (files, settings, other
databases), and kinds of nodes that are no reading. Comments, quotes and spelling make no difference to the tree.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import duckdb

VIEW: Final = "events"
LONGEST: Final = 20_000
NODES: Final = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
TABLES: Final = frozenset(
    {"BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EMPTY", "EXPRESSION_LIST", "COLUMN_DATA"}
)  # fmt: skip
TABLE_FUNCTIONS: Final = frozenset({"unnest", "generate_series", "range", "json_each", "json_tree"})
REFUSED_FUNCTIONS: Final = (
    "read_", "write_", "query", "getenv", "current_setting", "set_", "pragma_", "duckdb_", "getvariable", "nextval",
    "currval", "sniff_", "glob", "parquet_", "json_execute", "json_serialize_plan", "which_secret", "arrow_scan",
    "pandas_scan", "python_", "pg_", "has_", "current_database", "current_schema", "current_query", "current_user",
    "session_user", "user", "version", "in_search_path", "txid_", "sleep", "checkpoint", "force_checkpoint", "load_",
    "test_", "sql_auto_complete", "error", "create_sort_key", "from_substrait", "icu_", "http", "url_get",
)  # fmt: skip
"""Beginnings of names of functions that look past the data; they cannot reach it either, but nobody needs to try."""
_NAME: Final = re.compile(r"[a-z_][a-z0-9_]*")


class Refused(Exception):
    """The statement is not allowed; the message is a Dutch sentence."""


def check(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The one SELECT in ``sql``. Raises ``Refused``, or DuckDB's own error when it is no SQL."""
    if len(sql) > LONGEST:
        raise Refused(f"Deze opdracht is te lang; hoogstens {LONGEST} tekens.")
    if "\x00" in sql:
        raise Refused("Er staat een onzichtbaar teken in deze opdracht. Typ de opdracht opnieuw.")
    statements = connection.extract_statements(sql)
    if not statements:
        raise Refused("Er staat geen opdracht. Begin met SELECT.")
    if len(statements) > 1:
        raise Refused("Dit zijn meer opdrachten. Eén SELECT tegelijk kan; haal de puntkomma weg.")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise Refused("Alleen lezen kan: begin met SELECT of WITH.")
    row = connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
    tree: dict[str, Any] = json.loads(row[0]) if row else {"error": True}
    if tree.get("error") or len(tree.get("statements", ())) != 1:
        raise Refused("Alleen lezen kan: begin met SELECT of WITH.")
    known = connection.execute("SELECT lower(view_name) FROM duckdb_views() WHERE view_name <> ?", [VIEW]).fetchall()
    _inspect(tree["statements"][0]["node"], {name for (name,) in known})
    return sql


def _inspect(tree: Any, known: set[str]) -> None:
    """Refuse what is not on a list; ``known`` are the names of DuckDB's own views."""
    names = {key.lower() for part in _parts(tree) for key in _local_tables(part)}
    for name in names:
        # Such a name counts everywhere in the statement, so it may not be that of a file or of something in DuckDB.
        if not _NAME.fullmatch(name) or name in known or name.startswith(("duckdb_", "pragma_", "sqlite_", "pg_")):
            raise Refused(f"Kies na WITH een andere naam dan {name[:60]}: alleen letters, cijfers en lage strepen.")
    for part in _parts(tree):
        kind = str(part.get("type", ""))
        if kind.endswith("_NODE") and kind not in NODES:
            raise Refused("Alleen lezen kan: een opdracht in WITH mag niets veranderen.")
        if "ref_type" not in part and "sample" in part and "alias" in part and kind and kind not in TABLES:
            raise Refused("Dit soort bron kan hier niet. Gebruik de tabel events.")
        if kind == "SHOW_REF" or "show_type" in part:
            raise Refused("DESCRIBE, SHOW en SUMMARIZE kunnen hier niet; de kolommen staan naast het veld.")
        if kind == "BASE_TABLE":
            _table(part, names)
        if kind == "TABLE_FUNCTION":
            function = _function_name(part.get("function", {}))
            if function not in TABLE_FUNCTIONS:
                raise Refused(f"De functie {function[:60]} kan hier niet. Gebruik de tabel events.")
        elif part.get("class") == "FUNCTION":
            function = _function_name(part)
            if function.startswith(REFUSED_FUNCTIONS):
                raise Refused(f"De functie {function[:60]} kan hier niet.")
        if part.get("class") == "PARAMETER":
            raise Refused("Vul de waarden zelf in: een vraagteken of $1 kan hier niet.")


def _table(part: dict[str, Any], names: set[str]) -> None:
    path = part.get("qualified_name", {}).get("path") or [part.get("table_name", "")]
    name = str(path[-1]).lower()
    plain = len(path) == 1 and not part.get("schema_name") and not part.get("catalog_name")
    if not plain or (name != VIEW and name not in names):
        shown = ".".join(map(str, path))[:80]
        raise Refused(f"De tabel {shown} bestaat hier niet. Gebruik de tabel events.")


def _local_tables(part: dict[str, Any]) -> Iterator[str]:
    """Names that the statement gives to its own parts with WITH."""
    held = part.get("cte_map")
    for entry in held.get("map", ()) if isinstance(held, dict) else ():
        if isinstance(entry, dict) and isinstance(entry.get("key"), str):
            yield entry["key"]
    for key in ("cte_name", "ctename"):
        if isinstance(part.get(key), str):
            yield part[key]


def _function_name(part: dict[str, Any]) -> str:
    path = part.get("qualified_name", {}).get("path") or [part.get("function_name", "")]
    return str(path[-1]).lower()


def _parts(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object in the tree, without recursion: a statement may be nested deeply."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
