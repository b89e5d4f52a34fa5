"""Tables of the watch: rules, the ingest ledger, alerts and the events that matched."""

from brandwacht.soc.models.alerts import OPEN_STATES, Alert, AlertRule, AlertState, MatchedEvent
from brandwacht.soc.models.hunts import HuntRun, HuntState, HuntTrace, SavedHunt
from brandwacht.soc.models.ingest import BadRecord, IngestFile, IngestState
from brandwacht.soc.models.keeping import EventHold, EventTerm
from brandwacht.soc.models.rules import Severity, SigmaRule

__all__ = [
    "OPEN_STATES",
    "Alert",
    "AlertRule",
    "AlertState",
    "BadRecord",
    "EventHold",
    "EventTerm",
    "HuntRun",
    "HuntState",
    "HuntTrace",
    "IngestFile",
    "IngestState",
    "MatchedEvent",
    "SavedHunt",
    "Severity",
    "SigmaRule",
]
