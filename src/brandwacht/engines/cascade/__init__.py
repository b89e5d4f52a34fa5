"""Cascades: what falls when something falls, when, and through what. See README.md."""

from .examples import EXAMPLES, Example, Fact, Shared, load_example, read_example
from .exposure import Exposure, dependents
from .layout import layout
from .logic import Origin, OriginKind
from .minimal import MinimalSets, minimal_sets, minimal_sets_of
from .model import (
    INTERESTS,
    STATES,
    CommonCause,
    CommonKind,
    Failure,
    Impact,
    Interest,
    InvalidInput,
    InvalidMap,
    InvalidOutage,
    Kind,
    Map,
    Node,
    Outage,
    Requirement,
    State,
)
from .reading import InvalidData
from .redundancy import FalseRedundancy, false_redundancies
from .run import Cause, CauseKind, Change, Run
from .scales import CLASSES, Place, Scales, Score, Source, load_scales, read_scales
from .simulate import Simulator, simulate
from .spread import Spread, SpreadKind

__all__ = [
    "CLASSES",
    "EXAMPLES",
    "INTERESTS",
    "STATES",
    "Cause",
    "CauseKind",
    "Change",
    "CommonCause",
    "CommonKind",
    "Example",
    "Exposure",
    "Fact",
    "Failure",
    "FalseRedundancy",
    "Impact",
    "Interest",
    "InvalidData",
    "InvalidInput",
    "InvalidMap",
    "InvalidOutage",
    "Kind",
    "Map",
    "MinimalSets",
    "Node",
    "Origin",
    "OriginKind",
    "Outage",
    "Place",
    "Requirement",
    "Run",
    "Scales",
    "Score",
    "Shared",
    "Simulator",
    "Source",
    "Spread",
    "SpreadKind",
    "State",
    "dependents",
    "false_redundancies",
    "layout",
    "load_example",
    "load_scales",
    "minimal_sets",
    "minimal_sets_of",
    "read_example",
    "read_scales",
    "simulate",
]
