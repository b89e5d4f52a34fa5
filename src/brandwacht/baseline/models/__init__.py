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
from brandwacht.baseline.models.ensia import EnsiaStatement, EnsiaYear, StatementKind
from brandwacht.baseline.models.evidence import Evidence, EvidenceDocument
from brandwacht.baseline.models.measures import Measure, MeasureState, MeasureStep
from brandwacht.baseline.models.reviews import (
    RUNNING,
    DrawWay,
    Outcome,
    Proof,
    ProofKind,
    Review,
    ReviewEvidence,
    ReviewItem,
    ReviewKind,
    ReviewPoint,
    ReviewRemark,
    ReviewState,
    ReviewStep,
    Weight,
)
from brandwacht.baseline.models.rhythms import RhythmDone
from brandwacht.baseline.models.shared import Adoption, SharedAdopter, SharedMeasure, SharedVersion

__all__ = [
    "FRAMEWORK",
    "RUNNING",
    "Adoption",
    "AnswerChange",
    "AnswerContent",
    "AnswerState",
    "ControlAnswer",
    "DrawWay",
    "EnsiaStatement",
    "EnsiaYear",
    "Evidence",
    "EvidenceDocument",
    "Finding",
    "GovernmentAnswer",
    "Level",
    "LevelBasis",
    "Measure",
    "MeasureState",
    "MeasureStep",
    "Outcome",
    "ProcessLevel",
    "Proof",
    "ProofKind",
    "Review",
    "ReviewEvidence",
    "ReviewItem",
    "ReviewKind",
    "ReviewPoint",
    "ReviewRemark",
    "ReviewState",
    "ReviewStep",
    "RhythmDone",
    "SharedAdopter",
    "SharedMeasure",
    "SharedVersion",
    "StatementKind",
    "Weight",
]
