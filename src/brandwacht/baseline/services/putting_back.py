"""Putting back the answers that a workbook changed, as new answers: the history keeps both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from brandwacht.baseline.models import FRAMEWORK, AnswerChange, AnswerState, AssessmentImport, ControlAnswer
from brandwacht.baseline.services import reminders
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused


def put_back(actor: Actor, row: AssessmentImport) -> None:
    """Put back what stood before; a question that had no answer is open again. Runs inside a use case.

    Raises ``Refused`` when one of the answers was given anew since.
    """
    numbers = [each["number"] for each in row.undo]
    own = ControlAnswer.objects.select_for_update().filter(
        organisation_id=row.organisation_id, framework=FRAMEWORK, control__in=numbers
    )
    present = {answer.control: answer for answer in own}
    for each in row.undo:
        there = present.get(each["number"])
        if there is None or there.answered_at != parse_datetime(each["after"]):
            raise Refused(
                _("Vraag %(number)s is daarna opnieuw beantwoord. Pas de antwoorden met de hand aan.")
                % {"number": each["number"]}
            )
    put = [_put_one(actor, present[each["number"]], each["before"], row) for each in row.undo]
    reminders.after_answers(actor, put)


def _put_one(
    actor: Actor, there: ControlAnswer, before: Mapping[str, Any] | None, row: AssessmentImport
) -> ControlAnswer:
    change = AnswerChange(organisation_id=row.organisation_id, framework=FRAMEWORK, control=there.control)
    if before is None:
        there.delete()
        there = ControlAnswer(organisation_id=row.organisation_id, framework=FRAMEWORK, control=there.control)
        there.state = AnswerState.OPEN
    fields: dict[str, Any] = {field.name: field for field in AnswerChange._meta.concrete_fields}
    for answer in (there, change):
        for name, value in (before or {"state": AnswerState.OPEN}).items():
            setattr(answer, name, fields[name].to_python(value))
        answer.answered_at, answer.answered_by = actor.now, actor.name
    change.import_ref = row.public_id
    change.save()
    if before is not None:
        there.save()
    return there
