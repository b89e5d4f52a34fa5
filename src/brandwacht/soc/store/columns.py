"""The columns of a stored event: one table for writing, searching, and what the pages say about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyarrow as pa

TEXT, EXACT, ADDRESS, NUMBER, TIME, MANY = "tekst", "exact", "adres", "getal", "moment", "meer"
"""What a column holds: text (case does not count), text with one spelling (lower case), an IP address, a number, a
moment, and several words with one spelling each."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that people search by: its name in SQL, the ECS name that it has in the form, and what it holds."""

    name: str
    ecs: str
    holds: str


COLUMNS: Final = (
    Column("time", "@timestamp", TIME),
    Column("organisation", "organization.id", EXACT),
    Column("log_source", "observer.name", TEXT),
    Column("kind", "event.dataset", EXACT),
    Column("channel", "winlog.channel", TEXT),
    Column("provider", "event.provider", TEXT),
    Column("event_id", "event.code", NUMBER),
    Column("host", "host.name", TEXT),
    Column("user_name", "user.name", TEXT),
    Column("source_ip", "source.ip", ADDRESS),
    Column("source_port", "source.port", NUMBER),
    Column("destination_ip", "destination.ip", ADDRESS),
    Column("destination_port", "destination.port", NUMBER),
    Column("process_executable", "process.executable", TEXT),
    Column("process_command_line", "process.command_line", TEXT),
    Column("process_parent_executable", "process.parent.executable", TEXT),
    Column("process_parent_command_line", "process.parent.command_line", TEXT),
    Column("file_path", "file.path", TEXT),
    Column("file_hash", "file.hash", MANY),
    Column("registry_path", "registry.path", TEXT),
    Column("dns_question_name", "dns.question.name", EXACT),
    Column("url_full", "url.full", TEXT),
    Column("raw", "event.original", TEXT),
)
BY_ECS: Final = {column.ecs: column for column in COLUMNS}
FROM_ECS: Final = tuple(c for c in COLUMNS if c.name in {
    "user_name", "source_ip", "source_port", "destination_ip", "destination_port", "process_executable",
    "process_command_line", "process_parent_executable", "process_parent_command_line", "file_path", "file_hash",
    "registry_path", "dns_question_name", "url_full",
})  # fmt: skip
"""Those that ``ecs_of`` fills."""
KEYS: Final = {"source_ip": "source_ip_key", "destination_ip": "destination_ip_key"}
"""Beside an address stands its number in 32 hexadecimal digits, so that a network is a range."""

_STAMP: Final = pa.timestamp("us")
"""Moments are in UTC without saying so: with a zone, reading them in Python asks for one more package."""
SCHEMA: Final = pa.schema(
    [
        ("time", _STAMP),
        ("time_known", pa.bool_()),
        ("received", _STAMP),
        ("organisation", pa.string()),
        ("log_source", pa.string()),
        ("batch", pa.string()),
        ("number", pa.int64()),
        ("record_id", pa.int64()),
        ("kind", pa.string()),
        ("channel", pa.string()),
        ("provider", pa.string()),
        ("event_id", pa.int64()),
        ("host", pa.string()),
        *((c.name, pa.int64() if c.holds == NUMBER else pa.string()) for c in FROM_ECS),
        *((key, pa.string()) for key in KEYS.values()),
        ("fields", pa.string()),
        ("raw", pa.string()),
    ]
)
DICTIONARY: Final = [
    field.name
    for field in SCHEMA
    if field.type == pa.string() and field.name not in ("raw", "fields", "process_command_line", "url_full")
]
"""Columns whose values recur."""
