"""The actions of the first plan: their keys, and when they end by themselves."""

from __future__ import annotations

from brandwacht.baseline.first_hour import FIND_OUT, STEP
from brandwacht.baseline.models import FRAMEWORK, AnswerState, ControlAnswer
from brandwacht.engines.norms import load_framework

BEGIN = "begin:"
"""Actions of the first plan begin with this."""


def begin_key(kind: str, number: str) -> str:
    """The key of an action of the first plan: a kind of step, and the control that it is about."""
    return f"{BEGIN}{kind}:{number}"


def number_in(key: str) -> str:
    """The control that an action of ours is about, from its key; empty for one that is about no single question."""
    framework = load_framework(FRAMEWORK)
    kind, _sign, number = key.rpartition(":")
    ours = kind.startswith(BEGIN) or kind == f"bewijs:{FRAMEWORK}"
    return number if ours and any(control.number == number for control in framework.controls) else ""


def ended_by(answer: ControlAnswer) -> list[str]:
    """The keys of the actions that this answer ends.

    Who answered a question has found out; what is in order, or does not apply, needs no first step either.
    """
    if answer.state == AnswerState.OPEN:
        return []
    settled = answer.state in (AnswerState.MET, AnswerState.NOT_APPLICABLE, AnswerState.ACCEPTED)
    return [begin_key(kind, answer.control) for kind in ((FIND_OUT, STEP) if settled else (FIND_OUT,))]
