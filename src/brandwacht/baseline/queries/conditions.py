"""Whether an organisation shows what connecting to the NDN, the SOC or the CERT asks; rooms above read this too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from brandwacht.baseline.models import Snapshot
from brandwacht.baseline.progress.content import shown, would_show
from brandwacht.baseline.queries.progress import draft_of, find_moment, latest_shown
from brandwacht.engines.norms.conditions import Finding, Verdict, check, load_conditions
from brandwacht.engines.norms.progress import load_dataset
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


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One requirement: what the latest report shows of it, and what a report that is released now would show.

    ``doors`` are the titles of those that ask it; empty when all do.
    """

    released: Finding
    now: Finding
    doors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnCheck:
    """The own organisation held against every door: the verdicts on what was released, and each requirement once."""

    verdicts: Sequence[Verdict]
    lines: Sequence[OwnLine]
    snapshot: Snapshot | None


def own_check(actor: Actor) -> OwnCheck:
    """Hold the own organisation against every door, as released and as it would be released now. Seven queries."""
    row = latest_shown(actor, actor.organisation_id)
    said = shown(row.content) if row else None
    moment = find_moment(actor)
    dataset, conditions = load_dataset(), load_conditions()
    would = would_show(actor, dataset, moment, draft_of(actor, moment))
    released = [check(conditions, door.key, said, actor.today) for door in conditions.doors]
    now = [check(conditions, door.key, would, actor.today) for door in conditions.doors]
    lines = [
        OwnLine(
            next(each for verdict in released for each in verdict.findings if each.requirement == wanted),
            next(each for verdict in now for each in verdict.findings if each.requirement == wanted),
            tuple(door.title for door in conditions.doors if door.key in wanted.doors),
        )
        for wanted in conditions.requirements
    ]
    return OwnCheck(released, lines, row)
