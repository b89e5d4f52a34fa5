"""The yearly account called ENSIA: its calendar, and which questions go to whom."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Final

import yaml

from .checks import Checker, InvalidFramework
from .framework import Framework, UnknownControl, load_framework


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a vertical account: `addressee` is the body, `controls` the numbers of the questions it gets."""

    key: str
    name: str
    addressee: str
    about: str
    controls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """One version of the division. `status` says in Dutch whether it was confirmed by those who receive the accounts.

    `opens`, `closes` and `account` are (month, day); the account is in the year after the one it is about.
    """

    version: str
    framework: str
    status: str
    source: str
    opens: tuple[int, int]
    closes: tuple[int, int]
    account: tuple[int, int]
    recipients: tuple[Recipient, ...]
    fingerprint: str

    def recipient(self, key: str) -> Recipient:
        """The recipient with this key. Raises KeyError."""
        return {each.key: each for each in self.recipients}[key]

    @property
    def controls(self) -> tuple[str, ...]:
        """The numbers that go to at least one recipient, without doubles."""
        return tuple(dict.fromkeys(number for each in self.recipients for number in each.controls))


class Phase(StrEnum):
    """Where an ENSIA year stands on a day."""

    BEFORE = "nog_niet_open"
    OPEN = "open"
    ACCOUNT = "verantwoorden"
    OVER = "voorbij"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one ENSIA year: open from `opens` up to and including `closes`, the account due on `account`."""

    year: int
    opens: date
    closes: date
    account: date

    def phase(self, today: date) -> Phase:
        """Where it stands."""
        if today < self.opens:
            return Phase.BEFORE
        if today <= self.closes:
            return Phase.OPEN
        return Phase.ACCOUNT if today <= self.account else Phase.OVER

    def next_day(self, today: date) -> date | None:
        """The day that matters next; `None` once it is over."""
        days = {Phase.BEFORE: self.opens, Phase.OPEN: self.closes, Phase.ACCOUNT: self.account}
        return days.get(self.phase(today))


def calendar_of(scheme: Scheme, year: int) -> Calendar:
    """The calendar of one year."""
    return Calendar(year, date(year, *scheme.opens), date(year, *scheme.closes), date(year + 1, *scheme.account))


def current_year(scheme: Scheme, today: date) -> int:
    """The year that asks for work on a day: last year's until its account is due, then this year's."""
    return today.year if today > calendar_of(scheme, today.year - 1).account else today.year - 1


@cache
def load_scheme() -> Scheme:
    """The division that Brandwacht ships. Raises InvalidFramework (Dutch)."""
    text = resources.files(__package__).joinpath("data", "ensia.yaml").read_text(encoding="utf-8")
    return parse_scheme(text, name="ensia.yaml")


def parse_scheme(text: str, *, name: str) -> Scheme:
    """Read a division from YAML text. Raises InvalidFramework with every error at once, each with its place."""
    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvalidFramework(name, [f"geen leesbare YAML ({(str(error).splitlines() or [''])[0]})."]) from None
    check = Checker()
    top = check.mapping(content, "het bestand", _FIELDS)
    days = check.mapping(top.get("calendar", {}), "calendar", ("opens", "closes", "account"))
    key = check.text(top, "framework", "")
    framework = _framework(key, check)
    scheme = Scheme(
        version=check.text(top, "version", ""),
        framework=key,
        status=check.text(top, "status", ""),
        source=check.text(top, "source", ""),
        opens=_day(check, days, "opens"),
        closes=_day(check, days, "closes"),
        account=_day(check, days, "account"),
        recipients=tuple(
            _recipient(raw, f"ontvanger {index}", framework, check)
            for index, raw in enumerate(check.items(top, "recipients", ""), start=1)
        ),
        fingerprint=hashlib.sha256(
            json.dumps(content, sort_keys=True, ensure_ascii=False, default=str).encode()
        ).hexdigest(),
    )
    if not scheme.recipients:
        check.errors.append("er staan geen ontvangers in.")
    keys = [each.key for each in scheme.recipients]
    for double in sorted({each for each in keys if keys.count(each) > 1}):
        check.errors.append(f"ontvanger {double} staat er meer dan één keer in.")
    if not check.errors and not scheme.opens <= scheme.closes:
        check.errors.append("calendar: closes ligt vóór opens.")
    if check.errors:
        raise InvalidFramework(name, check.errors)
    return scheme


def _framework(key: str, check: Checker) -> Framework | None:
    try:
        return load_framework(key)
    except LookupError as error:
        check.errors.append(str(error))
        return None


def _recipient(raw: object, place: str, framework: Framework | None, check: Checker) -> Recipient:
    entry = check.mapping(raw, place, ("key", "name", "addressee", "about", "controls"))
    numbers = check.texts(entry, "controls", place)
    if not numbers:
        check.errors.append(f"{place}: er staan geen vragen bij.")
    for number in numbers:
        try:
            if framework is not None:
                framework.control(number)
        except UnknownControl as error:
            check.errors.append(f"{place}: {error}")
    return Recipient(
        check.text(entry, "key", place), check.text(entry, "name", place), check.text(entry, "addressee", place),
        check.text(entry, "about", place), tuple(dict.fromkeys(numbers)),
    )  # fmt: skip


def _day(check: Checker, entry: object, field: str) -> tuple[int, int]:
    value = check.text(entry, field, "calendar") if isinstance(entry, dict) else ""
    try:
        month, day = (int(part) for part in value.split("-"))
        date(_COMMON_YEAR, month, day)
    except ValueError:
        check.errors.append(f"calendar, {field}: schrijf maand en dag als 07-01.")
        return 1, 1
    return month, day


_COMMON_YEAR: Final = 2025
"""No leap year: a day that is not there every year is no day for a calendar."""
_FIELDS: Final = ("version", "framework", "status", "source", "calendar", "recipients")
