"""Where the buffers of the map come from: what somebody claims, or what a test of a continuity plan showed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from django.utils import timezone

from brandwacht.network.actor import Actor
from brandwacht.riskmap.models import ContinuityPlan

Basis = Literal["claimed", "tested", "expired"]


@dataclass(frozen=True, slots=True)
class Autonomy:
    """The buffer of one requirement, in minutes: what the map counts with, and what the register claims.

    ``basis``: "claimed" (nobody tested it), "tested", or "expired" (the test is too old; it still tells more than a
    claim, so the map keeps counting with what it showed).
    """

    node: str
    label: str
    minutes: int
    claimed: int
    basis: Basis = "claimed"
    plan: UUID | None = None
    tested_on: date | None = None


class Plans:
    """The tested plans of one owner, by what they cover."""

    def __init__(self, actor: Actor, owner_id: int) -> None:
        self.today = timezone.localdate(actor.now)
        self._of_need: dict[int, ContinuityPlan] = {}
        self._of_node: dict[int, ContinuityPlan] = {}
        tested = ContinuityPlan.objects.filter(organisation_id=owner_id, tested_minutes__isnull=False)
        for plan in tested.order_by("tested_on", "pk"):  # of two, the one that was tested last counts
            if plan.requirement_id is None:
                self._of_node[plan.node_id] = plan
            else:
                self._of_need[plan.requirement_id] = plan

    def autonomy(self, node_id: int, need_id: int, node: str, label: str, claimed: int) -> Autonomy:
        """The buffer of a requirement: what its own plan showed, else that of its node, else the claim."""
        plan = self._of_need.get(need_id) or self._of_node.get(node_id)
        if plan is None:
            return Autonomy(node, label, claimed, claimed)
        basis: Basis = "expired" if plan.test_due and plan.test_due < self.today else "tested"
        return Autonomy(node, label, shown(plan), claimed, basis, plan.public_id, plan.tested_on)


def shown(plan: ContinuityPlan) -> int:
    """The minutes that the newest test showed: never more than the plan is meant for."""
    return min(plan.autonomy, plan.tested_minutes or 0)
