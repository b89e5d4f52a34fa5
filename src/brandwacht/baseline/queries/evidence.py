"""Reads of the evidence."""

from __future__ import annotations

from datetime import date
from typing import Any

from brandwacht.baseline.models import FRAMEWORK, Evidence
from brandwacht.baseline.queries.answers import SEE
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import visible

MOST_SHOWN = 50


def evidence_of(actor: Actor, number: str) -> list[Evidence]:
    """The evidence at one control of the actor's own organisation: what counts longest first, withdrawn last."""
    rows = Evidence.objects.filter(
        visible(actor, SEE), organisation_id=actor.organisation_id, framework=FRAMEWORK, control=number
    )
    return sorted(rows.order_by("-valid_to", "-pk")[:MOST_SHOWN], key=lambda piece: piece.withdrawn_at is not None)


def evidence(actor: Actor, public_id: Any) -> Evidence:
    """One piece of evidence; raises ``NotFound``."""
    found: Evidence | None = (
        Evidence.objects.filter(visible(actor, SEE), public_id=public_id).select_related("organisation").first()
    )
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
