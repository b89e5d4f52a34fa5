"""Norm frameworks: what they ask, which answers they allow, and an honest score. See README.md."""

from .answers import Answer, RefusedByNorm, State, check_answer
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
from .once import Seen, answers_through, seen_through
from .scoring import Score, ThemeScore, score
from .techniques import controls_for
from .upgrade import Change, Dropped, Step, Upgrade, plan_upgrade

__all__ = [
    "FRAMEWORKS",
    "GROUPINGS",
    "HUB",
    "Answer",
    "Change",
    "Control",
    "Crosswalk",
    "Dropped",
    "Fit",
    "Framework",
    "GovernmentMeasure",
    "Grouping",
    "InvalidFramework",
    "RefusedByNorm",
    "Row",
    "Score",
    "Seen",
    "State",
    "Step",
    "ThemeScore",
    "UnknownControl",
    "UnknownFramework",
    "Upgrade",
    "answers_through",
    "check_answer",
    "controls_for",
    "crosswalk",
    "grouping_of",
    "load_framework",
    "load_grouping",
    "numbers_in",
    "parse_framework",
    "plan_upgrade",
    "score",
    "seen_through",
    "to_grouping",
]
