"""Answering many controls at once, as a workbook does: the rules of one answer, in a dozen queries for all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from brandwacht.baseline import queries
from brandwacht.baseline.models import FRAMEWORK, AnswerState, ControlAnswer
from brandwacht.baseline.queries.controls import find_control
from brandwacht.baseline.services import keeping, reminders
from brandwacht.baseline.services.answers import audited, check_given
from brandwacht.network import audit
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case

Given = Mapping[str, Any]
"""The arguments of ``answer_control``, all of them."""


def refusal(actor: Actor, number: str, given: Given, resting: queries.Grounds) -> Refused | None:
    """Why the norm refuses this answer, if it does; nothing is written. Raises ``NotFound`` for an unknown number."""
    try:
        check_given(actor, find_control(number), _filled(actor, given), resting)
    except Refused as error:
        return error
    return None


def answer_many(actor: Actor, wanted: Mapping[str, Given], present: Mapping[str, ControlAnswer]) -> list[ControlAnswer]:
    """Give these answers (by control number) for the actor's own organisation, all or none.

    ``present`` holds the answers of now to these controls, locked by the caller. Raises ``Refused`` and ``NotFound`` as
    ``answer_control`` does.
    """
    with use_case(actor, "baseline.answer") as case:
        case.require(Owner(actor.organisation_id))
        resting = queries.grounds(actor, actor.organisation_id, wanted)
        answers, facts = [], []
        for number, given in wanted.items():
            filled = _filled(actor, given)
            check_given(actor, find_control(number), filled, resting)
            where = {"organisation_id": actor.organisation_id, "framework": FRAMEWORK, "control": number}
            answer = present.get(number) or ControlAnswer(**where)
            before = answer.state or AnswerState.OPEN
            for name, value in filled.items():
                setattr(answer, name, value)
            answers.append(answer)
            facts.append(_fact(case.action, answer, audited(number, before, filled)))
        new = [answer for answer in answers if answer.pk is None]
        known = [answer for answer in answers if answer.pk is not None]
        keeping.keep_new(new)
        keeping.keep_changed(known)
        audit.write(actor, facts)
        reminders.after_answers(actor, answers)
    return answers


def _filled(actor: Actor, given: Given) -> dict[str, Any]:
    if given["state"] not in AnswerState.values or given["state"] == AnswerState.OPEN:
        raise Refused(_("Kies een van de antwoorden."), "state")
    texts = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    return texts | {"state": AnswerState(given["state"]), "answered_at": actor.now, "answered_by": actor.name}


def _fact(action: str, answer: ControlAnswer, detail: Mapping[str, Any]) -> audit.Fact:
    return audit.Fact(answer.organisation_id, action, answer._meta.label, str(answer.public_id), detail=detail)
