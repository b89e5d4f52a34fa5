"""Tables of the basis: the answers to the norm, how they changed, the measures that follow, and what goes on paper."""

from brandwacht.baseline.models.answers import FRAMEWORK, AnswerChange, AnswerContent, AnswerState, ControlAnswer
from brandwacht.baseline.models.measures import Measure, MeasureState, MeasureStep
from brandwacht.baseline.models.reports import Report, ReportKind, ReportStyle
from brandwacht.baseline.models.workbooks import AssessmentImport, ImportState, ImportStep

__all__ = [
    "FRAMEWORK",
    "AnswerChange",
    "AnswerContent",
    "AnswerState",
    "AssessmentImport",
    "ControlAnswer",
    "ImportState",
    "ImportStep",
    "Measure",
    "MeasureState",
    "MeasureStep",
    "Report",
    "ReportKind",
    "ReportStyle",
]
