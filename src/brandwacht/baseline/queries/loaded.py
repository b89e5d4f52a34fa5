"""Reads of what an organisation loaded beside the norm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from brandwacht.baseline.models import NormText
from brandwacht.baseline.queries.grounds import SEE
from brandwacht.engines.norms import Framework, load_framework
from brandwacht.network.actor import Actor
from brandwacht.network.policy import visible


@dataclass(frozen=True, slots=True)
class LoadedNorm:
    """The texts of one norm that were loaded: how many, from which file or files the last, and when."""

    framework: Framework
    count: int
    source: str
    at: datetime


def texts_by_norm(actor: Actor) -> list[LoadedNorm]:
    """What the actor's own organisation loaded, per norm. One query."""
    rows = (
        NormText.objects.filter(visible(actor, SEE), organisation_id=actor.organisation_id)
        .order_by()
        .values("framework")
        .annotate(n=Count("pk"), source=Max("source"), at=Max("loaded_at"))
        .order_by("framework")
    )
    return [LoadedNorm(load_framework(row["framework"]), row["n"], row["source"], row["at"]) for row in rows]
