"""The process that searches: whatever somebody types, it reaches the files it was given and nothing else.

Every attack is tried twice: as a person would, through the whole process; and past the check of the statement, straight
into the locked DuckDB, so that each wall is seen to hold by itself.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from brandwacht.soc.services.hunting import VIEW, _sql_type
from brandwacht.soc.store import layout, process, results
from tests.soc.stored import event, keep

SECRET = "GEHEIM-VAN-EEN-ANDER"
LIMITS = {"memory": 2 << 30, "cpu": 20, "wall": 40, "files": 256}

REFUSED = {
    "csv of the system": "SELECT * FROM read_csv('/etc/passwd')",
    "csv by guess": "SELECT * FROM read_csv_auto('/etc/passwd')",
    "a file as a table": "SELECT * FROM '/etc/passwd'",
    "a parquet file as a table": "SELECT * FROM '{other}'",
    "parquet of another": "SELECT * FROM read_parquet('{other}')",
    "parquet scan of another": "SELECT * FROM parquet_scan('{other}')",
    "parquet by pattern": "SELECT * FROM read_parquet('{root}/*/*/*/*.parquet')",
    "own parquet past the view": "SELECT * FROM read_parquet('{own}')",
    "metadata of another": "SELECT * FROM parquet_metadata('{other}')",
    "schema of another": "SELECT * FROM parquet_schema('{other}')",
    "keys of another": "SELECT * FROM parquet_kv_metadata('{other}')",
    "text": "SELECT content FROM read_text('/etc/passwd')",
    "bytes": "SELECT content FROM read_blob('{database}')",
    "text in a subquery": "SELECT (SELECT content FROM read_text('/etc/passwd')) FROM events",
    "text through lateral": "SELECT * FROM events, LATERAL (SELECT content FROM read_text('{other}'))",
    "text in a filter": "SELECT 1 WHERE EXISTS (SELECT 1 FROM read_text('/etc/passwd') WHERE content LIKE '%root%')",
    "glob": "SELECT * FROM glob('/etc/*')",
    "json": "SELECT * FROM read_json('/etc/passwd')",
    "ndjson": "SELECT * FROM read_ndjson_objects('/etc/passwd')",
    "sniff": "SELECT * FROM sniff_csv('/etc/passwd')",
    "sqlite": "SELECT * FROM sqlite_scan('{database}', 'auth_user')",
    "postgres": "SELECT * FROM postgres_query('host=127.0.0.1', 'SELECT 1')",
    "copy to": "COPY (SELECT 1) TO '{folder}/uit.csv'",
    "copy over own file": "COPY (SELECT 1 AS a) TO '{own}' (FORMAT parquet)",
    "copy from": "COPY events FROM '/etc/passwd'",
    "export": "EXPORT DATABASE '{folder}/uit'",
    "import": "IMPORT DATABASE '{folder}'",
    "attach database": "ATTACH '{database}' AS d (TYPE sqlite)",
    "attach own file": "ATTACH '{own}' AS d",
    "attach new": "ATTACH '{folder}/nieuw.db' AS d",
    "install": "INSTALL httpfs",
    "load": "LOAD httpfs",
    "load a library": "LOAD '{folder}/kwaad.duckdb_extension'",
    "http": "SELECT * FROM read_csv('http://127.0.0.1:9/x')",
    "s3": "SELECT * FROM 's3://bucket/x.parquet'",
    "pragma": "PRAGMA database_list",
    "pragma as a function": "SELECT * FROM pragma_database_list()",
    "set": "SET enable_external_access = true",
    "set memory": "SET memory_limit = '100GB'",
    "reset": "RESET lock_configuration",
    "call": "CALL pragma_version()",
    "two statements": "SELECT 1; COPY (SELECT 1) TO '{folder}/uit.csv'",
    "two behind a comment": "SELECT 1 /* ; */; -- ;\nATTACH '{folder}/x.db'",
    "two with an empty one": "; SELECT 1; SELECT 2",
    "nested comment": "/* /* */ SELECT 1 */ SELECT * FROM read_text('/etc/passwd')",
    "line comment": "SELECT * FROM --\nread_text('/etc/passwd')",
    "query function": "SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')",
    "query_table function": "SELECT * FROM query_table('{other}')",
    "json plan": "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
    "environment": "SELECT getenv('PATH')",
    "settings": "SELECT 1 UNION ALL SELECT count(*) FROM duckdb_settings()",
    "secrets": "SELECT * FROM duckdb_secrets()",
    "one setting": "SELECT current_setting('allowed_paths')",
    "views": "SELECT sql FROM duckdb_views()",
    "catalog": "SELECT * FROM information_schema.tables",
    "catalog by a short name": "SELECT * FROM sqlite_master",
    "catalog through with": "WITH duckdb_views AS (SELECT 1) SELECT * FROM main.duckdb_views",
    "catalog shadowed elsewhere": "SELECT (WITH duckdb_settings AS (SELECT 1) SELECT 1), * FROM duckdb_settings",
    "view shadowed elsewhere": "SELECT (WITH duckdb_views AS (SELECT 1) SELECT 1), sql FROM duckdb_views",
    "tables shadowed elsewhere": "SELECT (WITH tables AS (SELECT 1) SELECT 1), * FROM information_schema.tables",
    "file through with": "SELECT (WITH \"/etc/passwd\" AS (SELECT 1) SELECT 1), * FROM '/etc/passwd'",
    "insert in with": "WITH x AS (INSERT INTO events VALUES (1) RETURNING *) SELECT * FROM x",
    "create": "CREATE TABLE t AS SELECT * FROM read_text('/etc/passwd')",
    "create a macro": "CREATE MACRO m(x) AS TABLE SELECT * FROM read_text(x)",
    "drop": "DROP VIEW events",
    "prepare": "PREPARE p AS SELECT * FROM read_text('/etc/passwd')",
    "execute": "EXECUTE p",
    "parameter": "SELECT * FROM read_text($1)",
    "explain": "EXPLAIN ANALYZE SELECT * FROM read_text('/etc/passwd')",
    "describe": "DESCRIBE SELECT * FROM read_text('/etc/passwd')",
    "summarize": "SUMMARIZE '{other}'",
    "show": "SHOW ALL TABLES",
    "pivot": "PIVOT '/etc/passwd' ON column0",
    "use": "USE memory",
    "pointers": "SELECT * FROM arrow_scan(1, 2, 3)",
    "python": "SELECT * FROM pandas_scan(1)",
    "symbolic link": "SELECT * FROM read_parquet('{link}')",
    "way round": "SELECT * FROM read_parquet('{own_folder}/../../../VR18/2026-11-22/dc-log/{other_name}')",
    "checkpoint": "CHECKPOINT",
    "vacuum": "VACUUM",
    "variable": "SELECT getvariable('x')",
    "quoted name": "SELECT * FROM \"read_text\"('/etc/passwd')",
    "schema before it": "SELECT * FROM main.read_text('/etc/passwd')",
    "escaped name": "SELECT * FROM U&'/etc/passwd'",
    "positional": "SELECT * FROM events POSITIONAL JOIN read_text('/etc/passwd')",
    "from first": "FROM read_text('/etc/passwd')",
    "table": "TABLE '/etc/passwd'",
    "union by name": "FROM events UNION BY NAME FROM '{other}'",
    "in a macro argument": "SELECT list_transform(['/etc/passwd'], lambda f: (SELECT content FROM read_text(f)))",
    "empty": "   ",
    "only a comment": "-- niets",
    "nul": "SELECT 1\x00; SELECT 2",
}

POINTERS = ("pointers", "python")
"""These end a process that runs them unchecked."""

BOMBS = {
    "endless recursion": "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r",
    "growing recursion": "WITH RECURSIVE r(t) AS (SELECT 'x' UNION ALL SELECT t || t FROM r) SELECT max(t) FROM r",
    "huge join": "SELECT sum(a.range * b.range) FROM range(1000000000) a, range(1000000000) b",
    "series in memory": "SELECT list(i) FROM generate_series(1, 100000000000) t(i)",
    "sort in memory": "SELECT i FROM generate_series(1, 100000000000) t(i) ORDER BY hash(i)",
    "long string": "SELECT repeat('x', 4000000000)",
    "many long strings": "SELECT string_agg(repeat('x', 1000000)) FROM range(1000000)",
    "groups": "SELECT i, count(*) FROM range(100000000000) t(i) GROUP BY i",
    "nested": "SELECT " + "(" * 5000 + "1" + ")" * 5000,
    "long": "SELECT 1 " + "+ 1" * 8000,
    "pattern": "SELECT regexp_matches(repeat('a', 100000000), '(a*)*(a*)*b')",
}
QUICK = {"memory": 2 << 30, "cpu": 3, "wall": 6, "files": 256}


@pytest.fixture
def places(settings: Any, tmp_path: Path) -> dict[str, str]:
    """Events of two organisations, a database, and a link to the events of the other."""
    settings.DATA = tmp_path
    keep("VR17", event(1, "eigen.exe"))
    keep("VR18", event(2, f"{SECRET}.exe"))
    (own,) = layout.live_files(layout.partitions("VR17")[0].folder)
    (other,) = layout.live_files(layout.partitions("VR18")[0].folder)
    database = tmp_path / "brandwacht.sqlite3"
    database.write_bytes(b"SQLite format 3\x00" + SECRET.encode())
    link = own.parent / "link.parquet"
    link.symlink_to(other)
    folder = tmp_path / "uit"
    folder.mkdir()
    return {
        "own": str(own), "other": str(other), "root": str(layout.root()), "database": str(database), "link": str(link),
        "folder": str(folder), "own_folder": str(own.parent), "other_name": other.name,
    }  # fmt: skip


def task(places: dict[str, str], **facts: Any) -> dict[str, Any]:
    """A task over the own file."""
    return {
        "files": [("2026-11-22", places["own"])], "sql": "", "where": "true", "values": [], "columns": ["time", "raw"],
        "view": [(name, _sql_type(name)) for name in VIEW], "narrow": "time >= TIMESTAMP '2000-01-01'", "step": 3600,
        "rows": 100, "size": 1 << 20,
    } | facts  # fmt: skip


def search(places: dict[str, str], limits: dict[str, int] = LIMITS, **facts: Any) -> tuple[results.Standing, str]:
    """Run a search; returns how it ended and all of its rows as text."""
    folder = Path(places["folder"]) / "resultaat"
    folder.mkdir(exist_ok=True)
    standing = process.follow(folder, task(places, **facts), limits=limits)
    return standing, results.rows_file(folder).read_text()


def filled(sql: str, places: dict[str, str]) -> str:
    for name, value in places.items():
        sql = sql.replace("{" + name + "}", value)
    return sql


def tree(places: dict[str, str]) -> dict[str, bytes]:
    """Every file below the data folder but the result itself."""
    root = Path(places["root"]).parent
    found = (path for path in root.rglob("*") if path.is_file() and "resultaat" not in path.parts)
    return {str(path): path.read_bytes() for path in found}


def test_the_own_events_are_found_in_both_ways(places: dict[str, str]) -> None:
    standing, rows = search(places, sql="SELECT process_executable, event_id FROM events -- alles")
    assert (standing.state, standing.rows, standing.columns) == ("klaar", 1, ["process_executable", "event_id"])
    assert "eigen.exe" in rows
    standing, rows = search(places, where="contains(lower(raw), ?)", values=["eigen"])
    assert (standing.state, standing.owners, standing.found) == ("klaar", {"VR17": 1}, 1)
    assert "eigen.exe" in rows


@pytest.mark.parametrize(
    "sql",
    [
        "WITH p AS (SELECT host, count(*) AS n FROM events GROUP BY 1) SELECT * FROM p WHERE n > 0",
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT n, host FROM r, events",
        "FROM events SELECT raw->>'$.Event.EventData.Image' AS beeld",
        "SELECT DISTINCT host FROM events e JOIN (VALUES ('DC01')) AS v(naam) ON e.host = v.naam",
        "SELECT time_bucket(INTERVAL 1 hour, time) AS uur, count(*) FROM events GROUP BY ALL ORDER BY uur",
        "SELECT row_number() OVER (PARTITION BY host ORDER BY time) FROM events QUALIFY 1 = 1",
        "SELECT u FROM events, unnest([1, 2]) AS t(u) UNION SELECT 9 ORDER BY 1",
        "SELECT count(*) FROM Events;",
    ],
)
def test_what_a_hunter_needs_works(sql: str, places: dict[str, str]) -> None:
    standing, rows = search(places, sql=sql)
    assert (standing.state, standing.error) == ("klaar", [])
    assert rows


INSIDE = """
import json, sys
sys.path.insert(0, sys.argv[1])
from brandwacht.soc.cell import shutting, statement
from brandwacht.soc.cell.main import locked_database
given = json.load(sys.stdin)
connection = locked_database(given["paths"], "256MB")
connection.execute("CREATE VIEW events AS SELECT * FROM read_parquet('" + given["paths"][0] + "')")
shutting.limit(memory=2 << 30, cpu=30, wall=60, files=256)
landlock = shutting.lock(given["paths"]) if given["lock"] else 0
print(json.dumps(["landlock", landlock]))
for name, attack in given["attacks"].items():
    try:
        if given["check"]:
            statement.check(connection, attack)
            answer = "passed"
        else:
            answer = repr(connection.execute(attack).fetchall())
    except Exception as error:
        answer = "!" + type(error).__name__ + ": " + str(error)
    print(json.dumps([name, answer]), flush=True)
"""


def inside(places: dict[str, str], attacks: dict[str, str], *, check: bool, lock: bool) -> dict[str, Any]:
    """What each attack gives in one locked process: only checked, or run without the check."""
    given = {"paths": [places["own"]], "attacks": attacks, "lock": lock, "check": check}
    done = subprocess.run(
        [sys.executable, "-I", "-c", INSIDE, str(process.SOURCE)],
        input=json.dumps(given), capture_output=True, text=True, env={}, cwd="/", check=False,
    )  # fmt: skip
    assert done.returncode in (0, -11), done.stderr  # a made-up pointer may end the process: that is no way out
    return dict(json.loads(line) for line in done.stdout.splitlines())


def test_every_attack_is_refused_before_it_runs(places: dict[str, str]) -> None:
    attacks = {name: filled(attack, places) for name, attack in REFUSED.items()}
    said = inside(places, attacks, check=True, lock=True)
    assert len(attacks) >= 40
    for name in attacks:
        assert said[name].startswith(("!Refused", "!ParserException", "!NotImplemented")), (name, said[name])


@pytest.mark.parametrize(
    "name", ["parquet of another", "copy over own file", "text in a subquery", "two statements", "attach own file"]
)
def test_an_attack_through_the_whole_process_gives_nothing(name: str, places: dict[str, str]) -> None:
    before = tree(places)
    standing, rows = search(places, sql=filled(REFUSED[name], places))
    assert (standing.state, rows) == ("mislukt", "")
    assert standing.error[0] == "geweigerd"
    assert SECRET not in json.dumps(standing.error)
    assert tree(places) == before


@pytest.mark.parametrize("lock", [True, False], ids=["with landlock", "without"])
def test_the_walls_behind_the_check_hold_by_themselves(lock: bool, places: dict[str, str]) -> None:
    """Had the check of the statement a hole: still nothing of another is read, and nothing is written."""
    before = tree(places)
    attacks = {name: filled(attack, places) for name, attack in REFUSED.items() if name not in POINTERS}
    said = inside(places, attacks, check=False, lock=lock)
    assert attacks.keys() <= said.keys()
    for name in attacks:
        assert SECRET not in said[name], name
        assert "root:" not in said[name], name
    for name in ("csv of the system", "parquet of another", "text", "glob", "copy to", "copy over own file", "set"):
        assert said[name].startswith("!"), (name, said[name])
    inside(places, {name: REFUSED[name] for name in POINTERS}, check=False, lock=lock)
    assert tree(places) == before


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_by_itself(name: str, places: dict[str, str]) -> None:
    standing, rows = search(places, QUICK, sql=BOMBS[name])
    if standing.state == "klaar":  # clever enough to be cheap
        assert standing.rows <= 100
        assert len(rows) < 10**6
    else:
        assert standing.error[0] in ("sql", "geheugen", "grens", "geweigerd", "anders"), standing.error


def test_the_process_knows_no_environment_and_no_django(
    places: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRANDWACHT_DATABASE_URL", f"postgres://{SECRET}")
    code = (
        "import sys, os, json; sys.path.insert(0, sys.argv[1]); import brandwacht.soc.cell.main;"
        "print(json.dumps([dict(os.environ), sorted(m for m in sys.modules if m.split('.')[0] in"
        " ('django', 'psycopg', 'structlog'))]))"
    )
    seen: dict[str, Any] = {}
    real = subprocess.Popen

    def watched(command: list[str], **options: Any) -> Any:
        seen.update(options, command=command)
        return real(command, **options)

    monkeypatch.setattr(process.subprocess, "Popen", watched)
    search(places, sql="SELECT 1")
    assert seen["env"] == {"LANG": "C.UTF-8"}
    out = subprocess.run(
        [*seen["command"][:3], code, seen["command"][4]], env=seen["env"], capture_output=True, text=True, check=True
    )
    environment, modules = json.loads(out.stdout)
    assert SECRET not in json.dumps(environment)
    assert modules == []


def test_a_damaged_file_is_named_and_the_rest_is_searched(places: dict[str, str]) -> None:
    keep("VR17", event(3, "ook.exe"), batch="twee")
    files = layout.live_files(layout.partitions("VR17")[0].folder)
    bad = next(path for path in files if str(path) != places["own"])
    bad.write_bytes(b"PAR1" + bytes(90) + b"PAR1")
    given = [("2026-11-22", str(path)) for path in files]
    for how in ({"sql": "SELECT raw FROM events"}, {"where": "contains(raw, 'exe')"}):
        standing, rows = search(places, files=given, **how)
        assert (standing.state, standing.rows, standing.damaged) == ("klaar", 1, [str(bad)]), how
        assert "eigen.exe" in rows


def test_rows_and_bytes_have_an_end(places: dict[str, str]) -> None:
    standing, rows = search(places, sql="SELECT range FROM range(1000)")
    assert (standing.rows, standing.full) == (100, True)
    standing, rows = search(places, sql="SELECT repeat('x', 60000) FROM range(90)", size=200_000)
    assert standing.full
    assert len(rows) < 400_000


def test_every_sort_of_value_can_be_told(places: dict[str, str]) -> None:
    sql = (
        "SELECT DATE '2026-01-01', INTERVAL 2 day, 1.5::DECIMAL(9,2), 'NaN'::DOUBLE, 2::HUGEINT << 80, 'ab'::BLOB,"
        " {'a': [1]}, MAP {'k': 1}, uuid(), TIME '10:00', true, NULL, 'é🚒', now()::TIMESTAMP, '{}'::JSON, [NULL]"
    )
    standing, rows = search(places, sql=sql)
    assert standing.state == "klaar", standing.error
    assert json.loads(rows)[12] == "é🚒"


def test_a_search_can_be_stopped(places: dict[str, str]) -> None:
    folder = Path(places["folder"]) / "resultaat"
    folder.mkdir()
    (folder / "stop").touch()
    standing, _rows = search(places, sql=BOMBS["huge join"])
    assert standing.state == "gestopt"


def test_an_error_names_what_is_wrong(places: dict[str, str]) -> None:
    standing, _rows = search(places, sql="SELECT bestaatniet FROM events")
    assert standing.error[0] == "sql"
    assert "bestaatniet" in standing.error[1]


def test_nothing_stored_gives_nothing(places: dict[str, str]) -> None:
    standing, rows = search(places, files=[], sql="SELECT host, raw->>'$.a' FROM events")
    assert (standing.state, rows) == ("klaar", "")
    standing, rows = search(places, files=[])
    assert (standing.state, rows) == ("klaar", "")
