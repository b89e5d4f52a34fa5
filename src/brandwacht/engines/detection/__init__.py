"""Sigma rules over batches of events: a pure library.

loaded = load_rules([("regel.yml", text)])
matcher = Matcher(loaded.rules)
correlator = Correlator(loaded.correlations, loaded.rules)
for event in read_events(path):
    if isinstance(event, Event):
        matches = matcher.match(event)
        told = correlator.feed(event, matches, source=str(path))
"""

from brandwacht.engines.detection.attack import tactic_name, tactics_of, technique_name
from brandwacht.engines.detection.blindspots import RuleCoverage, coverage
from brandwacht.engines.detection.correlating import CorrelationMatch, Correlator, RecordRef
from brandwacht.engines.detection.correlations import Correlation, OutdatedForm, describe_correlation
from brandwacht.engines.detection.detecting import detect_lines
from brandwacht.engines.detection.ecs import ecs_of, observables
from brandwacht.engines.detection.events import BadRecord, Event, UnreadableFile
from brandwacht.engines.detection.explaining import Match
from brandwacht.engines.detection.filters import Filter
from brandwacht.engines.detection.logsources import LogSources, Place, everything
from brandwacht.engines.detection.matching import Matcher
from brandwacht.engines.detection.pipelines import Pipeline, UnusablePipeline, read_pipeline
from brandwacht.engines.detection.readers import LineReader, parse_payload, parse_syslog, stored_event
from brandwacht.engines.detection.reading import read_events
from brandwacht.engines.detection.reasons import UnusableRule
from brandwacht.engines.detection.records import event_from_record
from brandwacht.engines.detection.rules import FORM, Rule, RuleSet, load_rules
from brandwacht.engines.detection.seen import SeenBySource, SeenFields
from brandwacht.engines.detection.standing import CorrelationState, OpenGroup
from brandwacht.engines.detection.watching import Limits

__all__ = [
    "FORM",
    "BadRecord",
    "Correlation",
    "CorrelationMatch",
    "CorrelationState",
    "Correlator",
    "Event",
    "Filter",
    "Limits",
    "LineReader",
    "LogSources",
    "Match",
    "Matcher",
    "OpenGroup",
    "OutdatedForm",
    "Pipeline",
    "Place",
    "RecordRef",
    "Rule",
    "RuleCoverage",
    "RuleSet",
    "SeenBySource",
    "SeenFields",
    "UnreadableFile",
    "UnusablePipeline",
    "UnusableRule",
    "coverage",
    "describe_correlation",
    "detect_lines",
    "ecs_of",
    "event_from_record",
    "everything",
    "load_rules",
    "observables",
    "parse_payload",
    "parse_syslog",
    "read_events",
    "read_pipeline",
    "stored_event",
    "tactic_name",
    "tactics_of",
    "technique_name",
]
