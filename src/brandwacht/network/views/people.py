"""Beheer, mensen: who has which role until when."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network import queries
from brandwacht.network.errors import Refused
from brandwacht.network.forms import RoleForm, add_refusal
from brandwacht.network.pages import require
from brandwacht.network.paging import page
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.roles import Role
from brandwacht.network.services import people
from brandwacht.network.views.tabs import crumbs, tabs_for


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The roles at the own organisation; those that ended on request."""
    actor = request.actor
    require(actor, "people.see")
    today = actor.today
    rows = queries.assignments(actor)
    ended = bool(request.GET.get("oud"))
    if not ended:
        rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
    context = {
        "tabs": tabs_for(actor, "people"),
        "page": page(request, rows, ("user__name", "pk"), among=queries.assignments(actor)),
        "ended": ended,
        "today": today,
        "may_assign": decide(actor, "people.assign", Owner(actor.organisation_id)),
    }
    return render(request, "network/people.html", context)


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Give a person a role."""
    actor = request.actor
    require(actor, "people.assign")
    form = RoleForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = people.assign(
                actor, data["email"], data["name"], Role(data["role"]), data["valid_from"], data["valid_to"]
            )
        except Refused as error:
            add_refusal(form, error)
        else:
            text = _("%(name)s is %(role)s.") % {"name": made.user.name, "role": made.get_role_display()}
            if not made.user.has_usable_password():
                text += " " + _(
                    "Wie nog geen wachtwoord heeft, kiest er een met “Wachtwoord vergeten” op de inlogpagina."
                )
            messages.success(request, text)
            return redirect("beheer:people")
    context = {"form": form, "crumbs": crumbs("people", (_("Geef een rol"), None))}
    return render(request, "network/person_new.html", context, status=422 if form.errors else 200)


@require_POST
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """End a role today."""
    ended = people.end_role(request.actor, public_id)
    messages.success(
        request,
        _("De rol %(role)s van %(name)s is beëindigd.") % {"role": ended.get_role_display(), "name": ended.user.name},
    )
    return redirect("beheer:people")
