"""The sources: how each is doing, connecting and ending them, and when nobody watched."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter
from brandwacht.network.paging import page
from brandwacht.network.policy import decide, may_anywhere
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import demand, note_listing, note_use
from brandwacht.soc.forms.sources import NewSourceForm, SourceForm
from brandwacht.soc.models import LogSource, SourceKind
from brandwacht.soc.queries import blindspots as sights
from brandwacht.soc.queries import logsources as reads
from brandwacht.soc.services import logsources as services
from brandwacht.soc.services.health import stands_still
from brandwacht.soc.services.intake import disk_full, free_space, why_full
from brandwacht.soc.snippets import snippets
from brandwacht.soc.views import tabs_for

MANAGE = "soc.sources.manage"


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """Every source at a glance; what is silent first."""
    actor = request.actor
    enter(actor, "soc.sources.see")
    found = page(request, reads.log_sources(actor), reads.ORDER)
    note_listing(actor, "soc.sources.see", {source.organisation_id for source in found.rows})
    working = [source for source in found.rows if source.enabled]
    context = {
        "tabs": tabs_for(actor, "logsources"),
        "sources": found.rows,
        "next_url": found.next_url,
        "several": len({source.organisation_id for source in found.rows} | {actor.organisation_id}) > 1,
        "working": len(working),
        "silent": [source for source in working if source.silent_since],
        "still": [source for source in working if stands_still(source, actor.now)],
        "full": disk_full() if working and not free_space() else "",
        "may_connect": may_anywhere(actor, MANAGE),
    }
    return render(request, "soc/logsources.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Connect a source; its token is on this answer only."""
    actor = request.actor
    enter(actor, MANAGE)
    organisations = reads.connectable(actor)
    form = NewSourceForm(organisations=organisations)
    if request.method == "POST":
        form = NewSourceForm(request.POST, organisations=organisations)
        if form.is_valid():
            try:
                source, token = services.connect(actor, form.owner_id(), form.draft())
            except Refused as error:
                add_refusal(form, error)
            else:
                return _detail(request, reads.log_source(actor, source.public_id), token, made=True)
    context = {"form": form, "crumbs": _crumbs(_("Bron aansluiten"))}
    return render(request, "soc/logsource_form.html", context, status=422 if form.errors else 200)


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One source: how it is doing, what could not be read, and how to connect it."""
    return _detail(request, reads.log_source(request.actor, public_id))


def _detail(request: ActorRequest, source: LogSource, token: str = "", *, made: bool = False) -> HttpResponse:
    actor = request.actor
    note_use(actor, "soc.sources.see", source)
    sight = sights.sight_of_source(actor, source)
    blind = page(request, sights.rules_of_sight(actor, sight), sights.ORDER, size=sights.SHOWN)
    context = {
        "source": source,
        "token": token,
        "made": made,
        "day": reads.last_day(actor, source),
        "hours": list(reads.last_hours(actor, source)),
        "bad": reads.bad_lines(actor, source),
        "gaps": list(reads.gaps(actor, source).order_by(*reads.GAP_ORDER)[:5]),
        "sight": sight,
        "blind": [(rule, sight.lacks[rule.rule_id]) for rule in blind.rows],
        "next_url": blind.next_url,
        "full": why_full(source) if source.enabled else "",
        "still": [source] if stands_still(source, actor.now) else [],
        "may_manage": source.enabled and bool(decide(actor, MANAGE, source)),
        "has_token": source.kind == SourceKind.BULK,
        "snippets": snippets(source, settings.SITE_URL, token) if source.enabled else [],
        "crumbs": _crumbs(source.name),
    }
    return render(request, "soc/logsource.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Another name, another time of silence."""
    actor = request.actor
    source = reads.log_source(actor, public_id)
    demand(actor, MANAGE, source)
    form = SourceForm(request.POST or None, initial={"name": source.name, "silent_after": source.silent_after})
    if request.method == "POST" and form.is_valid():
        try:
            services.change(actor, public_id, form.cleaned_data["name"], form.cleaned_data["silent_after"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Opgeslagen."))
            return redirect("soc:logsource", public_id)
    context = {"form": form, "source": source, "crumbs": _crumbs(source.name)}
    return render(request, "soc/logsource_form.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def renew(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Another token, on this answer only."""
    try:
        _source, token = services.renew_token(request.actor, public_id)
    except Refused as error:
        messages.warning(request, error.message)
        return redirect("soc:logsource", public_id)
    return _detail(request, reads.log_source(request.actor, public_id), token)


@require_POST
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """End a source now."""
    source = services.end(request.actor, public_id)
    messages.success(request, _("De bron “%(name)s” is beëindigd.") % {"name": source.name})
    return redirect("soc:logsource", public_id)


@require_GET
def gaps(request: ActorRequest) -> HttpResponse:
    """When nobody watched, of all sources in sight."""
    actor = request.actor
    enter(actor, "soc.sources.see")
    found = page(request, reads.gaps(actor), reads.GAP_ORDER)
    note_listing(actor, "soc.sources.see", {gap.organisation_id for gap in found.rows})
    context = {
        "gaps": found.rows,
        "next_url": found.next_url,
        "several": len({gap.organisation_id for gap in found.rows} | {actor.organisation_id}) > 1,
        "tabs": tabs_for(actor, "gaps"),
    }
    return render(request, "soc/gaps.html", context)


def _crumbs(last: str) -> list[tuple[str, str | None]]:
    return [(_("Waakzaam"), reverse("soc:list")), (_("Bronnen"), reverse("soc:logsources")), (last, None)]
