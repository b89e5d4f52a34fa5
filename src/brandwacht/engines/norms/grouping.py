"""A norm seen through other categories: each question of the view stands for one or more controls of its base.

The BIO self-assessment is such a view. Ours is data (`data/bio-zelf.yaml`); `grouping_of` makes one of the rows of a
table that an organisation brings itself.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Final

import yaml

from .checks import Checker, InvalidFramework
from .framework import Control, Framework, load_framework

GROUPINGS: Final = ("bio-zelf",)
JOINED: Final = " + "


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a brought table: the category, the numbers of the controls, and a title (empty: that of the norm).

    `place` says where the row stands, for messages.
    """

    place: str
    category: str
    numbers: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Grouping:
    """A view: `framework` has one control per question, its theme being the category.

    `parts` gives the numbers of the base for each question, `together` the questions that stand for more than one, and
    `left_out` the numbers of the base that no question asks.
    """

    base: str
    framework: Framework
    parts: Mapping[str, tuple[str, ...]]
    left_out: tuple[str, ...] = ()

    @property
    def together(self) -> tuple[str, ...]:
        """The questions that take more than one control of the base together."""
        return tuple(number for number, parts in self.parts.items() if len(parts) > 1)


@cache
def load_grouping(key: str) -> Grouping:
    """The view with this key, one of `GROUPINGS`. Raises LookupError or InvalidFramework (Dutch)."""
    if key not in GROUPINGS:
        raise LookupError(f"Er is geen indeling ‘{key[:40]}’. Kies uit: {', '.join(GROUPINGS)}.")
    name = f"{key}.yaml"
    content = yaml.safe_load(resources.files(__package__).joinpath("data", name).read_text(encoding="utf-8"))
    check = Checker()
    top = check.mapping(content, "het bestand", _FIELDS)
    rows = []
    for index, raw in enumerate(check.items(top, "categories", ""), start=1):
        entry = check.mapping(raw, f"categories, nr. {index}", frozenset({"title", "items"}))
        category = check.text(entry, "title", f"categories, nr. {index}")
        rows += [
            Row(f"{category}, {item}", category, numbers_in(item)) for item in check.texts(entry, "items", category)
        ]
    base = load_framework(check.text(top, "base", ""))
    frame = replace(
        base,
        key=check.text(top, "key", ""),
        title=check.text(top, "title", ""),
        version=check.text(top, "version", ""),
        date=check.day(top, "date", ""),
        source=check.text(top, "source", ""),
        licence=check.text(top, "licence", ""),
    )
    if check.errors:
        raise InvalidFramework(name, check.errors)
    return grouping_of(frame, base, rows, name=name)


def grouping_of(frame: Framework, base: Framework, rows: Iterable[Row], *, name: str) -> Grouping:
    """A view out of rows; `frame` lends it key, title, version, date, source and licence; `name` is used in messages.

    Raises InvalidFramework with every error at once: a number that the base does not have or that stands there twice, a
    row without category or number, no rows.
    """
    errors: list[str] = []
    controls: list[Control] = []
    parts: dict[str, tuple[str, ...]] = {}
    seen: dict[str, str] = {}
    known = {control.number: control for control in base.controls}
    for row in rows:
        if not row.category.strip():
            errors.append(f"{row.place}: de categorie ontbreekt.")
        if not row.numbers:
            errors.append(f"{row.place}: het nummer ontbreekt.")
        for number in row.numbers:
            if number not in known:
                errors.append(f"{row.place}: {base.title} {base.version} heeft geen maatregel {number[:20]}.")
            elif number in seen:
                errors.append(f"{row.place}: maatregel {number} staat ook al bij {seen[number]}.")
            seen.setdefault(number, row.place)
        found = [known[number] for number in dict.fromkeys(row.numbers) if number in known]
        if found and not errors:
            controls.append(_together(found, row))
            parts[controls[-1].number] = tuple(control.number for control in found)
    if not controls and not errors:
        errors.append("er staan geen vragen in.")
    if errors:
        raise InvalidFramework(name, errors)
    left_out = tuple(number for number in known if number not in seen)
    framework = replace(frame, controls=tuple(controls), dropped=(), fingerprint=base.fingerprint)
    return Grouping(base.key, framework, parts, left_out)


def numbers_in(text: str) -> tuple[str, ...]:
    """The numbers in a cell such as "16.1.2 + 16.1.3" or "A.16.1.2, 16.1.3"."""
    return tuple(
        re.sub(r"^[A-Za-z]+\.?(?=\d)", "", part) for part in re.split(r"\s*[+,;/&\s]\s*", text.strip()) if part
    )


def _together(controls: list[Control], row: Row) -> Control:
    """One question of the view: that of its controls, joined."""
    levels = [control.bbn for control in controls if control.bbn is not None]
    return Control(
        number=JOINED.join(control.number for control in controls),
        title=row.title.strip() or JOINED.join(control.title for control in controls),
        theme=row.category.strip(),
        question=" ".join(control.question for control in controls),
        explanation=" ".join(control.explanation for control in controls),
        measures=tuple(measure for control in controls for measure in control.measures),
        bbn=min(levels, default=None),
    )


_FIELDS: Final = frozenset({"key", "base", "title", "version", "date", "source", "licence", "categories"})
