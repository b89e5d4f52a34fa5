"""Cascades: what falls when something falls, when, and through what. See README.md."""

from .compiled import PURE, Kernel, load, warm
from .ensemble import Ensemble, monte_carlo
from .exposure import Exposure, dependents
from .layout import layout
from .many import Alone, Played, each_alone, play_many
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
from .run import Cause, CauseKind, Change, Run
from .simulate import Simulator, simulate
from .spread import Spread, SpreadKind

__all__ = [
    "INTERESTS",
    "PURE",
    "STATES",
    "Alone",
    "Cause",
    "CauseKind",
    "Change",
    "CommonCause",
    "CommonKind",
    "Ensemble",
    "Exposure",
    "Failure",
    "Impact",
    "Interest",
    "InvalidInput",
    "InvalidMap",
    "InvalidOutage",
    "Kernel",
    "Kind",
    "Map",
    "Node",
    "Outage",
    "Played",
    "Requirement",
    "Run",
    "Simulator",
    "Spread",
    "SpreadKind",
    "State",
    "dependents",
    "each_alone",
    "layout",
    "load",
    "monte_carlo",
    "play_many",
    "simulate",
    "warm",
]
