"""The picture of a cascade: sectors as rows, time from left to right, one box per node that changes, arrows for causes.

Pure: outcome in, places and texts out. Lengths are SVG units, one unit being one CSS pixel at full size.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from django.utils.translation import gettext as _

from brandwacht.riskmap.headline import consequence
from brandwacht.riskmap.outcome import Outcome, Step
from brandwacht.riskmap.wording import brief, moment

BOX, GAP, LINE, PAD, BETWEEN = 158, 28, 17, 9, 16
"""Width of a box, room between columns, height of a line of text, padding in a box, room between boxes."""
HEAD, BAND_HEAD, MARGIN = 44, 32, 12
"""Height of the time axis, of a sector's name, and of the margin around everything."""
CHARACTERS = 19
"""So many characters of 14 units fit in a box."""
MOST_BOXES, MOST_COLUMNS, MOST_GROUPS = 45, 6, 6


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; ``x`` and ``y`` are where it begins. ``role`` is "name", "state" or "mark"."""

    x: int
    y: int
    text: str
    role: str


@dataclass(frozen=True, slots=True)
class Box:
    """A node that changed. ``state`` is the worst it came to; ``origin`` says that it failed by itself."""

    key: str
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
    place, bands, bottom = _rows(outcome, shown, column, height, causes)
    boxes = {key: _box(outcome, key, place[key], height[key], tall[key]) for key in shown}
    main = _main_way(outcome)
    arrows = [
        Arrow(source, target, _path(boxes[source], boxes[target]), (source, target) in main)
        for target in shown
        for source in causes[target]
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
    deepest = max(depth.values(), default=0)
    while True:
        widths = [
            1 + max((min(depth[k], deepest) for k in shown if group[k] == g), default=0) for g in range(len(groups))
        ]
        if sum(widths) <= MOST_COLUMNS or not deepest:
            break
        deepest -= 1
    starts = [sum(widths[:index]) for index in range(len(widths))]
    headings = [
        Heading(MARGIN + start * (BOX + GAP), width * (BOX + GAP) - GAP, _stretch(minutes))
        for start, width, minutes in zip(starts, widths, groups, strict=True)
    ]
    return {key: starts[group[key]] + min(depth[key], deepest) for key in shown}, headings


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
    return _("na %(first)s tot %(last)s") % {"first": brief(minutes[0]), "last": brief(minutes[-1])}


def _rows(
    outcome: Outcome,
    shown: Sequence[str],
    column: Mapping[str, int],
    height: Mapping[str, int],
    causes: Mapping[str, Sequence[str]],
) -> tuple[dict[str, tuple[int, int]], list[Band], int]:
    """Left top of every box, the bands, and where they end. The sector that is hit first stands on top."""
    sectors = list(dict.fromkeys(outcome.parts[key].sector for key in shown))
    place: dict[str, tuple[int, int]] = {}
    bands: list[Band] = []
    top = HEAD
    for index, sector in enumerate(sectors):
        cells: defaultdict[int, list[str]] = defaultdict(list)
        for key in shown:
            if outcome.parts[key].sector == sector:
                cells[column[key]].append(key)
        tallest = 0
        for at, keys in sorted(cells.items()):
            keys.sort(key=lambda key: _mean([place[c][1] for c in causes[key] if c in place]))
            y = top + BAND_HEAD
            for key in keys:
                place[key] = (MARGIN + at * (BOX + GAP), y)
                y += height[key] + BETWEEN
            tallest = max(tallest, y - top)
        bands.append(Band(top, tallest, sector or _("Zonder sector"), index % 2 == 0))
        top += tallest
    return place, bands, top


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
            when = _("na %(time)s") % {"time": brief(step.minute)} if step.minute else _("meteen")
            lines.append((f"{consequence(step, part)} {when}", "state"))
    if steps[-1].after == "up":
        lines.append((_("hersteld na %(time)s") % {"time": brief(steps[-1].minute)}, "state"))
    return lines[:8]


def _box(outcome: Outcome, key: str, place: tuple[int, int], height: int, lines: Sequence[tuple[str, str]]) -> Box:
    x, y = place
    steps = outcome.of(key)
    state = "down" if any(step.after == "down" for step in steps) else "degraded"
    texts = tuple(
        Text(x + PAD + 2, y + PAD + LINE * index + 13, text, role) for index, (text, role) in enumerate(lines)
    )
    outline = _octagon(x, y, BOX, height, 10) if state == "down" else _cut(x, y, BOX, height, 10)
    origin = steps[0].cause == "outage"
    return Box(key, x, y, height, state, outcome.parts[key].vital, origin, texts, outline)


def _octagon(x: int, y: int, width: int, height: int, cut: int) -> str:
    return (
        f"M{x + cut} {y}h{width - 2 * cut}l{cut} {cut}v{height - 2 * cut}l-{cut} {cut}"
        f"h-{width - 2 * cut}l-{cut} -{cut}v-{height - 2 * cut}z"
    )


def _cut(x: int, y: int, width: int, height: int, cut: int) -> str:
    return f"M{x} {y}h{width - cut}l{cut} {cut}v{height - cut}h-{width}z"


def _path(source: Box, target: Box) -> str:
    """A curve between the facing sides; within one column it leaves and enters at the right side."""
    if target.x > source.x:
        x1, y1, x2, y2 = source.x + BOX, source.middle, target.x - 3, target.middle
        bend = max(GAP, (x2 - x1) // 3)
        return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
    x, y1, y2 = source.x + BOX, source.middle, target.middle
    out = GAP - 8
    return f"M{x} {y1}C{x + out} {y1} {x + out} {y2} {x + 3} {y2}"


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` characters; words that are longer are cut with a hyphen."""
    lines: list[str] = [""]
    for word in text.split():
        rest = word
        while len(rest) > width:
            if lines[-1]:
                lines.append("")
            lines[-1], rest = rest[: width - 1] + "-", rest[width - 1 :]
            lines.append("")
        if lines[-1] and len(lines[-1]) + 1 + len(rest) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {rest}".strip()
    return [line for line in lines if line]
