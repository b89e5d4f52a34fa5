"""The pictures of the national overview: how figures lie per theme, how they moved, and who reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from brandwacht.baseline.queries.national import Standing
from brandwacht.engines.norms.national import CategoryFigures, MomentFigures
from brandwacht.network.tile_places import PLACES

LABELS, SCALE, ROW = 290, 480, 34
"""Room for the names of themes, the length of 0 to 100 percent, and the height of a row; in units of the picture."""


@dataclass(frozen=True, slots=True)
class BoxRow:
    """One theme: the box from lower to upper quartile, the median, and a dot for each figure."""

    title: str
    y: int
    box: tuple[int, int]
    middle: int
    dots: Sequence[tuple[int, int]]
    said: str


@dataclass(frozen=True, slots=True)
class BoxPicture:
    """The themes under each other."""

    width: int
    height: int
    rows: Sequence[BoxRow]
    ticks: Sequence[tuple[int, int]]


def boxes(figures: Sequence[CategoryFigures]) -> BoxPicture:
    """The picture of the themes that have a figure. Equal figures are stacked a little, so that each dot is seen."""
    rows: list[BoxRow] = []
    for each in figures:
        if each.spread is None:
            continue
        y = 30 + ROW * len(rows)
        stacked: dict[float, int] = {}
        dots = []
        for value in each.spread.values:
            place = stacked[value] = stacked.get(value, -1) + 1
            dots.append((_x(value), y + (3 * place if place < 4 else 9)))
        low, middle, high = (round(n) for n in (each.spread.lower, each.spread.middle, each.spread.upper))
        said = _("%(title)s: mediaan %(middle)d%%, de middelste helft van %(low)d%% tot %(high)d%%") % {
            "title": each.title,
            "middle": middle,
            "low": low,
            "high": high,
        }
        box = (_x(each.spread.lower), max(3, _x(each.spread.upper) - _x(each.spread.lower)))
        rows.append(BoxRow(each.title, y, box, _x(each.spread.middle), dots, said))
    ticks = [(_x(percent), percent) for percent in range(0, 101, 25)]
    return BoxPicture(LABELS + SCALE + 30, 40 + ROW * len(rows), rows, ticks)


def _x(percent: float) -> int:
    return LABELS + round(percent * SCALE / 100)


@dataclass(frozen=True, slots=True)
class LinePoint:
    """One moment: its place, the median, and where the label stands."""

    x: int
    y: int
    label: str
    percent: int
    reported: int


@dataclass(frozen=True, slots=True)
class LinePicture:
    """The median over time with the band of the middle half; ``line`` and ``band`` are lists of points for SVG."""

    width: int
    height: int
    points: Sequence[LinePoint]
    line: str
    band: str
    ticks: Sequence[tuple[int, int]]


def lines(time: Sequence[MomentFigures]) -> LinePicture:
    """The picture over the moments on which somebody reported."""
    known = [each for each in time if each.whole is not None]
    step = 660 // max(1, len(known) - 1)
    points, upper, lower = [], [], []
    for place, each in enumerate(known):
        spread = each.whole
        if spread is None:
            continue
        x = 70 + step * place if len(known) > 1 else 400
        points.append(LinePoint(x, _y(spread.middle), each.moment.key, round(spread.middle), each.reported))
        upper.append(f"{x},{_y(spread.upper)}")
        lower.append(f"{x},{_y(spread.lower)}")
    ticks = [(_y(percent), percent) for percent in range(0, 101, 25)]
    line = " ".join(f"{point.x},{point.y}" for point in points)
    return LinePicture(780, 320, points, line, " ".join([*upper, *reversed(lower)]), ticks)


def _y(percent: float) -> int:
    return 270 - round(percent * 240 / 100)


SIDE, TALL, GAP = 150, 84, 8
LETTERS = 18
"""So many fit on a line of a tile."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One region: its state as key and word, and the address of its report where there is one to read.

    ``lines`` are the height and text of its name, over two lines at most.
    """

    code: str
    name: str
    lines: Sequence[tuple[int, str]]
    x: int
    y: int
    state: str
    word: str
    url: str


@dataclass(frozen=True, slots=True)
class TilePicture:
    """All regions."""

    width: int
    height: int
    tiles: Sequence[Tile]


def state_word(state: str) -> str:
    """What a state of reporting is called."""
    return {
        "op_tijd": _("op tijd"),
        "laat": _("na de datum"),
        "ingetrokken": _("ingetrokken"),
        "wacht": _("nog niet"),
        "te_laat": _("te laat"),
    }[state]


def tiles(standings: Sequence[Standing]) -> TilePicture:
    """Who reported, as tiles about where the regions lie."""
    found = []
    for each in standings:
        place = PLACES.get(each.organisation.code)
        if place is None:
            continue
        x, y = place[0] * (SIDE + GAP), place[1] * (TALL + GAP)
        url = reverse("baseline:snapshot", args=[each.line.public_id]) if each.line else ""
        name = each.organisation.name
        lines = [(y + 24 + 19 * number, line) for number, line in enumerate(_two_lines(name))]
        found.append(Tile(each.organisation.code, name, lines, x, y, each.state, state_word(each.state), url))
    columns, rows = (max(place[i] for place in PLACES.values()) + 1 for i in (0, 1))
    return TilePicture(columns * (SIDE + GAP) - GAP, rows * (TALL + GAP) - GAP, found)


def _two_lines(name: str) -> list[str]:
    """A name as one line, or as two that break at a blank or after a hyphen, as near the middle as can be."""
    places = [at + 1 for at, letter in enumerate(name[:-1]) if letter in " -"]
    if len(name) <= LETTERS or not places:
        return [name]
    at = min(places, key=lambda place: abs(place - len(name) / 2))
    return [name[:at].strip(), name[at:].strip()]
