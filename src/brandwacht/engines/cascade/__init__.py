"""Cascades: what falls when something falls, when, and through what. See README.md."""

from .exposure import Exposure, dependents
from .layout import layout
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
    "STATES",
    "Cause",
    "CauseKind",
    "Change",
    "CommonCause",
    "CommonKind",
    "Exposure",
    "Failure",
    "Impact",
    "Interest",
    "InvalidInput",
    "InvalidMap",
    "InvalidOutage",
    "Kind",
    "Map",
    "Node",
    "Outage",
    "Requirement",
    "Run",
    "Simulator",
    "Spread",
    "SpreadKind",
    "State",
    "dependents",
    "layout",
    "simulate",
]
