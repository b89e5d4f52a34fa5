"""Tables of the basis: the answers to the norm, how they changed, and the measures that follow."""

from brandwacht.baseline.models.answers import FRAMEWORK, AnswerChange, AnswerContent, AnswerState, ControlAnswer
from brandwacht.baseline.models.measures import Measure, MeasureState, MeasureStep
from brandwacht.baseline.models.reviews import (
    RUNNING,
    DrawWay,
    Finding,
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

__all__ = [
    "FRAMEWORK",
    "RUNNING",
    "AnswerChange",
    "AnswerContent",
    "AnswerState",
    "ControlAnswer",
    "DrawWay",
    "Finding",
    "Measure",
    "MeasureState",
    "MeasureStep",
    "Outcome",
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
    "Weight",
]
