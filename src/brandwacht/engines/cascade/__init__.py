"""Cascades: what falls when something falls, when, and through what. See README.md."""

from .exposure import Exposure, dependents
from .layout import layout
from .model import (
    STATES,
    Failure,
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

__all__ = [
    "STATES",
    "Cause",
    "CauseKind",
    "Change",
    "Exposure",
    "Failure",
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
    "State",
    "dependents",
    "layout",
    "simulate",
]
