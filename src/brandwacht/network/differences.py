"""Two texts line by line: what stayed, what came and what went, as rows for a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

CONTEXT: Final = 3
"""Lines that stayed, shown around a change."""
MAX_LINES: Final = 4000
"""Lines of each text that are compared; a rule has some tens."""

SAME, ADDED, REMOVED, SKIPPED = "gelijk", "nieuw", "weg", "overgeslagen"


@dataclass(frozen=True, slots=True)
class Line:
    """One row: ``kind`` is one of the words above; ``before`` and ``after`` are line numbers, 0 where there is none.

    Of a skipped row ``before`` is how many equal lines were left out.
    """

    kind: str
    before: int
    after: int
    text: str


def differences(old: str, new: str) -> list[Line]:
    """The rows of the difference, with a few equal lines around each change; empty when the texts are equal."""
    first, second = old.splitlines()[:MAX_LINES], new.splitlines()[:MAX_LINES]
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    rows: list[Line] = []
    shown = 0
    for group in matcher.get_grouped_opcodes(CONTEXT):
        start = group[0][1]
        if start > shown:
            rows.append(Line(SKIPPED, start - shown, 0, ""))
        for tag, i1, i2, j1, j2 in group:
            rows += _rows(tag, first, second, (i1, i2), (j1, j2))
        shown = group[-1][2]
    if rows and shown < len(first):
        rows.append(Line(SKIPPED, len(first) - shown, 0, ""))
    return rows


def _rows(tag: str, first: list[str], second: list[str], old: tuple[int, int], new: tuple[int, int]) -> Iterator[Line]:
    if tag == "equal":
        for offset in range(old[1] - old[0]):
            yield Line(SAME, old[0] + offset + 1, new[0] + offset + 1, first[old[0] + offset])
        return
    for number in range(*old):
        yield Line(REMOVED, number + 1, 0, first[number])
    for number in range(*new):
        yield Line(ADDED, 0, number + 1, second[number])
