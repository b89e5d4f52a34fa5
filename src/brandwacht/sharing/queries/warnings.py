"""Reads of the circle, already restricted to what the actor may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import visible
from brandwacht.network.queries import capped_count
from brandwacht.sharing.conditions import RED, found_seated
from brandwacht.sharing.models import CircleWarning, ReceiptAnswer, WarningReader, WarningReceipt
from brandwacht.sharing.policy import ANSWER, SEE, SEE_RECEIPTS
from brandwacht.sharing.queries.searching import holding

SORTS = MappingProxyType({"": ("-at", "-public_id"), "at": ("at", "public_id")})
"""By moment and public id, not primary key: the order itself would tell of warnings that the reader may not see."""


def warnings(actor: Actor) -> QuerySet[CircleWarning]:
    """All warnings that the actor may see, newest first; ``at`` is when it was sent, or written while a draft."""
    rows: QuerySet[CircleWarning] = CircleWarning.objects.filter(visible(actor, SEE))
    return (
        rows.select_related("organisation").annotate(at=Coalesce("sent_at", "written_at")).order_by("-at", "-public_id")
    )


def with_my_answer(actor: Actor, rows: QuerySet[CircleWarning]) -> QuerySet[CircleWarning]:
    """Adds ``my_answer``: what the actor's organisation answered, or ``None``."""
    mine = WarningReceipt.objects.filter(warning=OuterRef("pk"), member_id=actor.organisation_id)
    return rows.annotate(my_answer=Subquery(mine.values("answer")[:1]))


def warning(actor: Actor, public_id: Any) -> CircleWarning:
    """One warning with its readers; raises ``NotFound``."""
    readers = Prefetch("readers", WarningReader.objects.select_related("user").order_by("user__name"))
    rows = warnings(actor).select_related("written_by_organisation").prefetch_related(readers)
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    found_seated(actor, found)
    return found


def matching(rows: QuerySet[CircleWarning], text: str) -> QuerySet[CircleWarning]:
    """Those that hold every word: in title, story, advice, techniques, indicators (defanged or not) or number."""
    return holding(
        rows, text, named=("title", "what", "advice", "attack"), indicators="indicators", number="number"
    )  # fmt: skip


def unanswered(actor: Actor) -> QuerySet[CircleWarning]:
    """The warnings that wait for an answer of the actor's organisation, and that the actor may answer."""
    rows = CircleWarning.objects.filter(visible(actor, ANSWER))
    return rows.exclude(receipts__member_id=actor.organisation_id)


def unanswered_count(actor: Actor) -> int:
    """How many wait (capped); one query, none for those who answer nothing."""
    return capped_count(unanswered(actor))


def red_waiting(actor: Actor) -> int:
    """How many warnings with TLP:RED wait for this person (capped)."""
    return capped_count(unanswered(actor).filter(tlp=RED))


def receipts(actor: Actor, rows: Iterable[CircleWarning]) -> QuerySet[WarningReceipt]:
    """The answers to these warnings that the actor may see: the own, or all for those who write for the circle."""
    pks = [each.pk for each in rows]
    found = WarningReceipt.objects.filter(visible(actor, SEE_RECEIPTS), warning_id__in=pks)
    return found.select_related("member").order_by("member__code")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many members answered a warning, and how many of them saw it at home."""

    answers: int
    hits: int


def tallies(actor: Actor, rows: Iterable[CircleWarning]) -> dict[int, Tally]:
    """Per warning (primary key) the answers that the actor may see; one query."""
    given: dict[int, list[str]] = defaultdict(list)
    for warning_id, answer in receipts(actor, rows).values_list("warning_id", "answer"):
        given[warning_id].append(answer)
    return {pk: Tally(len(answers), answers.count(ReceiptAnswer.HIT)) for pk, answers in given.items()}
