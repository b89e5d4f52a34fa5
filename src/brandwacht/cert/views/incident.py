"""The page of one incident, and what can be done there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.baseline.queries import controls_touched
from brandwacht.cert import queries, services
from brandwacht.cert.forms import AssessForm, ClockDoneForm, HitForm, NoteForm
from brandwacht.cert.glance import glance
from brandwacht.cert.models import Incident, IncidentState
from brandwacht.engines.detection.attack import technique_name
from brandwacht.network.errors import Denied, Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import jumps
from brandwacht.network.panels import panels_for
from brandwacht.network.policy import Owner, decide, may_anywhere
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_use
from brandwacht.riskmap.models import CascadeRun
from brandwacht.riskmap.pictures.cascade import picture
from brandwacht.riskmap.queries import latest_run

STALE_AFTER = 10
"""Minutes after which the page of an incident that runs says that it is old."""


def _warning_address(incident: Incident) -> str:
    """The page for a new warning. Its title tells what was done, never to whom: the incident's own title may."""
    title = technique_name(incident.attack[0]) if incident.attack else None
    facts = {"incident": str(incident.public_id), "techniques": ",".join(incident.attack), "title": title or ""}
    return f"{reverse('sharing:new')}?{urlencode(facts)}"


def _show(request: ActorRequest, incident: Incident, status: int = 200, **refused: forms.Form) -> HttpResponse:
    """The page; ``refused`` holds a form that was sent and refused, by name: "assess", "note" or "clock"."""
    actor = request.actor
    note_use(actor, queries.SEE, incident)
    story = queries.story(incident, whole="alles" in request.GET)
    run = latest_run(actor, incident.public_id) if story.assets else None
    running = story.running_clocks
    sent = refused.get("clock")
    sent_key = sent.key if isinstance(sent, ClockDoneForm) else None
    going = incident.state != IncidentState.CLOSED
    may_note = decide(actor, "cert.incident.note", incident)
    controls = controls_touched(actor, incident.organisation_id, incident.attack)
    context: dict[str, Any] = {
        "incident": incident,
        "glance": glance(actor, incident, story),
        "jumps": _jumps(bool(may_note)),
        "going": going,
        "exercise": incident.exercise,
        "stale_after": STALE_AFTER if going else None,
        "story": story,
        "assessed": incident.assessed_at is not None,
        "first_clock": running[0] if running else None,
        "clocks": [
            (clock, queries.follows(clock.key), sent if clock.key == sent_key else ClockDoneForm(clock.key))
            for clock in story.clocks
        ],
        "refused_clock": sent,
        "picture": picture(run, actor.now) if run else None,
        "moved_on": run is not None and _moved_on(run, incident, story),
        "duties_left": [] if incident.exercise else story.duties_left,
        "told_csirt": any("CSIRT" in f"{clock.duty} {clock.to_whom}" for clock in story.clocks),
        "controls": controls,
        "answered": any(control.state for control in controls),
        "own": incident.organisation_id == actor.organisation_id,
        "panels": panels_for("cert.Incident", actor, incident),
        "may_lead": decide(actor, queries.LEAD, incident),
        "may_note": may_note,
        "may_activate": going and not incident.cert_activated_at and decide(actor, "cert.activate", incident),
        "may_warn": going and not incident.exercise and may_anywhere(actor, "sharing.warning.write"),
        "may_measure": decide(actor, "baseline.measure.make", Owner(incident.organisation_id)),
        "may_alert": incident.alert_ref and decide(actor, "soc.alert.see", Owner(incident.organisation_id)),
        "may_register": decide(actor, "register.see", Owner(incident.organisation_id)),
        "warning_address": _warning_address(incident),
        "steps": services.NEXT[IncidentState(incident.state)],
        "assess_form": refused.get("assess") or AssessForm(initial=AssessForm.now_of(incident)),
        "assessment": services.assessment(incident),
        "note_form": refused.get("note") or NoteForm(),
    }
    return render(request, "cert/detail.html", context, status=status)


def _jumps(may_do: bool) -> list[dict[str, str]]:
    """The way to the parts of a long page; on a telephone what can be done stands at its end."""
    parts = [("meldplichten", _("Meldplichten")), ("gevolg", _("Wat er uitvalt")), ("bevoegd", _("Wie wat mag"))]
    parts += [("verloop", _("Verloop")), *([("handelen", _("Wat u kunt doen"))] if may_do else [])]
    return jumps(parts)


def _moved_on(run: CascadeRun, incident: Incident, story: queries.Story) -> bool:
    """Whether the picture is of before the last change of what is hit, or since when."""
    hit_now = sorted((asset.node.key, asset.state) for asset in story.assets)
    played = sorted((outage["node"], outage["state"]) for outage in run.outages)
    return played != hit_now or run.started_at != incident.known_at


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One incident: what is going on, which duties run, what falls when, who may do what, what happened."""
    return _show(request, queries.incident(request.actor, public_id))


def _act(
    request: ActorRequest, public_id: UUID, name: str, form: forms.Form, do: Callable[[Any], object], said: str
) -> HttpResponse:
    """Run a use case from a form on the incident page; what is refused comes back with what was typed."""
    if form.is_valid():
        try:
            do(form.cleaned_data)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, said)
            return redirect("cert:detail", public_id)
    return _show(request, queries.incident(request.actor, public_id), 422, **{name: form})


@require_POST
def assess(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Set what the incident is taken to be."""
    seen = request.POST.get("seen", "")
    return _act(
        request,
        public_id,
        "assess",
        AssessForm(request.POST),
        lambda data: services.assess(request.actor, public_id, seen=seen, **data),
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
        lambda data: services.add_note(request.actor, public_id, data["text"], data["at"]),
        _("Opgeschreven."),
    )


@require_POST
def clock_done(request: ActorRequest, public_id: UUID, key: str) -> HttpResponse:
    """A legal duty was done."""
    return _act(
        request,
        public_id,
        "clock",
        ClockDoneForm(key, request.POST),
        lambda data: services.clock_done(request.actor, public_id, key, data["note"], data["at"]),
        _("De melding is vastgelegd."),
    )


@require_POST
def clock_undo(request: ActorRequest, public_id: UUID, key: str) -> HttpResponse:
    """Undo: the duty was not done after all."""
    services.clock_undo(request.actor, public_id, key)
    messages.success(request, _("Teruggezet."))
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


@require_http_methods(["GET", "HEAD", "POST"])
def hit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """More is hit, or in another way: a page of its own, since a register can be long."""
    actor = request.actor
    incident = queries.incident(actor, public_id)
    note_use(actor, queries.SEE, incident)
    decision = decide(actor, "cert.incident.note", incident)
    if not decision:
        raise Denied(decision)
    nodes = queries.nodes(actor, incident.organisation_id)
    names = dict(nodes.values_list("key", "name"))
    form = HitForm(request.POST if request.method == "POST" else None, nodes=names)
    if form.is_valid():
        data = form.cleaned_data
        chosen = list(nodes.filter(key__in=data["nodes"]))
        try:
            long = int(data["duration"]) if data["duration"] else None
            services.add_assets(actor, public_id, chosen, state=data["state"], duration=long)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Toegevoegd. De gevolgen zijn opnieuw doorgerekend."))
            return redirect("cert:detail", public_id)
    context = {"form": form, "incident": incident, "exercise": incident.exercise, "names": names.items()}
    return render(request, "cert/hit.html", context, status=422 if form.errors else 200)


@require_POST
def not_hit(request: ActorRequest, public_id: UUID, node_id: UUID) -> HttpResponse:
    """What was taken to be hit is not."""
    services.remove_asset(request.actor, public_id, node_id)
    messages.success(request, _("Weggehaald. De gevolgen zijn opnieuw doorgerekend."))
    return redirect("cert:detail", public_id)
