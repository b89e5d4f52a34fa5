"""Questions of the analyst to the organisation whose alert it is, and its answers."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.services import actions
from brandwacht.network.usecase import use_case
from brandwacht.soc.models import Alert, AlertQuestion, EntryKind
from brandwacht.soc.services.story import tell
from brandwacht.soc.terms import terms

MAX_QUESTION, MAX_ANSWER = 500, 4000
EFFORT = 5
"""Minutes that an answer usually takes."""


def ask(actor: Actor, public_id: Any, text: str) -> AlertQuestion:
    """Ask the organisation something about its alert; it becomes an action of the CISO, due by severity."""
    with use_case(actor, "soc.alert.triage") as case:
        alert = case.get(Alert, public_id, see="soc.alert.see", lock=False)
        text = text.strip()
        if not text:
            raise Refused(_("Schrijf uw vraag op."), "text")
        if len(text) > MAX_QUESTION:
            raise Refused(_("Maak de vraag korter: hoogstens 500 tekens."), "text")
        if not alert.open:
            raise Refused(_("Deze melding staat niet meer open. Zet haar eerst terug in de wachtrij."), "text")
        question = AlertQuestion(
            organisation_id=alert.organisation_id,
            alert=alert,
            text=text,
            asked_by=actor.name,
            asked_at=actor.now,
            due=actor.now + terms().answer[alert.severity],
        )
        question.save()
        todo = actions.Todo(
            key=_key(question),
            title=_("Beantwoord een vraag over een melding: %(title)s") % {"title": alert.title[:150]},
            why=text[:300],
            room="soc",
            path=f"{reverse('soc:detail', args=[alert.public_id])}#vragen",
            risk=max(1, alert.severity),
            effort=EFFORT,
            due=question.due,
        )
        actions.put(alert.organisation_id, todo, actor.now)
        tell(actor, alert, EntryKind.QUESTION, text, question=question)
        case.audit(question)
    return question


def answer(actor: Actor, public_id: Any, text: str) -> AlertQuestion:
    """Answer a question, once; the answer stands in the story of the alert."""
    with use_case(actor, "soc.question.answer") as case:
        question = case.get(AlertQuestion, public_id, see="soc.alert.see")
        text = text.strip()
        if not text:
            raise Refused(_("Schrijf uw antwoord op."), "answer")
        if len(text) > MAX_ANSWER:
            raise Refused(_("Maak het antwoord korter: hoogstens 4.000 tekens."), "answer")
        if question.answered_at is not None:
            raise Refused(
                _("%(who)s heeft deze vraag al beantwoord. Vul aan met een notitie.") % {"who": question.answered_by}
            )
        question.answer, question.answered_by, question.answered_at = text, actor.name, actor.now
        question.save(update_fields=["answer", "answered_by", "answered_at"])
        actions.complete(question.organisation_id, _key(question), actor)
        tell(actor, question.alert, EntryKind.ANSWER, text, question=question)
        case.audit(question)
    return question


def _key(question: AlertQuestion) -> str:
    return f"soc.vraag.{question.public_id}"
