"""Reads of the reports and of how they look."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from brandwacht.baseline.models import Report, ReportStyle
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import visible

SEE_REPORT = "baseline.report.see"
_HEAVY = ("document", "workbook")


def reports(actor: Actor) -> QuerySet[Report]:
    """The versions of all reports of the actor's organisation, without what stands in them; newest first."""
    rows = Report.objects.filter(visible(actor, SEE_REPORT), organisation_id=actor.organisation_id)
    return rows.defer("content", *_HEAVY).order_by("-made_at", "-pk")


def report(actor: Actor, public_id: Any, *, file: str = "") -> Report:
    """One version; of its files only the one that is asked for ("document" or "workbook"). Raises ``NotFound``."""
    rows = Report.objects.filter(visible(actor, SEE_REPORT)).select_related("organisation")
    rows = rows.defer(*(name for name in _HEAVY if name != file))
    found: Report | None = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def versions(actor: Actor, kind: str) -> QuerySet[Report]:
    """The versions of one kind of report, newest first."""
    return reports(actor).filter(kind=kind).order_by("-version")


def style(actor: Actor, owner_id: int) -> ReportStyle | None:
    """How the reports of an organisation look, when it set that."""
    rows = ReportStyle.objects.filter(visible(actor, SEE_REPORT), organisation_id=owner_id)
    found: ReportStyle | None = rows.first()
    return found
