"""Bars for the figures: per month the median and the 90th percentile, drawn on the server as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from brandwacht.network.wording import brief_duration
from brandwacht.soc.figures import Kind, Spread

WIDTH, HEIGHT = 640, 220
LEFT, TOP, BOTTOM = 8, 24, 30
DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Bar:
    """One month: where its two bars stand and what they say. Without a value there is no bar, only the month."""

    label: str
    x: float
    width: float
    median_y: float
    median_height: float
    p90_y: float
    p90_height: float
    median: str
    p90: str
    n: int

    @property
    def middle(self) -> float:
        """Where the label stands."""
        return self.x + self.width / 2

    @property
    def half(self) -> float:
        """The width of one of the two bars."""
        return self.width / 2


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart with its title, which states the finding, and the rows of its table twin."""

    kind: Kind
    title: str
    width: int
    height: int
    base: int
    bars: Sequence[Bar]
    empty: bool


def bars(kind: Kind, months: Sequence[tuple[str, Spread]]) -> Bars:
    """The chart of one span over months, the oldest first."""
    top = max((spread.p90 or 0.0 for _label, spread in months), default=0.0) or 1.0
    room = HEIGHT - TOP - BOTTOM
    step = (WIDTH - 2 * LEFT) / max(1, len(months))
    drawn = []
    for place, (label, spread) in enumerate(months):
        median, p90 = ((value or 0.0) / top * room for value in (spread.median, spread.p90))
        drawn.append(
            Bar(
                label=label,
                x=round(LEFT + place * step + step * 0.15, 1),
                width=round(step * 0.7, 1),
                median_y=round(HEIGHT - BOTTOM - median, 1),
                median_height=round(median, 1),
                p90_y=round(HEIGHT - BOTTOM - p90, 1),
                p90_height=round(p90, 1),
                median=short(spread.median),
                p90=short(spread.p90),
                n=spread.n,
            )
        )
    return Bars(kind, _finding(kind, months), WIDTH, HEIGHT, HEIGHT - BOTTOM, drawn, all(not b.n for b in drawn))


def short(minutes: float | None) -> str:
    """A number of minutes where there is little room: seconds under a minute, whole days from three days on."""
    if minutes is None:
        return "–"
    if minutes < 1:
        return _("%(n)d s") % {"n": round(minutes * 60)}
    if minutes >= 3 * DAY:
        return _("%(n)d dagen") % {"n": round(minutes / DAY)}
    return brief_duration(round(minutes))


def _finding(kind: Kind, months: Sequence[tuple[str, Spread]]) -> str:
    """What the chart shows, in a sentence."""
    known = [(label, spread) for label, spread in months if spread.median is not None]
    if not known:
        return _("%(name)s: nog geen gegevens") % {"name": kind.name}
    label, spread = known[-1]
    told = _("%(name)s: de helft binnen %(median)s, 90%% binnen %(p90)s (%(month)s)") % {
        "name": kind.name,
        "median": short(spread.median),
        "p90": short(spread.p90),
        "month": label,
    }
    return told
