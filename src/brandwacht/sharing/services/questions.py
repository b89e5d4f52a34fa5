"""The use cases of "Ziet iemand dit?": ask, answer by name or anonymously, and close."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from brandwacht.engines.intel import TLP
from brandwacht.network import audit
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import UseCase, use_case
from brandwacht.sharing.circle import circle_for
from brandwacht.sharing.content import read_content
from brandwacht.sharing.models import CircleQuestion, QuestionAnswer, Topic
from brandwacht.sharing.own_traces import own_traces
from brandwacht.sharing.policies.threats import ANSWER_QUESTION, ASK, CLOSE_QUESTION, SEE_QUESTION
from brandwacht.sharing.pseudonyms import answer_handle, hour, masked
from brandwacht.sharing.services.pseudonyms import pseudonym_for
from brandwacht.sharing.steps import STEP


def ask(
    actor: Actor, *, text: str, tlp: str, topic: str, indicators: str = "", pseudonymous: bool = False
) -> CircleQuestion:
    """Ask the circle. Under a pseudonym it is refused when the text tells who asks."""
    with use_case(actor, ASK) as case:
        circle = circle_for(actor, ASK)
        case.require(Owner(circle.pk))
        if topic not in Topic.values:
            raise Refused(_("Kies waar het over gaat."), "topic")
        if not text.strip():
            raise Refused(_("Schrijf uw vraag op."), "text")
        content = read_content(
            actor, title=_("Vraag"), tlp=tlp, what=text, advice="", indicators_text=indicators, techniques=()
        )
        if content.tlp is TLP.RED:
            raise Refused(
                _("Een vraag aan de kring kan niet TLP:RED zijn. Vraag het dan aan die personen zelf."), "tlp"
            )
        question = CircleQuestion(organisation=circle, text=content.what, tlp=content.tlp.name)
        question.indicators = content.indicators
        if pseudonymous:
            found = own_traces(actor, {"what": content.what, "indicators": indicators})
            if found:
                raise Refused(
                    _("In uw vraag staat “%(word)s”: %(why)s. Haal dat weg, of vraag het onder uw eigen naam.")
                    % {"word": found[0].word, "why": found[0].why},
                    "text" if found[0].field == "what" else "indicators",
                )
            question.pseudonym = pseudonym_for(actor, circle, topic)
            question.asked_at = hour(actor.now)
        else:
            question.asker_id, question.asker_organisation_id = actor.user_id, actor.organisation_id
            question.asked_at = actor.now
        question.save()
        _note(case, question, ASK)
    return question


def answer(actor: Actor, public_id: Any, *, seen: bool, by_name: bool) -> None:
    """Answer for the actor's organisation, once. By name it can be changed; an anonymous answer is only added to a sum.

    Sums are shown in steps of three: what came since the last step waits, so that nobody who looks twice learns one
    answer. The chain holds that a member answered, not which and not what.
    """
    with use_case(actor, ANSWER_QUESTION) as case:
        question = case.get(CircleQuestion, public_id, see=SEE_QUESTION)
        mark = answer_handle(actor, question.organisation_id, question.public_id)
        given = QuestionAnswer.objects.filter(question=question, handle=mark).first()
        if given is not None and given.member_id is None:
            raise Refused(_("Uw organisatie antwoordde al, zonder naam. Dat antwoord staat vast."))
        if given is not None and not by_name:
            raise Refused(_("Uw organisatie antwoordde al onder haar naam. Dat kan niet meer zonder naam."))
        if given is None:
            given = QuestionAnswer(organisation_id=question.organisation_id, question=question, handle=mark)
        if by_name:
            given.member_id, given.seen = actor.organisation_id, seen
        else:
            _count(question, seen)
        given.save()
        if by_name:
            case.audit(question, {"antwoord": "ja" if seen else "nee"})
        else:
            who = masked(actor, question.organisation, _("een lid, zonder naam"))
            fact = audit.Fact(question.organisation_id, ANSWER_QUESTION, question._meta.label, str(question.public_id))
            audit.write(who, [fact])


def _count(question: CircleQuestion, seen: bool) -> None:
    question.waiting_yes += seen
    question.waiting_no += not seen
    if question.waiting_yes + question.waiting_no >= STEP:
        question.shown_yes += question.waiting_yes
        question.shown_no += question.waiting_no
        question.waiting_yes = question.waiting_no = 0
    question.save()


def close(actor: Actor, public_id: Any) -> CircleQuestion:
    """Close one's own question; answers that still wait for two others are never shown."""
    with use_case(actor, CLOSE_QUESTION) as case:
        question = case.get(CircleQuestion, public_id, see=SEE_QUESTION)
        if question.closed_at is not None:
            raise Refused(_("Deze vraag is al gesloten."))
        question.closed_at = actor.now if question.pseudonym is None else max(hour(actor.now), question.asked_at)
        question.waiting_yes = question.waiting_no = 0
        question.save()
        _note(case, question, CLOSE_QUESTION)
    return question


def _note(case: UseCase, question: CircleQuestion, action: str) -> None:
    if question.pseudonym is None:
        case.audit(question, {"tlp": question.marking.label}, action)
        return
    who = masked(case.actor, question.organisation, question.pseudonym.name)
    fact = audit.Fact(
        question.organisation_id, action, question._meta.label, str(question.public_id),
        detail={"tlp": question.marking.label},
    )  # fmt: skip
    audit.write(who, [fact])
