"""Tables of the basis: the answers to the norm, the evidence under them, and the measures that follow."""

from brandwacht.baseline.models.answers import (
    FRAMEWORK,
    AnswerChange,
    AnswerContent,
    AnswerState,
    ControlAnswer,
    Finding,
)
from brandwacht.baseline.models.applicability import GovernmentAnswer, Level, LevelBasis, ProcessLevel
from brandwacht.baseline.models.evidence import Evidence, EvidenceDocument
from brandwacht.baseline.models.frameworks import AnswerImport, NormText, OwnGrouping
from brandwacht.baseline.models.measures import Measure, MeasureState, MeasureStep
from brandwacht.baseline.models.rhythms import RhythmDone

__all__ = [
    "FRAMEWORK",
    "AnswerChange",
    "AnswerContent",
    "AnswerImport",
    "AnswerState",
    "ControlAnswer",
    "Evidence",
    "EvidenceDocument",
    "Finding",
    "GovernmentAnswer",
    "Level",
    "LevelBasis",
    "Measure",
    "MeasureState",
    "MeasureStep",
    "NormText",
    "OwnGrouping",
    "ProcessLevel",
    "RhythmDone",
]
