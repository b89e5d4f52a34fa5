"""The fixed rhythms of a norm: what returns, how often, and when it is due again."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Final

import yaml

from .applicability import find_measure
from .checks import Checker, InvalidFramework
from .framework import Framework, UnknownControl, load_framework

RHYTHMS: Final = ("bio2-1.3",)
"""Frameworks that have rhythms."""
MOST_MONTHS: Final = 60


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A task that a government measure makes return every so many months.

    `task` says in our own words what is to be done, `minutes` is our estimate of the work, `proof` what shows that it
    was done.
    """

    number: str
    control: str
    months: int
    task: str
    proof: str
    minutes: int

    @property
    def notice(self) -> timedelta:
        """How long before it is due it asks for attention: 30 days, for what returns within half a year 14."""
        return timedelta(days=30 if self.months > 6 else 14 if self.months > 1 else 7)


class Pace(StrEnum):
    """Where a rhythm stands."""

    NEVER = "nooit"
    ON_TIME = "op_tijd"
    SOON = "binnenkort"
    LATE = "te_laat"


@dataclass(frozen=True, slots=True)
class Beat:
    """A rhythm on a day: when it was done last, when it is due (None when it was never done), and its pace."""

    rhythm: Rhythm
    last: date | None
    due: date | None
    pace: Pace


@cache
def load_rhythms(framework: str) -> tuple[Rhythm, ...]:
    """The rhythms of this framework, in the order of the norm; none for a framework without them."""
    if framework not in RHYTHMS:
        return ()
    name = f"ritmes-{framework}.yaml"
    text = resources.files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    return parse_rhythms(text, load_framework(framework), name=name)


def parse_rhythms(text: str, framework: Framework, *, name: str) -> tuple[Rhythm, ...]:
    """Read rhythms from YAML text. Raises InvalidFramework with every error at once, each with its place."""
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidFramework(name, [f"geen leesbare YAML ({str(error).splitlines()[0]})."]) from None
    check = Checker()
    top = check.mapping(content, "het bestand", {"source", "rhythms"})
    check.text(top, "source", "")
    found: list[Rhythm] = []
    for index, raw in enumerate(check.items(top, "rhythms", ""), start=1):
        entry = check.mapping(raw, f"ritme {index}", {"number", "months", "task", "proof", "minutes"})
        number = check.text(entry, "number", f"ritme {index}")
        place = f"ritme {number}"
        control = ""
        try:
            owner, measure = find_measure(framework, number)
        except UnknownControl as error:
            check.errors.append(str(error))
        else:
            control = owner.number
            if not measure.active:
                check.errors.append(f"{place}: deze overheidsmaatregel vraagt niets meer.")
        if any(each.number == number for each in found):
            check.errors.append(f"{place}: staat er meer dan één keer in.")
        found.append(
            Rhythm(
                number,
                control,
                _whole(check, entry.get("months"), f"{place}, months", MOST_MONTHS),
                check.text(entry, "task", place),
                check.text(entry, "proof", place),
                _whole(check, entry.get("minutes"), f"{place}, minutes", 10_000),
            )
        )
    if check.errors:
        raise InvalidFramework(name, check.errors)
    return tuple(found)


def next_due(rhythm: Rhythm, last: date) -> date:
    """The last day on which it is on time again: the same day so many months later, or that month's last day."""
    month = last.month - 1 + rhythm.months
    year, month = last.year + month // 12, month % 12 + 1
    return date(year, month, min(last.day, calendar.monthrange(year, month)[1]))


def beat(rhythm: Rhythm, last: date | None, today: date) -> Beat:
    """Where a rhythm stands on `today`, done last on `last`."""
    if last is None:
        return Beat(rhythm, None, None, Pace.NEVER)
    due = next_due(rhythm, last)
    if due < today:
        return Beat(rhythm, last, due, Pace.LATE)
    return Beat(rhythm, last, due, Pace.SOON if due - rhythm.notice <= today else Pace.ON_TIME)


def _whole(check: Checker, value: object, place: str, most: int) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
        return value
    check.errors.append(f"{place}: hier hoort een heel getal van 1 tot en met {most} te staan.")
    return 1
