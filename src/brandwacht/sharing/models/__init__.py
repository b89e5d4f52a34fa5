"""Tables of the circle."""

from brandwacht.sharing.models.advisories import (
    AdvisoryFeed,
    AdvisoryFeedKind,
    AdvisoryVersion,
    FlawFacts,
    SecurityAdvisory,
    UrgencyChoice,
)
from brandwacht.sharing.models.assets import ProfileAsset
from brandwacht.sharing.models.couplings import Coupling, CouplingItem, CouplingKind, CouplingState, Direction, Party
from brandwacht.sharing.models.decisions import OwnerDecision
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
from brandwacht.sharing.models.notices import AdvisoryNotice, Rank, RepairState
from brandwacht.sharing.models.objects import StixCollection, StixObject, TaxiiStatus
from brandwacht.sharing.models.own_advisories import OwnAdvisory
from brandwacht.sharing.models.products import Body, CircleProduct, ImportedPicture, ProductKind, ProductState
from brandwacht.sharing.models.pseudonyms import Custodian, Opening, Pseudonym
from brandwacht.sharing.models.questions import CircleQuestion, QuestionAnswer
from brandwacht.sharing.models.reading import ReadMark
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
    "AdvisoryFeed",
    "AdvisoryFeedKind",
    "AdvisoryNotice",
    "AdvisoryVersion",
    "Attendee",
    "Body",
    "CircleProduct",
    "CircleQuestion",
    "CircleSeat",
    "CircleWarning",
    "Coupling",
    "CouplingItem",
    "CouplingKind",
    "CouplingState",
    "Custodian",
    "Direction",
    "FeedIndicator",
    "FeedState",
    "FeedVia",
    "FlawFacts",
    "Guideline",
    "GuidelineSignature",
    "ImportedPicture",
    "IndicatorWord",
    "Meeting",
    "NationalNode",
    "NodeConnection",
    "Opening",
    "Opinion",
    "OwnAdvisory",
    "OwnerDecision",
    "Party",
    "ProductKind",
    "ProductState",
    "ProfileAsset",
    "Pseudonym",
    "QuestionAnswer",
    "Rank",
    "ReadMark",
    "ReceiptAnswer",
    "RepairState",
    "SecurityAdvisory",
    "SentSighting",
    "Sighting",
    "StixCollection",
    "StixObject",
    "TaxiiStatus",
    "Threat",
    "ThreatReader",
    "ThreatState",
    "Topic",
    "UrgencyChoice",
    "WarningReader",
    "WarningReceipt",
    "WarningState",
]
