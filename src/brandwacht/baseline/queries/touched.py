"""Reads for other rooms: what controls an attack or an advisory concerns, and how the organisation stands on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from brandwacht.baseline.models import FRAMEWORK, AnswerState, ControlAnswer
from brandwacht.baseline.queries.answers import answers_of, open_measures_by_control
from brandwacht.baseline.queries.grounds import SEE
from brandwacht.engines.norms import controls_for, load_framework
from brandwacht.network.actor import Actor
from brandwacht.network.policy import Owner, decide

TOUCHED = 10
"""So many controls are named for an incident: the most telling ones."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A control that an attack concerns; ``state`` (Dutch) and ``url`` are empty when the actor may not see them."""

    number: str
    title: str
    state: str | None
    url: str
    measures_open: int


def controls_touched(actor: Actor, owner_id: int, techniques: Sequence[str]) -> list[Touched]:
    """The controls that help against these ATT&CK techniques, most telling first, at most ten; two queries.

    The controls themselves are public; what the organisation answered is only filled in for those who may see it.
    """
    return controls_named(
        actor, owner_id, [each.number for each in controls_for(load_framework(FRAMEWORK), techniques)[:TOUCHED]]
    )


def controls_named(actor: Actor, owner_id: int, numbers: Sequence[str]) -> list[Touched]:
    """The controls with these numbers, in this order, as ``controls_touched`` tells them; unknown ones are left out."""
    known = {each.number: each for each in load_framework(FRAMEWORK).controls}
    controls = [known[number] for number in dict.fromkeys(numbers) if number in known]
    if not controls:
        return []
    may_see = bool(decide(actor, SEE, Owner(owner_id)))
    numbers = [c.number for c in controls]
    answers: dict[str, ControlAnswer] = {}
    measures_open: dict[str, int] = {}
    if may_see:
        answers = {a.control: a for a in answers_of(actor, owner_id).filter(control__in=numbers)}
        measures_open = open_measures_by_control(actor, owner_id, numbers)
    own = may_see and owner_id == actor.organisation_id
    return [
        Touched(
            control.number,
            control.title,
            _label(answers.get(control.number)) if may_see else None,
            reverse("baseline:control", args=[control.number]) if own else "",
            measures_open.get(control.number, 0),
        )
        for control in controls
    ]


def _label(answer: ControlAnswer | None) -> str:
    return str(AnswerState(answer.state).label if answer else AnswerState.OPEN.label)
