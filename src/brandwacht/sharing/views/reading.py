"""The reading list: the first page of the room, for who has little time."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from brandwacht.network.models import Organisation
from brandwacht.network.pages import enter
from brandwacht.network.policy import may_anywhere
from brandwacht.network.queries import capped_count
from brandwacht.network.requests import ActorRequest, public_id_in
from brandwacht.network.usecase import note_listing
from brandwacht.sharing.forms.products import ReadingFilter
from brandwacht.sharing.policies.advisories import SEE_NOTICE
from brandwacht.sharing.policies.threats import WRITE_THREAT
from brandwacht.sharing.policy import SEE
from brandwacht.sharing.queries import reading as queries
from brandwacht.sharing.queries.advisories import unacknowledged
from brandwacht.sharing.queries.concerning import concerning
from brandwacht.sharing.queries.ndn import matching_feed, node_feed
from brandwacht.sharing.services import reading as services
from brandwacht.sharing.views.common import circles_read, sign_first, tabs_for

KEPT: Final = "lezen"
"""The name in the session under which the filters stay."""
CLEAR: Final = "wis"


@require_GET
@never_cache
def listing(request: ActorRequest) -> HttpResponse:
    """What concerns the own organisation first, then the circle; unread first, with filters that stay."""
    actor = request.actor
    if not may_anywhere(actor, SEE) and may_anywhere(actor, SEE_NOTICE):
        return redirect("sharing:notices")  # the part of the room that is theirs
    enter(actor, SEE)
    if (first := sign_first(actor)) is not None:
        return first
    if (kept := _kept(request)) is not None:
        return kept
    form = ReadingFilter(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    chosen = {key: value for key, value in said.items() if value}
    wanted = queries.Wanted(
        chosen.get("q", ""), chosen.get("soort", ""), chosen.get("tlp", ""), chosen.get("ongelezen", False)
    )
    ours = [] if chosen else concerning(actor, own=_home(request))
    without = [] if chosen else [each.public_id for each in ours]
    part = queries.lines(actor, wanted, public_id_in(request.GET.get("after", "")), without)
    shown = ours if part.first else []
    told = queries.with_asks(actor, [*shown, *part.rows])
    note_listing(actor, SEE, circles_read(actor))
    context = {
        "tabs": tabs_for(actor, "reading"),
        "form": form,
        "ours": told[: len(shown)],
        "rows": told[len(shown) :],
        "unread": sum(not each.is_read for each in told),
        "unread_more": part.more and not part.rows[-1].is_read,
        "next_url": _next(request, part),
        "filtered": bool(chosen),
        "writes": may_anywhere(actor, WRITE_THREAT),
        "first": part.first,
        "in_feed": capped_count(matching_feed(node_feed(actor), chosen["q"])) if part.first and chosen.get("q") else 0,
        "waiting": capped_count(unacknowledged(actor)) if part.first and not chosen else 0,
    }
    return render(request, "sharing/reading/list.html", context)


def _kept(request: ActorRequest) -> HttpResponse | None:
    """The filters that stay: kept when they are used, given back to who comes without any, gone when cleared."""
    if CLEAR in request.GET:
        request.session.pop(KEPT, None)
        return redirect("sharing:reading")
    used = {key: value for key, value in request.GET.items() if value and key in ReadingFilter.base_fields}
    if used:
        if request.session.get(KEPT) != used:
            request.session[KEPT] = used
    elif set(ReadingFilter.base_fields) & set(request.GET):
        request.session.pop(KEPT, None)
    elif "after" not in request.GET and (kept := request.session.get(KEPT)):
        return redirect(f"{request.path}?{urlencode(kept)}")
    return None


def _home(request: ActorRequest) -> Organisation | None:
    """The organisation that the reader works for, which the request has already."""
    return next(
        (each.organisation for each in request.assignments if each.organisation_id == request.actor.organisation_id),
        None,
    )


def _next(request: ActorRequest, part: queries.Lines) -> str:
    if not part.more:
        return ""
    query: Any = request.GET.copy()
    query["after"] = str(part.rows[-1].public_id)
    return f"?{query.urlencode()}"


@require_GET
@never_cache
def suggest(request: ActorRequest) -> HttpResponse:
    """What to search for, as options, from what the reader may see."""
    enter(request.actor, SEE)
    found = queries.suggestions(request.actor, request.GET.get("q", ""))
    return render(request, "sharing/threats/_suggestions.html", {"suggestions": found})


@require_POST
def read_all(request: ActorRequest) -> HttpResponse:
    """Mark all but TLP:RED as read."""
    enter(request.actor, SEE)
    n = services.mark_all_read(request.actor)
    told = ngettext("%(n)d regel staat nu als gelezen.", "%(n)d regels staan nu als gelezen.", n) % {"n": n}
    messages.success(request, told)
    return redirect("sharing:reading")
