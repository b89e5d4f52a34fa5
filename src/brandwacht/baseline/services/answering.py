"""The side of who got a link: one question, one answer, without an account."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.baseline.documents import check_document
from brandwacht.baseline.models import AskedQuestion, AskedState, QuestionFile, QuestionLink, Said
from brandwacht.baseline.services.asking import ask_to_decide
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Refused
from brandwacht.network.services.signed_links import REVOKED, LinkGone, LinkKind
from brandwacht.network.tenancy import tenancy_scope
from brandwacht.network.usecase import use_case

MOST_FILES: Final = 3
MOST_WORDS: Final = 2000
USED: Final = "gebruikt"
"""Why a link opens nothing more: its question was answered. Beside the reasons of every signed link."""


def _holder(link: QuestionLink) -> str:
    return link.question.person


KIND: Final = LinkKind(
    QuestionLink, GrantKind.QUESTION_LINK, "baseline.question.fill", gettext_lazy("één vraag beantwoorden"), "vraag",
    _holder, "brandwacht_vraag", "baseline.question",
)  # fmt: skip


def question_of(link: QuestionLink) -> AskedQuestion:
    """The question of a link, while it waits for an answer: all that its holder may see. Raises ``LinkGone``."""
    question: AskedQuestion = AskedQuestion._base_manager.select_related("organisation").get(pk=link.question_id)
    return _waiting(question)


def _waiting(question: AskedQuestion) -> AskedQuestion:
    if question.state == AskedState.WITHDRAWN:
        raise LinkGone(REVOKED)
    if question.state != AskedState.OPEN:
        raise LinkGone(USED)
    return question


def answer(
    link: QuestionLink, choice: str, words: str, files: Sequence[tuple[str, bytes]], now: datetime
) -> AskedQuestion:
    """Send the answer of who has the link; it waits for the CISO, and the link is used up.

    ``files`` are (name, content). Raises ``Refused`` on the field (``choice``, ``words`` or ``attached``), and
    ``LinkGone`` when the question was answered or taken back meanwhile.
    """
    me = KIND.holder(link, now)
    with tenancy_scope(me.tenancy()), use_case(me, KIND.action) as case:
        case.require(link)
        question = _waiting(AskedQuestion.objects.select_for_update(of=("self",)).get(pk=link.question_id))
        if choice not in Said.values:
            raise Refused(_("Kies wat het beste past."), "choice")
        if len(words.strip()) > MOST_WORDS:
            raise Refused(_("Maak de tekst korter dan 2.000 tekens."), "words")
        if choice != Said.YES and choice != Said.UNKNOWN and not words.strip():
            raise Refused(_("Schrijf in een paar woorden op hoe het nu is."), "words")
        if len(files) > MOST_FILES:
            raise Refused(_("Kies hoogstens drie bestanden."), "attached")
        kept = [_file(question, name, content) for name, content in files]
        question.choice, question.words = Said(choice), words.strip()
        question.state, question.answered_at = AskedState.ANSWERED, now
        question.save()
        QuestionFile.objects.bulk_create(kept)
        case.audit(link, {"vraag": question.control, "beantwoord": choice, "bestanden": len(kept)})
        ask_to_decide(question, now)
    return question


def _file(question: AskedQuestion, name: str, content: bytes) -> QuestionFile:
    try:
        document = check_document(name, content)
    except Refused as error:
        raise Refused(f"{name[:80]}: {error.message}", "attached") from error
    return QuestionFile(
        organisation_id=question.organisation_id, question=question, filename=document.filename,
        media_type=document.media_type, size=len(content), sha256=hashlib.sha256(content).hexdigest(), content=content,
    )  # fmt: skip
