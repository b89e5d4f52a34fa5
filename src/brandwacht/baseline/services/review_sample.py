"""The sample of a review: chosen by hand, or drawn by a rule that can be repeated."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from brandwacht.baseline.models import FRAMEWORK, AnswerState, DrawWay
from brandwacht.baseline.queries.answers import ControlRow, control_rows
from brandwacht.engines.norms import UnknownControl, load_framework
from brandwacht.engines.norms.sampling import InvalidDraw, at_random, below, riskiest
from brandwacht.engines.norms.scoring import percent_of
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a sample is made: by hand (``numbers``), or with ``size`` (a score in percent for "onder een score").

    ``seed`` is only for a draw by lot: it stands in the report, so that everybody can repeat the draw.
    """

    way: str
    numbers: tuple[str, ...] = ()
    size: int | None = None
    seed: int | None = None


def draw(actor: Actor, drawing: Drawing) -> list[str]:
    """The numbers of the controls, in the order of the norm. Raises ``Refused`` on the field."""
    if drawing.way not in DrawWay.values:
        raise Refused(_("Kies hoe de steekproef wordt gemaakt."), "way")
    if drawing.way == DrawWay.BY_HAND:
        return _by_hand(drawing.numbers)
    if drawing.size is None:
        raise Refused(_("Vul een getal in."), "size")
    if drawing.way == DrawWay.RANDOM and drawing.seed is None:
        raise Refused(_("Vul een startgetal in; daarmee kan iedereen de loting nadoen."), "seed")
    rows = control_rows(actor, owner_id=actor.organisation_id)
    try:
        match drawing.way:
            case DrawWay.BELOW:
                counted = [row for row in rows if row.state != AnswerState.NOT_APPLICABLE]
                chosen = below({row.control.number: _percent(row) for row in counted}, drawing.size)
            case DrawWay.RISKIEST:
                chosen = riskiest({row.control.number: _risks(row) for row in rows}, drawing.size)
            case _random:
                chosen = at_random([row.control.number for row in rows], drawing.size, drawing.seed or 0)
    except InvalidDraw as error:
        raise Refused(str(error), "seed" if "startgetal" in str(error) else "size") from error
    if not chosen:
        raise Refused(_("Geen enkele vraag scoort lager dan %(n)d procent.") % {"n": drawing.size}, "size")
    return chosen


def _by_hand(numbers: tuple[str, ...]) -> list[str]:
    framework = load_framework(FRAMEWORK)
    try:
        for number in numbers:
            framework.control(number)
    except UnknownControl as error:
        raise Refused(str(error), "numbers") from error
    chosen = [control.number for control in framework.controls if control.number in set(numbers)]
    if not chosen:
        raise Refused(_("Kies minstens één vraag."), "numbers")
    return chosen


def _percent(row: ControlRow) -> int:
    return percent_of(row.judged, row.today) if row.answer else 0


def _risks(row: ControlRow) -> tuple[int, ...]:
    return (row.risk, len(row.control.active_measures), len(row.control.attack))
