"""Sigma rules over batches of events: a pure library.

rules = load_rules([("regel.yml", text)]).rules
matcher = Matcher(rules)
for event in read_events(path):
    if isinstance(event, Event):
        matches = matcher.match(event)
"""

from brandwacht.engines.detection.attack import tactic_name, technique_name
from brandwacht.engines.detection.ecs import ecs_of, observables
from brandwacht.engines.detection.events import BadRecord, Event, UnreadableFile, event_from_record
from brandwacht.engines.detection.explaining import Match
from brandwacht.engines.detection.logsources import LogSources, Place, everything
from brandwacht.engines.detection.matching import Matcher
from brandwacht.engines.detection.readers import LineReader, parse_payload, parse_syslog, stored_event
from brandwacht.engines.detection.reading import read_events
from brandwacht.engines.detection.rules import FORM, OutdatedForm, Rule, RuleSet, UnusableRule, load_rules

__all__ = [
    "FORM",
    "BadRecord",
    "Event",
    "LineReader",
    "LogSources",
    "Match",
    "Matcher",
    "OutdatedForm",
    "Place",
    "Rule",
    "RuleSet",
    "UnreadableFile",
    "UnusableRule",
    "ecs_of",
    "event_from_record",
    "everything",
    "load_rules",
    "observables",
    "parse_payload",
    "parse_syslog",
    "read_events",
    "stored_event",
    "tactic_name",
    "technique_name",
]
