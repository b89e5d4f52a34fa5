"""The pages of the CERT."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.baseline.queries import controls_touched
from brandwacht.cert import queries, services
from brandwacht.cert.forms import (
    AddAssetsForm,
    AssessForm,
    ClockDoneForm,
    FilterForm,
    NewIncidentForm,
    NoteForm,
    OpenFromAlertForm,
)
from brandwacht.cert.models import Incident, IncidentState, Phase
from brandwacht.network.errors import Denied, Refused
from brandwacht.network.models import Node, Organisation
from brandwacht.network.panels import panels_for
from brandwacht.network.policy import Owner, decide, may_anywhere, owners, visible
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing, note_use
from brandwacht.riskmap.pictures import picture
from brandwacht.riskmap.queries import latest_run

PAGE = 50


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The incidents: those that run first."""
    actor = request.actor
    _must(request, queries.SEE)
    seen = Organisation.objects.filter(pk__in=owners(actor, queries.SEE)).order_by("code")
    organisations = [(o.code, o.full_name) for o in seen]
    form = FilterForm(request.GET, organisations=organisations)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.incidents(actor)
    state = chosen.get("state")
    if not state:
        rows = rows.exclude(state=IncidentState.CLOSED)
    elif state != "alle":
        rows = rows.filter(state=state)
    if chosen.get("organisation"):
        rows = rows.filter(organisation__code=chosen["organisation"])
    if chosen.get("q"):
        rows = rows.filter(Q(title__icontains=chosen["q"]) | Q(number__icontains=chosen["q"]))
    page, more = _keyset(request, rows)
    incidents = list(
        queries.with_first_deadline(
            Incident.objects.filter(pk__in=[i.pk for i in page]).select_related("organisation")
        ).order_by("-opened_at", "-pk")
    )
    note_listing(actor, queries.SEE, {i.organisation_id for i in incidents})
    clocks = list(queries.open_clocks(actor)[:1])
    return render(
        request,
        "cert/list.html",
        {
            "form": form,
            "incidents": incidents,
            "more": more,
            "several": len(organisations) > 1,
            "first_clock": clocks[0] if clocks else None,
            "may_open": decide(actor, "cert.incident.open", Owner(actor.organisation_id)),
        },
    )


def _keyset(request: HttpRequest, rows: Any) -> tuple[list[Incident], str]:
    after = request.GET.get("na", "")
    moment, _dash, pk = after.rpartition("~")
    if moment and pk.isdigit():
        try:
            at = datetime.fromisoformat(moment)
        except ValueError:
            at = None
        if at is not None and timezone.is_aware(at):
            rows = rows.filter(Q(opened_at__lt=at) | Q(opened_at=at, pk__lt=int(pk)))
    found = list(rows[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    last = found[PAGE - 1]
    query = request.GET.copy()
    query["na"] = f"{last.opened_at.isoformat()}~{last.pk}"
    return found[:PAGE], f"?{query.urlencode()}"


def _must(request: ActorRequest, action: str) -> None:
    """Refuse somebody who could not do this to any incident at all."""
    if not may_anywhere(request.actor, action):
        raise Denied(decide(request.actor, action, Owner(request.actor.organisation_id)))


def _node_choices(request: ActorRequest, owner_id: int) -> list[tuple[str, str]]:
    rows = Node.objects.filter(visible(request.actor, "register.see"), organisation_id=owner_id).order_by(
        "kind", "name"
    )
    return [(str(node.public_id), f"{node.name} ({node.get_kind_display().lower()})") for node in rows[:3000]]


def _chosen_nodes(request: ActorRequest, owner_id: int, ids: list[str]) -> list[Node]:
    rows = Node.objects.filter(visible(request.actor, "register.see"), organisation_id=owner_id, public_id__in=ids)
    return list(rows)


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Open an incident that did not come from an alert."""
    actor = request.actor
    decision = decide(actor, "cert.incident.open", Owner(actor.organisation_id))
    if not decision:
        raise Denied(decision)
    choices = _node_choices(request, actor.organisation_id)
    initial = {"phase": Phase.LUKEWARM, "scenario": "eigen_organisatie", "known_at": timezone.localtime(actor.now)}
    form = NewIncidentForm(request.POST or None, nodes=choices, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            incident = services.open_new(
                actor,
                title=data["title"],
                summary=data["summary"],
                scenario=data["scenario"],
                phase=data["phase"],
                facts=data["facts"],
                known_at=data["known_at"] or actor.now,
                nodes=_chosen_nodes(request, actor.organisation_id, data["nodes"]),
            )
        except Refused as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("Incident %(number)s is geopend.") % {"number": incident.number})
            return redirect("cert:detail", incident.public_id)
    return render(request, "cert/new.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def open_from_alert(request: ActorRequest, alert_id: UUID) -> HttpResponse:
    """Turn an alert into an incident."""
    form = OpenFromAlertForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Geef het incident een titel."))
    incident = services.open_from_alert(request.actor, alert_id, **form.cleaned_data)
    messages.success(
        request, _("Incident %(number)s is geopend. De cascade is doorgerekend.") % {"number": incident.number}
    )
    return redirect("cert:detail", incident.public_id)


def _warning_address(incident: Incident) -> str:
    facts = {"incident": str(incident.public_id), "techniques": ",".join(incident.attack), "title": incident.title}
    return f"{reverse('sharing:new')}?{urlencode(facts)}"


def _show(request: ActorRequest, incident: Incident, status: int = 200, **forms_in_error: forms.Form) -> HttpResponse:
    actor = request.actor
    may = {
        key: decide(actor, action, incident)
        for key, action in {
            "lead": "cert.incident.lead",
            "note": "cert.incident.note",
            "activate": "cert.activate",
        }.items()
    }
    story = queries.story(incident)
    run = latest_run(actor, incident.public_id)
    open_clocks = [c for c in story.open_clocks if not c.provisional]
    initial = {
        "phase": incident.phase,
        "scenario": incident.scenario,
        "facts": incident.facts,
        "known_at": timezone.localtime(incident.known_at),
    }
    context: dict[str, Any] = {
        "incident": incident,
        "story": story,
        "open_clocks": open_clocks,
        "first_clock": open_clocks[0] if open_clocks else None,
        "picture": picture(run, actor.now) if run else None,
        "run": run,
        "controls": controls_touched(actor, incident.organisation_id, incident.attack),
        "own": incident.organisation_id == actor.organisation_id,
        "panels": panels_for("cert.Incident", actor, incident),
        "may": may,
        "may_warn": may_anywhere(actor, "sharing.warning.write"),
        "warning_address": _warning_address(incident),
        "may_measure": decide(actor, "baseline.measure.make", Owner(incident.organisation_id)),
        "states": [(s, IncidentState(s).label) for s in services.NEXT[IncidentState(incident.state)]],
        "assess_form": forms_in_error.get("assess") or AssessForm(initial=initial),
        "note_form": forms_in_error.get("note") or NoteForm(),
        "clock_form": forms_in_error.get("clock") or ClockDoneForm(),
        "assets_form": forms_in_error.get("assets")
        or (AddAssetsForm(nodes=_node_choices(request, incident.organisation_id)) if may["note"] else None),
    }
    return render(request, "cert/detail.html", context, status=status)


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One incident: what happened, what falls when, which duties run, who may do what."""
    incident = queries.incident(request.actor, public_id)
    note_use(request.actor, queries.SEE, incident)
    return _show(request, incident)


def _act(
    request: ActorRequest,
    public_id: UUID,
    key: str,
    form: forms.Form,
    do: Callable[[dict[str, Any]], object],
    said: str,
) -> HttpResponse:
    """Run a use case from a form on the incident page; what is refused comes back with the typed text kept."""
    if form.is_valid():
        try:
            do(form.cleaned_data)
        except Refused as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, said)
            return redirect("cert:detail", public_id)
    return _show(request, queries.incident(request.actor, public_id), 422, **{key: form})


@require_POST
def assess(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Set phase, scenario and facts."""
    return _act(
        request,
        public_id,
        "assess",
        AssessForm(request.POST),
        lambda data: services.assess(request.actor, public_id, **data),
        _("De beoordeling is opgeslagen; de meldplichten en bevoegdheden zijn bijgewerkt."),
    )


@require_POST
def note(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Write a line in the story."""
    return _act(
        request,
        public_id,
        "note",
        NoteForm(request.POST),
        lambda data: services.add_note(request.actor, public_id, data["text"]),
        _("Opgeschreven."),
    )


@require_POST
def add_assets(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """More is hit."""
    incident = queries.incident(request.actor, public_id)
    owner_id = incident.organisation_id
    return _act(
        request,
        public_id,
        "assets",
        AddAssetsForm(request.POST, nodes=_node_choices(request, owner_id)),
        lambda data: services.add_assets(request.actor, public_id, _chosen_nodes(request, owner_id, data["nodes"])),
        _("Toegevoegd; de cascade is opnieuw doorgerekend."),
    )


@require_POST
def clock_done(request: ActorRequest, public_id: UUID, key: str) -> HttpResponse:
    """A legal duty was done."""
    return _act(
        request,
        public_id,
        "clock",
        ClockDoneForm(request.POST),
        lambda data: services.clock_done(request.actor, public_id, key, data["note"]),
        _("De melding is vastgelegd."),
    )


@require_POST
def clock_undo(request: ActorRequest, public_id: UUID, key: str) -> HttpResponse:
    """Undo: the duty is open again."""
    services.clock_undo(request.actor, public_id, key)
    messages.success(request, _("De meldplicht staat weer open."))
    return redirect("cert:detail", public_id)


@require_POST
def activate(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Activate the CERT."""
    services.activate_cert(request.actor, public_id)
    messages.success(request, _("Het CERT is geactiveerd."))
    return redirect("cert:detail", public_id)


@require_POST
def move(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Contained, recovered, closed or open again."""
    incident = services.move_to(request.actor, public_id, request.POST.get("state", ""))
    messages.success(request, _("Stand: %(state)s.") % {"state": incident.get_state_display()})
    return redirect("cert:detail", public_id)
