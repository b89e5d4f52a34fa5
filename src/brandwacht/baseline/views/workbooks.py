"""The assessment in Excel: download, offer, look at what would change, take over, put back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.baseline import queries
from brandwacht.baseline.assessment.columns import EDITABLE, shown
from brandwacht.baseline.assessment.judging import CHANGE, CLASH, WRONG, Row, counts
from brandwacht.baseline.forms.reports import WorkbookForm
from brandwacht.baseline.models import AssessmentImport, ImportState
from brandwacht.baseline.services import workbooks as services
from brandwacht.baseline.views.controls import see, tabs_for
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.long_work import BUSY
from brandwacht.network.pages import require
from brandwacht.network.paging import page
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.services.sheets import MAX_BYTES
from brandwacht.network.tables import xlsx_download


@require_http_methods(["GET", "HEAD", "POST"])
def workbooks(request: ActorRequest) -> HttpResponse:
    """Download the assessment, offer it again, and what was offered before."""
    actor = request.actor
    see(actor)
    may_offer = decide(actor, queries.WORKBOOK, Owner(actor.organisation_id))
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        require(actor, queries.WORKBOOK)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                offered = services.offer(actor, file.name, file.read(MAX_BYTES + 1))
            except Refused as error:
                add_refusal(form, error)
            else:
                return redirect("baseline:workbook", offered.public_id)
    context = {
        "tabs": tabs_for(actor, "workbooks"),
        "page": page(request, queries.workbooks(actor), ("-asked_at", "-pk")) if may_offer else None,
        "form": form,
        "may_offer": may_offer,
    }
    return render(request, "baseline/workbook/list.html", context, status=422 if form.errors else 200)


@require_GET
def download(request: ActorRequest) -> HttpResponse:
    """The assessment as it is now."""
    see(request.actor)
    return xlsx_download(f"beantwoording-{request.actor.organisation_code}", services.made_book(request.actor))


@require_GET
def workbook(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What an offered workbook would change, or changed."""
    return _page(request, queries.workbook(request.actor, public_id))


def _page(
    request: ActorRequest, found: AssessmentImport, chosen: dict[str, str] | None = None, fault: Any = None
) -> HttpResponse:
    rows: dict[str, list[dict[str, Any]]] = {kind: [] for kind in (CLASH, CHANGE, WRONG)}
    for row in found.rows:
        rows[row["kind"]].append(_line(row, (chosen or {}).get(row["number"], row["choice"])))
    context = {
        "book": found,
        "busy": found.state in BUSY,
        "readable": found.state == ImportState.READ,
        "done": found.state in (ImportState.TAKEN, ImportState.UNDONE),
        "clashes": rows[CLASH],
        "changes": rows[CHANGE],
        "wrong": rows[WRONG],
        "counts": counts(found.rows),
        "told": services.told(found),
        "fault": fault,
        "crumbs": [(_("In Excel"), reverse("baseline:workbooks")), (found.filename, None)],
    }
    return render(request, "baseline/workbook/detail.html", context, status=422 if fault else 200)


def _line(row: Row, choice: str) -> dict[str, Any]:
    """One row for the page: the cells that differ, with both texts."""
    texts = [
        (
            column,
            row["there"].get(column.key, ""),
            row["mine"].get(column.key, ""),
        )  # one read before a column was added
        for column in EDITABLE
    ]
    cells = [
        (column.title, _shown(column.key, there), _shown(column.key, mine))
        for column, there, mine in texts
        if there != mine
    ]
    return row | {"cells": cells, "choice": choice}


def _shown(key: str, value: str) -> str:
    try:
        return shown(key, value)
    except ValueError:  # a cell that could not be read stands as it was typed
        return value


@require_GET
def progress(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """How far it is: a piece of the page, asked for while the worker is busy."""
    found = queries.workbook(request.actor, public_id)
    return render(request, "baseline/workbook/_progress.html", {"book": found, "busy": found.state in BUSY})


@require_POST
def take(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Have it taken over, with what was chosen for each clash."""
    chosen = {key.removeprefix("keuze-"): str(value) for key, value in request.POST.items() if key.startswith("keuze-")}
    try:
        services.ask_take(request.actor, public_id, chosen, skip=request.POST.get("overslaan") == "ja")
    except Refused as error:
        found = queries.workbook(request.actor, public_id)
        return _page(request, found, chosen, {"message": error.message, "where": error.field or ""})
    return redirect("baseline:workbook", public_id)


@require_POST
def undo(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Put back what it changed."""
    try:
        services.undo(request.actor, public_id)
    except Refused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("De antwoorden van daarvoor zijn teruggezet."))
    return redirect("baseline:workbook", public_id)
