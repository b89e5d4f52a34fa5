"""The picture of a cascade: sectors as rows, time from left to right, one box per node that changes, arrows for causes.

Pure: outcome in, places and texts out. Lengths are SVG units, one unit being one CSS pixel at full size.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from django.utils.translation import gettext as _

from brandwacht.network.wording import brief_duration
from brandwacht.riskmap.cascades.outcome import Outcome, Step
from brandwacht.riskmap.words.headline import consequence
from brandwacht.riskmap.words.sentences import DE, HET, PLURAL, moment

BOX, GAP, LINE, PAD, BETWEEN = 158, 34, 17, 9, 18
"""Width of a box, room between columns, height of a line of text, padding in a box, room between boxes."""
HEAD, BAND_HEAD, MARGIN = 44, 32, 12
"""Height of the time axis, of a sector's name, and of the margin around everything."""
CHARACTERS = 19
"""So many characters of 14 units fit in a box."""
MOST_BOXES, MOST_COLUMNS, MOST_GROUPS = 32, 6, 5


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; ``x`` and ``y`` are where it begins. ``role`` is "name", "state" or "mark"."""

    x: int
    y: int
    text: str
    role: str


@dataclass(frozen=True, slots=True)
class Box:
    """A node that changed. ``state`` is the worst it came to; ``origin`` says that it failed by itself.

    ``column`` and ``row`` are its place on the grid; rows are numbered through all bands.
    """

    key: str
    column: int
    row: int
    x: int
    y: int
    height: int
    state: str
    vital: bool
    origin: bool
    texts: tuple[Text, ...]
    outline: str

    @property
    def middle(self) -> int:
        """Height of its centre."""
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a cause to what it caused; ``main`` when the headline rests on it."""

    source: str
    target: str
    path: str
    main: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """A stretch of the time axis."""

    x: int
    width: int
    text: str


@dataclass(frozen=True, slots=True)
class Band:
    """A sector's row."""

    y: int
    height: int
    name: str
    shaded: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that is drawn. ``left_out`` is the number of changed nodes for which there was no room."""

    width: int
    height: int
    headings: tuple[Heading, ...]
    bands: tuple[Band, ...]
    arrows: tuple[Arrow, ...]
    boxes: tuple[Box, ...]
    left_out: int


def draw(outcome: Outcome) -> Drawing:
    """The picture of an outcome."""
    first = outcome.first()
    shown = _shown(outcome, first)
    causes = _causes(outcome, shown)
    column, headings = _columns(shown, first, causes)
    tall = {key: _texts(outcome, key) for key in shown}
    height = {key: 2 * PAD + LINE * len(texts) for key, texts in tall.items()}
    row, top_of, bands, bottom = _rows(outcome, shown, column, height, causes)
    boxes = {
        key: _box(outcome, key, (column[key], row[key]), top_of[row[key]], height[key], tall[key]) for key in shown
    }
    main = _main_way(outcome)
    taken = {(box.column, box.row) for box in boxes.values()}
    arrows = [
        Arrow(source, target, _path(boxes[source], boxes[target], number, top_of, taken), (source, target) in main)
        for number, (source, target) in enumerate((s, t) for t in shown for s in causes[t])
    ]
    width = 2 * MARGIN + (max(column.values(), default=0) + 1) * (BOX + GAP)
    return Drawing(
        width,
        bottom + MARGIN,
        tuple(headings),
        tuple(bands),
        tuple(sorted(arrows, key=lambda arrow: arrow.main)),
        tuple(boxes.values()),
        len(first) - len(shown),
    )


def _shown(outcome: Outcome, first: Mapping[str, Step]) -> list[str]:
    """All that changed, in order of time; when that is too much, only what leads to vital processes."""
    if len(first) <= MOST_BOXES:
        return list(first)
    wanted: set[str] = set()
    for key in [key for key in first if outcome.parts[key].vital]:
        way = {key}
        open_ends = [key]
        while open_ends:
            step = first[open_ends.pop()]
            ahead = [p for p in step.providers if p in first and first[p].minute <= step.minute and p not in way]
            # One cause is enough to tell the story: the one that came last tipped it over.
            for provider in sorted(ahead, key=lambda p: first[p].minute)[-1:]:
                way.add(provider)
                open_ends.append(provider)
        if len(wanted | way) > MOST_BOXES:
            break
        wanted |= way
    wanted.update(list(outcome.outages())[: max(0, MOST_BOXES - len(wanted))])
    return [key for key in first if key in wanted]


def _causes(outcome: Outcome, shown: Sequence[str]) -> dict[str, list[str]]:
    """Per node the shown nodes through which it failed, first or further."""
    found: dict[str, dict[str, None]] = {key: {} for key in shown}
    for step in outcome.steps:
        if step.worse and step.node in found:
            found[step.node].update((provider, None) for provider in step.providers if provider in found)
    return {key: list(providers) for key, providers in found.items()}


def _main_way(outcome: Outcome) -> set[tuple[str, str]]:
    """The arrows from an outage to the first vital process that stops (or else falters)."""
    first, downs = outcome.first(), outcome.first_down()
    vital = [step for key, step in first.items() if outcome.parts[key].vital and step.cause != "outage"]
    stopped = sorted((downs[s.node] for s in vital if s.node in downs), key=lambda step: step.minute)
    step = next(iter(stopped or vital), None)
    way: set[tuple[str, str]] = set()
    while step is not None and step.providers:
        for provider in step.providers:
            if provider in first:
                way.add((provider, step.node))
        earlier = [first[p] for p in step.providers if p in first and (p, step.node) in way]
        following = max(earlier, key=lambda each: each.minute, default=None)
        step = following if following and all(following.node != target for _source, target in way) else None
    return way


def _columns(
    shown: Sequence[str], first: Mapping[str, Step], causes: Mapping[str, Sequence[str]]
) -> tuple[dict[str, int], list[Heading]]:
    """The column of every box, and the time axis above them."""
    groups = _groups(Counter(first[key].minute for key in shown))
    group_of = {minute: index for index, minutes in enumerate(groups) for minute in minutes}
    group = {key: group_of[first[key].minute] for key in shown}
    depth: dict[str, int] = {}
    for key in shown:  # causes come before what they cause
        depth[key] = max((depth[c] + 1 for c in causes[key] if group[c] == group[key] and c in depth), default=0)
    deepest = [max(depth[key] for key in shown if group[key] == number) for number in range(len(groups))]
    widths = [1] * len(groups)
    # What follows at once stands beside its cause while there is room, the earliest first; else below it.
    while sum(widths) < MOST_COLUMNS and (narrow := [n for n, width in enumerate(widths) if width <= deepest[n]]):
        widths[narrow[0]] += 1
    starts = [sum(widths[:index]) for index in range(len(widths))]
    headings = [
        Heading(MARGIN + start * (BOX + GAP), width * (BOX + GAP) - GAP, _stretch(minutes))
        for start, width, minutes in zip(starts, widths, groups, strict=True)
    ]
    return {key: starts[group[key]] + min(depth[key], widths[group[key]] - 1) for key in shown}, headings


def _groups(boxes: Mapping[int, int]) -> list[list[int]]:
    """The moments, merged until they fit: those close together (relative to how late they are) with few boxes first."""
    groups = [[minute] for minute in sorted(boxes)]
    while len(groups) > MOST_GROUPS:
        costs = [
            log((later[-1] + 1) / (earlier[0] + 1)) * sum(boxes[minute] for minute in earlier + later)
            for earlier, later in pairwise(groups)
        ]
        index = min(range(1, len(costs)), key=costs.__getitem__)  # the start stands alone
        groups[index : index + 2] = [groups[index] + groups[index + 1]]
    return groups


def _stretch(minutes: Sequence[int]) -> str:
    if len(minutes) == 1:
        return moment(minutes[0])
    return _("na %(first)s tot %(last)s") % {"first": brief_duration(minutes[0]), "last": brief_duration(minutes[-1])}


def _rows(
    outcome: Outcome,
    shown: Sequence[str],
    column: Mapping[str, int],
    height: Mapping[str, int],
    causes: Mapping[str, Sequence[str]],
) -> tuple[dict[str, int], list[int], list[Band], int]:
    """The row of every box, the top of every row, the bands, and where they end.

    The sector that is hit first stands on top. Boxes of one row have their tops in line, which leaves free channels
    between the rows for the arrows.
    """
    row: dict[str, int] = {}
    top_of: list[int] = []
    bands: list[Band] = []
    y = HEAD
    for index, sector in enumerate(dict.fromkeys(outcome.parts[key].sector for key in shown)):
        cells: defaultdict[int, list[str]] = defaultdict(list)
        for key in shown:
            if outcome.parts[key].sector == sector:
                cells[column[key]].append(key)
        first = len(top_of)
        for _column, keys in sorted(cells.items()):
            keys.sort(key=lambda key: _mean([row[cause] for cause in causes[key] if cause in row] or [first]))
            row.update((key, first + number) for number, key in enumerate(keys))
        start, y = y, y + BAND_HEAD
        for number in range(first, first + max(len(keys) for keys in cells.values())):
            top_of.append(y)
            y += max(height[key] for keys in cells.values() for key in keys if row[key] == number) + BETWEEN
        bands.append(Band(start, y - start, sector or _("Zonder sector"), index % 2 == 0))
    return row, top_of, bands, y


def _mean(values: Iterable[int]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def _texts(outcome: Outcome, key: str) -> list[tuple[str, str]]:
    """Text and role of every line in a box."""
    part = outcome.parts[key]
    steps = outcome.of(key)
    lines = []
    if part.vital:
        lines.append((_("VITAAL"), "mark"))
    lines += [(line, "name") for line in wrapped(part.name, CHARACTERS)]
    for step in steps:
        if step.worse:
            when = _("na %(time)s") % {"time": brief_duration(step.minute)} if step.minute else _("meteen")
            lines.append((f"{consequence(step, part)} {when}", "state"))
    if steps[-1].after == "up":
        lines.append((_("hersteld na %(time)s") % {"time": brief_duration(steps[-1].minute)}, "state"))
    return lines[:8]


def _box(
    outcome: Outcome, key: str, cell: tuple[int, int], y: int, height: int, lines: Sequence[tuple[str, str]]
) -> Box:
    x = MARGIN + cell[0] * (BOX + GAP)
    steps = outcome.of(key)
    state = "down" if any(step.after == "down" for step in steps) else "degraded"
    texts = tuple(
        Text(x + PAD + 2, y + PAD + LINE * index + 13, text, role) for index, (text, role) in enumerate(lines)
    )
    outline = _octagon(x, y, BOX, height, 10) if state == "down" else _cut(x, y, BOX, height, 10)
    origin = steps[0].cause == "outage"
    return Box(key, *cell, x, y, height, state, outcome.parts[key].vital, origin, texts, outline)


def _octagon(x: int, y: int, width: int, height: int, cut: int) -> str:
    return (
        f"M{x + cut} {y}h{width - 2 * cut}l{cut} {cut}v{height - 2 * cut}l-{cut} {cut}"
        f"h-{width - 2 * cut}l-{cut} -{cut}v-{height - 2 * cut}z"
    )


def _cut(x: int, y: int, width: int, height: int, cut: int) -> str:
    return f"M{x} {y}h{width - cut}l{cut} {cut}v{height - cut}h-{width}z"


def _path(source: Box, target: Box, number: int, top_of: Sequence[int], taken: Collection[tuple[int, int]]) -> str:
    """A way that passes behind no other box: through the gaps between columns and the channels between rows.

    Arrows of different ``number`` run a little beside each other.
    """
    lane = 7 + number % 5 * 4
    x1, y1, y2 = source.x + BOX, source.middle, target.middle
    if target.column == source.column:
        return _rounded([(x1, y1), (x1 + lane, y1), (x1 + lane, y2), (x1 + 2, y2)])
    x2 = target.x - 3
    between = {(at, target.row) for at in range(source.column + 1, target.column)}
    if target.column == source.column + 1 or not between & set(taken):
        return _rounded([(x1, y1), (x1 + lane, y1), (x1 + lane, y2), (x2, y2)])
    channel = top_of[target.row] - BETWEEN // 2 + number % 4 * 3 - 5
    before = target.x - GAP + lane
    return _rounded([(x1, y1), (x1 + lane, y1), (x1 + lane, channel), (before, channel), (before, y2), (x2, y2)])


def _rounded(points: Sequence[tuple[int, int]], radius: int = 7) -> str:
    """A line through the points, with its corners rounded."""
    path = [f"M{points[0][0]} {points[0][1]}"]
    for (ax, ay), (bx, by), (cx, cy) in zip(points, points[1:], points[2:], strict=False):
        before = min(radius, (abs(bx - ax) + abs(by - ay)) // 2)
        after = min(radius, (abs(cx - bx) + abs(cy - by)) // 2)
        path.append(f"L{bx - _sign(bx - ax) * before} {by - _sign(by - ay) * before}")
        path.append(f"Q{bx} {by} {bx + _sign(cx - bx) * after} {by + _sign(cy - by) * after}")
    path.append(f"L{points[-1][0]} {points[-1][1]}")
    return "".join(path)


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` characters; a longer word is broken, if it can be where a noun begins."""
    lines: list[str] = [""]
    for word in text.split():
        rest = word
        while len(rest) > width:
            at = _break(rest, width)
            if lines[-1]:
                lines.append("")
            lines[-1], rest = rest[:at] + "-", rest[at:]
            lines.append("")
        if lines[-1] and len(lines[-1]) + 1 + len(rest) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {rest}".strip()
    return [line for line in lines if line]


def _break(word: str, width: int) -> int:
    """Where to break a word that is too long: before its last known noun, else leaving at least four letters.

    Before a noun the hyphen may stick out: it is narrow, and a good break reads better.
    """
    bare = word.rstrip(").,;")
    endings = [len(noun) for noun in (*DE, *HET, *PLURAL) if len(noun) > 4 and bare.lower().endswith(noun)]
    fitting = [len(bare) - size for size in endings if 3 < len(bare) - size <= width]
    return min(fitting) if fitting else min(width - 1, max(4, len(word) - 4))
