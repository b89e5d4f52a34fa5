"""Reads for the investment indication: the open measures with what they cost and what they close."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from brandwacht.baseline.models import AnswerState, Measure, MeasureCost
from brandwacht.baseline.queries.measures import open_measures
from brandwacht.baseline.weighing import risk
from brandwacht.engines.norms import Answer, UnknownControl
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


def proposals(
    actor: Actor, dataset: DataSet, answers: Iterable[Answer], rows: Iterable[Measure] | None = None
) -> list[Proposal]:
    """The open measures of the own organisation, by category of the data set. One query. Raises ``Denied``.

    ``answers`` are those of today, from ``answers_on``. No query when the measures were read already (``Cycle.open``).
    """
    states = {answer.control: AnswerState(answer.holds(actor.today)) for answer in answers}
    if rows is None:
        rows = open_measures(actor).filter(organisation_id=actor.organisation_id).select_related("costs")
    order = {category.key: place for place, category in enumerate(dataset.categories)}
    found = [_proposal(dataset, row, states.get(row.control, AnswerState.OPEN)) for row in rows]
    return sorted(found, key=lambda each: order.get(each.theme, len(order)))


def costs_of(measure: Measure) -> MeasureCost | None:
    """What is known of the costs of a measure that the actor was already allowed to see."""
    found: MeasureCost | None = MeasureCost.objects.filter(measure=measure).first()
    return found


def _proposal(dataset: DataSet, row: Measure, state: AnswerState) -> Proposal:
    costs: MeasureCost | None = getattr(row, "costs", None)
    once = costs.range("once") if costs else None
    if once is None and row.cost is not None:
        once = Range(row.cost, row.cost)
    try:
        control = regrouped(dataset).control(row.control)
    except UnknownControl:
        control = None
    return Proposal(
        key=str(row.public_id),
        title=row.title,
        theme=control.theme if control else LOOSE,
        gap=_GAPS.get(state, Fraction(1)) if control else None,
        risk=risk(control, state) if control else 1,
        once=once,
        yearly=costs.range("yearly") if costs else None,
        days=costs.range("days") if costs else None,
    )
