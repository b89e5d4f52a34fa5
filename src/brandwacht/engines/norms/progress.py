"""What an organisation reports about its progress, when, and to whom: a versioned data set, checked as a whole.

The set is one YAML file in `data/`. What somebody says is checked against it (`check_said`), and what leaves the
organisation is closed: no other fields, no evidence, texts of a bounded length.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Final

import yaml

from .answers import Answer
from .checks import Checker, InvalidFramework
from .framework import Framework, load_framework
from .scoring import Score, score
from .states import State

DATASETS: Final = ("voortgang-1",)
CURRENT: Final = DATASETS[-1]
TEXT_MOST: Final = 600
"""Characters of one explanation or bottleneck."""
NUMBER_MOST: Final = 10**10
KINDS: Final = ("keuze", "getal", "euro", "dag", "ja-nee")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few answers."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked. `kind` is one of `KINDS`; `past`: a day that may not lie ahead.

    `known` says where the organisation's own data may have the answer: "ritme 5.01.02" (the day on which that fixed
    task was done last), "bewijs audit" (the day of the last proof of that kind), or "geldig certificaat" (until when).
    """

    key: str
    kind: str
    title: str
    unit: str = ""
    help: str = ""
    choices: tuple[Choice, ...] = ()
    past: bool = False
    known: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Questions that belong together; the organisation may explain per part."""

    key: str
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """One of the groups of controls for which a score is reported."""

    key: str
    title: str
    controls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """Who may get a report: every organisation of some `kinds`, or those with these `codes`."""

    key: str
    title: str
    kinds: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Milestone:
    """What was agreed for a day: `rule` "each" asks `least` percent of every category, "whole" of all together."""

    key: str
    title: str
    day: date
    rule: str
    least: int
    standing: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A peilmoment: the figures are those of `day`, to be released by `due` at the latest. `key` is "2026-2"."""

    key: str
    day: date
    due: date


@dataclass(frozen=True, slots=True)
class Schedule:
    """The days of the year (month, day) on which is measured, from `since` on."""

    since: date
    days: tuple[tuple[int, int], ...]
    days_to_release: int


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set in one version. `standing` is "besluit" or "voorstel"; `fingerprint` the sha256 of its content."""

    key: str
    version: str
    title: str
    standing: str
    source: str
    licence: str
    framework: str
    schedule: Schedule
    bodies: tuple[Body, ...]
    parts: tuple[Part, ...]
    bottlenecks: tuple[Choice, ...]
    bottlenecks_most: int
    categories: tuple[Category, ...]
    milestones: tuple[Milestone, ...]
    fingerprint: str

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in order."""
        return tuple(question for part in self.parts for question in part.questions)

    @property
    def explained(self) -> tuple[str, ...]:
        """The keys of the parts that can be explained: those with questions, and the three that are reckoned."""
        return (*(part.key for part in self.parts), *RECKONED)


RECKONED: Final = ("scores", "maatregelen", "investering")
"""Parts whose figures come from the answers and measures themselves."""


class UnknownDataSet(LookupError):
    """A key that is not in `DATASETS`; the message is Dutch."""


@cache
def load_dataset(key: str = CURRENT) -> DataSet:
    """The data set with this key. Raises UnknownDataSet or InvalidFramework (Dutch)."""
    if key not in DATASETS:
        raise UnknownDataSet(f"Er is geen gegevensset ‘{key[:40]}’. Kies uit: {', '.join(DATASETS)}.")
    text = resources.files(__package__).joinpath("data", f"{key}.yaml").read_text(encoding="utf-8")
    return parse_dataset(text, name=f"{key}.yaml")


# --- moments ---------------------------------------------------------------------------------------------------------


def moments(dataset: DataSet, today: date) -> list[Moment]:
    """The moments up to and including `today`, oldest first."""
    found = []
    for year in range(dataset.schedule.since.year, today.year + 1):
        for number, (month, day) in enumerate(dataset.schedule.days, start=1):
            at = date(year, month, day)
            if dataset.schedule.since <= at <= today:
                found.append(Moment(f"{year}-{number}", at, at + timedelta(days=dataset.schedule.days_to_release)))
    return found


def latest_moment(dataset: DataSet, today: date) -> Moment | None:
    """The moment that is reported on now; None before the first."""
    found = moments(dataset, today)
    return found[-1] if found else None


# --- what the organisation says --------------------------------------------------------------------------------------


def check_said(dataset: DataSet, said: Mapping[str, object], today: date) -> list[tuple[str, str]]:
    """What is wrong with the answers to the questions: (key of the question, what, in Dutch). Empty when all is well.

    Values are as JSON has them: a day is "2026-01-31". An absent or None answer is allowed: it says "not reported".
    """
    known = {question.key: question for question in dataset.questions}
    wrong = [(key, "deze vraag hoort niet bij de gegevensset.") for key in said if key not in known]
    for key, question in known.items():
        value = said.get(key)
        if value is not None and (fault := _fault(question, value, today)):
            wrong.append((key, fault))
    return wrong


def _fault(question: Question, value: object, today: date) -> str:
    match question.kind:
        case "keuze":
            return "" if value in [choice.key for choice in question.choices] else "kies een van de antwoorden."
        case "ja-nee":
            return "" if isinstance(value, bool) else "kies ja of nee."
        case "dag":
            return _wrong_day(question, value, today)
        case "euro":
            fine = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= NUMBER_MOST
            return "" if fine else "vul een bedrag in hele euro's in."
    fine = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= NUMBER_MOST
    return "" if fine else "vul een getal van 0 of meer in."


def _wrong_day(question: Question, value: object, today: date) -> str:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None:
        return "vul een datum in, zoals 2026-01-31."
    return "deze dag moet nog komen; vul een dag in die is geweest." if question.past and day > today else ""


# --- the figures -----------------------------------------------------------------------------------------------------


@cache
def regrouped(dataset: DataSet) -> Framework:
    """The framework of the data set with the categories in place of its own themes."""
    of = {number: category.key for category in dataset.categories for number in category.controls}
    framework = load_framework(dataset.framework)
    return replace(framework, controls=tuple(replace(c, theme=of[c.number]) for c in framework.controls))


def category_scores(dataset: DataSet, answers: Iterable[Answer], today: date) -> Score:
    """The score of the whole, with `by_theme` keyed by category. As `score` otherwise."""
    return score(regrouped(dataset), answers, today)


def counted(dataset: DataSet, answers: Sequence[Answer], today: date) -> dict[str, int]:
    """How many controls stand how on a day: open, met, partly, unmet, accepted, not_applicable; and `expired` evidence.

    What counts is what still holds of an answer (`Answer.holds`). `answers` holds at most one answer per control. The
    first six add up to the number of controls.
    """
    states = {answer.control: answer for answer in answers if answer.state is not State.UNANSWERED}
    found = dict.fromkeys(_COUNTED.values(), 0) | {"expired": 0}
    for control in regrouped(dataset).controls:
        answer = states.get(control.number)
        found[_COUNTED[answer.holds(today)] if answer else "open"] += 1
        found["expired"] += bool(answer and answer.state is not State.NOT_APPLICABLE and answer.stand(today).expired)
    return found


_COUNTED: Final = {
    State.UNANSWERED: "open",
    State.MET: "met",
    State.PARTLY: "partly",
    State.NOT_MET: "unmet",
    State.ACCEPTED: "accepted",
    State.NOT_APPLICABLE: "not_applicable",
}


# --- reading the file ------------------------------------------------------------------------------------------------


def parse_dataset(text: str, *, name: str) -> DataSet:
    """Read a data set from YAML text; `name` is used in messages. Raises InvalidFramework with every error at once."""
    try:
        content = yaml.load(text, Loader=_LOADER)  # noqa: S506 (both are safe loaders)
    except (yaml.YAMLError, ValueError) as error:
        raise InvalidFramework(name, [f"geen leesbare YAML ({(str(error).splitlines() or ['?'])[0]})."]) from None
    check = Checker()
    top = check.mapping(content, "het bestand", _TOP)
    texts = {key: check.text(top, key, "") for key in ("key", "version", "title", "source", "licence", "framework")}
    knots = check.mapping(top.get("bottlenecks"), "bottlenecks", {"most", "kinds"})
    dataset = DataSet(
        **texts,
        standing=check.choice(top, "standing", "", ("besluit", "voorstel")),
        schedule=_schedule(top, check),
        bodies=tuple(_bodies(top, check)),
        parts=tuple(_parts(top, check)),
        bottlenecks=tuple(_choices(knots, "kinds", "bottlenecks", check)),
        bottlenecks_most=check.whole(knots, "most", "bottlenecks", least=1, most=20),
        categories=tuple(_categories(top, check)),
        milestones=tuple(_milestones(top, check)),
        fingerprint="",
    )
    _check_whole(dataset, check)
    if check.errors:
        raise InvalidFramework(name, check.errors)
    canonical = json.dumps(content, sort_keys=True, default=str)
    return replace(dataset, fingerprint=hashlib.sha256(canonical.encode()).hexdigest())


def _check_whole(dataset: DataSet, check: Checker) -> None:
    for what, keys in (
        ("vragen", [question.key for question in dataset.questions]),
        ("onderdelen", [*(part.key for part in dataset.parts), *RECKONED]),
        ("categorieën", [category.key for category in dataset.categories]),
    ):
        if len(set(keys)) < len(keys):
            check.errors.append(f"{what}: een sleutel staat er dubbel in.")
    try:
        wanted = [control.number for control in load_framework(dataset.framework).controls]
    except LookupError as error:
        check.errors.append(f"framework: {error}")
        return
    grouped = [number for category in dataset.categories for number in category.controls]
    if sorted(grouped) != sorted(wanted):
        odd = sorted(set(grouped) ^ set(wanted)) or sorted({n for n in grouped if grouped.count(n) > 1})
        check.errors.append(f"categories: elke vraag van de norm hoort in één categorie; kijk naar {', '.join(odd)}.")


def _schedule(top: Mapping[str, object], check: Checker) -> Schedule:
    entry = check.mapping(top.get("moments"), "moments", {"since", "days", "days_to_release"})
    days = []
    for text in check.texts(entry, "days", "moments"):
        found = re.fullmatch(r"(\d\d)-(\d\d)", text)
        try:
            day = date(2025, int(found[1]), int(found[2])) if found else None  # no leap year: it must exist every year
        except ValueError:
            day = None
        if day is None:
            check.errors.append(f"moments, days: ‘{text[:20]}’ is geen dag van het jaar, zoals 04-01.")
        else:
            days.append((day.month, day.day))
    if not days or days != sorted(set(days)):
        check.errors.append("moments, days: noem minstens één dag, op volgorde en elk één keer.")
    return Schedule(
        check.day(entry, "since", "moments"),
        tuple(days),
        check.whole(entry, "days_to_release", "moments", least=1, most=366),
    )


def _bodies(top: Mapping[str, object], check: Checker) -> Iterator[Body]:
    for index, raw in enumerate(check.items(top, "bodies", ""), start=1):
        place = f"bodies, nr. {index}"
        entry = check.mapping(raw, place, {"key", "title", "kinds", "codes"})
        key, title = check.text(entry, "key", place), check.text(entry, "title", place)
        yield Body(key, title, check.texts(entry, "kinds", place), check.texts(entry, "codes", place))


def _parts(top: Mapping[str, object], check: Checker) -> Iterator[Part]:
    for index, raw in enumerate(check.items(top, "parts", ""), start=1):
        place = f"parts, nr. {index}"
        entry = check.mapping(raw, place, {"key", "title", "questions"})
        yield Part(
            check.text(entry, "key", place), check.text(entry, "title", place), tuple(_questions(entry, place, check))
        )


def _questions(entry: Mapping[str, object], where: str, check: Checker) -> Iterator[Question]:
    for index, raw in enumerate(check.items(entry, "questions", where), start=1):
        place = f"{where}, vraag {index}"
        asked = check.mapping(raw, place, {"key", "kind", "title", "unit", "help", "choices", "past", "known"})
        yield Question(
            check.text(asked, "key", place),
            check.choice(asked, "kind", place, KINDS),
            check.text(asked, "title", place),
            check.text(asked, "unit", place, optional=True),
            check.text(asked, "help", place, optional=True),
            tuple(_choices(asked, "choices", place, check)),
            check.yes(asked, "past", place),
            _known(asked, place, check),
        )


def _known(asked: Mapping[str, object], place: str, check: Checker) -> str:
    known = check.text(asked, "known", place, optional=True)
    if known and not _KNOWN.fullmatch(known):
        check.errors.append(f"{place}, known: schrijf ‘ritme 5.01.02’, ‘bewijs audit’ of ‘geldig certificaat’.")
    return known


def _choices(entry: Mapping[str, object], field: str, place: str, check: Checker) -> Iterator[Choice]:
    for raw in check.items(entry, field, place):
        each = check.mapping(raw, f"{place}, {field}", {"key", "title"})
        yield Choice(check.text(each, "key", place), check.text(each, "title", place))


def _categories(top: Mapping[str, object], check: Checker) -> Iterator[Category]:
    for index, raw in enumerate(check.items(top, "categories", ""), start=1):
        place = f"categories, nr. {index}"
        entry = check.mapping(raw, place, {"key", "title", "controls"})
        yield Category(
            check.text(entry, "key", place), check.text(entry, "title", place), check.texts(entry, "controls", place)
        )


def _milestones(top: Mapping[str, object], check: Checker) -> Iterator[Milestone]:
    for index, raw in enumerate(check.items(top, "milestones", ""), start=1):
        place = f"milestones, nr. {index}"
        entry = check.mapping(raw, place, {"key", "title", "day", "rule", "least", "standing"})
        yield Milestone(
            check.text(entry, "key", place),
            check.text(entry, "title", place),
            check.day(entry, "day", place),
            check.choice(entry, "rule", place, ("each", "whole")),
            check.whole(entry, "least", place, most=100),
            check.choice(entry, "standing", place, ("besluit", "voorstel")),
        )


_TOP: Final = frozenset(
    {"key", "version", "title", "standing", "source", "licence", "framework", "moments", "bodies", "parts",
     "bottlenecks", "categories", "milestones"}
)  # fmt: skip
_KNOWN: Final = re.compile(r"ritme \d+\.\d+\.\d+|bewijs [a-z]+|geldig certificaat")
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
