"""Sigma filters: one tuning that is added to many rules.

Source: Sigma filters specification 2.1. A filter counts for the rules it names (by id or name, or `any`) whose log
source it fits. Its condition is added to the rule's with "and", as pySigma does: a filter that must leave something out
therefore says `condition: not selection`.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sigma.filters import SigmaFilter
from sigma.rule import SigmaDetections, SigmaLogSource, SigmaRule

from brandwacht.engines.detection.correlations import Names
from brandwacht.engines.detection.logsources import logsource_of
from brandwacht.engines.detection.pipelines import Pipeline
from brandwacht.engines.detection.reasons import NotUsable


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that was applied. `rules` are the ids of the rules it tunes.

    `unknown` is what it names and is not there, or is a rule whose log source it does not fit. `name` is the source it
    came from.
    """

    name: str
    id: str
    title: str
    rules: tuple[str, ...]
    unknown: tuple[str, ...]


def choose_rules(
    parsed: SigmaFilter, logsources: Mapping[str, Mapping[str, str]], names: Names, source: str
) -> tuple[Sequence[str], Sequence[str]]:
    """The ids of the rules that the filter in the file `source` is for, and the references that gave none.

    `logsources` has the log source of each usable rule by id. Raises `NotUsable` when there is no rule at all.
    """
    wanted = logsource_of(parsed.logsource)
    fitting = {
        rule_id: None
        for rule_id, logsource in logsources.items()
        if all(logsource.get(key) == value for key, value in wanted.items())
    }
    unknown: list[str] = []
    if isinstance(parsed.filter.rules, str):
        chosen = fitting
    else:
        chosen = {}
        for item in parsed.filter.rules:
            try:
                rule_id = names.find(item.reference, source)
            except NotUsable:
                rule_id = ""
            if rule_id in fitting:
                chosen[rule_id] = None
            else:
                unknown.append(str(item.reference))
    if not chosen:
        raise NotUsable("Het filter past bij geen enkele regel. Controleer de verwijzingen (rules) en de logbron.")
    return list(chosen), unknown


def filter_for(parsed: SigmaFilter, logsource: Mapping[str, str], pipeline: Pipeline | None) -> SigmaDetections:
    """What the filter asks of a rule with this log source, by the names that the pipeline gives there."""
    if pipeline is None:
        return parsed.filter
    detections = SigmaDetections(copy.deepcopy(parsed.filter.detections), list(parsed.filter.condition))
    return pipeline.apply(
        SigmaRule("", logsource=SigmaLogSource.from_dict(dict(logsource)), detection=detections)
    ).detection
