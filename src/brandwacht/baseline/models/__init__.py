"""Tables of the basis: the answers to the norm, how they changed, and the measures that follow."""

from brandwacht.baseline.models.answers import FRAMEWORK, AnswerChange, AnswerContent, AnswerState, ControlAnswer
from brandwacht.baseline.models.costs import MeasureCost
from brandwacht.baseline.models.measures import Measure, MeasureState, MeasureStep
from brandwacht.baseline.models.reports import (
    FrozenError,
    JointTheme,
    NamedComparison,
    ReportDraft,
    Snapshot,
    SnapshotKind,
)

__all__ = [
    "FRAMEWORK",
    "AnswerChange",
    "AnswerContent",
    "AnswerState",
    "ControlAnswer",
    "FrozenError",
    "JointTheme",
    "Measure",
    "MeasureCost",
    "MeasureState",
    "MeasureStep",
    "NamedComparison",
    "ReportDraft",
    "Snapshot",
    "SnapshotKind",
]
