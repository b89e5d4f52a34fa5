"""The picture of the ATT&CK matrix: one column per tactic, one cell per technique, a shape for what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from brandwacht.engines.detection import tactic_name
from brandwacht.soc.queries.attack import Cell, Coverage

WIDTH: Final = 96
HEIGHT: Final = 30
GAP: Final = 4
TOP: Final = 58
LINE: Final = 15
"""Characters of a tactic's name on one line of its heading."""
SHAPES: Final = {"gezien": "disc", "gedekt": "square", "blind": "cross", "leeg": "ring"}
"""By state the shape that stands beside the number, so that colour says nothing alone."""


@dataclass(frozen=True, slots=True)
class Box:
    """A cell with its place."""

    cell: Cell
    x: int
    y: int
    shape: str


@dataclass(frozen=True, slots=True)
class Column:
    """A tactic with its place; its name in lines."""

    lines: tuple[tuple[str, int], ...]
    x: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole picture; the unit is a pixel."""

    width: int
    height: int
    columns: tuple[Column, ...]
    boxes: tuple[Box, ...]


def draw(matrix: Coverage) -> Drawing:
    """Where everything stands."""
    columns, boxes = [], []
    for number, (tactic, cells) in enumerate(matrix.columns):
        x = number * (WIDTH + GAP)
        columns.append(Column(tuple((line, 14 + 14 * at) for at, line in enumerate(_lines(tactic))), x))
        boxes += [Box(cell, x, TOP + at * (HEIGHT + GAP), SHAPES[cell.state]) for at, cell in enumerate(cells)]
    longest = max((len(cells) for _tactic, cells in matrix.columns), default=0)
    return Drawing(len(columns) * (WIDTH + GAP), TOP + longest * (HEIGHT + GAP), tuple(columns), tuple(boxes))


def _lines(tactic: str) -> list[str]:
    """The name of a tactic in at most three lines."""
    lines = [""]
    for word in (tactic_name(tactic) or tactic or "?").split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > LINE and len(lines) < 3:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
