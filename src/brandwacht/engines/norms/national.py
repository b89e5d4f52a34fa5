"""Figures over many organisations, from nothing but what each of them released.

`Reported` is the little that is read from a released snapshot. No function here orders organisations by their score;
`named` does, and asks for those that agreed to it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median, quantiles

from .investment import Range
from .progress import DataSet, Milestone, Moment


@dataclass(frozen=True, slots=True)
class Reported:
    """What one organisation released for one moment. `code` names it; percentages are whole numbers, 0 to 100.

    `categories` holds the percentage of each category that has an applicable control; `bottlenecks` the kinds named;
    `invested` the ranges for what is planned: "once" and "yearly" (euro) and "days".
    """

    code: str
    moment: str
    percent: int
    categories: Mapping[str, int]
    phase: str = ""
    fte_now: float | None = None
    fte_needed: float | None = None
    bottlenecks: frozenset[str] = frozenset()
    invested: Mapping[str, Range] | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """How figures lie: `count` of them, lowest, lower quartile, median, upper quartile, highest; `values` in order."""

    count: int
    low: float
    lower: float
    middle: float
    upper: float
    high: float
    values: tuple[float, ...]


def spread(figures: Iterable[float]) -> Spread | None:
    """The spread of these figures (quartiles by linear interpolation, ends included); None when there are none."""
    values = tuple(sorted(figures))
    if not values:
        return None
    lower, _middle, upper = quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    return Spread(len(values), values[0], lower, median(values), upper, values[-1], values)


@dataclass(frozen=True, slots=True)
class MomentFigures:
    """One moment over all that reported on it."""

    moment: Moment
    whole: Spread | None
    fte: Spread | None
    reported: int


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """One category at one moment; `before` is the median of the moment before it, if any."""

    key: str
    title: str
    spread: Spread | None
    before: float | None


def over_time(moments: Sequence[Moment], reports: Iterable[Reported]) -> list[MomentFigures]:
    """The whole per moment, oldest first; at most one report per organisation and moment."""
    by_moment: dict[str, list[Reported]] = {moment.key: [] for moment in moments}
    for report in reports:
        by_moment.get(report.moment, []).append(report)
    return [
        MomentFigures(
            moment,
            spread(r.percent for r in by_moment[moment.key]),
            spread(r.fte_now for r in by_moment[moment.key] if r.fte_now is not None),
            len(by_moment[moment.key]),
        )
        for moment in moments
    ]


def by_category(dataset: DataSet, now: Sequence[Reported], before: Sequence[Reported] = ()) -> list[CategoryFigures]:
    """Each category over the reports of one moment, in the order of the data set."""
    found = []
    for category in dataset.categories:
        earlier = spread(r.categories[category.key] for r in before if category.key in r.categories)
        here = spread(r.categories[category.key] for r in now if category.key in r.categories)
        found.append(CategoryFigures(category.key, category.title, here, earlier.middle if earlier else None))
    return found


def weakest(figures: Sequence[CategoryFigures], most: int = 3) -> list[CategoryFigures]:
    """The categories with the lowest median, lowest first; those without a figure are left out."""
    known = [each for each in figures if each.spread is not None]
    return sorted(known, key=lambda each: each.spread.middle if each.spread else 0.0)[:most]


def missing(codes: Iterable[str], now: Iterable[Reported]) -> list[str]:
    """Of these organisations those that did not report, in the order given."""
    there = {report.code for report in now}
    return [code for code in codes if code not in there]


def meets(milestone: Milestone, report: Reported) -> bool:
    """Whether this report shows what the milestone asks."""
    if milestone.rule == "whole":
        return report.percent >= milestone.least
    return bool(report.categories) and min(report.categories.values()) >= milestone.least


@dataclass(frozen=True, slots=True)
class MilestoneFigures:
    """How many of those that reported meet a milestone; `passed` says whether its day has gone by."""

    milestone: Milestone
    met: int
    reported: int
    passed: bool


def milestones(dataset: DataSet, now: Sequence[Reported], today: date) -> list[MilestoneFigures]:
    """Every milestone, over the reports of one moment."""
    return [
        MilestoneFigures(each, sum(meets(each, r) for r in now), len(now), each.day < today)
        for each in dataset.milestones
    ]


def shared_bottlenecks(dataset: DataSet, now: Sequence[Reported], least: int = 2) -> list[tuple[str, str, int]]:
    """The kinds of bottleneck that at least so many named: (key, title, how many), most named first."""
    counts = {kind.key: sum(kind.key in r.bottlenecks for r in now) for kind in dataset.bottlenecks}
    found = [(kind.key, kind.title, counts[kind.key]) for kind in dataset.bottlenecks if counts[kind.key] >= least]
    return sorted(found, key=lambda row: -row[2])


def phases(dataset: DataSet, now: Sequence[Reported]) -> list[tuple[str, int]]:
    """How many are in each phase: (title, how many), in the order of the data set."""
    choices = next((q.choices for q in dataset.questions if q.key == "phase"), ())
    return [(choice.title, sum(r.phase == choice.key for r in now)) for choice in choices]


def invested(now: Iterable[Reported]) -> dict[str, Range]:
    """What is planned together: "once", "yearly" and "days"."""
    total = {key: Range(0, 0) for key in ("once", "yearly", "days")}
    for report in now:
        for key in total:
            total[key] += (report.invested or {}).get(key, Range(0, 0))
    return total


def named(now: Iterable[Reported], agreed: Collection[str]) -> list[Reported]:
    """Those that agreed to be compared by name, highest first; nothing when fewer than two did.

    Whoever did not agree is not in it, not even as a place without a name.
    """
    found = sorted((r for r in now if r.code in agreed), key=lambda r: (-r.percent, r.code))
    return found if len(found) > 1 else []
