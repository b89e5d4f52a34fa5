"""Tables of the watch: rules, the ingest ledger, alerts and the events that matched."""

from brandwacht.soc.models.alerts import OPEN_STATES, Alert, AlertRule, AlertState, Disposition, MatchedEvent
from brandwacht.soc.models.connecting import (
    ConnectContact,
    ConnectDecision,
    ConnectSource,
    ContactMoment,
    DecisionKind,
    IsolationAgreement,
    SourceState,
)
from brandwacht.soc.models.escalations import Escalation, Receiver
from brandwacht.soc.models.ingest import BadRecord, IngestFile, IngestState
from brandwacht.soc.models.rules import Severity, SigmaRule
from brandwacht.soc.models.shifts import ShiftItem, WatchShift
from brandwacht.soc.models.work import AlertEntry, AlertQuestion, EntryKind, SecondLook, StepDone

__all__ = [
    "OPEN_STATES",
    "Alert",
    "AlertEntry",
    "AlertQuestion",
    "AlertRule",
    "AlertState",
    "BadRecord",
    "ConnectContact",
    "ConnectDecision",
    "ConnectSource",
    "ContactMoment",
    "DecisionKind",
    "Disposition",
    "EntryKind",
    "Escalation",
    "IngestFile",
    "IngestState",
    "IsolationAgreement",
    "MatchedEvent",
    "Receiver",
    "SecondLook",
    "Severity",
    "ShiftItem",
    "SigmaRule",
    "SourceState",
    "StepDone",
    "WatchShift",
]
