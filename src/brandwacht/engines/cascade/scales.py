"""Impact and likelihood as classes, and the place of a risk on the regional risk diagram.

The scales are data that an organisation replaces by its own: `load_scales()` gives ours, `read_scales(data)` checks any
other, `Scales.to_json()` gives them back for editing.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any, Final, Literal, get_args

from .model import INTERESTS, Interest
from .reading import DATA, Record, from_yaml, is_number

Score = Literal["X", "A", "B", "C", "D", "E"]
Total = Literal["gemiddelde", "hoogste"]

CLASSES: Final[tuple[Score, ...]] = ("A", "B", "C", "D", "E")


@dataclass(frozen=True, slots=True)
class Source:
    """What a scale or an example rests on, and how."""

    title: str
    note: str


@dataclass(frozen=True, slots=True)
class ImpactClass:
    """A class of impact: its Dutch name and what it weighs in the total."""

    key: Score
    name: str
    value: float


@dataclass(frozen=True, slots=True)
class InterestScale:
    """One of the six national-security interests: `limits` are the impact points from which A, B, C, D, E hold."""

    key: Interest
    name: str
    explanation: str
    weight: float
    limits: tuple[float, ...]

    def score(self, loss: float) -> Score:
        """The class of a loss in impact points; X when it stays below A."""
        place = bisect_right(self.limits, loss)
        return CLASSES[place - 1] if place else "X"


@dataclass(frozen=True, slots=True)
class LikelihoodClass:
    """A class of likelihood: its Dutch name and the chance, within the years of the scale, from which it holds."""

    key: Score
    name: str
    limit: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a risk stands on the diagram.

    `scores` per interest; `worst` is the highest of those, `impact` the class of the total; `likelihood` is a class
    too. `x` (likelihood) and `y` (impact) lie in 0 to 5: a class is one step wide, A from 0 to 1, E from 4 to 5, so
    that classes and dots agree. `y` is 0 and `impact` X when no interest is touched.
    """

    scores: Mapping[Interest, Score]
    worst: Score
    impact: Score
    likelihood: Score
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Scales:
    """Scales in one version. `status` says who must still confirm them."""

    version: str
    date: date
    licence: str
    status: str
    sources: tuple[Source, ...]
    classes: tuple[ImpactClass, ...]
    none: str
    total: Total
    interests: tuple[InterestScale, ...]
    years: int
    likelihoods: tuple[LikelihoodClass, ...]

    def interest(self, key: Interest) -> InterestScale:
        """The scale of one interest."""
        return next(each for each in self.interests if each.key == key)

    def impact_name(self, score: Score) -> str:
        """What a class of impact is called."""
        return next((each.name for each in self.classes if each.key == score), self.none)

    def likelihood_name(self, score: Score) -> str:
        """What a class of likelihood is called; KeyError for X, which only impact has."""
        return {each.key: each.name for each in self.likelihoods}[score]

    def scores(self, losses: Mapping[Interest, float]) -> dict[Interest, Score]:
        """The class per interest of losses in impact points; what is not mentioned lost nothing."""
        return {each.key: each.score(losses.get(each.key, 0.0)) for each in self.interests}

    def chance(self, rate: float) -> float:
        """The chance of at least once within the years of the scale, for something that strikes `rate` times a year."""
        return -math.expm1(-rate * self.years)

    def likelihood(self, rate: float) -> Score:
        """The class of something that happens `rate` times a year, 0 or more."""
        return CLASSES[bisect_right([each.limit for each in self.likelihoods], self.chance(rate)) - 1]

    def place(self, losses: Mapping[Interest, float], rate: float) -> Place:
        """The place on the diagram of a risk that costs `losses` impact points and happens `rate` times a year."""
        scores = self.scores(losses)
        y = self._height(scores)
        worst = max(scores.values(), key=lambda score: ("X", *CLASSES).index(score))
        impact: Score = CLASSES[min(int(y), 4)] if y else "X"
        return Place(scores, worst, impact, self.likelihood(rate), self._across(rate), y)

    def _height(self, scores: Mapping[Interest, Score]) -> float:
        values = [math.log(each.value) for each in self.classes]
        by_class = {each.key: each.value for each in self.classes}
        found = [(each.weight, by_class.get(scores[each.key], 0.0)) for each in self.interests]
        if self.total == "hoogste":
            total = max(value for _, value in found)
        else:
            total = sum(weight * value for weight, value in found) / sum(weight for weight, _ in found)
        if total <= 0:
            return 0.0
        # A whole class stands in the middle of its step; what lies between is placed by its logarithm.
        return _between(math.log(total), values, first=0.5)

    def _across(self, rate: float) -> float:
        limits = [each.limit for each in self.likelihoods]
        lowest = limits[1] / (limits[2] / limits[1])  # A has no lower limit: as wide as B
        marks = [math.log(limit) for limit in (lowest, *limits[1:], 1.0)]
        chance = self.chance(rate)
        return _between(math.log(chance), marks, first=0.0) if chance > 0 else _EDGE

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON, which `read_scales` takes back."""
        return {
            "version": self.version,
            "date": self.date.isoformat(),
            "licence": self.licence,
            "status": self.status,
            "sources": [{"title": each.title, "note": each.note} for each in self.sources],
            "impact": {
                "classes": [{"key": each.key, "name": each.name, "value": each.value} for each in self.classes],
                "none": self.none,
                "total": self.total,
                "interests": [
                    {
                        "key": each.key,
                        "name": each.name,
                        "explanation": each.explanation,
                        "weight": each.weight,
                        "limits": list(each.limits),
                    }
                    for each in self.interests
                ],
            },
            "likelihood": {
                "years": self.years,
                "classes": [{"key": each.key, "name": each.name, "limit": each.limit} for each in self.likelihoods],
            },
        }


_EDGE = 0.02
"""How far a dot stays inside the diagram, in steps."""


def _between(value: float, marks: list[float], first: float) -> float:
    """The place of a value on an axis where mark i stands at `first` + i, kept within the diagram."""
    index = min(max(bisect_right(marks, value), 1), len(marks) - 1)
    low, high = marks[index - 1], marks[index]
    place = first + index - 1 + (value - low) / (high - low)
    return min(max(place, _EDGE), 5.0 - _EDGE)


@cache
def load_scales() -> Scales:
    """The scales that come with Brandwacht, marked "te bevestigen"."""
    name = "schalen.yaml"
    return read_scales(from_yaml((DATA / name).read_text(encoding="utf-8"), name))


def read_scales(data: object) -> Scales:
    """Scales from plain values, as `to_json` gives them; `InvalidData` names every fault with its place, in Dutch."""
    problems: list[str] = []
    top = Record(data, "Schalen", problems)
    version, day = top.text("version"), top.day("date")
    licence, status = top.text("licence"), top.text("status")
    sources = read_sources(top)
    impact = top.record("impact")
    classes = _impact_classes(impact)
    none = impact.text("none")
    total: Total = "hoogste" if impact.choice("total", get_args(Total)) == "hoogste" else "gemiddelde"
    interests = _interests(impact)
    impact.close()
    chances = top.record("likelihood")
    years = chances.whole("years", least=1)
    likelihoods = _likelihoods(chances)
    chances.close()
    top.finish("De schalen kloppen niet:")
    return Scales(version, day, licence, status, sources, classes, none, total, interests, years, likelihoods)


def read_sources(top: Record) -> tuple[Source, ...]:
    """The sources a document names; at least one."""
    return tuple(Source(row.text("title"), row.text("note")) for row in top.records("sources"))


def _impact_classes(impact: Record) -> tuple[ImpactClass, ...]:
    found = []
    for row in impact.records("classes"):
        found.append(ImpactClass(_class(row), row.text("name"), row.number("value")))
    _in_order(impact, [each.key for each in found])
    _above_nothing(impact, "'value'", [each.value for each in found])
    return tuple(found)


def _interests(impact: Record) -> tuple[InterestScale, ...]:
    found: dict[Interest, InterestScale] = {}
    for row in impact.records("interests"):
        key = row.choice("key", INTERESTS)
        name, explanation, weight = row.text("name"), row.text("explanation"), row.number("weight")
        limits = row.take("limits")
        numbers: tuple[float, ...] = ()
        if isinstance(limits, list | tuple) and all(is_number(each) for each in limits) and len(limits) == len(CLASSES):
            numbers = tuple(float(each) for each in limits)
            _above_nothing(row, "'limits'", numbers)
        else:
            row.problem("'limits' hoort vijf getallen te hebben: de punten vanaf A, B, C, D en E.")
        for each in INTERESTS:
            if each == key:
                if each in found:
                    row.problem("dit belang staat er al; noem elk belang een keer.")
                found[each] = InterestScale(each, name, explanation, weight, numbers)
    for each in INTERESTS:
        if each not in found:
            impact.problem(f"het belang '{each}' ontbreekt; geef alle zes belangen een schaal.")
    if found and sum(each.weight for each in found.values()) <= 0:
        impact.problem("alle gewichten zijn 0; geef ten minste een belang een gewicht.")
    return tuple(found[each] for each in INTERESTS if each in found)


def _likelihoods(chances: Record) -> tuple[LikelihoodClass, ...]:
    found = []
    for row in chances.records("classes"):
        limit = row.number("limit", most=1)
        if limit == 1:
            row.problem("'limit' hoort onder 1 te liggen.")
        found.append(LikelihoodClass(_class(row), row.text("name"), limit))
    _in_order(chances, [each.key for each in found])
    if found and found[0].limit != 0:
        chances.problem("'limit' van A hoort 0 te zijn, zodat elke kans een klasse heeft.")
    _rising(chances, "'limit'", [each.limit for each in found])
    return tuple(found)


def _class(row: Record) -> Score:
    key = row.choice("key", CLASSES)
    return next(each for each in CLASSES if each == key)


def _in_order(record: Record, keys: list[Score]) -> None:
    if tuple(keys) != CLASSES:
        record.problem("'classes' hoort A, B, C, D en E te hebben, in die volgorde.")


def _rising(record: Record, what: str, values: Sequence[float]) -> None:
    if any(low >= high for low, high in pairwise(values)):
        record.problem(f"{what} hoort van klasse tot klasse hoger te worden.")


def _above_nothing(record: Record, what: str, values: Sequence[float]) -> None:
    _rising(record, what, values)
    if values and values[0] <= 0:
        record.problem(f"{what} hoort boven 0 te beginnen.")
