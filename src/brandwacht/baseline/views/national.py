"""The national picture for the programme bureau and everybody to whom regions released: figures, and joint themes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.baseline.forms.themes import ThemeForm
from brandwacht.baseline.progress.pictures import boxes, lines, state_word, tiles
from brandwacht.baseline.progress.words import days, euros
from brandwacht.baseline.queries import national as queries
from brandwacht.baseline.queries.progress import SEE_REPORT, find_moment
from brandwacht.baseline.services import themes as services
from brandwacht.baseline.views.controls import tabs_for
from brandwacht.engines.norms.national import shared_bottlenecks
from brandwacht.engines.norms.progress import load_dataset
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter, require
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.tables import csv_response, xlsx_response
from brandwacht.network.usecase import note_listing, note_use


def _overview(request: ActorRequest) -> queries.Overview:
    actor = request.actor
    require(actor, queries.NATIONAL)
    found = queries.overview(actor, request.GET.get("peilmoment", ""))
    note_listing(actor, SEE_REPORT, {each.organisation.pk for each in found.standings if each.line})
    return found


@require_GET
def overview(request: ActorRequest) -> HttpResponse:
    """How the regions stand and move, and who has not reported."""
    found = _overview(request)
    there = [each for each in found.time if each.moment == found.moment]
    context = {
        "found": found,
        "whole": there[0].whole if there else None,
        "boxes": boxes(found.categories),
        "lines": lines(found.time),
        "tiles": tiles(found.standings),
        "states": [(each, state_word(each.state)) for each in found.standings],
        "invested": {
            "once": euros(found.invested["once"].low, found.invested["once"].high),
            "yearly": euros(found.invested["yearly"].low, found.invested["yearly"].high),
            "days": days(found.invested["days"].low, found.invested["days"].high),
        },
        "choices": list(reversed(found.moments)),
        "tabs": tabs_for(request.actor, "overview"),
        "today": request.actor.today,
        "may_make": decide(request.actor, services.MAKE, Owner(request.actor.organisation_id)),
        "query": request.GET.urlencode(),
    }
    return render(request, "baseline/national/overview.html", context)


def _table(found: queries.Overview) -> tuple[list[Any], Iterator[list[Any]]]:
    header = [_("Thema"), _("Aantal"), _("Laagste"), _("Onderste kwart tot"), _("Mediaan"), _("Bovenste kwart vanaf"),
              _("Hoogste"), _("Mediaan vorig peilmoment")]  # fmt: skip
    rows = (
        [each.title, s.count, *(round(n) for n in (s.low, s.lower, s.middle, s.upper, s.high)),
         None if each.before is None else round(each.before)]
        for each in found.categories
        if (s := each.spread)
    )  # fmt: skip
    return header, rows


@require_GET
def export_csv(request: ActorRequest) -> HttpResponse:
    """The figures per theme as CSV; no names, but of who reported."""
    found = _overview(request)
    return csv_response(f"landelijk-{found.moment.key}", *_table(found))


@require_GET
def export_xlsx(request: ActorRequest) -> HttpResponse:
    """The same as a workbook."""
    found = _overview(request)
    return xlsx_response(f"landelijk-{found.moment.key}", *_table(found))


# --- joint themes -----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def themes(request: ActorRequest) -> HttpResponse:
    """The joint themes; the bureau makes one from what at least two named."""
    actor = request.actor
    enter(actor, SEE_REPORT)
    dataset = load_dataset()
    may_make = decide(actor, services.MAKE, Owner(actor.organisation_id))
    form, moment = None, None
    shared: Sequence[tuple[str, str, int]] = []
    if may_make or request.method == "POST":
        require(actor, services.MAKE)
        moment = find_moment(actor, request.GET.get("peilmoment", ""))
        shared = shared_bottlenecks(dataset, queries.reports(actor).get(moment.key, []))
        choices = [(key, f"{title} ({count})") for key, title, count in shared]
        form = ThemeForm(request.POST or None, kinds=choices)
        if form.is_valid():
            try:
                row = services.make_theme(actor, moment, **form.cleaned_data)
            except Refused as error:
                add_refusal(form, error)
            else:
                messages.success(request, _("Het thema is gemaakt. Nu ziet alleen u het."))
                return redirect("baseline:theme", row.public_id)
    titles = {kind.key: kind.title for kind in dataset.bottlenecks}
    rows = list(queries.themes(actor)[:100])
    context = {
        "rows": [(row, [titles.get(kind, kind) for kind in row.kinds]) for row in rows],
        "form": form,
        "shared": shared,
        "moment": moment,
        "tabs": tabs_for(actor, "themes"),
    }
    return render(request, "baseline/national/themes.html", context, status=422 if form and form.errors else 200)


@require_GET
def theme(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One joint theme."""
    actor = request.actor
    row = queries.theme(actor, public_id)
    note_use(actor, SEE_REPORT, row)
    titles = {kind.key: kind.title for kind in load_dataset().bottlenecks}
    context = {
        "row": row,
        "kinds": [titles.get(kind, kind) for kind in row.kinds],
        "may_make": decide(actor, services.MAKE, row),
        "crumbs": [(_("Gezamenlijke thema's"), reverse("baseline:themes")), (row.title, None)],
    }
    return render(request, "baseline/national/theme.html", context)


@require_POST
def theme_step(request: ActorRequest, public_id: UUID, step: str) -> HttpResponse:
    """Publish a theme, or say that it is done."""
    try:
        if step == "publiceren":
            services.publish_theme(request.actor, public_id)
            messages.success(request, _("Gepubliceerd: alle regio's kunnen dit thema nu lezen."))
        else:
            services.close_theme(request.actor, public_id)
            messages.success(request, _("Het thema is afgerond."))
    except Refused as error:
        messages.error(request, error.message)
    return redirect("baseline:theme", public_id)
