"""Putting a question of the norm to somebody without an account, and deciding on what came back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.baseline.models import (
    FRAMEWORK,
    AskedQuestion,
    AskedState,
    ControlAnswer,
    QuestionFile,
    QuestionLink,
    Said,
)
from brandwacht.baseline.policies.questions import ASK
from brandwacht.baseline.queries.controls import find_control
from brandwacht.baseline.services.answers import answer_control
from brandwacht.baseline.services.evidence import add_evidence
from brandwacht.baseline.weighing import risk
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import User
from brandwacht.network.periodic import Job
from brandwacht.network.policy import Owner
from brandwacht.network.services import actions
from brandwacht.network.tenancy import every_owner
from brandwacht.network.usecase import use_case

LONGEST: Final = timedelta(days=60)
USUAL: Final = timedelta(days=14)
AGAIN: Final = timedelta(days=7)
"""So long somebody gets after a reminder."""
PAUSE: Final = timedelta(hours=20)
"""A reminder a day at most: mail that comes more often is read less."""
MOST_OPEN: Final = 200


def ask(actor: Actor, control: str, *, person: str, email: str, due: date | None, note: str = "") -> AskedQuestion:
    """Put one question to one person, by a mail that the worker sends. Raises ``NotFound`` or ``Refused``."""
    with use_case(actor, ASK) as case:
        case.require(Owner(actor.organisation_id))
        asked = find_control(control)
        name, address = " ".join(person.split()), email.strip().lower()
        if not name:
            raise Refused(_("Schrijf op aan wie u de vraag stelt."), "person")
        try:
            validate_email(address)
        except ValidationError as error:
            raise Refused(_("Dit is geen geldig e-mailadres."), "email") from error
        if address == _address_of(actor):
            raise Refused(_("Dit is uw eigen adres. Beantwoord de vraag dan zelf, of vraag een ander."), "email")
        if due is None or not actor.today < due <= actor.today + LONGEST:
            raise Refused(_("Kies een dag na vandaag, binnen zestig dagen."), "due")
        mine = AskedQuestion.objects.filter(organisation_id=actor.organisation_id, state=AskedState.OPEN)
        if mine.filter(control=asked.number, email=address).exists():
            raise Refused(_("Deze vraag ligt al bij deze persoon. Herinner, of trek de vraag eerst in."), "email")
        if mine.count() >= MOST_OPEN:
            raise Refused(_("Er staan al 200 vragen uit. Wacht op antwoord, of trek er eerst in."))
        question = AskedQuestion(
            organisation_id=actor.organisation_id, framework=FRAMEWORK, control=asked.number, person=name[:120],
            email=address, note=note.strip()[:500], due=due, asked_at=actor.now, asked_by=actor.name,
        )  # fmt: skip
        question.save()
        case.audit(question, {"vraag": question.control, "uiterlijk": due})
        _mail(actor, question, reminder=False)
    return question


def remind(actor: Actor, public_id: Any) -> AskedQuestion:
    """Send the person a new link to the same question, with at least a week to answer."""
    with use_case(actor, ASK) as case:
        question = case.get(AskedQuestion, public_id)
        if question.state != AskedState.OPEN:
            raise Refused(_("Op deze vraag wacht u niet meer. Laad de pagina opnieuw."))
        last = question.reminded_at or question.asked_at
        if not question.mail_failed and actor.now - last < PAUSE:
            raise Refused(_("U stuurde vandaag al een bericht. Wacht een dag met de volgende herinnering."))
        question.due = max(question.due, actor.today + AGAIN)
        question.reminded_at, question.mail_failed = actor.now, ""
        question.save()
        case.audit(question, {"vraag": question.control, "herinnerd": True, "uiterlijk": question.due})
        actions.complete(question.organisation_id, late_key(question), actor)
        _mail(actor, question, reminder=True)
    return question


def withdraw(actor: Actor, public_id: Any) -> AskedQuestion:
    """Take a question back: its links stop working now. One that was answered meanwhile is decided on instead."""
    with use_case(actor, ASK) as case:
        question = case.get(AskedQuestion, public_id)
        if question.state != AskedState.OPEN:
            raise Refused(_("Deze vraag is al beantwoord of ingetrokken. Laad de pagina opnieuw."))
        question.state, question.decided_at, question.decided_by = AskedState.WITHDRAWN, actor.now, actor.name
        question.save()
        QuestionLink.objects.filter(question=question, revoked_at__isnull=True).update(revoked_at=actor.now)
        case.audit(question, {"vraag": question.control, "ingetrokken": True})
        actions.complete(question.organisation_id, late_key(question), actor)
    return question


def _mail(actor: Actor, question: AskedQuestion, *, reminder: bool) -> None:
    from brandwacht.baseline.tasks import send_question  # a task is registered once the rooms are loaded

    send_question.enqueue(actor.organisation_code, str(question.public_id), reminder)


# --- what came back --------------------------------------------------------------------------------------------------


def take_over(
    actor: Actor,
    public_id: Any,
    *,
    state: str,
    reason: str,
    files: Collection[str],
    valid_to: date | None = None,
    risk_analysis: str = "",
    seen: datetime | None = None,
) -> AskedQuestion:
    """Make of what somebody said the answer to the norm, as it is or changed; the chosen files become its evidence.

    ``files`` are public ids; ``valid_to`` is the last day on which they count (a year when not given). Raises
    ``Refused`` as ``answer_control`` and ``add_evidence`` do.
    """
    with use_case(actor, ASK) as case:
        question = _to_decide(case.get(AskedQuestion, public_id), actor)
        kept_back = _kept(actor, question, state)
        answer_control(
            actor, question.control, state=state, reason=reason, risk_analysis=risk_analysis, seen=seen, **kept_back
        )
        assert question.answered_at is not None  # noqa: S101 - it was answered, or there is nothing to decide
        received = timezone.localdate(question.answered_at)
        kept = [file for file in question.files.order_by("pk") if str(file.public_id) in files]
        for file in kept:
            title = _("%(file)s, van %(person)s") % {"file": file.filename, "person": question.person}
            add_evidence(
                actor, question.control, title=title[:200], content=bytes(file.content), filename=file.filename,
                received_on=received, valid_to=valid_to,
            )  # fmt: skip
        same = state == Said(question.choice).as_answer and reason.strip() == proposed_reason(question).strip()
        _decide(actor, question, AskedState.TAKEN if same else AskedState.CHANGED, "")
        case.audit(question, {"vraag": question.control, "uitkomst": question.state, "bewijzen": len(kept)})
    return question


def _kept(actor: Actor, question: AskedQuestion, state: str) -> dict[str, Any]:
    """What the present answer holds that nobody was asked about: evidence that still counts, and findings as long as
    the answer itself stays the same.
    """
    before = ControlAnswer.objects.filter(
        organisation_id=actor.organisation_id, framework=FRAMEWORK, control=question.control
    ).first()
    if before is None:
        return {}
    names: tuple[str, ...] = ()
    if before.evidence_valid_to and before.evidence_valid_to >= actor.today:
        names += ("evidence", "evidence_valid_to")
    if before.state == state:
        names += ("design", "existence", "operation", "maturity")
    return {name: getattr(before, name) for name in names}


def refuse(actor: Actor, public_id: Any, word: str) -> AskedQuestion:
    """Do not take over what somebody said, and say why; what came with it is erased."""
    with use_case(actor, ASK) as case:
        question = _to_decide(case.get(AskedQuestion, public_id), actor)
        if not word.strip():
            raise Refused(_("Schrijf op waarom u dit niet overneemt."), "word")
        _decide(actor, question, AskedState.REFUSED, word.strip()[:300])
        case.audit(question, {"vraag": question.control, "uitkomst": question.state})
    return question


def open_file(actor: Actor, public_id: Any) -> QuestionFile:
    """A file that came with an answer, with its content; a line in the audit chain says who took it."""
    with use_case(actor, ASK) as case:
        file = case.get(QuestionFile, public_id, lock=False)
        case.audit(file, {"vraag": file.question.control, "sha256": file.sha256})
    return file


def proposed_reason(question: AskedQuestion) -> str:
    """What somebody said, as the reason of an answer: their words, and whose they are."""
    assert question.answered_at is not None  # noqa: S101 - there are words once it was answered
    who = {"person": question.person, "day": date_format(timezone.localdate(question.answered_at), "j F Y")}
    said = _("Volgens %(person)s, %(day)s:") % who
    return f"{said} {question.words or Said(question.choice).label}"


def _to_decide(question: AskedQuestion, actor: Actor) -> AskedQuestion:
    if question.state != AskedState.ANSWERED:
        raise Refused(_("Over dit antwoord is al besloten. Laad de pagina opnieuw."))
    if question.email == _address_of(actor):
        raise Refused(_("U gaf dit antwoord zelf. Laat een collega het beoordelen: vier ogen zien meer dan twee."))
    return question


def _decide(actor: Actor, question: AskedQuestion, state: AskedState, word: str) -> None:
    question.state, question.verdict = state, word
    question.decided_at, question.decided_by = actor.now, actor.name
    question.save()
    QuestionFile.objects.filter(question=question).delete()
    actions.complete(question.organisation_id, key(question), actor)


def _address_of(actor: Actor) -> str | None:
    if actor.user_id is None:
        return None
    found = User.objects.filter(pk=actor.user_id).values_list("email", flat=True).first()
    return found.lower() if found else None


# --- actions ---------------------------------------------------------------------------------------------------------


def key(question: AskedQuestion) -> str:
    """The key of the action that asks to decide on an answer."""
    return f"vraag:{question.public_id}"


def late_key(question: AskedQuestion) -> str:
    """The key of the action that asks to go after an answer that did not come."""
    return f"vraag-laat:{question.public_id}"


def ask_to_decide(question: AskedQuestion, now: datetime) -> None:
    """Put the action that asks for a decision on an answer; the other one, that it is late, ends."""
    todo = actions.Todo(
        key=key(question),
        title=(_("Beoordeel het antwoord van %(person)s op %(number)s") % _words(question))[:200],
        why=_("Het telt pas mee als u het overneemt."),
        room="baseline",
        path=reverse("baseline:asked", args=[question.public_id]),
        risk=risk(find_control(question.control)),
        effort=5,
    )
    actions.put(question.organisation_id, todo, now)


def go_after(now: datetime) -> str:
    """Ask to go after every answer that did not come in time. Periodic work."""
    with every_owner():
        late = list(AskedQuestion.objects.filter(state=AskedState.OPEN, due__lt=timezone.localdate(now)).order_by("pk"))
    for question in late:
        day = date_format(question.due, "j F Y")
        todo = actions.Todo(
            key=late_key(question),
            title=(_("Vraag na: %(person)s antwoordde nog niet op %(number)s") % _words(question))[:200],
            why=_("U vroeg om antwoord uiterlijk op %(day)s. Herinner, of vraag het iemand anders.") % {"day": day},
            room="baseline",
            path=reverse("baseline:asked", args=[question.public_id]),
            risk=risk(find_control(question.control)),
            effort=5,
        )
        actions.put(question.organisation_id, todo, now)
    return _("%(n)d vragen wachten te lang op antwoord") % {"n": len(late)} if late else ""


LATE = Job("baseline.questions", "dag", go_after)


def _words(question: AskedQuestion) -> dict[str, str]:
    return {"person": question.person, "number": question.control}
