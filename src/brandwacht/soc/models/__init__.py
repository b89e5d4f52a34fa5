"""Tables of the watch: rules, the ingest ledger, alerts and the events that matched."""

from brandwacht.soc.models.alerts import OPEN_STATES, Alert, AlertRule, AlertState, MatchedEvent
from brandwacht.soc.models.entities import AlertEntity
from brandwacht.soc.models.exceptions import AlertException, CoveredMatch, ExceptionState, How, Subject
from brandwacht.soc.models.ingest import BadRecord, IngestFile, IngestState
from brandwacht.soc.models.noise import RuleDay
from brandwacht.soc.models.rules import Severity, SigmaRule
from brandwacht.soc.models.stories import AlertStory, EntityKind

__all__ = [
    "OPEN_STATES",
    "Alert",
    "AlertEntity",
    "AlertException",
    "AlertRule",
    "AlertState",
    "AlertStory",
    "BadRecord",
    "CoveredMatch",
    "EntityKind",
    "ExceptionState",
    "How",
    "IngestFile",
    "IngestState",
    "MatchedEvent",
    "RuleDay",
    "Severity",
    "SigmaRule",
    "Subject",
]
