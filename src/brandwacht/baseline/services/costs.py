"""What a measure costs, as ranges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from brandwacht.baseline.models import MAX_COST, Measure, MeasureCost
from brandwacht.baseline.queries.investment import costs_of
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.usecase import use_case

RANGES = ("once", "yearly", "days")


def set_costs(
    actor: Actor, public_id: Any, *, ranges: Mapping[str, tuple[int | None, int | None]], source: str = ""
) -> MeasureCost:
    """Keep what a measure costs: for "once", "yearly" (euro) and "days" a low and a high estimate.

    With one of the two the other is the same; with neither it is unknown. Raises ``Refused`` on the field.
    """
    with use_case(actor, "baseline.measure.update") as case:
        measure = case.get(Measure, public_id, see="baseline.see")
        row = costs_of(measure) or MeasureCost(organisation_id=measure.organisation_id, measure=measure)
        for what in RANGES:
            low, high = _range(what, *ranges.get(what, (None, None)))
            setattr(row, f"{what}_low", low)
            setattr(row, f"{what}_high", high)
        row.source = source.strip()[:200]
        row.changed_at, row.changed_by = actor.now, actor.name
        row.save()
        case.audit(measure, {"kosten": {what: list(ranges.get(what, (None, None))) for what in RANGES}})
    return row


def _range(what: str, low: int | None, high: int | None) -> tuple[int | None, int | None]:
    if low is None or high is None:
        low = high = high if low is None else low
    if low is None or high is None:
        return None, None
    if not 0 <= low <= MAX_COST or not 0 <= high <= MAX_COST:
        raise Refused(_("Vul een getal van 0 tot 2 miljard in."), f"{what}_low")
    if high < low:
        raise Refused(_("De hoogste schatting is lager dan de laagste. Draai ze om."), f"{what}_high")
    return low, high
