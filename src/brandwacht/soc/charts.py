"""A small picture of numbers per day, as shapes for a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

WIDTH, HEIGHT, FLOOR = 720, 120, 100


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: its place in the picture, and what it stands for."""

    x: float
    y: float
    width: float
    height: float
    day: date
    number: int


def day_bars(numbers: Mapping[str, int], since: datetime, until: datetime) -> list[Bar]:
    """A bar for every day from ``since`` to ``until`` (by UTC); ``numbers`` is by date as in ISO 8601."""
    first, last = since.astimezone(UTC).date(), until.astimezone(UTC).date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    most = max(numbers.values(), default=0) or 1
    step = WIDTH / len(days)
    bars = []
    for place, day in enumerate(days):
        number = numbers.get(day.isoformat(), 0)
        height = max(2.0, (FLOOR - 10) * number / most) if number else 0.0
        bars.append(Bar(round(place * step + 1, 1), round(FLOOR - height, 1), round(max(1.0, step - 2), 1),
                        round(height, 1), day, number))  # fmt: skip
    return bars
