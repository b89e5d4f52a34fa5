"""The timeline of a search: counts per bar, as places for a picture and as lines of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format

WIDTH, HEIGHT, MOST_BARS = 720, 140, 120
DAY: Final = 86400


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its place in the picture, the stretch of time it stands for, and its count."""

    x: float
    y: float
    width: float
    height: float
    begins: datetime
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """A timeline: its bars, those with a count as a table, the highest count, and the first and last moment."""

    bars: tuple[Bar, ...]
    filled: tuple[Bar, ...]
    peak: Bar
    first: str
    last: str


def histogram(counts: Mapping[int, int], step: int) -> Histogram | None:
    """The timeline of counts per bar number (steps of ``step`` seconds since 1970); ``None`` when there are none."""
    if not counts or step <= 0:
        return None
    first, last = min(counts), max(counts)
    while last - first + 1 > MOST_BARS:
        step *= 2
        merged: dict[int, int] = {}
        for number, count in counts.items():
            merged[number // 2] = merged.get(number // 2, 0) + count
        counts, first, last = merged, min(merged), max(merged)
    highest = max(counts.values())
    width = min(48.0, WIDTH / (last - first + 1))
    bars = []
    for number in range(first, last + 1):
        count = counts.get(number, 0)
        height = round(max(3.0, (HEIGHT - 10) * count / highest), 1) if count else 0.0
        begins = datetime.fromtimestamp(number * step, UTC)
        x = round((number - first) * width, 1)
        bars.append(
            Bar(x, round(HEIGHT - height, 1), round(width * 0.86, 1), height, begins, _label(begins, step), count)
        )
    filled = tuple(bar for bar in bars if bar.count)
    peak = max(filled, key=lambda bar: bar.count)
    return Histogram(tuple(bars), filled, peak, bars[0].label, bars[-1].label)


def counts_of(moments: list[str], step: int) -> dict[int, int]:
    """Counts per bar of moments as text in UTC; what is no moment is left out."""
    counts: dict[int, int] = {}
    for text in moments:
        try:
            moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
        except (TypeError, ValueError):
            continue
        number = int(moment.timestamp()) // step
        counts[number] = counts.get(number, 0) + 1
    return counts


def _label(moment: datetime, step: int) -> str:
    local = timezone.localtime(moment)
    return date_format(local, "j F Y") if step >= DAY else date_format(local, "j F H:i")
