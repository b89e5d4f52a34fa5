"""A story of alerts, and what is seen at several organisations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.pages import enter
from brandwacht.network.policy import decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing, note_use
from brandwacht.soc import queries, services
from brandwacht.soc.forms.alerts import ReasonForm
from brandwacht.soc.models import AlertStory
from brandwacht.soc.views import tabs_for


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The alerts of one attack, in time order, and what they share."""
    return _detail(request, queries.story(request.actor, public_id))


def _detail(request: ActorRequest, story: AlertStory, form: ReasonForm | None = None) -> HttpResponse:
    actor = request.actor
    note_use(actor, "soc.alert.see", story)
    alerts = queries.story_alerts(actor, story)
    shared = queries.shared_by(actor, story)
    context = {
        "story": story,
        "alerts": [(alert, shared.get(alert.pk, [])) for alert in alerts],
        "lead": next((alert for alert in alerts if alert.lead), alerts[0]),
        "assets": len({alert.where for alert in alerts}),
        "waiting": sum(alert.waiting for alert in alerts),
        "open": sum(alert.open for alert in alerts),
        "decision": decide(actor, "soc.alert.triage", story),
        "form": form or ReasonForm(auto_id="sluiten_%s"),
        "failed": form is not None,
        "crumbs": [(_("Waakzaam"), reverse("soc:list")), (_("Verhaal"), None)],
    }
    return render(request, "soc/story.html", context, status=422 if form else 200)


@require_POST
def acknowledge(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The person looks into every alert of the story."""
    try:
        number = services.acknowledge_story(request.actor, public_id)
    except Refused as error:
        messages.warning(request, error.message)
    else:
        done = ngettext("U onderzoekt %(n)d melding.", "U onderzoekt %(n)d meldingen.", number)
        messages.success(request, done % {"n": number})
    return redirect("soc:story", public_id)


@require_POST
def close(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Every alert of the story is dealt with."""
    try:
        number = services.close_story(request.actor, public_id, request.POST.get("reason", "")[:1000])
    except Refused as error:
        if error.field is None:
            messages.warning(request, error.message)
            return redirect("soc:story", public_id)
        form = ReasonForm(request.POST, auto_id="sluiten_%s")
        form.errors[error.field] = form.error_class([error.message])
        return _detail(request, queries.story(request.actor, public_id), form)
    done = ngettext("%(n)d melding is gesloten.", "%(n)d meldingen zijn gesloten.", number)
    messages.success(request, done % {"n": number})
    return redirect("soc:story", public_id)


@require_POST
def take_apart(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Take one alert out of its story."""
    try:
        services.take_apart(request.actor, public_id)
    except Refused as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Losgemaakt. Deze melding staat weer op een eigen regel."))
    return redirect("soc:detail", public_id)


@require_GET
def patterns(request: ActorRequest) -> HttpResponse:
    """What is seen with the same rule at several organisations that the analyst watches."""
    actor = request.actor
    enter(actor, "soc.pattern.see")
    found = queries.patterns(actor)
    note_listing(actor, "soc.pattern.see", {o.pk for pattern in found for o in pattern.organisations})
    context: dict[str, Any] = {"tabs": tabs_for(actor, "patterns"), "patterns": found}
    return render(request, "soc/patterns.html", context)
