"""The pages of threat reports: the list, one report, and writing one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.engines.intel import PAP, TLP
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter
from brandwacht.network.paging import chosen_order, page
from brandwacht.network.policy import decide, may_anywhere
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import demand, note_listing, note_use
from brandwacht.sharing import stix
from brandwacht.sharing.circle import choices, circle_for, read_circle
from brandwacht.sharing.forms.threats import (
    ABOUT,
    LIKELY,
    TEMPLATES,
    ThreatFilter,
    ThreatForm,
    WithdrawThreatForm,
    initial_of,
)
from brandwacht.sharing.models import Threat, ThreatState, Topic
from brandwacht.sharing.policies.threats import (
    EDIT_THREAT,
    EXPORT_THREAT,
    READ_RED,
    SEE_THREAT,
    SIGHT,
    WRITE_THREAT,
    is_mine,
)
from brandwacht.sharing.queries import seats as seat_queries
from brandwacht.sharing.queries import threats as queries
from brandwacht.sharing.queries.concerning import concerning
from brandwacht.sharing.queries.ndn import month_bars, voices
from brandwacht.sharing.queries.reading import suggestions
from brandwacht.sharing.reading_kinds import THREAT
from brandwacht.sharing.services import pseudonyms as pseudonym_services
from brandwacht.sharing.services import reading as reading_services
from brandwacht.sharing.services import threats as services
from brandwacht.sharing.views.common import counted, crumbs, listed_form, refuse_listed, sign_first, tabs_for
from brandwacht.sharing.views.measures import panel


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The list of reports: what concerns the own organisation first, then the circle."""
    actor = request.actor
    enter(actor, SEE_THREAT)
    if (first := sign_first(actor)) is not None:
        return first
    form = ThreatFilter(request.GET)
    chosen = {key: value for key, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    rows = queries.threats(actor)
    rows = rows.filter(**{key: chosen[key] for key in ("topic", "tlp", "state") if key in chosen})
    if "q" in chosen:
        rows = queries.matching(rows, chosen["q"])
    part = page(request, rows, chosen_order(queries.SORTS, request.GET.get("sort", "")), among=queries.threats(actor))
    note_listing(actor, SEE_THREAT, {each.organisation_id for each in part.rows})
    context = counted(part, rows) | {
        "tabs": tabs_for(actor, "threats"),
        "form": form,
        "ours": concerning(actor, [THREAT]) if part.first and not chosen else [],
        "filtered": bool(chosen),
        "writes": may_anywhere(actor, WRITE_THREAT),
    }
    return render(request, "sharing/threats/list.html", context)


@require_GET
@never_cache
def suggest(request: ActorRequest) -> HttpResponse:
    """What to search for, as options, from what the reader may see."""
    enter(request.actor, SEE_THREAT)
    found = suggestions(request.actor, request.GET.get("q", ""), [THREAT], of_each=50)
    return render(request, "sharing/threats/_suggestions.html", {"suggestions": found})


@require_GET
@never_cache
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One report: what it says, who may read it and why, and where it was seen."""
    threat = queries.threat(request.actor, public_id)
    _note_reading(request, threat)
    reading_services.mark_read(request.actor, threat)
    return _show(request, threat)


def _note_reading(request: ActorRequest, threat: Threat) -> None:
    """The trace of reading: a receipt with TLP:RED. Who wrote it under a pseudonym leaves none, since it would tell."""
    if threat.pseudonym is not None and is_mine(request.actor, threat):
        return
    note_use(request.actor, READ_RED if threat.marking is TLP.RED else SEE_THREAT, threat)


def _show(request: ActorRequest, threat: Threat, form: WithdrawThreatForm | None = None) -> HttpResponse:
    actor = request.actor
    may = {key: bool(decide(actor, action, threat)) for key, action in _ACTIONS.items()}
    red = threat.marking is TLP.RED
    told = voices(actor, threat)
    context = {
        "crumbs": crumbs("threats", threat.name),
        "threat": threat,
        "may": may,
        "pap": f"{threat.permission.label}: {threat.permission.what_is_allowed}",
        "readers": [reader.user.name for reader in threat.readers.all()] if red else [],
        "members": [] if red else services.audience(read_circle(threat.organisation_id, actor.now)),
        "months": told.months,
        "bars": month_bars(told.months, actor.today),
        "indicators": told.indicators,
        "ours": told.ours,
        "withdrawn": threat.state == ThreatState.WITHDRAWN,
        "draft": threat.state == ThreatState.DRAFT,
        "form": form or WithdrawThreatForm(),
        "panel": panel(actor, THREAT, threat),
    }
    return render(request, "sharing/threats/detail.html", context, status=422 if form is not None else 200)


_ACTIONS = {"edit": EDIT_THREAT, "sight": SIGHT, "export": EXPORT_THREAT}


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Write a report from a template; it stays a draft until it is shared."""
    actor = request.actor
    enter(actor, WRITE_THREAT)
    if (first := sign_first(actor)) is not None:
        return first
    topic = request.GET.get("soort", "")
    if request.method == "GET" and topic not in Topic.values:
        context = {
            "crumbs": crumbs("threats", _("Nieuwe dreiging")),
            "topics": [(topic, topic.label, ABOUT[topic], str(TEMPLATES[topic]).split("\n\n")) for topic in Topic],
        }
        return render(request, "sharing/threats/choose.html", context)
    initial: dict[str, Any] = {"topic": topic, "tlp": TLP.AMBER.name, "pap": PAP.AMBER.name}
    if topic in Topic.values:
        initial |= {"what": TEMPLATES[Topic(topic)], "techniques": LIKELY[Topic(topic)]}
    form = _form(request, initial)
    if request.method == "POST" and form.is_valid():
        try:
            threat = services.write(actor, form.report(), pseudonymous=bool(form.cleaned_data.get("pseudonymous")))
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Het concept is opgeslagen. Kijk het na en deel het."))
            return redirect("sharing:threat-share", threat.public_id)
    context = {"crumbs": crumbs("threats", _("Nieuwe dreiging")), "form": form}
    return render(request, "sharing/threats/edit.html", context, status=422 if form.is_bound else 200)


def _form(
    request: ActorRequest, initial: dict[str, Any], *, pseudonyms: bool | None = None, shared: bool = False
) -> ThreatForm:
    actor = request.actor
    circle = circle_for(actor, WRITE_THREAT)
    seats = read_circle(circle.pk, actor.now).seats
    people = choices(seats)
    meetings = [
        (str(each.public_id), f"{each.title}, {each.on:%d-%m-%Y}") for each in seat_queries.meetings(actor)[:20]
    ]
    if pseudonyms is None:
        pseudonyms = pseudonym_services.possible(circle.pk)
    data = request.POST if request.method == "POST" else None
    return ThreatForm(
        data, initial=initial, people=list(people.items()), meetings=meetings, pseudonyms=pseudonyms, shared=shared
    )


@require_http_methods(["GET", "POST"])
@never_cache
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Change one's own report, shared or not."""
    actor = request.actor
    threat = queries.threat(actor, public_id)
    demand(actor, EDIT_THREAT, threat)
    form = _form(request, initial_of(threat), pseudonyms=False, shared=threat.state == ThreatState.SHARED)
    if request.method == "POST" and form.is_valid():
        try:
            services.change(actor, public_id, form.report())
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("De dreiging is gewijzigd."))
            return redirect("sharing:threat", public_id)
    context = {"crumbs": crumbs("threats", threat.name), "form": form, "threat": threat}
    return render(request, "sharing/threats/edit.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@never_cache
def share(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Confirm: who will read it, and what in it tells who wrote it; then share it."""
    actor = request.actor
    threat = queries.threat(actor, public_id)
    demand(actor, EDIT_THREAT, threat)
    refused, listed = "", listed_form(request, threat)
    if request.method == "POST" and (listed is None or listed.is_valid()):
        try:
            choices = listed.choices() if listed else {}
            services.share(actor, public_id, anyway=request.POST.get("anyway") == "ja", listed=choices)
        except Refused as error:
            refused = refuse_listed(listed, error)
        else:
            messages.success(request, _("De dreiging is gedeeld. De lezers krijgen bericht."))
            return redirect("sharing:threat", public_id)
    circle = read_circle(threat.organisation_id, actor.now)
    hidden = threat.pseudonym is not None
    red = threat.marking is TLP.RED
    context = {
        "crumbs": crumbs("threats", threat.name),
        "threat": threat,
        "draft": threat.state == ThreatState.DRAFT,
        "refused": refused,
        "red": red,
        "readers": [reader.user.name for reader in threat.readers.all()] if red else services.audience(circle),
        "traces": services.traces(actor, threat) if hidden else [],
        "guess": services.easy_to_guess(circle, threat) if hidden else "",
        "listed": listed,
    }
    wrong = refused or (listed is not None and listed.errors)
    return render(request, "sharing/threats/share.html", context, status=422 if wrong else 200)


@require_POST
def withdraw(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Withdraw one's own report."""
    form = WithdrawThreatForm(request.POST)
    if form.is_valid():
        try:
            services.withdraw(request.actor, public_id, form.cleaned_data["why"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("De dreiging is ingetrokken."))
            return redirect("sharing:threat", public_id)
    return _show(request, queries.threat(request.actor, public_id), form)


@require_POST
def sight(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The own organisation saw it."""
    services.sight(request.actor, public_id)
    messages.success(request, _("Vastgelegd: uw organisatie zag dit vandaag. Anderen zien alleen aantallen per maand."))
    return redirect("sharing:threat", public_id)


@require_GET
@never_cache
def as_stix(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The report as a STIX 2.1 bundle."""
    threat, content = services.export(request.actor, public_id)
    return stix.download(threat, content)
