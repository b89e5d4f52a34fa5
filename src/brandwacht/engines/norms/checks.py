"""Reads values out of loosely typed data and gathers every error, in Dutch, with its place."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date


class InvalidFramework(ValueError):
    """A framework file that can not be used; `errors` are Dutch, all of them at once."""

    def __init__(self, name: str, errors: Sequence[str]) -> None:
        super().__init__(f"{name} is niet bruikbaar:\n" + "\n".join(f"- {error}" for error in errors))
        self.errors = tuple(errors)


class Checker:
    """Each method returns a value of the right shape, or a harmless empty one after noting what is wrong."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def mapping(self, value: object, place: str, fields: Collection[str]) -> Mapping[str, object]:
        """`value` as a mapping with no other fields than these."""
        if not isinstance(value, Mapping):
            self.errors.append(f"{place}: hier horen velden met een naam te staan.")
            return {}
        if unknown := [str(key) for key in value if key not in fields]:
            self.errors.append(f"{place}: onbekend veld {', '.join(unknown)}.")
        return value

    def items(self, entry: Mapping[str, object], field: str, place: str) -> Sequence[object]:
        """A list; an absent field is an empty one."""
        value = entry.get(field, [])
        if isinstance(value, list):
            return value
        self._wrong(place, field, "hier hoort een lijst te staan")
        return []

    def text(self, entry: Mapping[str, object], field: str, place: str, *, optional: bool = False) -> str:
        """A text that is not empty; with `optional` an absent field is the empty text."""
        value = entry.get(field)
        if value is None and optional:
            return ""
        if isinstance(value, str) and value.strip():
            return value.strip()
        self._wrong(place, field, "hier hoort tekst te staan (zet een nummer tussen aanhalingstekens)")
        return ""

    def texts(self, entry: Mapping[str, object], field: str, place: str) -> tuple[str, ...]:
        """A list of texts; an absent field is an empty one."""
        values = self.items(entry, field, place)
        if all(isinstance(value, str) for value in values):
            return tuple(str(value) for value in values)
        self._wrong(place, field, "hier hoort een lijst met tekst te staan (zet nummers tussen aanhalingstekens)")
        return ()

    def coded(self, entry: Mapping[str, object], field: str, place: str, pattern: str, wanted: str) -> tuple[str, ...]:
        """A list of texts of one form, without doubles."""
        values = self.texts(entry, field, place)
        for value in values:
            if not re.fullmatch(pattern, value):
                self._wrong(place, field, f"‘{value}’ is niet {wanted}")
        if len(set(values)) < len(values):
            self._wrong(place, field, "een waarde staat er dubbel in")
        return values

    def choice(self, entry: Mapping[str, object], field: str, place: str, choices: Sequence[str]) -> str:
        """One of a few texts."""
        value = self.text(entry, field, place)
        if value and value not in choices:
            self._wrong(place, field, f"‘{value}’ kan niet, kies uit {', '.join(choices)}")
        return value

    def level(self, entry: Mapping[str, object], field: str, place: str) -> int | None:
        """A BBN level, 1 or 2, or nothing."""
        value = entry.get(field)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value in (1, 2)):
            return value
        self._wrong(place, field, "hier hoort 1 of 2 te staan")
        return None

    def day(self, entry: Mapping[str, object], field: str, place: str) -> date:
        """A date, written as 2026-01-09."""
        value = entry.get(field)
        if type(value) is date:
            return value
        self._wrong(place, field, "hier hoort een datum te staan, zoals 2026-01-09")
        return date.min

    def whole(self, entry: Mapping[str, object], field: str, place: str, *, least: int = 0, most: int = 10**6) -> int:
        """A whole number from `least` to `most`."""
        value = entry.get(field)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self._wrong(place, field, f"hier hoort een heel getal van {least} tot en met {most} te staan")
        return least

    def yes(self, entry: Mapping[str, object], field: str, place: str) -> bool:
        """True or false; an absent field is false."""
        value = entry.get(field, False)
        if isinstance(value, bool):
            return value
        self._wrong(place, field, "hier hoort true of false te staan")
        return False

    def _wrong(self, place: str, field: str, what: str) -> None:
        self.errors.append(f"{place + ', ' if place else ''}{field}: {what}.")
