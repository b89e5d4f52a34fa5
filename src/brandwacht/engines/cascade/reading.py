"""Read data of this engine (scales, example maps) and name everything that is wrong with it at once, in Dutch."""

from collections.abc import Hashable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeGuard

import yaml

from .model import InvalidInput

DATA: Final = Path(__file__).parent / "data"
MOST: Final = 1_000_000_000
"""The highest number that is read."""


class InvalidData(InvalidInput):
    """Data that cannot be used; `problems` holds every fault with its place."""


class Record:
    """One mapping of the data. Every reader notes what is wrong, with its place, and returns a stand-in.

    `problems` is shared by all records of one document; `finish` raises when it is not empty.
    """

    def __init__(self, data: object, place: str, problems: list[str]) -> None:
        self.place = place
        self.problems = problems
        self.data: dict[str, Any] = {}
        self.asked: set[str] = set()
        if isinstance(data, Mapping):
            self.data = {str(key): value for key, value in data.items()}
        else:
            self.problem("hier horen namen met waarden te staan.")

    def problem(self, text: str) -> None:
        """Note a fault at this place."""
        self.problems.append(f"{self.place}: {text}")

    def take(self, key: str, default: object = None) -> object:
        """The value as it stands."""
        self.asked.add(key)
        return self.data.get(key, default)

    def text(self, key: str, default: str | None = None) -> str:
        """A text on one line; required unless there is a default."""
        value = self.take(key, default)
        if isinstance(value, str) and (value.strip() or value == default):
            return " ".join(value.split())
        self.problem(f"'{key}' hoort een tekst te zijn.")
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """Texts; none when the key is absent."""
        value = self.take(key, [])
        if isinstance(value, list | tuple) and all(isinstance(each, str) and each.strip() for each in value):
            return tuple(" ".join(each.split()) for each in value)
        self.problem(f"'{key}' hoort een lijst van teksten te zijn.")
        return ()

    def choice(self, key: str, options: tuple[str, ...], default: str | None = None) -> str:
        """One of the options; the first stands in for a fault."""
        value = self.take(key, default)
        if isinstance(value, str) and value in options:
            return value
        self.problem(f"'{key}' is '{value}'; kies uit {', '.join(options)}.")
        return options[0]

    def number(self, key: str, most: float = MOST) -> float:
        """A number from 0 to `most`."""
        value = self.take(key)
        if is_number(value, most):
            return float(value)
        self.problem(f"'{key}' hoort een getal van 0 tot en met {most:_.12g} te zijn.".replace("_", "."))
        return 0.0

    def whole(self, key: str, default: int | None = None, least: int = 0) -> int:
        """A whole number from `least` to a thousand million."""
        value = self.take(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= MOST:
            return value
        self.problem(f"'{key}' hoort een heel getal vanaf {least} te zijn.")
        return least

    def whole_or_none(self, key: str) -> int | None:
        """A whole number from 0, or None when the key is absent or empty."""
        return None if self.take(key) is None else self.whole(key)

    def day(self, key: str) -> date:
        """A calendar day, as a date or as text like 2026-11-26."""
        value = self.take(key)
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                value = None
        if type(value) is date:
            return value
        self.problem(f"'{key}' hoort een datum te zijn, zoals 2026-11-26.")
        return date.min

    def record(self, key: str) -> "Record":
        """The mapping under this key."""
        return Record(self.take(key), f"{self.place}, '{key}'", self.problems)

    def records(self, key: str, *, required: bool = True) -> Iterator["Record"]:
        """The mappings in the list under this key, each closed when the next is asked for."""
        value = self.take(key, None if required else [])
        if not isinstance(value, list | tuple) or (required and not value):
            self.problem(f"'{key}' hoort een lijst te zijn" + (" met ten minste een regel." if required else "."))
            return
        for number, row in enumerate(value, start=1):
            name = row.get("key") if isinstance(row, Mapping) else None
            place = f"{self.place}, '{key}', regel {number}" + (f" ('{name}')" if name else "")
            record = Record(row, place, self.problems)
            yield record
            record.close()

    def close(self) -> None:
        """Note what nobody asked for: mostly a typing error in a name."""
        for key in self.data.keys() - self.asked:
            self.problem(f"'{key}' is hier onbekend.")

    def finish(self, heading: str) -> None:
        """Raise `InvalidData` with every problem of the document."""
        self.close()
        if self.problems:
            raise InvalidData(heading, self.problems)


def is_number(value: object, most: float = MOST) -> TypeGuard[float]:
    """Whether this is a number from 0 to `most`."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most


class _Loader(yaml.SafeLoader):
    """Refuses a name that stands twice in one mapping, where YAML silently keeps the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        names = [key.value for key, _ in node.value]
        for name in names:
            if names.count(name) > 1:
                raise yaml.YAMLError(f"'{name}' staat dubbel in het blok op regel {node.start_mark.line + 1}.")
        return super().construct_mapping(node, deep)


def from_yaml(text: str, name: str) -> object:
    """The content of a YAML text; `InvalidData` when it cannot be read. Only plain values, never objects."""
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InvalidData(f"{name} is niet te lezen:", [str(error)]) from error
