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
from brandwacht.baseline.models.costs import MeasureCost
from brandwacht.baseline.models.evidence import Evidence, EvidenceDocument
from brandwacht.baseline.models.measures import Measure, MeasureState, MeasureStep
from brandwacht.baseline.models.progress import (
    FrozenError,
    JointTheme,
    NamedComparison,
    ReportDraft,
    Snapshot,
    SnapshotKind,
)
from brandwacht.baseline.models.rhythms import RhythmDone

__all__ = [
    "FRAMEWORK",
    "AnswerChange",
    "AnswerContent",
    "AnswerState",
    "ControlAnswer",
    "Evidence",
    "EvidenceDocument",
    "Finding",
    "FrozenError",
    "GovernmentAnswer",
    "JointTheme",
    "Level",
    "LevelBasis",
    "Measure",
    "MeasureCost",
    "MeasureState",
    "MeasureStep",
    "NamedComparison",
    "ProcessLevel",
    "ReportDraft",
    "RhythmDone",
    "Snapshot",
    "SnapshotKind",
]
