"""Tables of the circle."""

from brandwacht.sharing.models.decisions import OwnerDecision
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
    "Attendee",
    "Body",
    "CircleProduct",
    "CircleQuestion",
    "CircleSeat",
    "CircleWarning",
    "Custodian",
    "Guideline",
    "GuidelineSignature",
    "ImportedPicture",
    "Meeting",
    "Opening",
    "OwnAdvisory",
    "OwnerDecision",
    "ProductKind",
    "ProductState",
    "Pseudonym",
    "QuestionAnswer",
    "ReadMark",
    "ReceiptAnswer",
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
