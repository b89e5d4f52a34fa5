"""The first plan of a new CISO: from a handful of answers to what to do this week. Pure: the day is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

import yaml
from django.utils.translation import gettext as _

from brandwacht.baseline.models import FRAMEWORK, Said
from brandwacht.engines.norms import Control, load_framework

STEP, FIND_OUT, PROVE = "stap", "navraag", "bewijs"
CHOICES: Final = (Said.YES, Said.PARTLY, Said.NO, Said.UNKNOWN)
MINUTES_TO_ASK: Final = 5
MINUTES_TO_PROVE: Final = 15


@dataclass(frozen=True, slots=True)
class FirstQuestion:
    """One of the questions: its control, what to do first when the answer is no, the risk (1-4), minutes and days."""

    control: Control
    step: str
    risk: int
    minutes: int
    days: int


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One line of the plan. ``kind`` is ``STEP``, ``FIND_OUT`` or ``PROVE``; ``minutes`` of the CISO's own time."""

    number: str
    kind: str
    title: str
    why: str
    risk: int
    minutes: int
    due: date


@cache
def first_questions() -> tuple[FirstQuestion, ...]:
    """The questions, in the order in which they are asked."""
    path = files("brandwacht.baseline") / "data" / "eerste-uur.yaml"
    norm = load_framework(FRAMEWORK)
    return tuple(
        FirstQuestion(norm.control(row["number"]), row["step"], row["risk"], row["minutes"], row["days"])
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))["questions"]
    )


def first_plan(said: Mapping[str, Said], today: date) -> list[FirstStep]:
    """What follows from the answers (by number of the control); what was not answered gives nothing.

    A no gives the first step, a half yes the same step with less risk, a yes the evidence that is still to be shown,
    and who does not know asks somebody who does.
    """
    asked = [each for each in first_questions() if each.control.number in said]
    return [_step(each, said[each.control.number], today) for each in asked]


def _step(asked: FirstQuestion, said: Said, today: date) -> FirstStep:
    number, title = asked.control.number, asked.control.title
    if said == Said.YES:
        return FirstStep(
            number, PROVE, _("Leg vast waaruit dit blijkt: %(title)s") % {"title": title},
            _("U zei dat dit geregeld is. Met bewijs kunt u het ook laten zien."), 1, MINUTES_TO_PROVE,
            today + timedelta(days=60),
        )  # fmt: skip
    if said == Said.UNKNOWN:
        return FirstStep(
            number, FIND_OUT, _("Vraag na: %(title)s") % {"title": title},
            _("U weet nog niet hoe dit staat. Eén vraag aan een collega is genoeg."), asked.risk, MINUTES_TO_ASK,
            today + timedelta(days=6),
        )  # fmt: skip
    partly = said == Said.PARTLY
    why = _("U zei dat dit voor een deel geregeld is.") if partly else _("U zei dat dit nog niet geregeld is.")
    due = today + timedelta(days=asked.days)
    return FirstStep(number, STEP, asked.step, why, max(1, asked.risk - partly), asked.minutes, due)
