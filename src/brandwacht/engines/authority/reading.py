"""Read a data file of this engine, and name everything that is wrong with it at once."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"


class InvalidData(ValueError):
    """A data file that cannot be used; `problems` holds every fault, in Dutch, each naming its place."""

    def __init__(self, file: str, problems: Iterable[str]) -> None:
        self.problems: tuple[str, ...] = tuple(problems)
        super().__init__(f"Het gegevensbestand {file} klopt niet:\n" + "\n".join(f"- {text}" for text in self.problems))


@dataclass(frozen=True, slots=True)
class Source:
    """What a statement rests on: `checked` is the day we last looked, `how` in what copy.

    `url` is empty for a document that every organisation has of its own.
    """

    key: str
    title: str
    url: str
    checked: date
    how: str


@dataclass(frozen=True, slots=True)
class Header:
    """What every data file says of itself; `fingerprint` is the SHA-256 of the whole file, in hexadecimals."""

    version: str
    date: date
    licence: str
    status: str
    sources: Mapping[str, Source]
    fingerprint: str


class Record:
    """One mapping from a data file. Every reader notes what is wrong, with its place, and returns a stand-in."""

    def __init__(self, data: object, place: str, problems: list[str]) -> None:
        self.place = place
        self.problems = problems
        self.data: dict[str, Any] = {}
        self.asked: set[str] = set()
        if isinstance(data, dict):
            self.data = {str(key): value for key, value in data.items()}
        else:
            self.problem("hier hoort een lijst van namen met waarden te staan.")

    def problem(self, text: str) -> None:
        """Note a fault at this place."""
        self.problems.append(f"{self.place}: {text}")

    def text(self, key: str, default: str | None = None) -> str:
        """A line of text; required unless there is a default."""
        value = self._take(key, default)
        if not isinstance(value, str) or not (value.strip() or default == ""):
            self.problem(f"'{key}' hoort een tekst te zijn.")
            return ""
        return " ".join(value.split())

    def texts(self, key: str) -> tuple[str, ...]:
        """Lines of text; none when the key is absent."""
        value = self._take(key, [])
        if isinstance(value, list) and all(isinstance(line, str) and line.strip() for line in value):
            return tuple(" ".join(line.split()) for line in value)
        self.problem(f"'{key}' hoort een lijst van teksten te zijn.")
        return ()

    def choice(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        """One of the allowed keys."""
        value = self.text(key, default)
        if value and value != default and value not in (options := tuple(allowed)):
            self.problem(f"'{key}' is '{value}'; kies uit {', '.join(options)}.")
        return value

    def choices(self, key: str, allowed: Iterable[str]) -> tuple[str, ...]:
        """One or more of the allowed keys."""
        values, options = self.texts(key), tuple(allowed)
        if not values:
            self.problem(f"'{key}' noemt niets; kies uit {', '.join(options)}.")
        for value in values:
            if value not in options:
                self.problem(f"'{key}' noemt '{value}'; kies uit {', '.join(options)}.")
        return values

    def flag(self, key: str, default: bool | None = None) -> bool:
        """True or false; required unless there is a default."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            self.problem(f"'{key}' hoort true of false te zijn.")
        return value is True

    def number(self, key: str) -> int | None:
        """A whole number from 1, or None when the key is absent."""
        value = self._take(key, 0)
        if isinstance(value, bool) or not isinstance(value, int) or (key in self.data and value < 1):
            self.problem(f"'{key}' hoort een heel getal vanaf 1 te zijn.")
            return None
        return value or None

    def day(self, key: str) -> date:
        """A calendar day."""
        value = self._take(key, None)
        if type(value) is not date:
            self.problem(f"'{key}' hoort een datum te zijn, zoals 2026-11-22.")
            return date.min
        return value

    def labels(self, key: str) -> dict[str, str]:
        """Keys with a line of text each."""
        inner = Record(self._take(key, None), f"{self.place}, '{key}'", self.problems)
        return {name: inner.text(name) for name in inner.data}

    def named(self, key: str) -> Iterator[tuple[str, "Record"]]:
        """Keys with a record each."""
        inner = Record(self._take(key, None), f"{self.place}, '{key}'", self.problems)
        for name, value in inner.data.items():
            record = Record(value, f"{inner.place}, '{name}'", self.problems)
            yield name, record
            record.close()

    def records(self, key: str) -> Iterator["Record"]:
        """A list of records, each with an own `key`."""
        value = self._take(key, None)
        if not isinstance(value, list) or not value:
            self.problem(f"'{key}' hoort een lijst te zijn met ten minste een regel.")
            return
        seen: set[str] = set()
        for number, row in enumerate(value, start=1):
            name = row.get("key") if isinstance(row, dict) else None
            record = Record(row, f"{key}, regel {number}" + (f" ('{name}')" if name else ""), self.problems)
            if record.data and record.text("key") in seen:
                record.problem("deze sleutel komt al eerder voor; geef elke regel een eigen sleutel.")
            seen.add(str(name))
            yield record
            record.close()

    def close(self) -> None:
        """Note what nobody asked for: mostly a typing error in a name."""
        for key in self.data.keys() - self.asked:
            self.problem(f"'{key}' is hier onbekend.")

    def _take(self, key: str, default: object) -> object:
        self.asked.add(key)
        return self.data.get(key, default)


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice in one mapping, where YAML silently keeps the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                line = node.start_mark.line + 1
                raise yaml.YAMLError(f"de naam '{key}' staat dubbel in het blok dat op regel {line} begint.")
        return super().construct_mapping(node, deep)


class DataFile:
    """An opened data file: its `header` and `top` record. `finish` raises `InvalidData` when anything was wrong."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.problems: list[str] = []
        raw = path.read_bytes()
        try:
            content = yaml.load(raw, _Loader)  # noqa: S506 - a SafeLoader
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise InvalidData(self.name, [f"onleesbaar als YAML: {error}"]) from error
        self.top = Record(content, self.name, self.problems)
        sources = {
            key: Source(key, found.text("title"), found.text("url", ""), found.day("checked"), found.text("how"))
            for key, found in self.top.named("sources")
        }
        for source in sources.values():
            if source.url and not source.url.startswith("https://"):
                self.problems.append(f"{self.name}, 'sources', '{source.key}': 'url' hoort met https:// te beginnen.")
        self.header = Header(
            version=self.top.text("version"),
            date=self.top.day("date"),
            licence=self.top.text("licence"),
            status=self.top.text("status"),
            sources=sources,
            fingerprint=sha256(raw).hexdigest(),
        )

    def source(self, record: Record) -> Source:
        """The source a record names."""
        key = record.choice("source", self.header.sources)
        return self.header.sources.get(key) or Source(key, "", "", date.min, "")

    def finish(self) -> None:
        """Raise `InvalidData` with every problem found."""
        self.top.close()
        if self.problems:
            raise InvalidData(self.name, self.problems)
