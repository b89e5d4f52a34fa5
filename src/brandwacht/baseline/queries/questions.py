"""Reads of the questions that were put to colleagues."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from brandwacht.baseline.models import AskedQuestion, QuestionFile
from brandwacht.baseline.policies.questions import ASK
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import visible


def asked(actor: Actor) -> QuerySet[AskedQuestion]:
    """All questions that the actor's organisation put to somebody, newest first."""
    return AskedQuestion.objects.filter(visible(actor, ASK)).order_by("-asked_at", "-pk")


def asked_about(actor: Actor, number: str) -> list[AskedQuestion]:
    """The last questions about one control, at most five."""
    return list(asked(actor).filter(control=number)[:5])


def asked_question(actor: Actor, public_id: Any) -> AskedQuestion:
    """One of them; raises ``NotFound``."""
    found = asked(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def files_of(actor: Actor, question: AskedQuestion) -> list[QuestionFile]:
    """The files that came with an answer, without their content."""
    rows = QuestionFile.objects.filter(visible(actor, ASK), question=question).defer("content")
    return list(rows.order_by("pk"))
