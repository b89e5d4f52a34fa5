"""Sigma rules over batches of events: a pure library.

rules = load_rules([("regel.yml", text)]).rules
matcher = Matcher(rules)
for event in read_events(path):
    if isinstance(event, Event):
        matches = matcher.match(event)
"""

from brandwacht.engines.detection.attack import tactic_name, tactics_of, technique_name
from brandwacht.engines.detection.events import BadRecord, Event, UnreadableFile, event_from_record
from brandwacht.engines.detection.logsources import LogSources, Place
from brandwacht.engines.detection.matching import Match, Matcher
from brandwacht.engines.detection.reading import read_events
from brandwacht.engines.detection.rules import FORM, OutdatedForm, Rule, RuleSet, UnusableRule, load_rules

__all__ = [
    "FORM",
    "BadRecord",
    "Event",
    "LogSources",
    "Match",
    "Matcher",
    "OutdatedForm",
    "Place",
    "Rule",
    "RuleSet",
    "UnreadableFile",
    "UnusableRule",
    "event_from_record",
    "load_rules",
    "read_events",
    "tactic_name",
    "tactics_of",
    "technique_name",
]
