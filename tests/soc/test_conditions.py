"""Lines over fields, as people fill them in, against DuckDB itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brandwacht.network.errors import Refused
from brandwacht.soc.forms.hunts import NAMES
from brandwacht.soc.store import layout
from brandwacht.soc.store.columns import BY_ECS, COLUMNS
from brandwacht.soc.store.conditions import MOST, OPERATORS, Line, condition
from tests.soc.stored import event, keep
from tests.world import NOW


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from django.test import override_settings

    folder = tmp_path_factory.mktemp("vragen")
    with override_settings(DATA=folder):
        keep(
            "VR17",
            event(1, "Eerste.exe", host="DC01", User="VRR\\Jan", SourceIp="10.1.2.3", DestinationPort="443"),
            event(2, "tweede.exe", host="WS02", SourceIp="2001:DB8::5", QueryName="Slecht.Example"),
            event(3, "derde.exe", host="WS03", at=NOW - timedelta(hours=3), Hashes=f"MD5={'A' * 32},SHA256={'b' * 64}"),
        )
        (path,) = layout.live_files(layout.partitions("VR17")[0].folder)
    return path


def found(table: Path, *lines: Line) -> list[int]:
    where, values = condition(lines)
    sql = f"SELECT number FROM read_parquet(?) WHERE {where} ORDER BY number"  # noqa: S608
    return [number for (number,) in duckdb.execute(sql, [[str(table)], *values]).fetchall()]


@pytest.mark.parametrize(
    ("field", "operator", "value", "numbers"),
    [
        ("host.name", "is", "dc01", [1]),
        ("host.name", "is_niet", "dc01", [2, 3]),
        ("host.name", "begint", "WS", [2, 3]),
        ("host.name", "eindigt", "3", [3]),
        ("host.name", "patroon", "^ws0[23]$", [2, 3]),
        ("process.executable", "bevat", "EERSTE", [1]),
        ("process.executable", "bevat", "100%_'", []),
        ("user.name", "is", "JAN", [1]),
        ("user.name", "is_niet", "jan", [2, 3]),
        ("user.name", "ontbreekt", "", [2, 3]),
        ("user.name", "bestaat", "", [1]),
        ("source.ip", "is", "2001:0db8:0::5", [2]),
        ("source.ip", "netwerk", "10.0.0.0/8", [1]),
        ("source.ip", "netwerk", "2001:db8::/32", [2]),
        ("source.ip", "netwerk", "0.0.0.0/0", [1]),
        ("destination.port", "groter", "442", [1]),
        ("destination.port", "kleiner", "443", []),
        ("destination.port", "ontbreekt", "", [2, 3]),
        ("event.code", "is", "1", [1, 2, 3]),
        ("dns.question.name", "eindigt", ".EXAMPLE", [2]),
        ("file.hash", "is", "b" * 64, [3]),
        ("file.hash", "is", "A" * 32, [3]),
        ("file.hash", "is", "b" * 32, []),
        ("organization.id", "is", "vr17", [1, 2, 3]),
        ("@timestamp", "kleiner", "2026-11-22 12:00", [3]),
        ("@timestamp", "groter", "2026-11-22", [1, 2, 3]),
        ("event.original", "bevat", "tweede.exe", [2]),
    ],
)
def test_every_operator_finds_what_it_says(
    field: str, operator: str, value: str, numbers: list[int], table: Path
) -> None:
    assert found(table, Line("en", field, operator, value)) == numbers


def test_and_binds_before_or(table: Path) -> None:
    """DC01, or (a WS machine that is number 3): not (DC01 or WS) that is number 3."""
    lines = (
        Line("en", "host.name", "is", "DC01"),
        Line("of", "host.name", "begint", "WS"),
        Line("en", "process.executable", "bevat", "derde"),
    )
    assert found(table, *lines) == [1, 3]
    assert found(table) == [1, 2, 3]


def test_every_column_has_a_name_and_operators() -> None:
    assert {column.ecs for column in COLUMNS} == set(NAMES) == set(BY_ECS)
    assert all(OPERATORS[column.holds] for column in COLUMNS)


def test_what_cannot_be_used_is_refused_with_its_place() -> None:
    fine = Line("en", "host.name", "is", "x")
    for line in (
        Line("en", "bestaat.niet", "is", "x"), Line("en", "host.name", "netwerk", "10.0.0.0/8"),
        Line("en", "host.name", "is", "  "), Line("en", "host.name", "is", "x" * 501), Line("en", "x", "x", "x"),
    ):  # fmt: skip
        with pytest.raises(Refused, match="Regel 2") as refused:
            condition([fine, line])
        assert refused.value.field == "f1"
    with pytest.raises(Refused, match="hoogstens"):
        condition([fine] * (MOST + 1))


_lines = st.builds(
    Line,
    st.sampled_from(["en", "of"]),
    st.sampled_from(sorted(BY_ECS)),
    st.sampled_from(sorted({operator for operators in OPERATORS.values() for operator in operators})),
    st.text(max_size=20) | st.sampled_from(["10.0.0.0/8", "4624", "2026-11-22", "';--", "%", "\\", "(a", "[[:x:]]"]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(_lines, max_size=4))
def test_no_line_makes_other_sql(lines: list[Any], table: Path) -> None:
    """Whatever is filled in: it is refused, or DuckDB takes it as a value (a pattern it may dislike)."""
    try:
        assert set(found(table, *lines)) <= {1, 2, 3}
    except Refused:
        pass
    except duckdb.InvalidInputException as error:
        assert any(line.operator == "patroon" for line in lines), error
    except duckdb.Error as error:
        assert "\x00" in repr(lines) or any(line.operator in ("patroon", "groter", "kleiner") for line in lines), error


def test_the_clock_is_that_of_the_netherlands(table: Path) -> None:
    assert datetime(2026, 11, 22, 13, 5, tzinfo=UTC) == NOW
    assert found(table, Line("en", "@timestamp", "groter", "2026-11-22 14:04")) == [1, 2]
    assert found(table, Line("en", "@timestamp", "groter", "2026-11-22 14:06")) == []
