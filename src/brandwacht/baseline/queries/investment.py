"""Reads for the investment indication: the open measures with what they cost and what they close."""

from __future__ import annotations

from fractions import Fraction

from brandwacht.baseline.models import AnswerState, ControlAnswer, Measure, MeasureCost
from brandwacht.baseline.queries.answers import answers_of
from brandwacht.baseline.queries.measures import open_measures
from brandwacht.baseline.weighing import risk
from brandwacht.engines.norms import UnknownControl
from brandwacht.engines.norms.investment import Proposal, Range
from brandwacht.engines.norms.progress import DataSet, regrouped
from brandwacht.network.actor import Actor

LOOSE = ""
"""The theme of a measure that belongs to no control."""
_GAPS = {
    AnswerState.MET: Fraction(0),
    AnswerState.NOT_APPLICABLE: Fraction(0),
    AnswerState.PARTLY: Fraction(1, 2),
}


def proposals(actor: Actor, dataset: DataSet) -> list[Proposal]:
    """The open measures of the own organisation, by category of the data set. Two queries. Raises ``Denied``."""
    answers = {answer.control: answer for answer in answers_of(actor, actor.organisation_id)}
    rows = open_measures(actor).filter(organisation_id=actor.organisation_id).select_related("costs")
    order = {category.key: place for place, category in enumerate(dataset.categories)}
    found = [_proposal(actor, dataset, row, answers) for row in rows]
    return sorted(found, key=lambda each: order.get(each.theme, len(order)))


def costs_of(measure: Measure) -> MeasureCost | None:
    """What is known of the costs of a measure that the actor was already allowed to see."""
    found: MeasureCost | None = MeasureCost.objects.filter(measure=measure).first()
    return found


def _proposal(actor: Actor, dataset: DataSet, row: Measure, answers: dict[str, ControlAnswer]) -> Proposal:
    costs: MeasureCost | None = getattr(row, "costs", None)
    once = costs.range("once") if costs else None
    if once is None and row.cost is not None:
        once = Range(row.cost, row.cost)
    try:
        control = regrouped(dataset).control(row.control)
    except UnknownControl:
        control = None
    answer = answers.get(row.control)
    state = AnswerState(answer.state) if answer else AnswerState.OPEN
    return Proposal(
        key=str(row.public_id),
        title=row.title,
        theme=control.theme if control else LOOSE,
        gap=_gap(actor, state, answer) if control else None,
        risk=risk(control, state) if control else 1,
        once=once,
        yearly=costs.range("yearly") if costs else None,
        days=costs.range("days") if costs else None,
    )


def _gap(actor: Actor, state: AnswerState, answer: ControlAnswer | None) -> Fraction:
    gap = _GAPS.get(state, Fraction(1))
    expired = answer is not None and answer.evidence_valid_to is not None and answer.evidence_valid_to < actor.today
    return max(gap, Fraction(1, 2)) if expired and state == AnswerState.MET else gap
