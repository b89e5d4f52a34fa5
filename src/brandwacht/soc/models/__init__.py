"""Tables of the watch: rules, the ingest ledger, alerts and the events that matched."""

from brandwacht.soc.models.alerts import OPEN_STATES, Alert, AlertRule, AlertState, Disposition, MatchedEvent
from brandwacht.soc.models.blindspots import BlindReason, BlindSpot, RuleReach, SeenLog
from brandwacht.soc.models.connecting import (
    ConnectContact,
    ConnectDecision,
    ConnectSource,
    ContactMoment,
    DecisionKind,
    IsolationAgreement,
    SourceState,
)
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
from brandwacht.soc.models.escalations import Escalation, Receiver
from brandwacht.soc.models.exceptions import AlertException, CoveredMatch, ExceptionState, How, Subject
from brandwacht.soc.models.feed import FeedHit
from brandwacht.soc.models.hunts import HuntRun, HuntState, HuntTrace, SavedHunt
from brandwacht.soc.models.ingest import BadRecord, IngestFile, IngestState
from brandwacht.soc.models.keeping import EventHold, EventTerm
from brandwacht.soc.models.noise import RuleDay
from brandwacht.soc.models.rules import CorrelationMemory, RuleKind, RuleOff, Severity, SigmaRule, SigmaRuleVersion
from brandwacht.soc.models.shifts import ShiftItem, WatchShift
from brandwacht.soc.models.sources import GapReason, LogSource, SourceError, SourceHour, SourceKind, WatchGap
from brandwacht.soc.models.stories import AlertStory, EntityKind
from brandwacht.soc.models.work import AlertEntry, AlertQuestion, EntryKind, SecondLook, StepDone

__all__ = [
    "OPEN_STATES",
    "Alert",
    "AlertEntity",
    "AlertEntry",
    "AlertException",
    "AlertQuestion",
    "AlertRule",
    "AlertState",
    "AlertStory",
    "BadRecord",
    "BlindReason",
    "BlindSpot",
    "ConnectContact",
    "ConnectDecision",
    "ConnectSource",
    "ContactMoment",
    "ContentImport",
    "ContentKind",
    "CorrelationMemory",
    "CoveredMatch",
    "DecisionKind",
    "Disposition",
    "EntityKind",
    "EntryKind",
    "Escalation",
    "EventHold",
    "EventTerm",
    "ExceptionState",
    "FeedHit",
    "GapReason",
    "How",
    "HuntRun",
    "HuntState",
    "HuntTrace",
    "ImportState",
    "IndicatorList",
    "IngestFile",
    "IngestState",
    "IsolationAgreement",
    "ListState",
    "LogSource",
    "LookBack",
    "LookBackResult",
    "LookState",
    "MatchedEvent",
    "Receiver",
    "RuleDay",
    "RuleKind",
    "RuleOff",
    "RuleReach",
    "SavedHunt",
    "SecondLook",
    "SeenLog",
    "Severity",
    "ShiftItem",
    "SigmaRule",
    "SigmaRuleVersion",
    "SourceError",
    "SourceHour",
    "SourceKind",
    "SourceState",
    "StepDone",
    "Subject",
    "WatchGap",
    "WatchShift",
]
