"""Where the buffers of the map come from: what somebody claims, or what a test of a continuity plan showed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

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


@dataclass(frozen=True, slots=True)
class TestedPlan:
    """What the newest test of a continuity plan showed. It covers one need of its node, or all (``need`` None)."""

    public_id: UUID
    node: int
    need: int | None
    autonomy: int
    tested_on: date | None
    tested_minutes: int
    test_due: date | None


class Plans:
    """Tested plans, by what they cover; of two for the same the one that was tested last counts."""

    def __init__(self, tested: Iterable[TestedPlan], today: date) -> None:
        self.today = today
        ordered = sorted(tested, key=lambda plan: (plan.tested_on or date.min, str(plan.public_id)))
        self._of: dict[tuple[int, int | None], TestedPlan] = {(plan.node, plan.need): plan for plan in ordered}

    def autonomy(self, node_id: int, need_id: int, node: str, label: str, claimed: int) -> Autonomy:
        """The buffer of a requirement: what its own plan showed, else that of its node, else the claim."""
        plan = self._of.get((node_id, need_id)) or self._of.get((node_id, None))
        if plan is None:
            return Autonomy(node, label, claimed, claimed)
        basis: Basis = "expired" if plan.test_due and plan.test_due < self.today else "tested"
        return Autonomy(node, label, shown(plan), claimed, basis, plan.public_id, plan.tested_on)


def shown(plan: ContinuityPlan | TestedPlan) -> int:
    """The minutes that the newest test showed: never more than the plan is meant for."""
    return min(plan.autonomy, plan.tested_minutes or 0)
