"""Reads of the evidence."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from brandwacht.baseline.models import Evidence
from brandwacht.baseline.queries.answers import SEE, ControlRow
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import visible

MOST_SHOWN = 50


def evidence_of(row: ControlRow) -> list[Evidence]:
    """The evidence at one control: what counts longest first, withdrawn last; at most fifty pieces."""
    newest = sorted(row.pieces, key=lambda piece: (piece.valid_to, piece.pk), reverse=True)
    return sorted(newest, key=lambda piece: piece.withdrawn_at is not None)[:MOST_SHOWN]


def evidence_rows(actor: Actor, control: str = "") -> QuerySet[Evidence]:
    """All evidence that the actor may see, or what belongs to one control."""
    rows = Evidence.objects.filter(visible(actor, SEE)).select_related("organisation")
    return rows.filter(control=control) if control else rows


def evidence(actor: Actor, public_id: Any) -> Evidence:
    """One piece of evidence; raises ``NotFound``."""
    found: Evidence | None = evidence_rows(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def evidence_state(piece: Evidence, today: date) -> str:
    """How one piece stands: "loopt", "later" (counts from a day to come), "verlopen" or "ingetrokken"."""
    if piece.withdrawn_at is not None:
        return "ingetrokken"
    if piece.valid_to < today:
        return "verlopen"
    return "later" if piece.valid_from > today else "loopt"
