"""What sources tell on the pages of figures and shifts: when nobody watched, and what fell silent."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from brandwacht.network.actor import Actor
from brandwacht.network.models import Organisation
from brandwacht.network.panels import PanelContent
from brandwacht.network.policy import may_anywhere
from brandwacht.network.usecase import note_listing
from brandwacht.soc.models import WatchShift
from brandwacht.soc.queries import gaps


class Span(Protocol):
    """A month, from ``since`` up to ``until``."""

    @property
    def since(self) -> datetime: ...
    @property
    def until(self) -> datetime: ...


class Told(Protocol):
    """What the page of figures is about: a month, and one organisation or all."""

    @property
    def month(self) -> Span: ...
    @property
    def owner(self) -> Organisation | None: ...


def not_watched(actor: Actor, told: Told) -> PanelContent | None:
    """On the figures: the gap ledger of the month, added up."""
    if not may_anywhere(actor, gaps.SEE):
        return None
    sums = gaps.gap_sums(actor, told.month.since, told.month.until, told.owner.pk if told.owner else None)
    note_listing(actor, gaps.SEE, {gap.organisation_id for gap in sums.longest})
    return PanelContent("soc/_figures_gaps.html", {"sums": sums})


def fell_silent(actor: Actor, shift: WatchShift) -> PanelContent | None:
    """On a shift: the sources that were silent in it, those that still are first."""
    if not may_anywhere(actor, gaps.SEE):
        return None
    found = gaps.silent_within(actor, shift.started_at, shift.ended_at or actor.now)
    note_listing(actor, gaps.SEE, {gap.organisation_id for gap in found})
    shown = found[: gaps.SILENT_SHOWN]
    return PanelContent(
        "soc/_shift_silent.html",
        {
            "silent": shown,
            "more": len(found) > len(shown),
            "several_silent": len({gap.organisation_id for gap in shown} | {actor.organisation_id}) > 1,
        },
    )
