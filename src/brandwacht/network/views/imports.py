"""Beheer, tabellen: offer a table, look at what it would do, and have it done."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.forms import UploadForm, add_refusal
from brandwacht.network.models import TableImport
from brandwacht.network.pages import require
from brandwacht.network.policy import visible
from brandwacht.network.requests import ActorRequest
from brandwacht.network.services import imports, node_table  # noqa: F401 - node_table registers its kind
from brandwacht.network.services.sheets import MAX_BYTES
from brandwacht.network.tables import csv_response, xlsx_response

SHOWN = 50
"""Rows of the preview; the problems are all named."""


def _crumbs(kind: imports.TableKind) -> list[tuple[str, str | None]]:
    return [(str(kind.label), kind.path), (_("Tabel"), None)]


@require_http_methods(["GET", "POST"])
def offer(request: ActorRequest, kind: str) -> HttpResponse:
    """Offer a table of this kind."""
    table = imports.table_kind(kind)
    require(request.actor, table.action)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            offered = imports.offer(request.actor, table, file.name, file.read(MAX_BYTES + 1))
        except Refused as error:
            add_refusal(form, error)
        else:
            return redirect("beheer:import-preview", offered.public_id)
    context = {"form": form, "kind": table, "crumbs": _crumbs(table)}
    return render(request, "network/import_new.html", context, status=422 if form.errors else 200)


@require_GET
def template(request: ActorRequest, kind: str) -> HttpResponse:
    """The table to fill in as CSV: titles and one example row."""
    table = imports.table_kind(kind)
    require(request.actor, table.action)
    return csv_response(f"sjabloon-{table.key}", [c.title for c in table.columns], [[c.example for c in table.columns]])


@require_GET
def template_xlsx(request: ActorRequest, kind: str) -> HttpResponse:
    """The same as a workbook."""
    table = imports.table_kind(kind)
    require(request.actor, table.action)
    return xlsx_response(
        f"sjabloon-{table.key}", [c.title for c in table.columns], [[c.example for c in table.columns]]
    )


@require_GET
def preview(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What the offered table says, and every row that is wrong."""
    offered = _find(request, public_id)
    table = imports.table_kind(offered.kind)
    columns = [c for c in table.columns if any(c.key in row["cells"] for row in offered.rows)]
    bad = {p["row"] for p in offered.problems}
    rows = [
        {"number": row["row"], "bad": row["row"] in bad, "cells": [row["cells"].get(c.key, "") for c in columns]}
        for row in offered.rows[:SHOWN]
    ]
    context = {
        "crumbs": _crumbs(table),
        "offered": offered,
        "kind": table,
        "columns": columns,
        "rows": rows,
        "left_out": max(0, len(offered.rows) - SHOWN),
        "full": len(offered.problems) >= imports.MAX_PROBLEMS,
    }
    return render(request, "network/import.html", context)


def _find(request: ActorRequest, public_id: UUID) -> TableImport:
    found: TableImport | None = TableImport.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    action = imports.table_kind(found.kind).action
    if not TableImport.objects.filter(visible(request.actor, action), pk=found.pk).exists():
        raise NotFound
    return found


@require_POST
def apply(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Have the offered table done, whole or not at all."""
    try:
        offered, done = imports.apply(request.actor, public_id)
    except Refused as error:
        messages.error(request, error.message)
        return redirect("beheer:import-preview", public_id)
    messages.success(request, _("De tabel is verwerkt: %(done)s") % {"done": done})
    return redirect(imports.table_kind(offered.kind).path)
