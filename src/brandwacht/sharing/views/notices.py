"""The pages of notices: the list, urgent first, and one notice with what to do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from brandwacht.engines.intel.advisories import Urgency
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.models import Organisation
from brandwacht.network.pages import enter
from brandwacht.network.paging import chosen_order, page
from brandwacht.network.policy import decide, owners
from brandwacht.network.queries import capped_count
from brandwacht.network.requests import ActorRequest
from brandwacht.network.tables import csv_response
from brandwacht.network.usecase import note_listing, note_use
from brandwacht.sharing.forms.advisories import NoticeFilter, RepairForm
from brandwacht.sharing.models import AdvisoryNotice, Rank
from brandwacht.sharing.policies.advisories import HANDLE_NOTICE, SEE_NOTICE
from brandwacht.sharing.queries import advisories as queries
from brandwacht.sharing.services import notices as services
from brandwacht.sharing.terms import notice_rules
from brandwacht.sharing.views.common import counted, crumbs, tabs_for

MOST_EXPORTED = 5_000


def _filtered(request: ActorRequest) -> tuple[NoticeFilter, QuerySet[AdvisoryNotice], bool]:
    actor = request.actor
    mine = owners(actor, SEE_NOTICE)
    organisations = list(Organisation.objects.filter(pk__in=mine).order_by("code")) if len(mine) > 1 else []
    form = NoticeFilter(request.GET, organisations=organisations)
    chosen = {key: value for key, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    rows = queries.notices(actor)
    rows = rows.filter(**{key: chosen[key] for key in ("urgency", "rank") if key in chosen})
    if "owner" in chosen:
        rows = rows.filter(organisation__code=chosen["owner"])
    if "q" in chosen:
        rows = queries.matching_notices(rows, chosen["q"])
    return form, rows, bool(chosen)


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The notices of the own organisation, and for the CERT those of the organisations that gave a mandate."""
    actor = request.actor
    enter(actor, SEE_NOTICE)
    form, rows, filtered = _filtered(request)
    order = chosen_order(queries.NOTICE_SORTS, request.GET.get("sort", ""))
    part = page(request, rows, order, among=queries.notices(actor))
    note_listing(actor, SEE_NOTICE, {each.organisation_id for each in part.rows})
    context = counted(part, rows) | {
        "tabs": tabs_for(actor, "notices"),
        "form": form,
        "waiting": capped_count(queries.notices(actor).filter(rank__lt=Rank.BUSY)),
        "filtered": filtered,
        "others": any(each.organisation_id != actor.organisation_id for each in part.rows),
        "query": request.GET.urlencode(),
    }
    return render(request, "sharing/advisories/notices.html", context)


@require_GET
def export(request: ActorRequest) -> HttpResponse:
    """Exactly this list as a table."""
    actor = request.actor
    enter(actor, SEE_NOTICE)
    _form, rows, _filters = _filtered(request)
    found = list(rows[:MOST_EXPORTED])
    note_listing(actor, SEE_NOTICE, {each.organisation_id for each in found})
    header = [
        _("organisatie"), _("advies"), _("titel"), _("TLP"), _("urgentie"), _("stand"), _("herstel"), _("producten"),
        _("gevraagd"), _("uiterlijk"), _("bevestigd"), _("bevestigd door"), _("toelichting"),
    ]  # fmt: skip
    lines = [
        [
            each.organisation.code, each.key, each.title, each.marking.label, each.get_urgency_display(),
            each.get_rank_display(), each.get_repair_display(), ", ".join(each.products), each.asked_at, each.late_at,
            each.acknowledged_at, each.acknowledged_by, each.repair_why or each.ended_why,
        ]
        for each in found
    ]  # fmt: skip
    return csv_response("meldingen", header, lines)


@require_GET
@never_cache
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One notice: what it is, why it concerns us, what to do."""
    notice = queries.notice(request.actor, public_id)
    note_use(request.actor, SEE_NOTICE, notice)
    return _show(request, notice)


def _show(request: ActorRequest, notice: AdvisoryNotice, form: RepairForm | None = None) -> HttpResponse:
    actor = request.actor
    flaws = queries.flaw_table(notice.flaws)
    remedies = list(dict.fromkeys(text for flaw, _facts in flaws for text in flaw["remedies"]))
    context: dict[str, Any] = {
        "crumbs": crumbs("notices", notice.key),
        "notice": notice,
        "mine": notice.organisation_id == actor.organisation_id,
        "may": notice.ended_at is None and bool(decide(actor, HANDLE_NOTICE, notice)),
        "flaws": flaws,
        "used": any(flaw["exploited"] or (facts and facts.used_since) for flaw, facts in flaws),
        "remedies": remedies[:5],
        "terms": notice_rules().terms[Urgency(notice.urgency)],
        "form": form or RepairForm(initial={"state": notice.repair, "why": notice.repair_why}),
    }
    return render(request, "sharing/advisories/notice.html", context, status=422 if form is not None else 200)


@require_POST
def acknowledge(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The organisation has read it."""
    try:
        services.acknowledge(request.actor, public_id)
    except Refused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("De melding is bevestigd. Zeg hieronder hoe ver u bent met herstellen."))
    return redirect("sharing:notice", public_id)


@require_POST
def repair(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """How far the repair is."""
    form = RepairForm(request.POST)
    if form.is_valid():
        try:
            services.set_repair(request.actor, public_id, form.cleaned_data["state"], form.cleaned_data["why"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Vastgelegd."))
            return redirect("sharing:notice", public_id)
    return _show(request, queries.notice(request.actor, public_id), form)
