"""Reads of questions to the circle, and of the answers as far as anybody may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import visible
from brandwacht.sharing.models import CircleQuestion, QuestionAnswer
from brandwacht.sharing.policies.threats import ANSWER_QUESTION, SEE_QUESTION
from brandwacht.sharing.pseudonyms import answer_handle
from brandwacht.sharing.queries.searching import holding
from brandwacht.sharing.steps import STEP

ORDER = ("-asked_at", "-public_id")


def questions(actor: Actor) -> QuerySet[CircleQuestion]:
    """The questions that the actor may read, newest first."""
    named = QuestionAnswer.objects.filter(member__isnull=False).select_related("member").order_by("member__code")
    rows: QuerySet[CircleQuestion] = CircleQuestion.objects.filter(visible(actor, SEE_QUESTION))
    rows = rows.select_related("organisation", "pseudonym", "asker_organisation")
    return rows.prefetch_related(Prefetch("answers", named, to_attr="named")).order_by(*ORDER)


def question(actor: Actor, public_id: Any) -> CircleQuestion:
    """One question; raises ``NotFound``."""
    found = questions(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def matching(rows: QuerySet[CircleQuestion], text: str) -> QuerySet[CircleQuestion]:
    """Those that hold every word of the text, in the question or its indicators."""
    return holding(rows, text, named=("text",), indicators="indicators")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is shown of the answers: sums of anonymous ones, and who answered by name; nothing below three in all."""

    enough: bool
    yes: int
    no: int
    named: tuple[QuestionAnswer, ...]


def outcome(row: CircleQuestion) -> Outcome:
    """The answers to a question of ``questions``.

    Named answers and shown sums count towards the three that are needed; waiting ones do not, since their coming would
    show. The sums are only ever those of anonymous answers, so that names take nothing off them.
    """
    named: list[QuestionAnswer] = row.named  # type: ignore[attr-defined]
    total = len(named) + row.shown_yes + row.shown_no
    if total < STEP:
        return Outcome(False, 0, 0, ())
    return Outcome(True, row.shown_yes, row.shown_no, tuple(named))


def answerable(actor: Actor, rows: list[CircleQuestion]) -> set[int]:
    """Which of these (primary keys) the actor may answer; one query."""
    may = CircleQuestion.objects.filter(visible(actor, ANSWER_QUESTION), pk__in=[row.pk for row in rows])
    return set(may.values_list("pk", flat=True))


def my_answer(actor: Actor, row: CircleQuestion) -> QuestionAnswer | None:
    """What the actor's organisation answered; of an anonymous answer only that it did."""
    mark = answer_handle(actor, row.organisation_id, row.public_id)
    found: QuestionAnswer | None = QuestionAnswer.objects.filter(question=row, handle=mark).first()
    return found


def answered(actor: Actor, rows: list[CircleQuestion]) -> set[int]:
    """Which of these (primary keys) the actor's organisation answered."""
    marks = {answer_handle(actor, row.organisation_id, row.public_id): row.pk for row in rows}
    given = QuestionAnswer.objects.filter(handle__in=list(marks)).values_list("handle", flat=True)
    return {marks[each] for each in given}
