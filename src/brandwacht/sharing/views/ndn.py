"""The pages of the national node: the state of the connection, what came in, what went back."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.models import Organisation
from brandwacht.network.pages import enter
from brandwacht.network.paging import chosen_order, page
from brandwacht.network.policy import Owner, decide, may_anywhere
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing
from brandwacht.sharing.forms.ndn import AgreementForm, BundleForm, ConnectForm, HeldForm, NodeFeedFilter
from brandwacht.sharing.models import FeedState, FeedVia
from brandwacht.sharing.ndn import node_data
from brandwacht.sharing.policies.ndn import CONNECT, RUN_NODE, SEE_NODE, SEE_NODE_FEED
from brandwacht.sharing.queries import ndn as queries
from brandwacht.sharing.services import node as services
from brandwacht.sharing.services import node_feed, words
from brandwacht.sharing.views.common import counted, crumbs, tabs_for

NEWEST = 6
HELD_SHOWN = 20


@require_GET
@never_cache
def overview(request: ActorRequest) -> HttpResponse:
    """Connected or what is missing, what came in, what went back, and the agreement."""
    enter(request.actor, SEE_NODE)
    return _show(request)


def _show(request: ActorRequest, *, agreement: AgreementForm | None = None, file: BundleForm | None = None,
          held: tuple[UUID, HeldForm] | None = None) -> HttpResponse:  # fmt: skip
    actor = request.actor
    node, row = queries.node_for(actor), queries.connection(actor)
    works = queries.works(row, actor.today)
    runs = may_anywhere(actor, RUN_NODE)
    sees = may_anywhere(actor, SEE_NODE_FEED) and (works or runs)
    counts = queries.counts(actor) if sees else {}
    waiting = list(queries.held(actor)[:HELD_SHOWN]) if runs else []
    failed = agreement or file or held
    context = {
        "tabs": tabs_for(actor, "node"),
        "node": node,
        "here": Organisation.objects.get(pk=actor.organisation_id),
        "row": row,
        "works": works,
        "expired": row is not None and row.ended_at is None and not works,
        "level": node_data().agreements[row.level] if row else None,
        "check": None if works else queries.condition(actor, row),
        "member": node is not None and not runs,
        "may_connect": bool(decide(actor, CONNECT, Owner(actor.organisation_id))),
        "agreement": agreement or AgreementForm(initial={"level": row.level if row else node_data().usual}),
        "sees": sees,
        "watched": counts.get(FeedState.WATCHED, 0),
        "waiting_count": counts.get(FeedState.HELD, 0),
        "gone": sum(n for state, n in counts.items() if state not in (FeedState.WATCHED, FeedState.HELD)),
        "newest": list(queries.node_feed(actor).filter(via=FeedVia.NODE)[:NEWEST]) if sees else [],
        "sent": list(queries.sent(actor)[:NEWEST]),
        "runs": runs,
        "waiting": [(each, held[1] if held and held[0] == each.public_id else HeldForm()) for each in waiting],
        "file": file or BundleForm(),
        "failed": bool(failed),
        "least": node_data().least,
    }
    return render(request, "sharing/ndn/node.html", context, status=422 if failed else 200)


@require_http_methods(["GET", "POST"])
@never_cache
def connect(request: ActorRequest) -> HttpResponse:
    """What is missing, the agreement, and when need be the transitional decision; then connect."""
    actor = request.actor
    enter(actor, CONNECT)
    row = queries.connection(actor)
    check = queries.condition(actor, None)
    form = ConnectForm(
        request.POST if request.method == "POST" else None, met=check.verdict.met, initial={"level": node_data().usual}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.connect(actor, form.cleaned_data["level"], form.transition())
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Uw organisatie is aangesloten. De bewaking let vanaf nu op wat binnenkomt."))
            return redirect("sharing:node")
    context = {
        "crumbs": crumbs("node", _("Aansluiten")),
        "form": form,
        "check": check,
        "node": queries.node_for(actor),
        "works": queries.works(row, actor.today),
    }
    return render(request, "sharing/ndn/connect.html", context, status=422 if form.is_bound else 200)


@require_POST
def agree(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Change what goes back."""
    form = AgreementForm(request.POST)
    if form.is_valid():
        services.agree(request.actor, public_id, form.cleaned_data["level"])
        messages.success(request, _("De afspraak is vastgelegd. Zij geldt voor alles wat nog niet is verzonden."))
        return redirect("sharing:node")
    enter(request.actor, SEE_NODE)
    return _show(request, agreement=form)


@require_POST
def disconnect(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Stop at once."""
    services.disconnect(request.actor, public_id)
    messages.success(request, _("De aansluiting is verbroken. Er komt niets meer binnen en er gaat niets meer terug."))
    return redirect("sharing:node")


@require_GET
@never_cache
def came_in(request: ActorRequest) -> HttpResponse:
    """Everything that came in, for members of connected organisations."""
    actor = request.actor
    enter(actor, SEE_NODE_FEED)
    form = NodeFeedFilter(request.GET, states=FeedState.choices)
    said = form.cleaned_data if form.is_valid() else {}
    rows = queries.node_feed(actor)
    if said.get("state"):
        rows = rows.filter(state=said["state"])
    if said.get("q"):
        rows = queries.matching_feed(rows, said["q"])
    part = page(request, rows, chosen_order(queries.SORTS, ""), among=queries.node_feed(actor))
    note_listing(actor, SEE_NODE_FEED, {each.organisation_id for each in part.rows})
    context = counted(part, rows) | {
        "crumbs": crumbs("node", _("Wat binnenkwam")),
        "form": form,
        "filtered": any(said.values()),
    }
    return render(request, "sharing/ndn/node_feed.html", context)


@require_GET
@never_cache
def went_back(request: ActorRequest) -> HttpResponse:
    """Exactly what went back because of the own organisation, as the node got it."""
    actor = request.actor
    enter(actor, SEE_NODE)
    rows = queries.sent(actor)
    part = page(request, rows, chosen_order({"": ("-on", "-public_id")}, ""), among=rows)
    names = {key: each.name for key, each in node_data().agreements.items()}
    context = {
        "crumbs": crumbs("node", _("Wat terugging")),
        "rows": [(row, names.get(row.level, row.level), _as_text(row.content)) for row in part.rows],
        "next_url": part.next_url,
    }
    return render(request, "sharing/ndn/sent.html", context)


def _as_text(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)


@require_POST
def take_file(request: ActorRequest) -> HttpResponse:
    """A coordinator brings a bundle of NCSC."""
    actor = request.actor
    enter(actor, RUN_NODE)
    form = BundleForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            read, left = node_feed.import_bundle(actor, form.cleaned_data["file"].read(node_feed.MAX_FILE + 1))
        except Refused as error:
            add_refusal(form, error)
        else:
            told = ngettext("%(n)d object is gelezen.", "%(n)d objecten zijn gelezen.", read) % {"n": read}
            if left:
                why = "; ".join(dict.fromkeys(each.why for each in left[:3]))
                more = ngettext("%(n)d is geweigerd: %(why)s", "%(n)d zijn geweigerd: %(why)s", len(left))
                told += " " + more % {"n": len(left), "why": why}
            messages.success(request, told)
            return redirect("sharing:node")
    return _show(request, file=form)


@require_POST
def decide_held(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A coordinator lets in what stands on a warning list, or leaves it out."""
    form = HeldForm(request.POST)
    if form.is_valid():
        keep = request.POST.get("besluit") == "toelaten"
        node_feed.decide_held(request.actor, public_id, keep=keep, why=form.cleaned_data["why"])
        messages.success(request, _("Het kenmerk is toegelaten.") if keep else _("Het kenmerk is weggelaten."))
        return redirect("sharing:node")
    enter(request.actor, RUN_NODE)
    return _show(request, held=(public_id, form))


@require_POST
def judge(request: ActorRequest, public_id: UUID, key: UUID) -> HttpResponse:
    """The own organisation finds an indicator to be nothing, or takes that back."""
    false = request.POST.get("oordeel") == "onterecht"
    words.judge(request.actor, public_id, key, false=false)
    messages.success(
        request,
        _("Vastgelegd: volgens uw organisatie is dit kenmerk onterecht. Anderen zien alleen aantallen per drie.")
        if false
        else _("Uw oordeel is teruggenomen."),
    )
    return redirect("sharing:threat", public_id)
