"""Whether an organisation shows what connecting to the NDN, the SOC or the CERT asks; rooms above read this too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from brandwacht.baseline.models import Snapshot
from brandwacht.baseline.progress.content import shown
from brandwacht.baseline.queries.progress import latest_shown
from brandwacht.engines.norms.conditions import Verdict, check, load_conditions
from brandwacht.network.actor import Actor


@dataclass(frozen=True, slots=True)
class ConditionCheck:
    """The check of one door, and the released snapshot that it rests on (``None``: the reader may see none)."""

    verdict: Verdict
    snapshot: Snapshot | None


def condition_check(actor: Actor, organisation_id: int, door: str, transition: date | None = None) -> ConditionCheck:
    """Hold the latest snapshot of an organisation that the actor may see against the conditions for a door.

    ``transition`` is the last day of a transitional decision, if one was taken. One query. Raises ``KeyError`` for a
    door that is not in the data.
    """
    row = latest_shown(actor, organisation_id)
    said = shown(row.content) if row else None
    return ConditionCheck(check(load_conditions(), door, said, actor.today, transition), row)


def every_check(actor: Actor, organisation_id: int) -> list[ConditionCheck]:
    """The check of every door. One query."""
    row = latest_shown(actor, organisation_id)
    said = shown(row.content) if row else None
    conditions = load_conditions()
    return [ConditionCheck(check(conditions, door.key, said, actor.today), row) for door in conditions.doors]
