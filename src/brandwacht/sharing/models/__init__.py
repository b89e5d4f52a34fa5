"""Tables of the circle."""

from brandwacht.sharing.models.ndn import (
    FeedIndicator,
    FeedState,
    FeedVia,
    IndicatorWord,
    NationalNode,
    NodeConnection,
    Opinion,
    SentSighting,
)
from brandwacht.sharing.models.objects import StixCollection, StixObject, TaxiiStatus
from brandwacht.sharing.models.pseudonyms import Custodian, Opening, Pseudonym
from brandwacht.sharing.models.questions import CircleQuestion, QuestionAnswer
from brandwacht.sharing.models.seats import Attendee, CircleSeat, Guideline, GuidelineSignature, Meeting
from brandwacht.sharing.models.threats import Sighting, Threat, ThreatReader, ThreatState
from brandwacht.sharing.models.topics import Topic
from brandwacht.sharing.models.warnings import (
    CircleWarning,
    ReceiptAnswer,
    WarningReader,
    WarningReceipt,
    WarningState,
)

__all__ = [
    "Attendee",
    "CircleQuestion",
    "CircleSeat",
    "CircleWarning",
    "Custodian",
    "FeedIndicator",
    "FeedState",
    "FeedVia",
    "Guideline",
    "GuidelineSignature",
    "IndicatorWord",
    "Meeting",
    "NationalNode",
    "NodeConnection",
    "Opening",
    "Opinion",
    "Pseudonym",
    "QuestionAnswer",
    "ReceiptAnswer",
    "SentSighting",
    "Sighting",
    "StixCollection",
    "StixObject",
    "TaxiiStatus",
    "Threat",
    "ThreatReader",
    "ThreatState",
    "Topic",
    "WarningReader",
    "WarningReceipt",
    "WarningState",
]
