"""Terms and shares of the work, from ``data/werk.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class Sample:
    """The second look: the share of what was closed on a day, the least per disposition, and for how many days back."""

    share: float
    least: int
    days: int


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a version of the data. ``answer`` and ``take_over`` are by ``Severity`` value."""

    version: str
    answer: tuple[timedelta, ...]
    take_over: tuple[timedelta, ...]
    sample: Sample


@cache
def terms() -> Terms:
    """The terms that hold."""
    data = yaml.safe_load((files(__package__) / "data" / "werk.yaml").read_text(encoding="utf-8"))
    sample = data["tweede_blik"]
    return Terms(
        version=str(data["versie"]),
        answer=tuple(timedelta(minutes=minutes) for minutes in data["vraag_beantwoorden"]),
        take_over=tuple(timedelta(minutes=minutes) for minutes in data["overdracht_overnemen"]),
        sample=Sample(float(sample["deel"]), int(sample["minstens"]), int(sample["dagen"])),
    )
