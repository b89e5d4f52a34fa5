"""Tables of the watch: rules, the ingest ledger, alerts and the events that matched."""

from brandwacht.soc.models.alerts import OPEN_STATES, Alert, AlertRule, AlertState, MatchedEvent
from brandwacht.soc.models.content import (
    ContentImport,
    ContentKind,
    ImportState,
    IndicatorList,
    ListState,
    LookBack,
    LookBackResult,
    LookState,
)
from brandwacht.soc.models.entities import AlertEntity
from brandwacht.soc.models.exceptions import AlertException, CoveredMatch, ExceptionState, How, Subject
from brandwacht.soc.models.hunts import HuntRun, HuntState, HuntTrace, SavedHunt
from brandwacht.soc.models.ingest import BadRecord, IngestFile, IngestState
from brandwacht.soc.models.keeping import EventHold, EventTerm
from brandwacht.soc.models.noise import RuleDay
from brandwacht.soc.models.rules import RuleOff, Severity, SigmaRule, SigmaRuleVersion
from brandwacht.soc.models.sources import GapReason, LogSource, SourceError, SourceHour, SourceKind, WatchGap
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
    "ContentImport",
    "ContentKind",
    "CoveredMatch",
    "EntityKind",
    "EventHold",
    "EventTerm",
    "ExceptionState",
    "GapReason",
    "How",
    "HuntRun",
    "HuntState",
    "HuntTrace",
    "ImportState",
    "IndicatorList",
    "IngestFile",
    "IngestState",
    "ListState",
    "LogSource",
    "LookBack",
    "LookBackResult",
    "LookState",
    "MatchedEvent",
    "RuleDay",
    "RuleOff",
    "SavedHunt",
    "Severity",
    "SigmaRule",
    "SigmaRuleVersion",
    "SourceError",
    "SourceHour",
    "SourceKind",
    "Subject",
    "WatchGap",
]
