"""Answered once, seen through every framework: what the answers to one norm say about another, and no more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from .answers import Answer
from .crosswalk import Crosswalk, Fit
from .framework import Control, Framework
from .states import State


@dataclass(frozen=True, slots=True)
class Seen:
    """One control of the framework that is looked through, with what the answers say about it.

    `sources` are the numbers of the questions it rests on, `answered` how many of those have an answer. `fit` says
    whether one question covers the control; `rest` what no question covers. `answer` is the derived answer, None as
    long as a source is unanswered or there is no source.
    """

    control: Control
    sources: tuple[str, ...]
    answered: int
    fit: Fit
    rest: str
    answer: Answer | None

    @property
    def state(self) -> State:
        """The derived state."""
        return self.answer.state if self.answer else State.UNANSWERED


def seen_through(framework: Framework, walk: Crosswalk, answers: Iterable[Answer], today: date) -> list[Seen]:
    """Each control of `framework` with what the answers to `walk.source` say about it on `today`.

    Of each answer counts what still holds of it then (`Answer.holds`).

    - unanswered as long as one of its questions is;
    - not applicable only when all its questions are; otherwise those that are do not count;
    - met when all are met, and nothing remains that no question covers (`rest`): then it is met in part at most;
    - not met when none is met, wholly or in part; an accepted risk stays one only where the framework allows it;
    - met in part in all other cases.

    The derived answer is as old as the oldest it rests on, and its evidence counts until the first of theirs ends.
    """
    given = {answer.control: answer for answer in answers if answer.state is not State.UNANSWERED}
    return [_seen(control, walk, given, today) for control in framework.controls]


def answers_through(seen: Iterable[Seen]) -> list[Answer]:
    """The derived answers, for `score`."""
    return [each.answer for each in seen if each.answer is not None]


def _seen(control: Control, walk: Crosswalk, given: Mapping[str, Answer], today: date) -> Seen:
    sources = walk.sources_of(control.number)
    found = [given[number] for number in sources if number in given]
    fit = walk.fit(sources[0], control.number) if len(sources) == 1 else Fit.PART
    rest = walk.rest.get(control.number, "")
    complete = bool(sources) and len(found) == len(sources)
    return Seen(control, sources, len(found), fit, rest, _derived(control, found, rest, today) if complete else None)


def _derived(control: Control, found: list[Answer], rest: str, today: date) -> Answer:
    counted = [answer for answer in found if answer.state is not State.NOT_APPLICABLE]
    state = _state(control, {answer.holds(today) for answer in counted}, bool(rest))
    spoken = found if state in (State.NOT_APPLICABLE, State.ACCEPTED) else []
    return Answer(
        control=control.number,
        state=state,
        answered_on=min(answer.answered_on for answer in found),
        reason=" ".join(f"{answer.control}: {answer.reason}" for answer in spoken if answer.reason),
        evidence_valid_to=min((day for answer in counted if (day := answer.stand(today).until)), default=None),
        risk_analysis="; ".join(dict.fromkeys(answer.risk_analysis for answer in spoken if answer.risk_analysis)),
    )


def _state(control: Control, states: set[State], rest: bool) -> State:
    if not states:
        return State.NOT_APPLICABLE
    if states == {State.MET}:
        return State.PARTLY if rest else State.MET
    if states == {State.ACCEPTED} and not rest and not control.active_measures:
        return State.ACCEPTED
    return State.NOT_MET if states <= {State.NOT_MET, State.ACCEPTED} else State.PARTLY
