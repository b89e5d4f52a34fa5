"""Tables of the basis: the answers to the norm, how they changed, and the measures that follow."""

from brandwacht.baseline.models.answers import FRAMEWORK, AnswerChange, AnswerContent, AnswerState, ControlAnswer
from brandwacht.baseline.models.frameworks import AnswerImport, NormText, OwnGrouping
from brandwacht.baseline.models.measures import Measure, MeasureState, MeasureStep

__all__ = [
    "FRAMEWORK",
    "AnswerChange",
    "AnswerContent",
    "AnswerImport",
    "AnswerState",
    "ControlAnswer",
    "Measure",
    "MeasureState",
    "MeasureStep",
    "NormText",
    "OwnGrouping",
]
