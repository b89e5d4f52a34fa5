"""Norm frameworks: what they ask, which answers they allow, and an honest score. See README.md."""

from .answers import Answer, RefusedByNorm, check_answer
from .applicability import (
    Annex,
    GovernmentAnswer,
    asked_of,
    check_government_answer,
    check_level,
    exceptions,
    find_measure,
    judge_level,
    load_level_test,
    unmet,
)
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
from .judgement import MATURITY, Evidence, Judgement, Stand, highest_maturity, most_to_claim, stand
from .rhythms import Beat, Pace, Rhythm, beat, load_rhythms, next_due
from .scoring import Score, ThemeScore, score
from .states import Finding, State
from .techniques import controls_for

__all__ = [
    "FRAMEWORKS",
    "MATURITY",
    "Annex",
    "Answer",
    "Beat",
    "Control",
    "Evidence",
    "Finding",
    "Framework",
    "GovernmentAnswer",
    "GovernmentMeasure",
    "InvalidFramework",
    "Judgement",
    "Pace",
    "RefusedByNorm",
    "Rhythm",
    "Score",
    "Stand",
    "State",
    "ThemeScore",
    "UnknownControl",
    "UnknownFramework",
    "asked_of",
    "beat",
    "check_answer",
    "check_government_answer",
    "check_level",
    "controls_for",
    "exceptions",
    "find_measure",
    "highest_maturity",
    "judge_level",
    "load_framework",
    "load_level_test",
    "load_rhythms",
    "most_to_claim",
    "next_due",
    "parse_framework",
    "score",
    "stand",
    "unmet",
]
