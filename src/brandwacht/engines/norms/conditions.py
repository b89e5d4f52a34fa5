"""What an organisation must show before it connects to the NDN, the SOC or the CERT: conditions as versioned data.

The check reads what a released snapshot says, and nothing else. It never decides: a body may let an organisation
connect until a day all the same (a transitional decision), within what the data allows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

import yaml

from .checks import Checker, InvalidFramework

CONDITIONS: Final = ("aansluiten-1",)
CURRENT: Final = CONDITIONS[-1]
KINDS: Final = ("none", "some", "yes", "day_within", "measured_within")


@dataclass(frozen=True, slots=True)
class Door:
    """What one connects to."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that is asked, for these `doors` (none named: for all).

    `kind` "none": the `fields` count nothing together. "some": they count something. "yes": they are true.
    "day_within": one of them is a day at most `months` ago, or one of `until` is a day that has not passed.
    "measured_within": the figures are at most `months` old.
    """

    key: str
    kind: str
    title: str
    mend: str
    fields: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    months: int = 0
    doors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transition:
    """Whether somebody may let an organisation connect that does not meet them, for how long at most, and who."""

    allowed: bool
    longest_days: int
    by: str


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions in one version."""

    key: str
    version: str
    standing: str
    source: str
    licence: str
    doors: tuple[Door, ...]
    transition: Transition
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What an organisation showed: `facts` by field (numbers, true or false, days), as they stood on `measured_on`."""

    measured_on: date
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Finding:
    """One requirement: met or not, and in Dutch what was found."""

    requirement: Requirement
    met: bool
    found: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The check of one door. `met`: all of it is shown. `transition`: until when somebody lets it connect all the same.

    `open` says whether the organisation may connect today: it meets them, or a transition runs.
    """

    door: Door
    findings: tuple[Finding, ...]
    met: bool
    transition: date | None
    open: bool

    @property
    def lacking(self) -> tuple[Finding, ...]:
        """What is not shown."""
        return tuple(each for each in self.findings if not each.met)


def check(
    conditions: Conditions, door: str, shown: Shown | None, today: date, transition: date | None = None
) -> Verdict:
    """Hold what was shown against the conditions for a door. `shown` is None when nothing was released.

    `transition` is the last day of a transitional decision, if there is one; it counts only when the data allows it.
    Raises KeyError for a door that is not there.
    """
    at = {each.key: each for each in conditions.doors}[door]
    wanted = [each for each in conditions.requirements if not each.doors or door in each.doors]
    findings = tuple(_finding(each, shown, today) for each in wanted)
    met = all(each.met for each in findings)
    runs = transition if conditions.transition.allowed and transition and transition >= today else None
    return Verdict(at, findings, met, runs, met or runs is not None)


def _finding(wanted: Requirement, shown: Shown | None, today: date) -> Finding:
    if shown is None:
        return Finding(wanted, met=False, found="Er is nog geen rapportage vrijgegeven.")
    met, found = _met(wanted, shown, today)
    return Finding(wanted, met, found)


def _met(wanted: Requirement, shown: Shown, today: date) -> tuple[bool, str]:
    match wanted.kind:
        case "none" | "some":
            counts = [shown.facts.get(field) for field in wanted.fields]
            if not all(isinstance(count, int) and not isinstance(count, bool) for count in counts):
                return False, "Dit staat niet in de rapportage."
            total = sum(count for count in counts if isinstance(count, int))
            if wanted.kind == "some":
                return total > 0, f"{total} in de rapportage." if total else "Geen."
            return total == 0, "Niets open." if total == 0 else f"Nog {total} te doen."
        case "yes":
            yes = all(shown.facts.get(field) is True for field in wanted.fields)
            return yes, "Gemeld." if yes else "Niet gemeld, of gemeld dat die er niet is."
        case "measured_within":
            return _recent([shown.measured_on], wanted.months, today)
    running = [day for field in wanted.until if (day := _day(shown.facts.get(field))) and day >= today]
    if running:
        return True, f"Geldt tot en met {_dutch(max(running))}."
    days = [day for field in wanted.fields if (day := _day(shown.facts.get(field)))]
    return _recent(days, wanted.months, today)


def _recent(days: Sequence[date], months: int, today: date) -> tuple[bool, str]:
    past = [day for day in days if day <= today]
    if not past:
        return False, "Er is geen datum gemeld."
    return max(past) >= _months_before(
        today, months
    ), f"Het laatst op {_dutch(max(past))}; hoogstens {months} maanden oud."


def _months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(f"no day {months} months before {day}")


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _dutch(day: date) -> str:
    return f"{day.day}-{day.month}-{day.year}"


@cache
def load_conditions(key: str = CURRENT) -> Conditions:
    """The conditions with this key. Raises LookupError or InvalidFramework (Dutch)."""
    if key not in CONDITIONS:
        raise LookupError(f"Er zijn geen voorwaarden ‘{key[:40]}’. Kies uit: {', '.join(CONDITIONS)}.")
    text = resources.files(__package__).joinpath("data", f"{key}.yaml").read_text(encoding="utf-8")
    return parse_conditions(text, name=f"{key}.yaml")


def parse_conditions(text: str, *, name: str) -> Conditions:
    """Read conditions from YAML text; `name` is used in messages. Raises InvalidFramework with every error at once."""
    try:
        content = yaml.load(text, Loader=_LOADER)  # noqa: S506 (both are safe loaders)
    except (yaml.YAMLError, ValueError) as error:
        raise InvalidFramework(name, [f"geen leesbare YAML ({(str(error).splitlines() or ['?'])[0]})."]) from None
    look = Checker()
    top = look.mapping(content, "het bestand", _TOP)
    bridge = look.mapping(top.get("transition"), "transition", {"allowed", "longest_days", "by"})
    doors = tuple(_doors(top, look))
    found = Conditions(
        **{key: look.text(top, key, "") for key in ("key", "version", "source", "licence")},
        standing=look.choice(top, "standing", "", ("besluit", "voorstel")),
        doors=doors,
        transition=Transition(
            look.yes(bridge, "allowed", "transition"),
            look.whole(bridge, "longest_days", "transition", most=3660),
            look.text(bridge, "by", "transition"),
        ),
        requirements=tuple(_requirements(top, {door.key for door in doors}, look)),
    )
    if look.errors:
        raise InvalidFramework(name, look.errors)
    return found


def _doors(top: Mapping[str, object], look: Checker) -> Iterator[Door]:
    for index, raw in enumerate(look.items(top, "doors", ""), start=1):
        place = f"doors, nr. {index}"
        entry = look.mapping(raw, place, {"key", "title"})
        yield Door(look.text(entry, "key", place), look.text(entry, "title", place))


def _requirements(top: Mapping[str, object], doors: set[str], look: Checker) -> Iterator[Requirement]:
    for index, raw in enumerate(look.items(top, "requirements", ""), start=1):
        place = f"requirements, nr. {index}"
        entry = look.mapping(raw, place, {"key", "kind", "title", "mend", "fields", "until", "months", "doors"})
        kind = look.choice(entry, "kind", place, KINDS)
        fields, until = look.texts(entry, "fields", place), look.texts(entry, "until", place)
        dated = kind in ("day_within", "measured_within")
        named = look.texts(entry, "doors", place)
        if kind != "measured_within" and not (fields or until):
            look.errors.append(f"{place}, fields: noem minstens één veld.")
        if unknown := sorted(set(named) - doors):
            look.errors.append(f"{place}, doors: onbekend: {', '.join(unknown)}.")
        yield Requirement(
            look.text(entry, "key", place),
            kind,
            look.text(entry, "title", place),
            look.text(entry, "mend", place),
            fields,
            until,
            look.whole(entry, "months", place, least=1, most=120) if dated else 0,
            named,
        )


_TOP: Final = frozenset({"key", "version", "standing", "source", "licence", "doors", "transition", "requirements"})
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
