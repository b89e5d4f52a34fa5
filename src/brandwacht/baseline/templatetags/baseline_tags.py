"""The tone that goes with a state of this room: `{% state key label key|answer_tone %}`."""

from __future__ import annotations

from django import template

from brandwacht.baseline.models import AnswerState, MeasureState

register = template.Library()

_ANSWER_TONES = {
    AnswerState.OPEN: "neutral",
    AnswerState.MET: "good",
    AnswerState.PARTLY: "warn",
    AnswerState.NOT_MET: "bad",
    AnswerState.NOT_APPLICABLE: "done",
    AnswerState.ACCEPTED: "info",
}
_MEASURE_TONES = {
    MeasureState.PLAN: "neutral",
    MeasureState.DO: "info",
    MeasureState.CHECK: "warn",
    MeasureState.DONE: "good",
}


@register.filter
def answer_tone(key: str) -> str:
    """The tone of an answer."""
    return _ANSWER_TONES[AnswerState(key)]


@register.filter
def measure_tone(key: str) -> str:
    """The tone of a step of a measure."""
    return _MEASURE_TONES[MeasureState(key)]
