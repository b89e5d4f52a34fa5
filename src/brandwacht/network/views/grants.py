"""Beheer, mandaten: what the organisation opened to whom, what use was made of it, and what others opened to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network import queries
from brandwacht.network.actor import ACT, Actor, GrantFact
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.forms import MandateForm, add_refusal, day_after
from brandwacht.network.models import AuditEntry, Grant, Organisation
from brandwacht.network.pages import require
from brandwacht.network.paging import page
from brandwacht.network.policy import Owner, decide, may_anywhere, rules
from brandwacht.network.requests import ActorRequest
from brandwacht.network.services import access
from brandwacht.network.views.logbook import told
from brandwacht.network.views.tabs import crumbs, tabs_for
from brandwacht.network.wording import capped

MANDATES = {"VR-SOC": GrantKind.SOC_MANDATE, "VR-CERT": GrantKind.CERT_MANDATE}
"""Who can get a mandate here, and of which kind."""
USES = 20


@dataclass(frozen=True, slots=True)
class Received:
    """A grant that the own organisation got: from whom, what kind, whether it may act, until when."""

    giver: str
    kind: str
    fact: GrantFact
    acts: bool


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The grants given, those in force first, and the grants received.

    Doors to one released row come by the dozen with every release: they are counted here, and stand on its own page.
    """
    actor = request.actor
    require(actor, "grant.see")
    everything = queries.grants_given(actor)
    given = everything.exclude(kind=GrantKind.SNAPSHOT)
    in_force = queries.in_force(given, actor.now)
    released = queries.in_force(everything.filter(kind=GrantKind.SNAPSHOT), actor.now)
    context = {
        "tabs": tabs_for(actor, "grants"),
        "page": page(request, in_force, ("-starts_at", "-pk"), among=given),
        "ended": list(given.exclude(pk__in=in_force.values("pk"))[:USES]),
        "released": capped(queries.capped_count(released), queries.CAP),
        "received": received(actor),
        "may_give": decide(actor, "grant.give", Owner(actor.organisation_id)),
    }
    return render(request, "network/grants.html", context)


def received(actor: Actor) -> list[Received]:
    """What others opened to the actor's organisation, by name of the giver; released rows are left out."""
    grants = [g for g in actor.grants if g.kind != GrantKind.SNAPSHOT]
    names = {o.pk: o.full_name for o in Organisation.objects.filter(pk__in={g.owner_id for g in grants})}
    found = [Received(names[g.owner_id], str(g.kind.label), g, ACT in g.may) for g in grants]
    return sorted(found, key=lambda r: (r.kind, r.giver))


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Give the SOC or the CERT a mandate."""
    actor = request.actor
    require(actor, "grant.give")
    found = {o.code: o for o in Organisation.objects.filter(code__in=MANDATES).exclude(pk=actor.organisation_id)}
    grantees = {code: found[code] for code in MANDATES if code in found}
    in_a_year = timezone.localdate() + timedelta(days=365)
    form = MandateForm(request.POST or None, grantees=grantees.values(), initial={"ends_on": in_a_year, "act": "nee"})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        grantee = grantees[data["grantee"]]
        try:
            access.give(
                actor,
                MANDATES[grantee.code],
                grantee,
                data["purpose"],
                day_after(data["ends_on"]),
                act=data["act"] == "ja",
            )
        except Refused as error:
            add_refusal(form, error, {"ends_at": "ends_on"})
        else:
            messages.success(request, _("%(name)s heeft nu een mandaat.") % {"name": grantee.name})
            return redirect("beheer:grants")
    context = {"form": form, "crumbs": crumbs("grants", (_("Geef een mandaat"), None))}
    return render(request, "network/grant_new.html", context, status=422 if form.errors else 200)


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One grant, and the last uses that were made of it."""
    actor = request.actor
    grant = queries.grants_given(actor).filter(public_id=public_id).first()
    if grant is None:
        raise NotFound
    names = {grant.grantee.code: grant.grantee.full_name}
    running = grant.ended_at is None and grant.ends_at > actor.now
    context = {
        "crumbs": crumbs("grants", (grant.grantee.full_name, None)),
        "grant": grant,
        "acts": ACT in grant.may,
        "running": running,
        "may_end": running and decide(actor, "grant.end", grant),
        "may_read": may_anywhere(actor, "audit.see"),
        "uses": [told(entry, names, actor.organisation_code) for entry in uses(actor, grant)],
    }
    return render(request, "network/grant.html", context)


def uses(actor: Actor, grant: Grant) -> list[AuditEntry]:
    """The last lines in the owner's chain that the grantee wrote by actions that this kind of grant opens."""
    opened = [rule.action for rule in rules().values() if grant.kind in rule.through]
    return list(
        queries.audit_entries(actor).filter(
            actor_organisation=grant.grantee.code,
            action__in=opened,
            at__gte=grant.starts_at,
            at__lt=grant.ended_at or grant.ends_at,
        )[:USES]
    )


@require_POST
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """End a grant at once."""
    ended = access.end(request.actor, public_id)
    messages.success(
        request,
        _("Dit mandaat van %(name)s is beëindigd. Hieronder staat wat nog openstaat.")
        % {"name": ended.grantee.full_name},
    )
    return redirect("beheer:grants")
