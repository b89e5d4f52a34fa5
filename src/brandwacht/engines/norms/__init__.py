"""Norm frameworks: what they ask, which answers they allow, and an honest score. See README.md."""

from .answers import Answer, RefusedByNorm, check_answer
from .applicability import (
    Annex,
    GovernmentAnswer,
    asked_of,
    check_government_answer,
    check_level,
    count_government,
    exceptions,
    find_measure,
    judge_level,
    load_level_test,
    unmet,
)
from .checks import InvalidFramework
from .crosswalk import HUB, Crosswalk, Fit, crosswalk, to_grouping
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
from .grouping import GROUPINGS, Grouping, Row, grouping_of, load_grouping, numbers_in
from .judgement import MATURITY, Evidence, Judgement, Stand, highest_maturity, most_to_claim, stand
from .once import Seen, answers_through, seen_through
from .rhythms import Beat, Pace, Rhythm, beat, load_rhythms, next_due
from .scoring import Score, ThemeScore, score
from .states import Finding, State
from .techniques import controls_for
from .upgrade import Change, Dropped, Step, Upgrade, plan_upgrade

__all__ = [
    "FRAMEWORKS",
    "GROUPINGS",
    "HUB",
    "MATURITY",
    "Annex",
    "Answer",
    "Beat",
    "Change",
    "Control",
    "Crosswalk",
    "Dropped",
    "Evidence",
    "Finding",
    "Fit",
    "Framework",
    "GovernmentAnswer",
    "GovernmentMeasure",
    "Grouping",
    "InvalidFramework",
    "Judgement",
    "Pace",
    "RefusedByNorm",
    "Rhythm",
    "Row",
    "Score",
    "Seen",
    "Stand",
    "State",
    "Step",
    "ThemeScore",
    "UnknownControl",
    "UnknownFramework",
    "Upgrade",
    "answers_through",
    "asked_of",
    "beat",
    "check_answer",
    "check_government_answer",
    "check_level",
    "controls_for",
    "count_government",
    "crosswalk",
    "exceptions",
    "find_measure",
    "grouping_of",
    "highest_maturity",
    "judge_level",
    "load_framework",
    "load_grouping",
    "load_level_test",
    "load_rhythms",
    "most_to_claim",
    "next_due",
    "numbers_in",
    "parse_framework",
    "plan_upgrade",
    "score",
    "seen_through",
    "stand",
    "to_grouping",
    "unmet",
]
