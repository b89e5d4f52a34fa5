"""The first hour: what a new CISO says becomes the first answers, and the first plan."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from brandwacht.baseline.first_hour import FirstStep, first_plan, first_questions
from brandwacht.baseline.models import FRAMEWORK, ControlAnswer, Said
from brandwacht.baseline.services.answers import answer_control
from brandwacht.baseline.services.first_plan import begin_key
from brandwacht.baseline.services.reminders import due_at
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.services import actions
from brandwacht.network.usecase import use_case


def begin(actor: Actor, said: Mapping[str, Said]) -> list[FirstStep]:
    """Keep what was said (by number of the control) and put the plan that follows among the actions.

    A question that has an answer already keeps it. Raises ``Refused`` when nothing was said.
    """
    with use_case(actor, "baseline.answer") as case:
        case.require(Owner(actor.organisation_id))
        asked = [each.control.number for each in first_questions()]
        known = {number: said[number] for number in asked if number in said}
        if not known:
            raise Refused(_("Beantwoord ten minste één vraag. Weet u het niet, kies dan dat."))
        own = ControlAnswer.objects.filter(organisation_id=actor.organisation_id, framework=FRAMEWORK)
        there = set(own.values_list("control", flat=True))
        new = {number: choice for number, choice in known.items() if number not in there}
        for number, choice in new.items():
            if choice.as_answer is not None:
                answer_control(actor, number, state=choice.as_answer, reason=_("Eerste indruk van de CISO."))
        plan = first_plan(new, actor.today)
        for step in plan:
            todo = actions.Todo(
                key=begin_key(step.kind, step.number),
                title=step.title[:200],
                why=step.why,
                room="baseline",
                path=reverse("baseline:control", args=[step.number]),
                risk=step.risk,
                effort=step.minutes,
                due=due_at(step.due),
                closes_itself=False,
            )
            actions.put(actor.organisation_id, todo, actor.now)
    return plan
