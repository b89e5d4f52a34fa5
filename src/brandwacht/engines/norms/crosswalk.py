"""From one framework to another: which control answers which, wholly or in part, in both directions.

The pairs come from the data: `successors` in BIO 1.04, the numbers and moves of government measures between versions of
BIO2, the `nis2` letters, `data/<from>--<to>.yaml`, and the parts of a grouping. What has no direct data goes through
the framework in the middle.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property
from importlib import resources
from typing import Final

import yaml

from .checks import Checker, InvalidFramework
from .framework import Control, Framework, load_framework
from .grouping import GROUPINGS, Grouping, load_grouping

HUB: Final = "bio2-1.3"
"""The framework in the middle: every other one has data to or from it, or through BIO 1.04."""


class Fit(StrEnum):
    """How far an answer on the source answers the target."""

    WHOLE = "geheel"
    PART = "gedeeltelijk"


@dataclass(frozen=True)
class Crosswalk:
    """The pairs (number in `source`, number in `target`), in the order of the target.

    `partial` holds the targets that no single source answers wholly, also when it is the only one; `rest` says in
    Dutch, by target number, what remains to be answered even when all its sources are.
    """

    source: str
    target: str
    pairs: tuple[tuple[str, str], ...]
    partial: frozenset[str] = frozenset()
    rest: Mapping[str, str] = field(default_factory=dict)

    def sources_of(self, target: str) -> tuple[str, ...]:
        """The numbers in the source that this number in the target rests on; empty when there are none."""
        return self._by_target.get(target, ())

    def targets_of(self, source: str) -> tuple[str, ...]:
        """The numbers in the target that an answer to this number in the source counts for."""
        return tuple(dict.fromkeys(t for s, t in self.pairs if s == source))

    def fit(self, source: str, target: str) -> Fit:
        """Whether an answer on `source` alone answers `target`. Raises LookupError when they are no pair."""
        if (source, target) not in self.pairs:
            raise LookupError(f"{source} and {target} are no pair of {self.source} and {self.target}")
        alone = self.sources_of(target) == (source,)
        return Fit.WHOLE if alone and target not in self.partial else Fit.PART

    @cached_property
    def _by_target(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for source, target in self.pairs:
            found.setdefault(target, []).append(source)
        return {target: tuple(dict.fromkeys(sources)) for target, sources in found.items()}


@cache
def crosswalk(source: str, target: str) -> Crosswalk:
    """The crosswalk between two of `FRAMEWORKS` and `GROUPINGS`.

    Raises UnknownFramework for a key that is not there, and ValueError for a framework with itself.
    """
    if source == target:
        raise ValueError("a framework needs no crosswalk to itself")
    if source in GROUPINGS:
        return _inverse(to_grouping(load_grouping(source), target), load_framework(target))
    if target in GROUPINGS:
        return to_grouping(load_grouping(target), source)
    one, other = load_framework(source), load_framework(target)
    if HUB not in (source, target):
        return _through(crosswalk(source, HUB), crosswalk(HUB, target), other)
    outer = source if target == HUB else target
    direct = _direct(outer, one, other)
    return direct if (direct.source, direct.target) == (source, target) else _inverse(direct, other)


def to_grouping(grouping: Grouping, source: str) -> Crosswalk:
    """The crosswalk from a framework to a view, also one that an organisation brought itself."""
    pairs = tuple((part, number) for number, parts in grouping.parts.items() for part in parts)
    parts = Crosswalk(grouping.base, grouping.framework.key, pairs)
    if source == grouping.base:
        return parts
    return _through(crosswalk(source, grouping.base), parts, grouping.framework)


def _direct(outer: str, source: Framework, target: Framework) -> Crosswalk:
    """The crosswalk that the data gives between the hub and another framework; for versions in the asked direction."""
    hub = load_framework(HUB)
    if outer == "bio-1.04":
        old = load_framework(outer)
        pairs = {(number, control.number) for control in old.controls for number in control.successors}
        return Crosswalk(HUB, outer, _ordered(pairs, hub, old))
    if outer == "nis2-21":
        duties = load_framework(outer)
        pairs = {(control.number, letter) for control in hub.controls for letter in control.nis2}
        return Crosswalk(HUB, outer, _ordered(pairs, hub, duties), frozenset(c.number for c in duties.controls))
    if outer == "cbw":
        return _from_file(hub, load_framework(outer))
    return _versions(source, target)


def _versions(source: Framework, target: Framework) -> Crosswalk:
    """Two versions of one norm: the same numbers, and where government measures moved to another control."""
    moved = {
        **{m.number: m.moved_to for f in (source, target) for c in f.controls for m in c.measures if m.moved_to},
        **{m.moved_to: m.number for f in (source, target) for c in f.controls for m in c.measures if m.moved_to},
    }
    homes = {m.number: c.number for c in source.controls for m in c.active_measures}
    numbers = {control.number for control in source.controls}
    pairs, rest = set(), {}
    for control in target.controls:
        if control.number in numbers:
            pairs.add((control.number, control.number))
        new = []
        for measure in control.active_measures:
            home = homes.get(measure.number) or homes.get(str(moved.get(measure.number)))
            if home is None:
                new.append(measure.number)
            else:
                pairs.add((home, control.number))
        if new:
            rest[control.number] = f"Overheidsmaatregel {', '.join(new)} staat niet in versie {source.version}."
    return Crosswalk(source.key, target.key, _ordered(pairs, source, target), frozenset(rest), rest)


def _from_file(source: Framework, target: Framework) -> Crosswalk:
    """A crosswalk that stands in a data file of its own. Raises InvalidFramework with every error."""
    name = f"{source.key}--{target.key}.yaml"
    content = yaml.safe_load(resources.files(__package__).joinpath("data", name).read_text(encoding="utf-8"))
    return read_crosswalk(content, source, target, name=name)


def read_crosswalk(content: object, source: Framework, target: Framework, *, name: str) -> Crosswalk:
    """A crosswalk out of the content of a data file. Raises InvalidFramework with every error."""
    check = Checker()
    top = check.mapping(content, "het bestand", frozenset({"from", "to", "source", "licence", "items"}))
    check.choice(top, "from", "", [source.key])
    check.choice(top, "to", "", [target.key])
    pairs: set[tuple[str, str]] = set()
    rest: dict[str, str] = {}
    partial: set[str] = set()
    sources = {control.number for control in source.controls}
    targets = {control.number for control in target.controls}
    for index, raw in enumerate(check.items(top, "items", ""), start=1):
        entry = check.mapping(raw, f"items, nr. {index}", frozenset({"number", "from", "through", "rest"}))
        number = check.text(entry, "number", f"items, nr. {index}")
        through = check.text(entry, "through", number, optional=True)
        found = [c.number for c in source.controls if through and through in c.nis2] + [
            *check.texts(entry, "from", number)
        ]
        check.errors += [f"{number}: {each} staat niet in {source.key}." for each in found if each not in sources]
        if number not in targets:
            check.errors.append(f"{number} staat niet in {target.key}.")
        if not found:
            check.errors.append(f"{number}: noem waar het op berust.")
        pairs |= {(each, number) for each in found}
        if text := check.text(entry, "rest", number, optional=True):
            rest[number] = text
        if text or through:
            partial.add(number)
    if check.errors:
        raise InvalidFramework(name, check.errors)
    return Crosswalk(source.key, target.key, _ordered(pairs, source, target), frozenset(partial), rest)


def _through(first: Crosswalk, second: Crosswalk, target: Framework) -> Crosswalk:
    """From the source of `first` to the target of `second`."""
    pairs: list[tuple[str, str]] = []
    partial, rest = set(), {}
    for control in target.controls:
        middle = second.sources_of(control.number)
        reached = [source for each in middle for source in first.sources_of(each)]
        pairs += [(source, control.number) for source in dict.fromkeys(reached)]
        lost = [each for each in middle if not first.sources_of(each)]
        if lost and reached:
            rest[control.number] = f"Voor een deel ({', '.join(lost)}) is er geen tegenhanger."
        texts = [first.rest[each] for each in middle if each in first.rest]
        texts += [second.rest[control.number]] if control.number in second.rest else []
        if texts:
            rest[control.number] = " ".join((rest.get(control.number, ""), *texts)).strip()
        if rest.get(control.number) or control.number in second.partial or first.partial.intersection(middle):
            partial.add(control.number)
    return Crosswalk(first.source, second.target, tuple(pairs), frozenset(partial), rest)


def _inverse(walk: Crosswalk, target: Framework) -> Crosswalk:
    """The same pairs the other way. A control that counts for part of something is not answered wholly by it."""
    back = frozenset(source for source, reached in walk.pairs if reached in walk.partial)
    order = _places(target.controls)
    pairs = sorted(((reached, source) for source, reached in walk.pairs), key=lambda pair: order[pair[1]])
    return Crosswalk(walk.target, walk.source, tuple(pairs), back)


def _ordered(pairs: Iterable[tuple[str, str]], source: Framework, target: Framework) -> tuple[tuple[str, str], ...]:
    before, after = _places(source.controls), _places(target.controls)
    return tuple(sorted(pairs, key=lambda pair: (after.get(pair[1], 0), before.get(pair[0], 0))))


def _places(controls: Iterable[Control]) -> dict[str, int]:
    return {control.number: place for place, control in enumerate(controls)}
