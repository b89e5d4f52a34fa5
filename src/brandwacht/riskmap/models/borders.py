"""Tables of cascades over a border: what is shared, and what stands for it on another's map."""

from __future__ import annotations

from django.db import models

from brandwacht.network.domains import Domain
from brandwacht.network.models import Node, Organisation
from brandwacht.network.tenancy import TenantModel


class SharedNode(TenantModel):
    """A node of which others may know when it works: only those to whom the owner gave a grant on this row.

    ``name`` is what they see. ``node_ref`` is the public id of the node, and no key of the database: who may follow
    this row must not be able to join it to the register. The row stays when the grants end, so that a node which is
    shared again is the same for those who follow it.
    """

    domain = Domain.BORDER

    node_ref = models.UUIDField()
    name = models.CharField(max_length=120)
    shared_at = models.DateTimeField()
    shared_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "node_ref"], name="shared_once_per_node")]

    def __str__(self) -> str:
        return self.name


class StandIn(TenantModel):
    """A node of the own register that stands for another's shared node. ``shared_ref`` is that one's public id.

    ``giver`` and ``name`` are as they were when it was accepted.
    """

    domain = Domain.RISK

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="stands_for")
    shared_ref = models.UUIDField()
    giver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    accepted_at = models.DateTimeField()
    accepted_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "shared_ref"], name="stand_in_once_per_shared"),
            models.UniqueConstraint(fields=["node"], name="stand_in_once_per_node"),
        ]

    def __str__(self) -> str:
        return self.name
