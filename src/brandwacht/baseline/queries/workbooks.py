"""Reads of the workbooks that were offered."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from brandwacht.baseline.models import AssessmentImport
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import visible

WORKBOOK = "baseline.workbook"


def workbooks(actor: Actor) -> QuerySet[AssessmentImport]:
    """The workbooks that the actor's organisation was offered, without what is in them; newest first."""
    rows = AssessmentImport.objects.filter(visible(actor, WORKBOOK), organisation_id=actor.organisation_id)
    return rows.defer("file", "rows", "undo").order_by("-asked_at", "-pk")


def workbook(actor: Actor, public_id: Any) -> AssessmentImport:
    """One of them; raises ``NotFound``."""
    rows = AssessmentImport.objects.filter(visible(actor, WORKBOOK), public_id=public_id)
    found: AssessmentImport | None = rows.defer("file").first()
    if found is None:
        raise NotFound
    return found
