"""Tables of the digital risk map."""

from brandwacht.riskmap.models.borders import SharedNode, StandIn
from brandwacht.riskmap.models.boundaries import Boundaries
from brandwacht.riskmap.models.continuity import ContinuityPlan, ContinuityTest
from brandwacht.riskmap.models.levers import Lever, LeverKind, LeverState
from brandwacht.riskmap.models.partners import PartnerLink, PartnerNode, PartnerProposal, ProposalState
from brandwacht.riskmap.models.planning import (
    Analysis,
    AnalysisKind,
    AnalysisState,
    MeasureKind,
    RiskMeasure,
    RiskPlan,
    ScaleVersion,
    ScenarioChance,
)
from brandwacht.riskmap.models.runs import CascadeRun, Scenario
from brandwacht.riskmap.models.sheets import SheetSave
from brandwacht.riskmap.models.vital import ListState, VitalItem, VitalList

__all__ = [
    "Analysis",
    "AnalysisKind",
    "AnalysisState",
    "Boundaries",
    "CascadeRun",
    "ContinuityPlan",
    "ContinuityTest",
    "Lever",
    "LeverKind",
    "LeverState",
    "ListState",
    "MeasureKind",
    "PartnerLink",
    "PartnerNode",
    "PartnerProposal",
    "ProposalState",
    "RiskMeasure",
    "RiskPlan",
    "ScaleVersion",
    "Scenario",
    "ScenarioChance",
    "SharedNode",
    "SheetSave",
    "StandIn",
    "VitalItem",
    "VitalList",
]
