"""The peer of the detection bench, and a second opinion in the tests: pySigma's SQLite backend over a table of events.

One row per event, one column per field, everything as text without regard for case (as Zircolite keeps its table), with
an index on channel and event number. One query per rule and place of its log source, as the backend writes it; what a
pipeline would add (channel, event number) stands before it. Two tables, since rules and logs name the fields of some
events differently: `logs` has them as the log names them, `renamed` as rules for a category do.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import yaml
from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection
from sigma.exceptions import SigmaError
from sigma.rule import SigmaRule

from brandwacht.engines.detection import Event, LogSources, Place

ENVELOPE = ("Channel", "EventID", "Provider_Name", "Computer")
FULLTEXT = "fulltext"
Query = tuple[str, str]
"""The id of a rule, and SQL that gives the numbers of the rows for which it is true."""


def queries(texts: Iterable[str], sources: LogSources) -> list[Query]:
    """What the backend makes of the rules that have a place in `sources`; what it can not convert is left out."""
    documents = [document for text in texts for document in yaml.load_all(text, yaml.CSafeLoader)]
    backend = sqliteBackend(fulltext_field=FULLTEXT)
    found = []
    for rule in SigmaCollection.from_dicts(documents, True):
        assert isinstance(rule, SigmaRule)
        names = ("product", "category", "service")
        places = sources.places({key: value for key in names if (value := getattr(rule.logsource, key)) is not None})
        try:
            wanted = [str(query).split(" WHERE ", 1)[1] for query in backend.convert_rule(rule)] if places else []
        except SigmaError:
            continue
        found += [(str(rule.id), _query(place, where)) for place in places for where in wanted]
    return found


def _query(place: Place, where: str) -> str:
    parts = []
    if place.channel:
        parts.append(f"Channel = {_quoted(place.channel)}")
    if place.events is not None:
        parts.append(f"EventID IN ({', '.join(_quoted(str(number)) for number in sorted(place.events))})")
    for name, values in place.where.items():
        parts.append(f"{name} IN ({', '.join(map(_quoted, values))})")
    table = "renamed" if place.fields else "logs"
    return f"SELECT row FROM {table} WHERE {' AND '.join([*parts, f'({where})'])}"  # noqa: S608 (rules are the input)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class Table:
    """Events in a database in memory; its rows count from 0.

    `filling` is the processor time, in seconds, of putting the events in; finding out which columns there are, which a
    tool would know beforehand, is not in it.
    """

    def __init__(
        self, found: Sequence[Query], sources: LogSources, events: Sequence[Event], *, index: bool = True
    ) -> None:
        self.queries = found
        self._index = index
        self.database = sqlite3.connect(":memory:")
        self.database.create_function("REGEXP", 2, _regexp, deterministic=True)
        self._renaming = {
            (place.channel, number): place
            for places in sources.products["windows"].categories.values()
            for place in places
            if place.fields
            for number in place.events or ()
        }
        self._columns: dict[str, str] = {}
        for name in ENVELOPE:
            self._columns[name.lower()] = name
        for event in events:
            for name in event.fields:
                self._columns.setdefault(name.lower(), name)
        self._ask_for_columns(found)
        start = time.process_time()
        self._fill(events)
        self.filling = time.process_time() - start

    def _ask_for_columns(self, found: Sequence[Query]) -> None:
        """A field that no event has is a column too. SQLite itself tells which ones a query asks for."""
        for place in self._renaming.values():
            for name in place.fields:
                self._columns.setdefault(name.lower(), name)
        for _, query in found:
            for quoted, bare in re.findall(
                r"`((?:[^`]|``)+)`|([A-Za-z_]\w*)(?= (?:LIKE|GLOB|REGEXP|IS|IN|[<>=]))|", query
            ):
                if name := quoted or bare:
                    self._columns.setdefault(name.lower(), name)
            for name in re.findall(r"([A-Za-z_]\w*)=", query):
                self._columns.setdefault(name.lower(), name)
        self._columns.pop("row", None)
        self._columns.pop(FULLTEXT, None)

    def _fill(self, events: Sequence[Event]) -> None:
        names = [f"`{name}` TEXT COLLATE NOCASE" for name in self._columns.values()]
        for table in ("logs", "renamed"):
            self.database.execute(f"CREATE TABLE {table} (row INTEGER, {FULLTEXT} TEXT, {', '.join(names)})")
            marks = ", ".join("?" * (len(names) + 2))
            rows = self._rows(events, renamed=table == "renamed")
            self.database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
            if self._index:
                self.database.execute(f"CREATE INDEX kind_{table} ON {table} (EventID, Channel)")

    def _rows(self, events: Sequence[Event], renamed: bool) -> Iterator[list[Any]]:
        for row, event in enumerate(events):
            place = self._renaming.get((event.channel.lower(), event.event_id or 0))
            if not renamed or place is not None:
                fields = _as_rules_name_them(event, place if renamed else None)
                texts = {name.lower(): as_text(value) for name, value in reversed(fields.items())}
                fulltext = "\n".join(text for value in event.fields.values() if (text := as_text(value)) is not None)
                yield [row, fulltext, *(texts.get(name) for name in self._columns)]

    def matches(self) -> set[tuple[int, str]]:
        """(row, id of the rule) for every match."""
        return {(row, rule_id) for rule_id, query in self.queries for (row,) in self.database.execute(query)}


def _as_rules_name_them(event: Event, place: Place | None) -> dict[str, object]:
    envelope = {
        "Channel": event.channel,
        "EventID": event.event_id,
        "Provider_Name": event.provider,
        "Computer": event.host,
    }
    fields = {**event.fields, **{name: value for name, value in envelope.items() if value not in ("", None)}}
    if place is not None:
        plain: Mapping[str, object] = dict(fields)
        for name, source in place.fields.items():
            value = plain.get(source)
            fields[name] = place.values.get(name, {}).get(value, value) if isinstance(value, str) else value
    return fields


def as_text(value: object) -> str | None:
    """The value as a column holds it; the items of a list one below the other, as SQL has no lists."""
    if isinstance(value, list):
        return "\n".join(text for item in value if (text := as_text(item)) is not None)
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


@lru_cache(4096)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _regexp(pattern: str, text: str | None) -> bool:
    return text is not None and _pattern(pattern).search(text) is not None
