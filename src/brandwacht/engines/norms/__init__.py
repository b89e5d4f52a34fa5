"""Norm frameworks: what they ask, which answers they allow, and an honest score. See README.md."""

from .answers import Answer, RefusedByNorm, State, check_answer
from .checks import InvalidFramework
from .framework import (
    FRAMEWORKS,
    Control,
    Framework,
    GovernmentMeasure,
    UnknownControl,
    UnknownFramework,
    load_framework,
    parse_framework,
)
from .scoring import Score, ThemeScore, score
from .techniques import controls_for

__all__ = [
    "FRAMEWORKS",
    "Answer",
    "Control",
    "Framework",
    "GovernmentMeasure",
    "InvalidFramework",
    "RefusedByNorm",
    "Score",
    "State",
    "ThemeScore",
    "UnknownControl",
    "UnknownFramework",
    "check_answer",
    "controls_for",
    "load_framework",
    "parse_framework",
    "score",
]
