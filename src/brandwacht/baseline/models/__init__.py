"""Tables of the basis: answers, the evidence under them, the measures that follow, and what goes on paper."""

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
from brandwacht.baseline.models.ensia import EnsiaStatement, EnsiaYear, StatementKind
from brandwacht.baseline.models.evidence import Evidence, EvidenceDocument
from brandwacht.baseline.models.frameworks import AnswerImport, NormText, OwnGrouping
from brandwacht.baseline.models.measures import MAX_COST, Measure, MeasureState, MeasureStep
from brandwacht.baseline.models.progress import (
    JointTheme,
    NamedComparison,
    ReportDraft,
    Snapshot,
    SnapshotKind,
)
from brandwacht.baseline.models.questions import AskedQuestion, AskedState, QuestionFile, QuestionLink, Said
from brandwacht.baseline.models.reports import Report, ReportKind, ReportStyle
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
from brandwacht.baseline.models.workbooks import AssessmentImport, ImportState, ImportStep

__all__ = [
    "FRAMEWORK",
    "MAX_COST",
    "RUNNING",
    "Adoption",
    "AnswerChange",
    "AnswerContent",
    "AnswerImport",
    "AnswerState",
    "AskedQuestion",
    "AskedState",
    "AssessmentImport",
    "ControlAnswer",
    "DrawWay",
    "EnsiaStatement",
    "EnsiaYear",
    "Evidence",
    "EvidenceDocument",
    "Finding",
    "GovernmentAnswer",
    "ImportState",
    "ImportStep",
    "JointTheme",
    "Level",
    "LevelBasis",
    "Measure",
    "MeasureCost",
    "MeasureState",
    "MeasureStep",
    "NamedComparison",
    "NormText",
    "Outcome",
    "OwnGrouping",
    "ProcessLevel",
    "Proof",
    "ProofKind",
    "QuestionFile",
    "QuestionLink",
    "Report",
    "ReportDraft",
    "ReportKind",
    "ReportStyle",
    "Review",
    "ReviewEvidence",
    "ReviewItem",
    "ReviewKind",
    "ReviewPoint",
    "ReviewRemark",
    "ReviewState",
    "ReviewStep",
    "RhythmDone",
    "Said",
    "SharedAdopter",
    "SharedMeasure",
    "SharedVersion",
    "Snapshot",
    "SnapshotKind",
    "StatementKind",
    "Weight",
]
