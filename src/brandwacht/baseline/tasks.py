"""What the worker does for the room: the mail that carries a link to one question, and the reading of workbooks.

The token is made here and not where the question is asked: so it stands in the mail, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_tasks import task

from brandwacht.baseline.models import AskedQuestion, AskedState, QuestionLink
from brandwacht.baseline.policies.questions import ASK
from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.forms import day_after
from brandwacht.network.models import Organisation
from brandwacht.network.services.signed_links import new_token
from brandwacht.network.tenancy import tenancy_scope
from brandwacht.network.usecase import use_case

log = structlog.get_logger(__name__)
Clock = Callable[[], datetime]


@task()
def send_question(organisation_code: str, public_id: str, reminder: bool) -> str:
    """Mail a link to this question; returns "verstuurd", "mislukt" or "niet nodig"."""
    return send(organisation_code, public_id, reminder, timezone.now)


def send(organisation_code: str, public_id: str, reminder: bool, clock: Clock) -> str:
    """As ``send_question``, by a given clock. A mail server that fails is told on the question's page."""
    organisation = Organisation.objects.get(code=organisation_code)
    actor = system_actor(organisation, clock(), "werker")
    with tenancy_scope(actor.tenancy()):
        made = make_link(actor, public_id)
        if made is None:
            return "niet nodig"
        link, token = made
        failed = ""
        try:
            _message(link.question, organisation, token, reminder).send()
        except OSError as error:  # the errors of SMTP are such errors
            failed = _("De mailserver nam het bericht niet aan.")
            log.error("mail was not sent", question=public_id, error=type(error).__name__)
        with use_case(actor, ASK) as case:
            question = case.get(AskedQuestion, public_id)
            question.mail_failed = failed
            if failed:
                QuestionLink.objects.filter(pk=link.pk).update(revoked_at=actor.now)
            else:
                question.mailed_at = clock()
            question.save(update_fields=["mail_failed", "mailed_at"])
            case.audit(question, {"vraag": question.control, "mail": "mislukt" if failed else "verstuurd"})
    return "mislukt" if failed else "verstuurd"


def make_link(actor: Actor, public_id: str) -> tuple[QuestionLink, str] | None:
    """A new link to a question that waits for an answer, and its token; ``None`` when it waits no more."""
    with use_case(actor, ASK) as case:
        question = case.get(AskedQuestion, public_id)
        if question.state != AskedState.OPEN:
            return None
        token, token_hash = new_token()
        link = QuestionLink(
            organisation_id=actor.organisation_id, question=question, token_hash=token_hash, created_at=actor.now,
            created_by=question.asked_by, expires_at=day_after(question.due),
        )  # fmt: skip
        link.save()
        case.audit(link, {"vraag": question.control, "tot": link.expires_at.isoformat()})
    return link, token


def _message(question: AskedQuestion, organisation: Organisation, token: str, reminder: bool) -> EmailMessage:
    """The mail: who asks, what it takes, the link, and how to be sure. Nothing of the question itself: mail is not a
    place for it.
    """
    words = {
        "person": question.person,
        "asker": question.asked_by,
        "organisation": organisation.full_name,
        "address": settings.SITE_URL + reverse("baseline:question-open", args=[token]),
        "day": date_format(question.due, "l j F Y"),
    }
    if reminder:
        subject = _("Herinnering: %(organisation)s wacht op uw antwoord") % words
    else:
        subject = _("%(organisation)s stelt u één vraag over digitale veiligheid") % words
    body = (
        _(
            "Beste %(person)s,\n\n"
            "%(asker)s van %(organisation)s stelt u één vraag over digitale veiligheid. U hoeft geen deskundige te "
            "zijn: vertel in uw eigen woorden hoe het bij u gaat. Dat kost ongeveer twee minuten en kan op uw "
            "telefoon. U heeft geen account nodig.\n\n"
            "Open deze link:\n%(address)s\n\n"
            "De link werkt tot en met %(day)s, voor één antwoord. Hij is alleen voor u. Stuur hem niet door.\n\n"
            "Weet u niet zeker of dit bericht echt is? Bel %(asker)s dan op een nummer dat u al kende.\n"
        )
        % words
    )
    return EmailMessage(subject, body, to=[question.email])


@task()
def work_on_workbook(organisation_code: str, public_id: str) -> str:
    """Read an offered workbook, or take over what was chosen of it; returns how it ended."""
    from brandwacht.baseline.services.workbooks import run

    return run(organisation_code, public_id, timezone.now)
