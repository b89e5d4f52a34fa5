"""Handing an alert over, and taking it over."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.policy import decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import demand, note_use
from brandwacht.soc import queries
from brandwacht.soc.forms.work import EscalateForm
from brandwacht.soc.handover import done_so_far, suggested_indicators
from brandwacht.soc.models import Receiver, Severity
from brandwacht.soc.queries import work
from brandwacht.soc.queries.connecting import to_call
from brandwacht.soc.services import escalations as service

LOOKED_AT = 50
"""So many events are looked at for indicators to propose."""


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The form on which an alert is handed over, filled in as far as Brandwacht knows."""
    actor = request.actor
    alert = queries.alert(actor, public_id)
    demand(actor, "soc.alert.triage", alert)
    note_use(actor, "soc.alert.see", alert)
    others = queries.others_around(actor, alert, limit=20)
    nodes = list({node.pk: node for node in (alert.asset, *(other.asset for other in others))}.values())
    if request.method == "POST":
        form = EscalateForm(request.POST, nodes=nodes)
        if form.is_valid():
            try:
                sent = service.escalate(actor, public_id, **form.chosen())
            except Refused as error:
                add_refusal(form, error)
            else:
                messages.success(request, _("Getekend en verstuurd. Bel als het haast heeft."))
                return redirect("soc:escalation", sent.public_id)
    else:
        events = queries.matched_events(actor, alert).order_by("time", "id")[:LOOKED_AT]
        initial = {
            "assets": [str(alert.asset.public_id)],
            "indicators": "\n".join(suggested_indicators(events)),
            "done": done_so_far(work.work_on(actor, alert).entries),
            "receiver": Receiver.CERT if alert.severity >= Severity.HIGH else Receiver.CISO,
        }
        form = EscalateForm(initial=initial, nodes=nodes)
    context = {
        "alert": alert,
        "form": form,
        "evidence": min(alert.event_count, service.EVIDENCE_MOST),
        "crumbs": _crumbs(alert.title, alert.public_id, _("Overdragen")),
    }
    return render(request, "soc/escalate.html", context, status=422 if form.errors else 200)


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One hand-over: what goes along, whether it is still as it was signed, and who took it."""
    actor = request.actor
    escalation = work.escalation(actor, public_id)
    note_use(actor, "soc.alert.see", escalation)
    body = escalation.content
    for item in body["bewijs"]:
        item["moment"] = parse_datetime(item["tijd"])
    to_me = escalation.receiver == Receiver.CERT or escalation.organisation_id == actor.organisation_id
    context = {
        "escalation": escalation,
        "alert": escalation.alert,
        "body": body,
        "checked": service.check(escalation),
        "calls": None if escalation.acknowledged_at else to_call(actor, escalation.organisation),
        "fingerprint": escalation.public_key[:16],
        "may_take": to_me and bool(decide(actor, "soc.escalation.take", escalation)),
        "crumbs": _crumbs(escalation.alert.title, escalation.alert.public_id, _("Overdracht")),
    }
    return render(request, "soc/escalation.html", context)


@require_POST
def take(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The receiver takes charge."""
    try:
        service.take_over(request.actor, public_id)
    except Refused as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("U heeft de melding overgenomen. De afzender ziet dat."))
    return redirect("soc:escalation", public_id)


def _crumbs(title: str, alert_id: UUID, here: str) -> list[tuple[str, str | None]]:
    return [
        (_("Waakzaam"), reverse("soc:list")),
        (title, reverse("soc:detail", args=[alert_id])),
        (here, None),
    ]
