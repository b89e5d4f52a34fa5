"""What an alert is called and what to do first, in plain Dutch: from ATT&CK techniques and ``data/``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

import yaml
from django.utils.translation import gettext as _

from brandwacht.engines.detection import technique_name
from brandwacht.soc.models import EntityKind, Severity

COMMON_WEIGHT = 2
"""Weight of a technique that the data file does not name."""
TECHNIQUES_ADVISED = 3


class MatchedRule(Protocol):
    """What the wording needs of a rule that matched: every ``AlertRule``."""

    rule_id: str
    title: str
    level: int
    attack: list[str]


@dataclass(frozen=True, slots=True)
class Technique:
    """An ATT&CK technique for people: number and Dutch name (empty when we have none)."""

    number: str
    name: str

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What to do first about one technique, or in general (``technique`` is ``None``)."""

    technique: Technique | None
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Advice:
    weight: int
    steps: tuple[str, ...]


@cache
def _book() -> tuple[dict[str, _Advice], tuple[str, ...]]:
    data = yaml.safe_load((files(__package__) / "data" / "eerste-stappen.yaml").read_text(encoding="utf-8"))
    book = {number: _Advice(row["gewicht"], tuple(row["stappen"])) for number, row in data["technieken"].items()}
    return book, tuple(data["algemeen"])


def _advice(number: str) -> _Advice | None:
    book, _general = _book()
    return book.get(number) or book.get(number.split(".")[0])


def weight(number: str) -> int:
    """How telling a technique is, 1 to 5; the most telling one names the alert."""
    advice = _advice(number)
    return advice.weight if advice else COMMON_WEIGHT


def technique(number: str) -> Technique:
    """The technique with its Dutch name."""
    return Technique(number, technique_name(number) or "")


def by_weight(numbers: Iterable[str]) -> list[str]:
    """Technique numbers, most telling first; a sub-technique goes before its parent."""
    return sorted(set(numbers), key=lambda n: (-weight(n), "." not in n, n))


def strongest(rules: Sequence[MatchedRule]) -> MatchedRule:
    """The rule that names the alert: the most telling technique among the rules that are as serious as the alert.

    "Hoog" and "kritiek" count as equally serious here: that passwords were stolen says more than that a persistence
    trick, however certain, was seen. A rule that names many techniques is sure of none. Ties by level and identifier.
    """
    serious = min(max(rule.level for rule in rules), Severity.HIGH)

    def strength(rule: MatchedRule) -> tuple[int, bool, int, str]:
        best = next((n for n in by_weight(rule.attack) if technique_name(n)), "")
        telling = 2 * weight(best) - (len(rule.attack) - 1) if best else 0
        return (-telling, "." not in best, -rule.level, rule.rule_id)

    chosen = min((rule for rule in rules if rule.level >= serious), key=strength)
    if not any(map(technique_name, chosen.attack)):
        # None of them has a name in Dutch: a milder rule that has one says more than a title in English.
        return min((rule for rule in rules if rule.level >= Severity.MEDIUM), key=strength, default=chosen)
    return chosen


def title(rules: Sequence[MatchedRule], host: str, kind: str = "", value: str = "") -> str:
    """The title of an alert in plain Dutch: the technique that says most, and where.

    ``kind`` and ``value`` name the user or address of events that have no host.
    """
    rule = strongest(rules)
    named = [n for n in by_weight(rule.attack) if technique_name(n)]
    place = _place(host, kind, value)
    if not named:
        return (_("Verdacht gedrag %(place)s: %(rule)s") % {"place": place, "rule": rule.title})[:255]
    return (_("%(what)s %(place)s") % {"what": technique_name(named[0]), "place": place})[:255]


def _place(host: str, kind: str, value: str) -> str:
    if kind == EntityKind.USER:
        return _("door account %(user)s") % {"user": value}
    if kind == EntityKind.ADDRESS:
        return _("vanaf %(address)s") % {"address": value}
    return _("op %(host)s") % {"host": host}


def first_steps(numbers: Iterable[str], asset: str) -> list[FirstSteps]:
    """What to do first for these techniques, most telling first, each step once; the general steps come last."""
    _techniques, general = _book()
    seen: set[str] = set()
    found: list[FirstSteps] = []
    for number in by_weight(numbers):
        advice = _advice(number)
        fresh = tuple(step for step in advice.steps if step not in seen) if advice else ()
        if fresh:
            seen.update(fresh)
            found.append(FirstSteps(technique(number), tuple(step.replace("{middel}", asset) for step in fresh)))
        if len(found) == TECHNIQUES_ADVISED:
            break
    return [*found, FirstSteps(None, tuple(step.replace("{middel}", asset) for step in general))]
