"""Pages of progress reports: prepare one, release it, read what was released, and check a signature."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.baseline.forms.progress import CheckFileForm, ReleaseForm, ReportForm, WithdrawForm
from brandwacht.baseline.models import Snapshot
from brandwacht.baseline.progress import content as progress_content
from brandwacht.baseline.progress import snapshot_file
from brandwacht.baseline.progress.words import told
from brandwacht.baseline.queries import progress as queries
from brandwacht.baseline.queries.known import known
from brandwacht.baseline.services import progress as services
from brandwacht.baseline.views.controls import tabs_for
from brandwacht.engines.norms.progress import Moment, load_dataset, moments
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter
from brandwacht.network.paging import page
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.signing import own_public_key
from brandwacht.network.usecase import demand, note_listing, note_use

ORDER = ("-released_at", "-pk")


def _moment(request: ActorRequest) -> Moment:
    return queries.find_moment(request.actor, request.GET.get("peilmoment", ""))


@require_http_methods(["GET", "POST"])
def progress(request: ActorRequest) -> HttpResponse:
    """What the own organisation reports for a moment: fill in and keep; nothing goes out from here."""
    actor = request.actor
    demand(actor, queries.WRITE, Owner(actor.organisation_id))
    dataset, moment = load_dataset(), _moment(request)
    draft = queries.draft_of(actor, moment)
    before = queries.draft_before(actor, moment) if draft is None else None
    own = known(actor, dataset)
    form = ReportForm(request.POST or None, dataset=dataset, draft=draft, before=before, known=own)
    if form.is_valid():
        try:
            services.save_draft(actor, moment, **form.given)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Uw antwoorden zijn bewaard. Er is nog niets vrijgegeven."))
            return redirect(f"{reverse('baseline:progress-release')}?peilmoment={moment.key}")
    context = {
        "form": form,
        "dataset": dataset,
        "moment": moment,
        "moments": list(reversed(moments(dataset, actor.today)))[:6],
        "draft": draft,
        "laid": before is not None or bool(own),
        "last": queries.last_released(actor, moment),
        "today": actor.today,
        "tabs": tabs_for(actor, "progress"),
        "agreement": queries.agreement(actor),
        "may_agree": decide(actor, "baseline.progress.compare", Owner(actor.organisation_id)),
    }
    return render(request, "baseline/progress/report.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def release(request: ActorRequest) -> HttpResponse:
    """Exactly what would go, and to whom; releasing it is one press."""
    actor = request.actor
    demand(actor, queries.RELEASE, Owner(actor.organisation_id))
    dataset, moment = load_dataset(), _moment(request)
    last = queries.last_released(actor, moment)
    own, members = queries.own_and_members(dataset, actor)
    bodies = [(body.key, body.title) for body, rows in members if rows]
    initial = {"bodies": [key for key, _title in bodies[:5]]}
    form = ReleaseForm(request.POST or None, bodies=bodies, again=last is not None, initial=initial)
    if form.is_valid():
        try:
            row = services.release(
                actor,
                moment,
                bodies=form.cleaned_data["bodies"],
                seen=form.cleaned_data["seen"],
                why=form.cleaned_data.get("why", ""),
            )
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("De rapportage is ondertekend en vrijgegeven. Zij verandert niet meer."))
            return redirect("baseline:snapshot", row.public_id)
    draft = queries.draft_of(actor, moment)
    said = progress_content.content(actor, dataset, moment, draft, own)
    context = {
        "form": form,
        "told": told(said),
        "seen": progress_content.mark(said),
        "moment": moment,
        "draft": draft,
        "last": last,
        "today": actor.today,
        "tabs": tabs_for(actor, "progress"),
    }
    return render(request, "baseline/progress/release.html", context, status=422 if form.errors else 200)


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """What was released by the own organisation and by others to it, newest first."""
    actor = request.actor
    enter(actor, queries.SEE_REPORT)
    rows = queries.snapshots(actor)
    whose = request.GET.get("van", "")
    chosen = rows.filter(organisation__code=whose) if whose else rows
    found = page(request, chosen.defer("body"), ORDER, among=rows)
    note_listing(actor, queries.SEE_REPORT, {row.organisation_id for row in found.rows})
    context = {
        "rows": found.rows,
        "next_url": found.next_url,
        "whose": whose,
        "own": actor.organisation_id,
        "tabs": tabs_for(actor, "snapshots"),
        "may_write": decide(actor, queries.WRITE, Owner(actor.organisation_id)),
    }
    return render(request, "baseline/progress/snapshots.html", context)


def _snapshot_page(request: ActorRequest, row: Snapshot, form: WithdrawForm, status: int = 200) -> HttpResponse:
    actor = request.actor
    all_versions = queries.versions(actor, row)
    own = row.organisation_id == actor.organisation_id
    readers = queries.readers_of(actor, row) if own and decide(actor, "grant.see", Owner(row.organisation_id)) else []
    context: dict[str, Any] = {
        "row": row,
        "said": row.content,
        "told": None if row.withdrawn else told(row.content),
        "verdict": snapshot_file.judge_row(row, own_public_key()),
        "versions": all_versions,
        "newest": all_versions[0],
        "readers": readers,
        "own": own,
        "form": form,
        "may_release": own and bool(decide(actor, queries.RELEASE, row)),
        "crumbs": [
            (_("Basis op orde"), reverse("baseline:list")),
            (_("Vrijgegeven rapportages"), reverse("baseline:snapshots")),
            (f"{row.organisation.name}, {row.moment}", None),
        ],
    }
    return render(request, "baseline/progress/snapshot.html", context, status=status)


@require_GET
def snapshot(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One released version, with whether its signature holds."""
    row = queries.snapshot(request.actor, public_id)
    note_use(request.actor, queries.SEE_REPORT, row)
    return _snapshot_page(request, row, WithdrawForm())


@require_GET
def download(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The same as a file that anybody can check."""
    row = queries.snapshot(request.actor, public_id)
    note_use(request.actor, queries.SEE_REPORT, row)
    name = f"voortgang-{row.organisation.code}-{row.moment}-versie-{row.version}.json"
    response = HttpResponse(snapshot_file.pack(row), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def withdraw(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Take a report back."""
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            row = services.withdraw(request.actor, public_id, form.cleaned_data["why"])
        except Refused as error:
            form.add_error("why", error.message)
        else:
            messages.success(request, _("De rapportage is ingetrokken. Anderen kunnen de cijfers niet meer lezen."))
            return redirect("baseline:snapshot", row.public_id)
    return _snapshot_page(request, queries.snapshot(request.actor, public_id), form, 422)


@require_POST
def compare(request: ActorRequest) -> HttpResponse:
    """Agree to be compared by name, or end that."""
    try:
        if request.POST.get("stemt") == "in":
            services.agree_to_comparison(request.actor)
            messages.success(request, _("Vastgelegd: uw regio mag op naam worden vergeleken met wie ook instemde."))
        else:
            services.end_comparison(request.actor)
            messages.success(request, _("Vastgelegd: uw regio wordt niet meer op naam vergeleken."))
    except Refused as error:
        messages.error(request, error.message)
    return redirect("baseline:progress")


@require_http_methods(["GET", "POST"])
def check(request: ActorRequest) -> HttpResponse:
    """Check the signature of a file, whoever it came from; nothing is kept."""
    enter(request.actor, queries.SEE_REPORT)
    form = CheckFileForm(request.POST or None, request.FILES or None)
    found: dict[str, Any] = {}
    if form.is_valid():
        try:
            data = form.cleaned_data["file"].read(snapshot_file.MAX_BYTES + 1)
            signed = snapshot_file.unpack(data)
            verdict = snapshot_file.judge(signed, own_public_key())
            found = {"verdict": verdict, "said": snapshot_file.content_of(signed) if verdict.holds else None}
        except Refused as error:
            form.add_error("file", error.message)
    context = found | {"form": form, "tabs": tabs_for(request.actor, "snapshots")}
    return render(request, "baseline/progress/check.html", context, status=422 if form.errors else 200)
