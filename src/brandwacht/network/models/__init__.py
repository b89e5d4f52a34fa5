"""Tables of the network: who and what there is, and who may reach it."""

from brandwacht.network.models.access import ApiToken, Grant
from brandwacht.network.models.actions import Action, ActionState
from brandwacht.network.models.audit import AuditEntry, AuditHead, AuditPerson
from brandwacht.network.models.imports import TableImport
from brandwacht.network.models.organisations import Organisation, OrganisationKind
from brandwacht.network.models.people import RoleAssignment, User
from brandwacht.network.models.periodic import PeriodicRun
from brandwacht.network.models.register import (
    CauseKind,
    CauseMember,
    CommonCause,
    Dependency,
    Interest,
    Node,
    NodeImpact,
    NodeKind,
    NodeName,
    Requirement,
    SpreadKind,
)

__all__ = [
    "Action",
    "ActionState",
    "ApiToken",
    "AuditEntry",
    "AuditHead",
    "AuditPerson",
    "CauseKind",
    "CauseMember",
    "CommonCause",
    "Dependency",
    "Grant",
    "Interest",
    "Node",
    "NodeImpact",
    "NodeKind",
    "NodeName",
    "Organisation",
    "OrganisationKind",
    "PeriodicRun",
    "Requirement",
    "RoleAssignment",
    "SpreadKind",
    "TableImport",
    "User",
]
