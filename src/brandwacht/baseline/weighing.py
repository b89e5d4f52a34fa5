"""How much a control weighs, for ranking what to do first. Our own judgement, not a figure of the norm.

A control weighs more when the government binds every organisation to it (an active government measure), when it stands
in the way of a known attack technique, and when the organisation says that it is not met.
"""

from brandwacht.baseline.models import AnswerState
from brandwacht.engines.norms import Control

MINUTES_PER_ANSWER = 10
"""Estimate of what one question takes somebody who knows the organisation."""


def risk(control: Control, state: str = AnswerState.OPEN) -> int:
    """From 1 (low) to 4 (critical), as the action register ranks."""
    return 1 + bool(control.active_measures) + bool(control.attack) + (state == AnswerState.NOT_MET)


def heaviest(controls: list[Control]) -> list[Control]:
    """The same controls, most telling first: risk, then the numbers of government measures and of techniques."""
    return sorted(controls, key=lambda c: (-risk(c), -len(c.active_measures), -len(c.attack)))
