"""The reports on paper: the list, one version and its files, and how they look."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from brandwacht.baseline import queries
from brandwacht.baseline.forms.reports import ReportForm, StyleForm
from brandwacht.baseline.models import Report, ReportKind
from brandwacht.baseline.papers import PAPERS, changes
from brandwacht.baseline.papers.board import finding
from brandwacht.baseline.papers.trend import drawn
from brandwacht.baseline.services import reports as services
from brandwacht.baseline.views.controls import tabs_for
from brandwacht.network import reports as paper
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import require
from brandwacht.network.paging import page
from brandwacht.network.png import MAX_BYTES
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest, public_id_in
from brandwacht.network.tables import xlsx_download


@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: ActorRequest) -> HttpResponse:
    """The versions of every report, and making the next one."""
    actor = request.actor
    require(actor, queries.SEE_REPORT)
    form = ReportForm(request.POST or None, initial={"kind": ReportKind.BOARD})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_report(actor, form.cleaned_data["kind"], form.cleaned_data["note"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Het rapport is gemaakt en blijft zo staan."))
            return redirect("baseline:report", made.public_id)
    owner = Owner(actor.organisation_id)
    context = {
        "tabs": tabs_for(actor, "reports"),
        "page": page(request, queries.reports(actor), ("-made_at", "-pk")),
        "form": form,
        "may_make": decide(actor, "baseline.report.make", owner),
        "may_style": decide(actor, "baseline.report.style", owner),
        "style": queries.style(actor, actor.organisation_id),
    }
    return render(request, "baseline/reports/list.html", context, status=422 if form.errors else 200)


@require_GET
def report(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One version: its files, and what is different from the version before or another that was chosen."""
    actor = request.actor
    found = queries.report(actor, public_id)
    others = [each for each in queries.versions(actor, found.kind)[:30] if each.pk != found.pk]
    chosen = _other(request, found)
    here = _("%(what)s, versie %(n)d") % {"what": found.get_kind_display(), "n": found.version}
    trend = found.content.get("trend")
    context: dict[str, Any] = {
        "report": found,
        "content": found.content,
        "others": others,
        "chosen": chosen,
        "changes": changes(found.content, chosen.content) if chosen else found.changes,
        "against": chosen.version if chosen else found.against,
        "trend": drawn(trend) if trend else None,
        "finding": finding(found.content) if trend else "",
        "marker": "verloop",
        "crumbs": [(_("Rapporten"), reverse("baseline:reports")), (here, None)],
    }
    return render(request, "baseline/reports/detail.html", context)


def _other(request: ActorRequest, found: Report) -> Report | None:
    """The version that was chosen to compare with: of the same report, not this one."""
    asked = public_id_in(request.GET.get("met", ""))
    if asked is None:
        return None
    other = queries.report(request.actor, asked)
    return other if other.kind == found.kind and other.pk != found.pk else None


@require_GET
def report_pdf(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The document of a version, byte for byte as it was made."""
    found = queries.report(request.actor, public_id, file="document")
    services.note_download(request.actor, found, "pdf")
    return paper.download(_name(found), bytes(found.document))


@require_GET
def report_xlsx(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The tables of a version, byte for byte as they were made."""
    found = queries.report(request.actor, public_id, file="workbook")
    services.note_download(request.actor, found, "xlsx")
    return xlsx_download(_name(found), bytes(found.workbook))


def _name(found: Report) -> str:
    return _("%(name)s-%(code)s-versie-%(n)d") % {
        "name": PAPERS[found.kind].name, "code": found.organisation.code, "n": found.version,
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def style(request: ActorRequest) -> HttpResponse:
    """The logo and the signatories."""
    actor = request.actor
    require(actor, "baseline.report.style")
    now = queries.style(actor, actor.organisation_id)
    form = StyleForm(
        request.POST or None, request.FILES or None, initial=StyleForm.initial_for(now.signatories if now else [])
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["logo"]
        try:
            services.set_style(
                actor,
                signatories=form.signatories,
                logo=file.read(MAX_BYTES + 1) if file else None,
                remove=form.cleaned_data["remove"],
            )
        except Refused as error:
            add_refusal(form, error, {"signatories": "name1"})
        else:
            messages.success(request, _("Opgeslagen. Nieuwe rapporten krijgen dit logo en deze ondertekenaars."))
            return redirect("baseline:report-style")
    crumbs = [(_("Rapporten"), reverse("baseline:reports")), (_("Logo en ondertekenaars"), None)]
    pairs = [(form[f"name{n}"], form[f"role{n}"]) for n in range(1, services.MOST_SIGNATORIES + 1)]
    context = {"form": form, "style": now, "crumbs": crumbs, "pairs": pairs}
    return render(request, "baseline/reports/style.html", context, status=422 if form.errors else 200)


@require_GET
def logo(request: ActorRequest) -> HttpResponse:
    """The logo of the own organisation."""
    require(request.actor, queries.SEE_REPORT)
    now = queries.style(request.actor, request.actor.organisation_id)
    if now is None or not now.logo:
        raise NotFound
    response = HttpResponse(bytes(now.logo), content_type="image/png")
    response["Cache-Control"] = "private, no-cache"
    return response
