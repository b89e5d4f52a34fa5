"""Cascades: what falls when something falls, when, and through what. See README.md."""

<<<<<<< HEAD
from .criticality import Criticality, YearlyLoss, criticalities, saved_without
from .examples import EXAMPLES, Example, Fact, Shared, load_example, read_example
=======
from .compiled import PURE, Kernel, load, warm
from .ensemble import Ensemble, monte_carlo
>>>>>>> 0167b29b79d9cb5dcb4342ce38bfe93ca84f539b
from .exposure import Exposure, dependents
from .invest import Advice, Effect, Portfolio, best_portfolio, effects, pareto_front
from .layout import layout
<<<<<<< HEAD
from .logic import Origin, OriginKind
from .losses import DowntimeLoss, EnsembleLoss, Loss, Scenario, ScenarioLoss, losses_of, weighted
from .measures import (
    AddAutonomy,
    AddNode,
    AddProvider,
    InvalidMeasure,
    LeaveCommonCause,
    LowerRate,
    Measure,
    ShortenRepair,
    ShortenRestart,
    Step,
    apply,
    check_measures,
)
from .minimal import MinimalSets, minimal_sets, minimal_sets_of
=======
from .many import Alone, Played, each_alone, play_many
>>>>>>> 0167b29b79d9cb5dcb4342ce38bfe93ca84f539b
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
from .portfolio import Budget, InvalidBudget
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
    "PURE",
    "STATES",
<<<<<<< HEAD
    "AddAutonomy",
    "AddNode",
    "AddProvider",
    "Advice",
    "Budget",
=======
    "Alone",
>>>>>>> 0167b29b79d9cb5dcb4342ce38bfe93ca84f539b
    "Cause",
    "CauseKind",
    "Change",
    "CommonCause",
    "CommonKind",
<<<<<<< HEAD
    "Criticality",
    "DowntimeLoss",
    "Effect",
    "EnsembleLoss",
    "Example",
=======
    "Ensemble",
>>>>>>> 0167b29b79d9cb5dcb4342ce38bfe93ca84f539b
    "Exposure",
    "Fact",
    "Failure",
    "FalseRedundancy",
    "Impact",
    "Interest",
    "InvalidBudget",
    "InvalidData",
    "InvalidInput",
    "InvalidMap",
    "InvalidMeasure",
    "InvalidOutage",
    "Kernel",
    "Kind",
    "LeaveCommonCause",
    "Loss",
    "LowerRate",
    "Map",
    "Measure",
    "MinimalSets",
    "Node",
    "Origin",
    "OriginKind",
    "Outage",
<<<<<<< HEAD
    "Place",
    "Portfolio",
=======
    "Played",
>>>>>>> 0167b29b79d9cb5dcb4342ce38bfe93ca84f539b
    "Requirement",
    "Run",
    "Scales",
    "Scenario",
    "ScenarioLoss",
    "Score",
    "Shared",
    "ShortenRepair",
    "ShortenRestart",
    "Simulator",
    "Source",
    "Spread",
    "SpreadKind",
    "State",
    "Step",
    "YearlyLoss",
    "apply",
    "best_portfolio",
    "check_measures",
    "criticalities",
    "dependents",
<<<<<<< HEAD
    "effects",
    "false_redundancies",
    "layout",
    "load_example",
    "load_scales",
    "losses_of",
    "minimal_sets",
    "minimal_sets_of",
    "pareto_front",
    "read_example",
    "read_scales",
    "saved_without",
    "simulate",
    "weighted",
=======
    "each_alone",
    "layout",
    "load",
    "monte_carlo",
    "play_many",
    "simulate",
    "warm",
>>>>>>> 0167b29b79d9cb5dcb4342ce38bfe93ca84f539b
]
