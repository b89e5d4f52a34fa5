"""Norm frameworks as versioned data: read, checked as a whole, and frozen.

A framework is one YAML file in `data/`: numbers and titles are facts of the norm, questions, explanations and
mappings are our own. The norm's sentences are not in it; its number leads the reader to them. An older version may be
a file that names its `base` and says what differs: the measures it did `without`, and those still `active` in it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

import yaml

from .checks import Checker, InvalidFramework

FRAMEWORKS: Final = ("bio2-1.3", "bio2-1.2", "bio-1.04", "nis2-21", "cbw")


@dataclass(frozen=True, slots=True)
class GovernmentMeasure:
    """A measure that the government adds to a control (BIO: overheidsmaatregel).

    `status` is `actief`, `vervallen` (dropped), `verplaatst` (see `moved_to`) or `geen` (the number says that there is
    none). `title` is our own short one, and empty where nothing is asked; `question` is our own Dutch too, empty where
    it was not written yet. `bbn` is the BIO 1.04 level, 1 or 2.
    """

    number: str
    title: str
    status: str
    moved_to: str | None = None
    bbn: int | None = None
    question: str = ""

    @property
    def active(self) -> bool:
        """Whether this measure asks something now."""
        return self.status == "actief"


@dataclass(frozen=True, slots=True)
class Control:
    """One control of a norm. `question` and `explanation` are our own Dutch, empty where we have none.

    `nis2` holds the letters of the care-duty measures it supports (NIS2 article 21(2)), `attack` the ATT&CK technique
    ids it helps against, the most direct first (each stands for its sub-techniques too); both are our own mapping.
    `bbn` is the BIO 1.04 level, None where the norm or our source gives none. `successors` are the numbers under which
    it went on in the next version of the norm.
    """

    number: str
    title: str
    theme: str
    question: str = ""
    explanation: str = ""
    measures: tuple[GovernmentMeasure, ...] = ()
    nis2: tuple[str, ...] = ()
    attack: tuple[str, ...] = ()
    bbn: int | None = None
    successors: tuple[str, ...] = ()

    @property
    def active_measures(self) -> tuple[GovernmentMeasure, ...]:
        """The measures that ask something now; an organisation can not accept these away."""
        return tuple(measure for measure in self.measures if measure.active)


class UnknownControl(LookupError):
    """A control number that this framework does not have; the message is Dutch."""


@dataclass(frozen=True, slots=True)
class Framework:
    """A norm in one version. `fingerprint` is the sha256 of its content, in hexadecimal."""

    key: str
    title: str
    version: str
    date: date
    source: str
    licence: str
    fingerprint: str
    controls: tuple[Control, ...]
    dropped: tuple[str, ...] = ()
    _by_number: Mapping[str, Control] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_number", {control.number: control for control in self.controls})

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes in the order of the norm."""
        return tuple(dict.fromkeys(control.theme for control in self.controls))

    def control(self, number: str) -> Control:
        """The control with exactly this number. Raises UnknownControl."""
        control = self._by_number.get(number)
        if control is None:
            if number in self.dropped:
                raise UnknownControl(f"{self.title} {self.version}: maatregel {number} is vervallen.")
            raise UnknownControl(f"{self.title} {self.version} heeft geen maatregel met nummer ‘{number[:20]}’.")
        return control


@cache
def load_framework(key: str) -> Framework:
    """The framework with this key, one of `FRAMEWORKS`. Raises UnknownFramework or InvalidFramework (Dutch)."""
    if key not in FRAMEWORKS:
        raise UnknownFramework(f"Er is geen normenkader ‘{key[:40]}’. Kies uit: {', '.join(FRAMEWORKS)}.")
    text = resources.files(__package__).joinpath("data", f"{key}.yaml").read_text(encoding="utf-8")
    return parse_framework(text, name=f"{key}.yaml")


class UnknownFramework(LookupError):
    """A framework key that is not in `FRAMEWORKS`; the message is Dutch."""


def parse_framework(text: str, *, name: str) -> Framework:
    """Read a framework from YAML text; `name` is used in messages.

    Raises InvalidFramework with every error at once, each with its place.
    """
    try:
        content = yaml.load(text, Loader=_LOADER)  # noqa: S506 (both are safe loaders)
    except yaml.YAMLError as error:
        raise InvalidFramework(name, [f"geen leesbare YAML ({str(error).splitlines()[0]})."]) from None
    check = Checker()
    if isinstance(content, Mapping) and "base" in content:
        framework = _differing(content, check)
        if check.errors:
            raise InvalidFramework(name, check.errors)
        return replace(
            framework, fingerprint=content_fingerprint([content, load_framework(str(content["base"])).fingerprint])
        )
    top = check.mapping(content, "het bestand", _TOP_FIELDS)
    framework = Framework(
        key=check.text(top, "key", ""),
        title=check.text(top, "title", ""),
        version=check.text(top, "version", ""),
        date=check.day(top, "date", ""),
        source=check.text(top, "source", ""),
        licence=check.text(top, "licence", ""),
        fingerprint="",
        controls=tuple(_controls(top, check)),
        dropped=check.texts(top, "dropped", ""),
    )
    _check_numbers(framework, check.texts(top, "known_slips", ""), check)
    if check.errors:
        raise InvalidFramework(name, check.errors)
    return replace(framework, fingerprint=content_fingerprint(content))


def _differing(content: Mapping[object, object], check: Checker) -> Framework:
    """A framework of which the file says only how it differs from the one it is based on."""
    top = check.mapping(content, "het bestand", _DELTA_FIELDS)
    try:
        base = load_framework(check.text(top, "base", ""))
    except UnknownFramework as error:
        check.errors.append(f"base: {error}")
        raise InvalidFramework(check.text(top, "key", "") or "het bestand", check.errors) from None
    without = set(check.texts(top, "without", ""))
    active = {}
    for index, raw in enumerate(check.items(top, "active", ""), start=1):
        entry = check.mapping(raw, f"active, nr. {index}", frozenset({"number", "title"}))
        number = check.text(entry, "number", f"active, nr. {index}")
        active[number] = check.text(entry, "title", number, optional=True)
    known = {measure.number for control in base.controls for measure in control.measures}
    for number in sorted((without | set(active)) - known):
        check.errors.append(f"overheidsmaatregel {number} bestaat niet in {base.key}.")
    for number in sorted(without & set(active)):
        check.errors.append(f"overheidsmaatregel {number} kan niet ontbreken en gelden.")
    return Framework(
        key=check.text(top, "key", ""),
        title=check.text(top, "title", ""),
        version=check.text(top, "version", ""),
        date=check.day(top, "date", ""),
        source=check.text(top, "source", ""),
        licence=check.text(top, "licence", ""),
        fingerprint="",
        controls=tuple(
            replace(
                control,
                measures=tuple(
                    GovernmentMeasure(each.number, active[each.number], "actief", bbn=each.bbn)
                    if each.number in active
                    else each
                    for each in control.measures
                    if each.number not in without
                ),
            )
            for control in base.controls
        ),
        dropped=base.dropped,
    )


def _controls(top: Mapping[str, object], check: Checker) -> Iterable[Control]:
    for index, raw in enumerate(check.items(top, "controls", ""), start=1):
        entry = check.mapping(raw, f"controls, nr. {index}", _CONTROL_FIELDS)
        number = check.text(entry, "number", f"controls, nr. {index}")
        place = f"maatregel {number}"
        yield Control(
            number=number,
            title=check.text(entry, "title", place),
            theme=check.text(entry, "theme", place),
            question=check.text(entry, "question", place, optional=True),
            explanation=check.text(entry, "explanation", place, optional=True),
            measures=tuple(_measures(entry, place, check)),
            nis2=check.coded(entry, "nis2", place, r"[a-j]", "een letter van a tot en met j"),
            attack=check.coded(entry, "attack", place, r"T\d{4}(\.\d{3})?", "een techniek zoals T1059 of T1059.001"),
            bbn=check.level(entry, "bbn", place),
            successors=check.texts(entry, "successors", place),
        )


def _measures(entry: Mapping[str, object], place: str, check: Checker) -> Iterable[GovernmentMeasure]:
    for index, raw in enumerate(check.items(entry, "measures", place), start=1):
        measure = check.mapping(raw, f"{place}, overheidsmaatregel nr. {index}", _MEASURE_FIELDS)
        number = check.text(measure, "number", f"{place}, overheidsmaatregel nr. {index}")
        yield GovernmentMeasure(
            number=number,
            title=check.text(measure, "title", number, optional=True),
            status=check.choice(measure, "status", number, ("actief", "vervallen", "verplaatst", "geen")),
            moved_to=check.text(measure, "moved_to", number, optional=True) or None,
            bbn=check.level(measure, "bbn", number),
            question=check.text(measure, "question", number, optional=True),
        )


def _check_numbers(framework: Framework, slips: Sequence[str], check: Checker) -> None:
    """Numbers are unique, a measure belongs to its control, and what moved arrives (or is a known slip of the norm)."""
    controls = [control.number for control in framework.controls]
    measures = [measure for control in framework.controls for measure in control.measures]
    numbers = [measure.number for measure in measures]
    if not controls:
        check.errors.append("er staan geen maatregelen in.")
    for number in sorted({each for each in controls if controls.count(each) > 1}):
        check.errors.append(f"maatregel {number} staat er meer dan één keer in.")
    for number in sorted({each for each in numbers if numbers.count(each) > 1}):
        check.errors.append(f"overheidsmaatregel {number} staat er meer dan één keer in.")
    for control in framework.controls:
        for measure in control.measures:
            if not measure.number.startswith(f"{control.number}."):
                check.errors.append(f"overheidsmaatregel {measure.number} hoort niet bij maatregel {control.number}.")
    for measure in measures:
        if (measure.moved_to is not None) != (measure.status == "verplaatst"):
            check.errors.append(
                f"overheidsmaatregel {measure.number}: moved_to hoort bij status verplaatst, en andersom."
            )
        if measure.moved_to and measure.moved_to not in numbers and measure.moved_to not in slips:
            check.errors.append(f"overheidsmaatregel {measure.number}: {measure.moved_to} bestaat niet.")


def content_fingerprint(content: object) -> str:
    """Hash what the file says, not how it is laid out: line ends and remarks make no difference."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


_TOP_FIELDS: Final = frozenset(
    {"key", "title", "version", "date", "source", "licence", "dropped", "known_slips", "controls"}
)
_DELTA_FIELDS: Final = frozenset({"key", "base", "title", "version", "date", "source", "licence", "without", "active"})
_CONTROL_FIELDS: Final = frozenset(
    {"number", "title", "theme", "question", "explanation", "measures", "nis2", "attack", "bbn", "successors"}
)
_MEASURE_FIELDS: Final = frozenset({"number", "title", "status", "moved_to", "bbn", "question"})
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
