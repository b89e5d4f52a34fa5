"""A report in words: what its content says, ready for the page of who prepares it and of who reads it alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.baseline.models import MeasureState
from brandwacht.engines.norms import load_framework
from brandwacht.engines.norms.progress import Part, Question, load_dataset
from brandwacht.network import wording


@dataclass(frozen=True, slots=True)
class ToldPart:
    """A part with its answers (question, answer or ``None``) and the explanation."""

    title: str
    answers: Sequence[tuple[str, str | None]]
    explanation: str


@dataclass(frozen=True, slots=True)
class ToldCategory:
    """The score of one category; ``percent`` is ``None`` where nothing applies."""

    title: str
    percent: int | None
    answered: int
    applicable: int


@dataclass(frozen=True, slots=True)
class ToldCost:
    """What the open measures of one category cost, in words."""

    title: str
    measures: int
    unpriced: int
    once: str
    yearly: str
    days: str


@dataclass(frozen=True, slots=True)
class Told:
    """All of a report. ``unanswered`` counts the questions without an answer."""

    organisation: str
    moment: str
    measured_on: date
    framework: str
    standing: str
    percent: int
    word: str
    oldest: date | None
    counts: Sequence[tuple[str, int]]
    government: Sequence[tuple[str, int]]
    categories: Sequence[ToldCategory]
    measures: Sequence[tuple[str, int]]
    costs: Sequence[ToldCost]
    parts: Sequence[ToldPart]
    bottlenecks: Sequence[tuple[str, str, str]]
    explained: Mapping[str, str]
    unanswered: int


def told(said: Mapping[str, Any]) -> Told:
    """The content of a report (not of a withdrawal) in words."""
    dataset = load_dataset(said["dataset"]["key"])
    titles = {category.key: category.title for category in dataset.categories} | {
        "": _("Hoort niet bij één vraag"),
    }
    kinds = {kind.key: kind.title for kind in dataset.bottlenecks}
    scores = said["scores"]
    framework = load_framework(said["framework"]["key"])
    oldest = scores["oldest"]
    return Told(
        organisation=said["organisation"]["name"],
        moment=said["moment"],
        measured_on=date.fromisoformat(said["measured_on"]),
        framework=f"{framework.title} {said['framework']['version']}",
        standing=dataset.standing,
        percent=scores["percent"],
        word=scores["word"],
        oldest=date.fromisoformat(oldest) if oldest else None,
        counts=[(label, scores["counts"][key]) for key, label in _count_words().items()],
        government=[
            (label, scores["government"][key]) for key, label in _count_words().items() if key in scores["government"]
        ],
        categories=[_category(titles, each) for each in scores["categories"]],
        measures=_measures(said["measures"]),
        costs=[_cost(titles, each) for each in said["investment"]],
        parts=[_part(part, said) for part in dataset.parts],
        bottlenecks=[
            (kinds[row["kind"]], titles[row["category"]] if row["category"] else "", row["text"])
            for row in said["bottlenecks"]
        ],
        explained=said["explained"],
        unanswered=sum(said["said"].get(question.key) is None for question in dataset.questions),
    )


def _category(titles: Mapping[str, str], each: Mapping[str, Any]) -> ToldCategory:
    percent = each["percent"] if each["applicable"] else None
    return ToldCategory(titles[each["key"]], percent, each["answered"], each["applicable"])


def _measures(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return [
        *((str(state.label), counts[state.value]) for state in MeasureState),
        (_("Te laat"), counts["late"]),
        (_("Het afgelopen jaar bijgewerkt"), counts["moved"]),
        (_("Vaste taken, het afgelopen jaar gedaan"), counts["tasks"]),
    ]


def _cost(titles: Mapping[str, str], each: Mapping[str, Any]) -> ToldCost:
    words = euros(*each["once"]), euros(*each["yearly"]), days(*each["days"])
    return ToldCost(titles[each["category"]], each["measures"], each["unpriced"], *words)


def _part(part: Part, said: Mapping[str, Any]) -> ToldPart:
    answers = [(question.title, _answer(question, said["said"].get(question.key))) for question in part.questions]
    return ToldPart(part.title, answers, said["explained"].get(part.key, ""))


def _count_words() -> dict[str, str]:
    return {
        "met": _("Voldoet"),
        "partly": _("Voldoet deels"),
        "unmet": _("Voldoet niet"),
        "accepted": _("Risico geaccepteerd"),
        "not_applicable": _("Niet van toepassing"),
        "open": _("Nog niet beantwoord"),
        "expired": _("Met verlopen bewijs"),
    }


def _answer(question: Question, value: Any) -> str | None:
    if value is None:
        return None
    match question.kind:
        case "keuze":
            return next((choice.title for choice in question.choices if choice.key == value), str(value))
        case "ja-nee":
            return _("Ja") if value else _("Nee")
        case "dag":
            return date_format(date.fromisoformat(value), "j F Y")
        case "euro":
            return f"€ {wording.number(value)}"
    return f"{wording.number(value)} {question.unit}".strip()


def euros(low: int, high: int) -> str:
    """A range of euros: `€ 10.000`, `€ 10.000 tot € 20.000`, or a dash for nothing."""
    if high == 0:
        return "–"
    if low == high:
        return f"€ {wording.number(low)}"
    return _("€ %(low)s tot € %(high)s") % {"low": wording.number(low), "high": wording.number(high)}


def days(low: int, high: int) -> str:
    """A range of person-days."""
    if high == 0:
        return "–"
    if low == high:
        return _("%(n)s dagen") % {"n": wording.number(low)}
    return _("%(low)s tot %(high)s dagen") % {"low": wording.number(low), "high": wording.number(high)}
