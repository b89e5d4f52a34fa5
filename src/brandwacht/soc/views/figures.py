"""The figures of the watch: how fast, how precise, what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from brandwacht.network.models import Organisation
from brandwacht.network.pages import enter
from brandwacht.network.panels import panels_for
from brandwacht.network.requests import ActorRequest
from brandwacht.network.tables import csv_response
from brandwacht.network.usecase import note_listing
from brandwacht.soc import figures, queries
from brandwacht.soc.bars import Bars, bars
from brandwacht.soc.forms.figures import FiguresForm
from brandwacht.soc.queries import figures as reads
from brandwacht.soc.queries.second_look import agreement
from brandwacht.soc.views import tabs_for

MONTHS = 6
SEE = "soc.alert.see"
ORGANISATIONS_MOST = 60


@dataclass(frozen=True, slots=True)
class SpanRow:
    """One span in the chosen month and the month before. ``change`` in minutes of the median; ``None`` when unknown."""

    kind: figures.Kind
    now: figures.Spread
    before: figures.Spread

    @property
    def change(self) -> float | None:
        """The change of the median."""
        if self.now.median is None or self.before.median is None:
            return None
        return self.now.median - self.before.median


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """One organisation in the chosen month."""

    organisation: Organisation
    came: int
    spreads: figures.Spreads
    verdicts: figures.Verdicts


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything on the page, and in the export."""

    month: reads.Month
    owner: Organisation | None
    rows: Sequence[SpanRow]
    cut: bool
    came: int
    came_before: int
    verdicts: figures.Verdicts
    verdicts_before: figures.Verdicts
    owners: Sequence[OwnerRow]
    series: Sequence[tuple[reads.Month, figures.Spreads]]


def _collect(request: ActorRequest, form: FiguresForm, organisations: Sequence[Organisation]) -> Figures:
    actor = request.actor
    month, owner = form.month(), form.owner()
    owner_id = owner.pk if owner else None
    months = [month.before(back) for back in range(MONTHS)]
    taken = reads.times(actor, months, owner_id)
    spans = [figures.Spreads(each.rows) for each in taken]
    came, came_before = reads.opened(actor, months[:2], owner_id)
    verdicts, verdicts_before = reads.verdicts(actor, months[:2], owner_id)
    owned = figures.by_owner(taken[0].rows)
    names = {each.pk: each for each in organisations}
    several = owner is None and len(names) > 1
    listed = sorted(owned.keys() | verdicts.keys(), key=lambda pk: names[pk].name) if several else []
    return Figures(
        month=month,
        owner=owner,
        rows=[SpanRow(kind, spans[0][kind.key], spans[1][kind.key]) for kind in figures.KINDS],
        cut=taken[0].cut,
        came=came,
        came_before=came_before,
        verdicts=figures.Verdicts.sum(verdicts.values()),
        verdicts_before=figures.Verdicts.sum(verdicts_before.values()),
        owners=[
            OwnerRow(
                names[pk],
                len(owned.get(pk, [])),
                figures.Spreads(owned.get(pk, [])),
                verdicts.get(pk, figures.Verdicts()),
            )
            for pk in listed[:ORGANISATIONS_MOST]
        ],
        series=list(zip(months, spans, strict=True))[::-1],
    )


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """How fast, how precise and what is left, in one month beside the month before."""
    actor = request.actor
    enter(actor, SEE)
    organisations = queries.owners_shown(actor)
    form = FiguresForm.read(request.GET, organisations=organisations, today=actor.today)
    told = _collect(request, form, organisations)
    owner_id = told.owner.pk if told.owner else None
    note_listing(actor, SEE, {owner_id} if owner_id else {each.pk for each in organisations})
    ages = reads.open_by_age(actor, owner_id)
    context: dict[str, Any] = {
        "tabs": tabs_for(actor, "figures"),
        "form": form,
        "told": told,
        "month_name": date_format(told.month.first, "F Y"),
        "before_name": date_format(told.month.before().first, "F Y"),
        "running": told.month.until > actor.now,
        "charts": [_chart(told, key) for key in figures.HEADLINES],
        "ages": list(zip(_age_labels(), ages, strict=True)),
        "open_total": sum(ages),
        "rules": reads.rule_verdicts(actor, told.month.since, told.month.until, owner_id),
        "agreement": agreement(actor, told.month.since, told.month.until, owner_id),
        "panels": panels_for("soc.Figures", actor, told),
        "most": reads.TIMES_MOST,
        "export": f"?{request.GET.urlencode()}",
    }
    return render(request, "soc/figures.html", context)


@require_GET
def export(request: ActorRequest) -> HttpResponse:
    """The spans of the page as a table for a spreadsheet: minutes, with what each rests on."""
    actor = request.actor
    enter(actor, SEE)
    organisations = queries.owners_shown(actor)
    form = FiguresForm.read(request.GET, organisations=organisations, today=actor.today)
    told = _collect(request, form, organisations)
    note_listing(actor, SEE, {told.owner.pk} if told.owner else {each.pk for each in organisations})
    header = [
        _("maand"),
        _("organisatie"),
        _("wat"),
        _("aantal"),
        _("mediaan in minuten"),
        _("90 procent binnen minuten"),
    ]
    whole = told.owner.full_name if told.owner else _("alle")
    rows = [
        [month.first.strftime("%Y-%m"), whole, str(kind.name), *_cells(spans[kind.key])]
        for month, spans in told.series
        for kind in figures.KINDS
    ]
    rows += [
        [told.month.first.strftime("%Y-%m"), row.organisation.full_name, str(kind.name), *_cells(row.spreads[kind.key])]
        for row in told.owners
        for kind in figures.KINDS
    ]
    return csv_response(f"cijfers-{told.month.first:%Y-%m}", header, rows)


def _cells(spread: figures.Spread) -> list[object]:
    return [spread.n, *(None if value is None else round(value, 1) for value in (spread.median, spread.p90))]


def _chart(told: Figures, key: str) -> Bars:
    kind = figures.kind(key)
    return bars(
        kind,
        [(date_format(month.first, "M Y").lower(), spans[key]) for month, spans in told.series],
    )


def _age_labels() -> list[str]:
    return [
        _("Korter dan 1 uur"),
        _("1 tot 4 uur"),
        _("4 uur tot 1 dag"),
        _("1 tot 7 dagen"),
        _("Langer dan 7 dagen"),
    ]
