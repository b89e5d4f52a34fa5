"""The reading list: everything of the circle that a person may see, as short lines; what concerns them first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import BooleanField, Case, CharField, Q, QuerySet, Value, When
from django.urls import reverse

from brandwacht.engines.intel import TLP
from brandwacht.network.actor import Actor
from brandwacht.network.paging import PAGE, Place, beyond
from brandwacht.sharing.models import QuestionAnswer, ReadMark
from brandwacht.sharing.pseudonyms import answer_handle
from brandwacht.sharing.queries.searching import SHORTEST_SEARCH, fitting
from brandwacht.sharing.reading_kinds import KINDS, QUESTION, Kind

ORDER: Final = ("is_read", "-at", "-public_id")
"""What was not read yet first, then by moment; public id, not primary key: that would tell of what is hidden."""
FIELDS: Final = ("kind_key", "public_id", "heading", "tlp", "at", "is_read", "gone", "asked", "organisation_id")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list. ``asked``: it may ask the reader something; ``with_asks`` says in ``asks`` what it asks.

    ``why`` says why it concerns the reader's organisation; both texts may be empty.
    """

    kind: Kind
    public_id: UUID
    heading: str
    marking: TLP
    at: datetime
    is_read: bool
    gone: bool
    asked: bool
    owner_id: int
    asks: str = ""
    why: str = ""

    @property
    def url(self) -> str:
        """Where it is read."""
        return reverse(self.kind.url, args=[self.public_id])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see; empty is everything."""

    text: str = ""
    kind: str = ""
    tlp: str = ""
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of lines. ``more``: there are others after the last; ``first``: it starts at the top."""

    rows: list[Line]
    more: bool
    first: bool


def lines(actor: Actor, wanted: Wanted, after: UUID | None = None, without: Iterable[UUID] = ()) -> Lines:
    """The lines after the one with this public id, of what is wanted, without some; from the top when it is not there.

    One query, and one to find the place. What is asked of the reader is added by ``with_asks``.
    """
    past = _place(actor, after) if after is not None else None
    kinds = [kind for kind in KINDS.values() if wanted.kind in ("", kind.key)]
    parts = [part(actor, kind, wanted, past, without).values_list(*FIELDS) for kind in kinds]
    found = list(joined(parts).order_by(*ORDER)[: PAGE + 1])
    return Lines(
        [line_of(dict(zip(FIELDS, each, strict=True))) for each in found[:PAGE]], len(found) > PAGE, past is None
    )


def suggestions(
    actor: Actor, text: str, kinds: Iterable[Kind] = tuple(KINDS.values()), *, of_each: int = 20
) -> list[str]:
    """What to search for, from what the actor may see of these kinds: looked for in the first ``of_each`` rows of each
    kind that hold the text.
    """
    text = text.strip()
    if len(text) < SHORTEST_SEARCH:
        return []
    words = [kind.words(row) for kind in kinds for row in kind.matching(kind.rows(actor), text)[:of_each]]
    return fitting(words, text)


def read_by(actor: Actor) -> Any:
    """What the actor read, as a subquery of public ids."""
    return ReadMark._base_manager.filter(user_id=actor.user_id).values("item")


def unread_of(actor: Actor, kind: Kind) -> QuerySet[Any]:
    """The rows of a kind that the actor did not read, and did not write."""
    return kind.rows(actor).exclude(public_id__in=read_by(actor)).exclude(kind.mine(actor))


def joined(parts: Sequence[Any]) -> Any:
    """Rows of several tables with the same columns, as one."""
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def part(
    actor: Actor, kind: Kind, wanted: Wanted, past: Place | None = None, without: Iterable[UUID] = ()
) -> QuerySet[Any]:
    """What is wanted of one kind, with all of ``FIELDS``."""
    rows = kind.matching(kind.rows(actor), wanted.text) if wanted.text else kind.rows(actor)
    if wanted.tlp:
        rows = rows.filter(tlp=wanted.tlp)
    known = Q(public_id__in=read_by(actor)) | kind.mine(actor)
    rows = rows.annotate(
        kind_key=Value(kind.key, CharField()),
        is_read=whether(known),
        gone=whether(kind.gone),
        asked=whether(kind.asking(actor)),
    )
    if wanted.unread:
        rows = rows.filter(is_read=False)
    if past is not None:
        rows = rows.filter(beyond(ORDER, past))
    left_out = list(without)
    if left_out:
        rows = rows.exclude(public_id__in=left_out)
    found: QuerySet[Any] = rows.order_by()
    return found


def whether(condition: Q) -> Case:
    """A condition as a column."""
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def line_of(row: Mapping[str, Any]) -> Line:
    """A row with ``FIELDS`` as a line."""
    return Line(
        KINDS[row["kind_key"]], row["public_id"], row["heading"], TLP[row["tlp"]], row["at"], bool(row["is_read"]),
        bool(row["gone"]),
        bool(row["asked"]),
        row["organisation_id"],
    )  # fmt: skip


def with_asks(actor: Actor, rows: Sequence[Line]) -> list[Line]:
    """These lines with what is asked of the actor. One query: which questions the actor's organisation answered."""
    marks = {
        answer_handle(actor, row.owner_id, row.public_id): row.public_id
        for row in rows
        if row.kind is QUESTION and row.asked
    }
    given = QuestionAnswer.objects.filter(handle__in=list(marks)).values_list("handle", flat=True) if marks else ()
    done = {marks[each] for each in given}
    return [replace(row, asks=str(row.kind.ask) if row.asked and row.public_id not in done else "") for row in rows]


def _place(actor: Actor, public_id: UUID) -> Place | None:
    parts = [part(actor, kind, Wanted()).filter(public_id=public_id).values_list(*FIELDS) for kind in KINDS.values()]
    found = next(iter(joined(parts)), None)
    if found is None:
        return None
    row = line_of(dict(zip(FIELDS, found, strict=True)))
    return row.is_read, row.at, row.public_id
