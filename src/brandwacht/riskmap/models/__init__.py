"""Tables of the digital risk map."""

from brandwacht.riskmap.models.boundaries import Boundaries
from brandwacht.riskmap.models.continuity import ContinuityPlan, ContinuityTest
from brandwacht.riskmap.models.levers import Lever, LeverKind, LeverState
from brandwacht.riskmap.models.partners import PartnerLink, PartnerNode, PartnerProposal, ProposalState
from brandwacht.riskmap.models.runs import CascadeRun, Scenario
from brandwacht.riskmap.models.sheets import SheetSave
from brandwacht.riskmap.models.vital import ListState, VitalItem, VitalList

__all__ = [
    "Boundaries",
    "CascadeRun",
    "ContinuityPlan",
    "ContinuityTest",
    "Lever",
    "LeverKind",
    "LeverState",
    "ListState",
    "PartnerLink",
    "PartnerNode",
    "PartnerProposal",
    "ProposalState",
    "Scenario",
    "SheetSave",
    "VitalItem",
    "VitalList",
]
