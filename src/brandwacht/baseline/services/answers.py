"""Answering a control."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from brandwacht.baseline import queries
from brandwacht.baseline.models import FRAMEWORK, AnswerChange, AnswerContent, AnswerState, ControlAnswer, Finding
from brandwacht.baseline.queries.controls import find_control
from brandwacht.baseline.services import reminders
from brandwacht.engines.norms import (
    MATURITY,
    Answer,
    Control,
    RefusedByNorm,
    State,
    check_answer,
)
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case

NEVER = datetime.min.replace(tzinfo=UTC)
"""For ``seen``: the person had no answer before them."""


def answer_control(
    actor: Actor,
    control: str,
    *,
    state: str,
    reason: str = "",
    evidence: str = "",
    evidence_valid_to: date | None = None,
    risk_analysis: str = "",
    design: str = "",
    existence: str = "",
    operation: str = "",
    maturity: int | None = None,
    seen: datetime | None = None,
) -> ControlAnswer:
    """Answer one control of the norm for the actor's own organisation, and keep the earlier answers.

    ``design``, ``existence`` and ``operation`` are findings (``Finding``), ``maturity`` a level from 0 to 5.

    ``seen`` is the ``answered_at`` of the answer that the person looked at; when somebody else answered since, it is
    refused rather than written over. Raises ``NotFound`` for a number that the norm does not have and ``Refused``, on
    the field, for an answer that the norm does not allow.
    """
    with use_case(actor, "baseline.answer") as case:
        case.require(Owner(actor.organisation_id))
        asked = find_control(control)
        if state not in AnswerState.values or state == AnswerState.OPEN:
            raise Refused(_("Kies een van de antwoorden."), "state")
        given: dict[str, Any] = {
            "state": AnswerState(state),
            "reason": reason.strip(),
            "evidence": evidence.strip(),
            "evidence_valid_to": evidence_valid_to,
            "risk_analysis": risk_analysis.strip(),
            "design": design,
            "existence": existence,
            "operation": operation,
            "maturity": maturity,
            "answered_at": actor.now,
            "answered_by": actor.name,
        }
        check_given(actor, asked, given, queries.grounds(actor, actor.organisation_id, [asked.number]))
        answer = _present(actor.organisation_id, asked.number)
        if seen is not None and answer is not None and answer.answered_at != seen:
            raise Refused(
                _("%(who)s beantwoordde deze vraag terwijl u bezig was. Klopt uw antwoord nog? Bewaar het dan opnieuw.")
                % {"who": answer.answered_by},
                "state",
            )
        before = answer.state if answer else AnswerState.OPEN
        if answer is None:
            answer = ControlAnswer(organisation_id=actor.organisation_id, framework=FRAMEWORK, control=asked.number)
        _write(answer, given)
        _write(AnswerChange(organisation_id=actor.organisation_id, framework=FRAMEWORK, control=asked.number), given)
        case.audit(answer, audited(asked.number, before, given))
        reminders.after_answers(actor, [answer])
    return answer


def audited(number: str, before: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the audit chain keeps of an answer that was ``before`` and is now ``given``."""
    return {
        "vraag": number,
        "van": before,
        "naar": given["state"],
        "bewijs_tot": given["evidence_valid_to"],
        "oordeel": "/".join(given[name] or "-" for name in ("design", "existence", "operation")),
    }


def _present(owner_id: int, number: str) -> ControlAnswer | None:
    found: ControlAnswer | None = (
        ControlAnswer.objects.select_for_update()
        .filter(organisation_id=owner_id, framework=FRAMEWORK, control=number)
        .first()
    )
    return found


def _write(row: AnswerContent, given: Mapping[str, Any]) -> None:
    for name, value in given.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # two first answers at the same moment
        raise Refused(_("Iemand anders beantwoordde deze vraag net. Laad de pagina opnieuw."), "state") from error


def check_given(actor: Actor, control: Control, given: Mapping[str, Any], resting: queries.Grounds) -> None:
    """Raise ``Refused``, on the field, for what the norm does not allow; ``resting`` is what the answer rests on."""
    found = {name: given[name] for name in ("design", "existence", "operation", "maturity")}
    if any(found[name] not in Finding.values for name in ("design", "existence", "operation")):
        raise Refused(_("Kies bij opzet, bestaan en werking een van de antwoorden."), "design")
    if found["maturity"] is not None and not 0 <= found["maturity"] < len(MATURITY):
        raise Refused(_("Kies een niveau van 0 tot en met 5."), "maturity")
    evidence, valid_to = given["evidence"], given["evidence_valid_to"]
    judgement = resting.judgement(control, found, actor.today)
    claimed = Answer(
        control.number, State(given["state"]), actor.today, given["reason"], valid_to, given["risk_analysis"], judgement
    )
    try:
        check_answer(control, claimed)
    except RefusedByNorm as error:
        raise Refused(str(error), error.part) from error
    if valid_to and not evidence:
        raise Refused(_("Schrijf op waar het bewijs ligt, of laat de datum leeg."), "evidence")
    if evidence and valid_to is None:
        raise Refused(_("Vul in tot wanneer dit bewijs telt. Bewijs is nooit voor altijd."), "evidence_valid_to")
    if valid_to and valid_to < actor.today:
        raise Refused(
            _("Dit bewijs telt al niet meer. Kies een dag vanaf vandaag, of zoek nieuw bewijs."), "evidence_valid_to"
        )
