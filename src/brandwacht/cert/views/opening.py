"""The pages on which an incident is opened."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from brandwacht.cert import queries, services
from brandwacht.cert.forms import JoinForm, NewIncidentForm, OpenFromAlertForm
from brandwacht.cert.models import Incident, Phase
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.models import Organisation
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing
from brandwacht.soc import queries as soc
from brandwacht.soc.models import Severity


def _owner(request: ActorRequest) -> tuple[Organisation, list[Organisation]]:
    """Whose incident it becomes, and whose it could be. The code in the address only picks among what is allowed."""
    actor = request.actor
    choices = queries.may_open_for(actor)
    if not choices:
        raise Denied(decide(actor, queries.OPEN, Owner(actor.organisation_id)))
    code = request.GET.get("organisatie", "") or choices[0].code
    chosen = next((each for each in choices if each.code == code), None)
    if chosen is None:
        raise NotFound
    return chosen, choices


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Open an incident that did not come from an alert, or a drill."""
    actor = request.actor
    owner, choices = _owner(request)
    nodes = queries.nodes(actor, owner.pk)
    note_listing(actor, "register.see", {owner.pk})
    names = dict(nodes.values_list("key", "name"))
    if request.method == "POST":
        form = NewIncidentForm(request.POST, nodes=names)
        if form.is_valid():
            data = form.cleaned_data
            try:
                incident = services.open_new(
                    actor,
                    owner_id=owner.pk,
                    title=data["title"],
                    summary=data["summary"],
                    scenario=data["scenario"],
                    phase=data["phase"],
                    severity=data["severity"],
                    facts=data["facts"],
                    known_at=data["known_at"] or actor.now,
                    nodes=list(nodes.filter(key__in=data["nodes"])),
                    exercise=data["exercise"],
                )
            except Refused as error:
                add_refusal(form, error)
            else:
                return _opened(request, incident)
    else:
        started = {"phase": Phase.LUKEWARM, "scenario": "eigen_organisatie", "severity": Severity.HIGH}
        form = NewIncidentForm(initial=started | {"known_at": timezone.localtime(actor.now)}, nodes=names)
    context = {"form": form, "owner": owner, "choices": choices, "names": names.items()}
    return render(request, "cert/new.html", context, status=422 if form.errors else 200)


@require_POST
def open_from_alert(request: ActorRequest, alert_id: UUID) -> HttpResponse:
    """Turn an alert into an incident; what is refused comes back on a page of its own, with what was typed."""
    form = OpenFromAlertForm(request.POST)
    if form.is_valid():
        try:
            return _opened(request, services.open_from_alert(request.actor, alert_id, **form.cleaned_data))
        except Refused as error:
            add_refusal(form, error)
    context = {"form": form, "alert": soc.alert(request.actor, alert_id)}
    return render(request, "cert/new_from_alert.html", context, status=422)


@require_POST
def join(request: ActorRequest, alert_id: UUID) -> HttpResponse:
    """An alert that belongs to an incident that runs already."""
    alert = soc.alert(request.actor, alert_id)
    form = JoinForm(request.POST, running=queries.to_join(request.actor, alert.organisation_id))
    if not form.is_valid():
        raise Refused(" ".join(str(each) for each in form.errors["incident"]))
    incident = services.join(request.actor, alert_id, form.cleaned_data["incident"])
    messages.success(request, _("De melding staat nu bij incident %(number)s.") % {"number": incident.number})
    return redirect("cert:detail", incident.public_id)


def _opened(request: ActorRequest, incident: Incident) -> HttpResponse:
    said = _("Oefening %(number)s is geopend.") if incident.exercise else _("Incident %(number)s is geopend.")
    messages.success(request, said % {"number": incident.number})
    return redirect("cert:detail", incident.public_id)
