"""Reads loosely typed JSON, and refuses with the place (a JSON pointer, RFC 6901) and what should be there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Final

LONGEST: Final = 20_000
"""Characters in one text."""


class InvalidOscal(ValueError):
    """A document that can not be used; `pointer` is the place in it, the message is Dutch and names it."""

    def __init__(self, pointer: str, problem: str) -> None:
        super().__init__(f"{pointer or '/'}: {problem}")
        self.pointer = pointer
        self.problem = problem


class Node:
    """A value in a document that knows where it stands."""

    __slots__ = ("pointer", "value")

    def __init__(self, value: object, pointer: str = "") -> None:
        self.value = value
        self.pointer = pointer

    def wrong(self, problem: str) -> InvalidOscal:
        """An error about this place, to be raised."""
        return InvalidOscal(self.pointer, problem)

    def mapping(self) -> Mapping[str, object]:
        """The fields. Raises InvalidOscal."""
        if not isinstance(self.value, dict):
            raise self.wrong("hier horen velden met een naam te staan.")
        return self.value

    def get(self, key: str) -> Node | None:
        """A field, None when it is absent. Raises InvalidOscal when this has no fields."""
        fields = self.mapping()
        if key not in fields:
            return None
        return Node(fields[key], f"{self.pointer}/{key.replace('~', '~0').replace('/', '~1')}")

    def need(self, key: str) -> Node:
        """A field that has to be there. Raises InvalidOscal."""
        found = self.get(key)
        if found is None:
            raise self.wrong(f"het veld “{key}” ontbreekt.")
        return found

    def items(self, key: str) -> Iterator[Node]:
        """The values of a list; an absent field has none. Raises InvalidOscal."""
        found = self.get(key)
        if found is None:
            return
        if not isinstance(found.value, list):
            raise found.wrong("hier hoort een lijst te staan.")
        for place, value in enumerate(found.value):
            yield Node(value, f"{found.pointer}/{place}")

    def as_text(self) -> str:
        """A text. Raises InvalidOscal."""
        if not isinstance(self.value, str):
            raise self.wrong("hier hoort tekst te staan.")
        if len(self.value) > LONGEST:
            raise self.wrong(f"deze tekst is langer dan {LONGEST} tekens.")
        if _CONTROL.search(self.value):
            raise self.wrong("deze tekst bevat tekens die geen tekst zijn.")
        return self.value

    def text(self, key: str) -> str:
        """A text in a field, empty when that is absent. Raises InvalidOscal."""
        found = self.get(key)
        return "" if found is None else found.as_text()

    def needed_text(self, key: str) -> str:
        """A text in a field that has to be there and says something. Raises InvalidOscal."""
        found = self.need(key)
        text = found.as_text()
        if not text.strip():
            raise found.wrong("dit veld is leeg.")
        return text

    def as_moment(self) -> datetime:
        """A moment with its time zone. Raises InvalidOscal."""
        text = self.as_text()
        try:
            moment = datetime.fromisoformat(text)
            moment.utctimetuple()  # a day at the edge of the calendar can not be moved to UTC
        except (ValueError, OverflowError):
            raise self.wrong("dit is geen tijdstip, zoals 2026-11-22T14:05:00+01:00.") from None
        if moment.utcoffset() is None:
            raise self.wrong("bij dit tijdstip ontbreekt de tijdzone, zoals +01:00.")
        return moment

    def as_day(self) -> date:
        """A day. Raises InvalidOscal."""
        try:
            return date.fromisoformat(self.as_text())
        except ValueError:
            raise self.wrong("dit is geen datum, zoals 2026-11-22.") from None


class Props:
    """The properties of a thing by name; ours are those in our own namespace, or in none."""

    def __init__(self, thing: Node, namespace: str) -> None:
        self._found: dict[str, list[Node]] = {}
        for prop in thing.items("props"):
            if prop.text("ns") in (namespace, ""):
                self._found.setdefault(prop.needed_text("name"), []).append(prop.need("value"))

    def node(self, name: str) -> Node | None:
        """The value of the first property of this name, None when there is none."""
        return next(iter(self._found.get(name, ())), None)

    def text(self, name: str) -> str:
        """The same as text, empty when there is none."""
        found = self.node(name)
        return "" if found is None else found.as_text()

    def all(self, name: str) -> tuple[str, ...]:
        """The values of all properties of this name."""
        return tuple(node.as_text() for node in self._found.get(name, ()))

    def day(self, name: str) -> date | None:
        """The value as a day."""
        found = self.node(name)
        return None if found is None else found.as_day()


_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
