"""Beheer: where to find what, each with one sentence on how it stands."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from brandwacht.network import queries
from brandwacht.network.models import Node
from brandwacht.network.pages import require
from brandwacht.network.policy import may_anywhere
from brandwacht.network.requests import ActorRequest
from brandwacht.network.services.register import unrecognised
from brandwacht.network.views.organisation import told
from brandwacht.network.views.tabs import PARTS
from brandwacht.network.wording import capped

SOON = timedelta(days=30)


@require_GET
def home(request: ActorRequest) -> HttpResponse:
    """The parts of Beheer that this person may see."""
    actor = request.actor
    lines = {"people": _people, "grants": _grants, "register": _register, "organisation": told, "logbook": _logbook}
    parts = [
        {"label": part.label, "url": reverse(f"beheer:{part.name}"), "line": lines[part.name](request)}
        for part in PARTS
        if may_anywhere(actor, part.action)
    ]
    if not parts:
        require(actor, "register.see")
    return render(request, "network/beheer.html", {"parts": parts})


def _people(request: ActorRequest) -> str:
    today = request.actor.today
    held = list(queries.assignments(request.actor).filter(valid_from__lte=today).exclude(valid_to__lte=today))
    people = len({a.user_id for a in held})
    ending = sum(1 for a in held if a.valid_to and a.valid_to <= today + SOON)
    text = ngettext("%(n)d mens heeft hier een rol.", "%(n)d mensen hebben hier een rol.", people) % {"n": people}
    if ending:
        text += " " + ngettext(
            "%(n)d rol loopt binnen 30 dagen af.", "%(n)d rollen lopen binnen 30 dagen af.", ending
        ) % {"n": ending}
    return text


def _grants(request: ActorRequest) -> str:
    now = request.actor.now
    ends = list(queries.in_force(queries.grants_given(request.actor), now).values_list("ends_at", flat=True))
    if not ends:
        return _("U heeft niemand toegang gegeven.")
    text = ngettext("U heeft %(n)d keer toegang gegeven.", "U heeft %(n)d keer toegang gegeven.", len(ends)) % {
        "n": len(ends)
    }
    ending = sum(1 for moment in ends if moment <= now + SOON)
    if ending:
        text += " " + ngettext(
            "%(n)d daarvan loopt binnen 30 dagen af.", "%(n)d daarvan lopen binnen 30 dagen af.", ending
        ) % {"n": ending}
    return text


def _register(request: ActorRequest) -> str:
    owner_id = request.actor.organisation_id
    count = queries.capped_count(Node.objects.filter(organisation_id=owner_id))
    shown = capped(count, queries.CAP)
    text = _("%(n)s processen, diensten en middelen.") % {"n": shown}
    unknown = unrecognised(owner_id).count()
    if unknown:
        text += " " + ngettext(
            "%(n)d machine is nog niet herkend.", "%(n)d machines zijn nog niet herkend.", unknown
        ) % {"n": unknown}
    return text


def _logbook(request: ActorRequest) -> str:
    last = queries.audit_entries(request.actor).first()
    return (
        ngettext("%(n)d regel.", "%(n)d regels.", last.seq) % {"n": last.seq} if last else _("Er staat nog niets in.")
    )
