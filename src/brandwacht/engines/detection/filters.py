"""Sigma filters: one tuning that is added to many rules.

Source: Sigma filters specification 2.1. A filter counts for the rules it names (by id or name, or `any`) whose log
source it fits. Its condition is added to the rule's with "and", as pySigma does: a filter that must leave something out
therefore says `condition: not selection`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sigma.filters import SigmaFilter

from brandwacht.engines.detection.compiling import Expression, Placeholders, compile_detections, rename
from brandwacht.engines.detection.correlations import Names
from brandwacht.engines.detection.documents import Document
from brandwacht.engines.detection.logsources import logsource_of
from brandwacht.engines.detection.reasons import NotUsable

if TYPE_CHECKING:
    from brandwacht.engines.detection.rules import Rule


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that was applied. `rules` are the ids of the rules it tunes; `unknown` what it names and is not there.

    `name` is the source it came from.
    """

    name: str
    id: str
    title: str
    rules: tuple[str, ...]
    unknown: tuple[str, ...]


def apply_filter(
    document: Document, parsed: SigmaFilter, rules: dict[str, Rule], names: Names, placeholders: Placeholders
) -> Filter:
    """Put the filter in `document` on the rules it is for, in place. Raises `NotUsable`, or pySigma's errors.

    A named rule whose log source the filter does not fit is left as it is, and is in `unknown`.
    """
    selections, condition = compile_detections(parsed.filter, placeholders)
    wanted = logsource_of(parsed.logsource)
    fitting = {
        item.id: item for item in rules.values() if all(item.logsource.get(key) == wanted[key] for key in wanted)
    }
    chosen, unknown = _chosen(parsed, fitting, names, document.name)
    if not chosen:
        raise NotUsable("Het filter past bij geen enkele regel. Controleer de verwijzingen (rules) en de logbron.")
    for rule_id in chosen:
        rules[rule_id] = _tuned(fitting[rule_id], selections, condition, str(parsed.title))
    return Filter(document.name, str(parsed.id or ""), str(parsed.title), tuple(chosen), tuple(unknown))


def _chosen(
    parsed: SigmaFilter, fitting: dict[str, Rule], names: Names, source: str
) -> tuple[Sequence[str], Sequence[str]]:
    if isinstance(parsed.filter.rules, str):
        return list(fitting), ()
    chosen: dict[str, None] = {}
    unknown: list[str] = []
    for item in parsed.filter.rules:
        try:
            rule_id = names.find(item.reference, source)
        except NotUsable:
            rule_id = ""
        if rule_id in fitting:
            chosen[rule_id] = None
        else:
            unknown.append(str(item.reference))
    return list(chosen), unknown


def _tuned(rule: Rule, selections: dict[str, Expression], condition: Expression, title: str) -> Rule:
    """The rule with the filter's selections beside its own, under names that show where they come from."""
    label, number = f"{title}: ", 2
    while any(label + name in rule.selections for name in selections):
        label, number = f"{title} ({number}): ", number + 1
    added = {label + name: tree for name, tree in selections.items()}
    return replace(
        rule,
        selections=rule.selections | added,
        condition=["and", rule.condition, rename(condition, lambda name: label + name)],
    )
