"""The register as tables: the overview, editing a table, and its download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.models import Node
from brandwacht.network.pages import require
from brandwacht.network.paging import page
from brandwacht.network.policy import Owner, decide
from brandwacht.network.queries import CAP, capped_count
from brandwacht.network.requests import ActorRequest
from brandwacht.network.services.imports import Column
from brandwacht.network.tables import csv_response, mark, xlsx_response
from brandwacht.network.wording import capped
from brandwacht.riskmap.register import sheet_saving
from brandwacht.riskmap.register.road import ahead, road
from brandwacht.riskmap.register.sheet_saving import Outcome, Typed
from brandwacht.riskmap.register.sheets import SHEETS, Sheet, sheet
from brandwacht.riskmap.views.register_tabs import crumbs, tabs_for

ROWS = 25
"""Rows on a page: each is a line of fields."""
EMPTY = 5
"""Empty lines under them, for new rows."""
WIDTHS = {"name": 22, "label": 18, "providers": 26, "members": 26, "node": 18, "key": 16}
NARROW = 9
"""Characters of a field for a number or a short word."""
FORMATS = {"csv": csv_response, "xlsx": xlsx_response}


@require_GET
def register(request: ActorRequest) -> HttpResponse:
    """The tables of the register, with how many rows each has."""
    require(request.actor, "register.see")
    tables = [
        {"sheet": each, "count": capped(capped_count(each.rows(request.actor).prefetch_related(None)), CAP)}
        for each in SHEETS.values()
    ]
    drafts = Node.objects.filter(organisation_id=request.actor.organisation_id, draft=True)
    context = {
        "tabs": tabs_for(request.actor, "register"),
        "tables": tables,
        "road": road(request.actor),
        "drafts": capped_count(drafts),
        "may_edit": decide(request.actor, "register.edit", Owner(request.actor.organisation_id)),
    }
    return render(request, "riskmap/register.html", context)


def _listed(request: ActorRequest, of: Sheet) -> tuple[str, QuerySet[Any]]:
    asked = " ".join(request.GET.get("q", "").split())[:80]
    rows = of.rows(request.actor)
    return asked, rows.filter(of.search(asked)) if asked else rows


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ActorRequest, key: str) -> HttpResponse:
    """A table in which cells are edited and saved together."""
    of = sheet(key)
    require(request.actor, of.kind.action)
    if request.method == "POST":
        typed = _typed(request.POST, of)
        outcome = sheet_saving.save(request.actor, of, typed)
        if not outcome.faults:
            messages.success(request, sheet_saving.told(outcome))
            return redirect(request.get_full_path())
        return _page(request, of, _lines(of, typed, outcome), outcome)
    asked, rows = _listed(request, of)
    found = page(request, rows, of.order, among=of.rows(request.actor), size=ROWS)
    typed = []
    for row in found.rows:
        cells = of.texts(row)
        typed.append(Typed(str(row.public_id), mark(cells), cells))
    typed += [Typed("", "", {column.key: "" for column in of.columns})] * EMPTY
    more = {"next_url": found.next_url, "first": found.first, "asked": asked, "shown": len(found.rows)}
    return _page(request, of, _lines(of, typed, Outcome()), Outcome(), **more)


def _page(
    request: ActorRequest, of: Sheet, lines: Sequence[Mapping[str, Any]], outcome: Outcome, **more: Any
) -> HttpResponse:
    actor = request.actor
    nodes = Node.objects.filter(organisation_id=actor.organisation_id).order_by("name").values_list("key", "name")
    faults = [
        {"row": number + 1, "id": f"rij-{number}-{key or 'rij'}", "title": _title(of, key), "message": message}
        for (number, key), message in sorted(outcome.faults.items())
    ]
    context = {
        "tabs": tabs_for(actor, "register"),
        "crumbs": crumbs((str(of.kind.label), None)),
        "sheet": of,
        "lines": lines,
        "faults": faults,
        "nodes": nodes if of.refers else (),
        "saved": sheet_saving.last_save(actor, of),
        "query": request.GET.urlencode(),
        "ahead": ahead(actor, request.path),
        **more,
    }
    return render(request, "riskmap/sheet.html", context, status=422 if faults else 200)


def _title(of: Sheet, key: str) -> str:
    return next((column.title for column in of.columns if column.key == key), _("hele rij"))


def _typed(data: QueryDict, of: Sheet) -> list[Typed]:
    """The rows of the form, in its order; more than a page never has are left for the refusal."""
    found: list[Typed] = []
    while f"rij-{len(found)}-id" in data and len(found) <= sheet_saving.MOST_ROWS:
        start = f"rij-{len(found)}"
        cells = {column.key: data.get(f"{start}-{column.key}", "").strip() for column in of.columns}
        gone = data.get(f"{start}-weg") == "ja"
        found.append(Typed(data.get(f"{start}-id", "")[:40], data.get(f"{start}-merk", ""), cells, gone))
    return found


def _lines(of: Sheet, typed: Sequence[Typed], outcome: Outcome) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "row": row,
            "fault": outcome.faults.get((number, "")),
            "cells": [_cell(of, column, row, number, outcome) for column in of.columns],
        }
        for number, row in enumerate(typed)
    ]


def _cell(of: Sheet, column: Column, row: Typed, number: int, outcome: Outcome) -> dict[str, Any]:
    return {
        "id": f"rij-{number}-{column.key}",
        "title": column.title,
        "value": row.cells[column.key],
        "options": of.options.get(column.key, ()),
        "fixed": bool(row.public_id) and column.key in of.identity,
        "refers": column.key in of.refers,
        "size": WIDTHS.get(column.key, NARROW),
        "fault": outcome.faults.get((number, column.key)),
    }


@require_GET
def export(request: ActorRequest, key: str, ending: str) -> HttpResponse:
    """Exactly this list, with all its columns, as a table that can be changed and offered again."""
    of = sheet(key)
    require(request.actor, "register.see")
    _asked, rows = _listed(request, of)
    name = f"{of.key}-{request.actor.organisation_code}"
    header = [column.title for column in of.kind.columns]
    return FORMATS[ending](name, header, (of.cells(row) for row in rows.order_by(*of.order)))


@require_POST
def undo(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Put back what the last save changed."""
    try:
        saved = sheet_saving.undo(request.actor, public_id)
    except Refused as error:
        messages.error(request, error.message)
        back = request.POST.get("terug", "")
        return redirect(_address(back) if back in SHEETS else reverse("riskmap:register"))
    messages.success(request, _("De laatste wijziging is ongedaan gemaakt."))
    return redirect(_address(saved.sheet))


def _address(key: str) -> str:
    return reverse("riskmap:sheet", args=[key])
