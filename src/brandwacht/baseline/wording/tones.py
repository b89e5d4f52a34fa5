"""The tone that goes with a state of this room, as the component ``state`` takes it."""

from __future__ import annotations

from brandwacht.baseline.models import AnswerState, MeasureState, Outcome, ReviewState, Weight

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


def answer_tone(key: str) -> str:
    """The tone of an answer."""
    return _ANSWER_TONES[AnswerState(key)]


def measure_tone(key: str) -> str:
    """The tone of a step of a measure."""
    return _MEASURE_TONES[MeasureState(key)]


def review_tone(key: str) -> str:
    """The tone of where a review stands."""
    return _REVIEW_TONES[ReviewState(key)]


def outcome_tone(key: str) -> str:
    """The tone of what reviewers conclude."""
    return _OUTCOME_TONES[Outcome(key)]


def weight_tone(key: str) -> str:
    """The tone of how much a point weighs."""
    return _WEIGHT_TONES[Weight(key)]
