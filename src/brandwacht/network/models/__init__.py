"""Tables of the network: who and what there is, and who may reach it."""

from brandwacht.network.models.access import ApiToken, Grant
from brandwacht.network.models.actions import Action, ActionState
from brandwacht.network.models.audit import AuditEntry, AuditHead, AuditPerson
from brandwacht.network.models.imports import TableImport
from brandwacht.network.models.organisations import Organisation, OrganisationKind
from brandwacht.network.models.people import RoleAssignment, User
from brandwacht.network.models.periodic import PeriodicRun
from brandwacht.network.models.register import Dependency, Node, NodeKind, NodeName, Requirement

__all__ = [
    "Action",
    "ActionState",
    "ApiToken",
    "AuditEntry",
    "AuditHead",
    "AuditPerson",
    "Dependency",
    "Grant",
    "Node",
    "NodeKind",
    "NodeName",
    "Organisation",
    "OrganisationKind",
    "PeriodicRun",
    "Requirement",
    "RoleAssignment",
    "TableImport",
    "User",
]
