"""For one field: which of thousands of atoms are true of a value, without asking them one by one.

Equal values and beginnings and ends are found by table; parts of text by four-letter grams: each literal is filed under
the gram it has that fewest others have, and only literals whose gram occurs in the value are tried. What one value gave
is remembered, since log values repeat.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Set
from typing import Final

from brandwacht.engines.detection.atoms import Atom, Test, test_for

GRAM: Final = 4
MEMO_VALUES: Final = 20_000
"""Values remembered per field; beyond it the memory starts anew."""
MEMO_LENGTH: Final = 2_048
"""Longer values are not remembered."""

WINDOW: Final = 16_384
"""Characters of a value that are cut into grams at a time."""

Ids = frozenset[int]
_NONE: Final[Ids] = frozenset()


class FieldIndex:
    """The atoms of one field, by number."""

    def __init__(self, atoms: Iterable[tuple[Atom, int]]) -> None:
        self._equal: dict[str, list[int]] = defaultdict(list)
        self._starts: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._ends: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._short: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._grams: dict[str, list[tuple[str, Test | None, int]]] = defaultdict(list)
        self._scan: list[tuple[Test, int]] = []
        self._memo: dict[str, Ids] = {}
        parts: list[tuple[str, Test | None, int]] = []
        for atom, number in atoms:
            match atom:
                case ("eq", _, value, False):
                    self._equal[value].append(number)
                case ("starts", _, value, False):
                    self._starts[len(value)][value].append(number)
                case ("ends", _, value, False):
                    self._ends[len(value)][value].append(number)
                case ("contains", _, value, False) if len(value) >= GRAM:
                    parts.append((value, None, number))
                case ("contains", _, value, False) if value:
                    self._short[len(value)][value].append(number)
                case ("contains" | "starts" | "ends" | "eq", _, value, True) if len(value) >= GRAM:
                    parts.append((value.lower(), test_for(atom), number))
                case ("glob", _, pieces, _) if (
                    len(longest := max((p for p in pieces if isinstance(p, str)), key=len, default="")) >= GRAM
                ):
                    parts.append((longest.lower(), test_for(atom), number))
                case _:
                    self._scan.append((test_for(atom), number))
        self._file(parts)
        self._keys = frozenset(self._grams)

    def _file(self, parts: list[tuple[str, Test | None, int]]) -> None:
        popular = Counter(gram for literal, _, _ in parts for gram in _grams(literal, GRAM))
        for literal, test, number in parts:
            rarest = min(_grams(literal, GRAM), key=lambda gram: (popular[gram], gram))
            self._grams[rarest].append((literal, test, number))

    def true_of(self, text: str) -> Ids:
        """The numbers of the atoms that are true of `text`."""
        found = self._memo.get(text)
        if found is None:
            found = self._find(text)
            if len(text) <= MEMO_LENGTH:
                if len(self._memo) >= MEMO_VALUES:
                    self._memo.clear()
                self._memo[text] = found
        return found

    def forget(self) -> None:
        """Drop what is remembered of values."""
        self._memo.clear()

    def _find(self, text: str) -> Ids:
        lower = text.lower()
        found = list(self._equal.get(lower, ()))
        size = len(lower)
        for length, table in self._starts.items():
            if length <= size and (numbers := table.get(lower[:length])):
                found += numbers
        for length, table in self._ends.items():
            if length <= size and (numbers := table.get(lower[size - length :])):
                found += numbers
        for length, table in self._short.items():
            for part in _present(table.keys(), lower, length):
                found += table[part]
        if self._keys:
            for gram in _present(self._keys, lower, GRAM):
                for literal, test, number in self._grams[gram]:
                    if literal in lower and (test is None or test(text)):
                        found.append(number)
        for test, number in self._scan:
            if test(text):
                found.append(number)
        return frozenset(found) if found else _NONE


def _present(keys: Set[str], text: str, size: int) -> set[str]:
    """Which of `keys`, all of length `size`, stand in `text`; by windows, so that a huge value takes no huge memory."""
    found: set[str] = set()
    for start in range(0, len(text), WINDOW):
        found |= keys & _grams(text[start : start + WINDOW + size - 1], size)
    return found


def _grams(text: str, size: int) -> set[str]:
    return {text[i : i + size] for i in range(len(text) - size + 1)}
