"""Tables of the watch: rules, the ingest ledger, alerts and the events that matched."""

from brandwacht.soc.models.alerts import OPEN_STATES, Alert, AlertRule, AlertState, MatchedEvent
from brandwacht.soc.models.ingest import BadRecord, IngestFile, IngestState
from brandwacht.soc.models.rules import Severity, SigmaRule
from brandwacht.soc.models.sources import GapReason, LogSource, SourceError, SourceHour, SourceKind, WatchGap

__all__ = [
    "OPEN_STATES",
    "Alert",
    "AlertRule",
    "AlertState",
    "BadRecord",
    "GapReason",
    "IngestFile",
    "IngestState",
    "LogSource",
    "MatchedEvent",
    "Severity",
    "SigmaRule",
    "SourceError",
    "SourceHour",
    "SourceKind",
    "WatchGap",
]
