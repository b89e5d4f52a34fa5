"""The tone that goes with a state of this room: `{% state key label key|answer_tone %}`."""

from __future__ import annotations

from django import template

from brandwacht.baseline.models import AnswerState, MeasureState, Outcome, ReviewState, Weight

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


_REVIEW_TONES = {
    ReviewState.INVITED: "neutral",
    ReviewState.AGREED: "info",
    ReviewState.OPEN: "info",
    ReviewState.CONCLUDED: "warn",
    ReviewState.CLOSED: "good",
    ReviewState.DECLINED: "done",
    ReviewState.WITHDRAWN: "done",
}
_OUTCOME_TONES = {Outcome.MET: "good", Outcome.WITH_REMARKS: "warn", Outcome.NOT_MET: "bad"}
_WEIGHT_TONES = {Weight.HIGH: "bad", Weight.MIDDLE: "warn", Weight.LOW: "neutral"}


@register.filter
def review_tone(key: str) -> str:
    """The tone of where a review stands."""
    return _REVIEW_TONES[ReviewState(key)]


@register.filter
def outcome_tone(key: str) -> str:
    """The tone of what reviewers conclude."""
    return _OUTCOME_TONES[Outcome(key)]


@register.filter
def weight_tone(key: str) -> str:
    """The tone of how much a point weighs."""
    return _WEIGHT_TONES[Weight(key)]
