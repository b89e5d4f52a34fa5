"""The detection rules."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from brandwacht.network.pages import enter
from brandwacht.network.paging import page
from brandwacht.network.policy import may_anywhere, owners
from brandwacht.network.requests import ActorRequest
from brandwacht.soc import queries, services
from brandwacht.soc.forms import RuleFilterForm
from brandwacht.soc.views import tabs_for


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The rules of the actor's organisation, and whose rules watch over it."""
    actor = request.actor
    enter(actor, "soc.rules.see")
    form = RuleFilterForm.read(request.GET)
    every = queries.rules(actor, queries.RuleFilter())
    found = page(request, queries.rules(actor, form.narrowing()), ("-level", "title", "id"), among=every)
    sources = queries.rule_sources(actor)
    context = {
        "tabs": tabs_for(actor, "rules"),
        "form": form,
        "rules": found.rows,
        "next_url": found.next_url,
        "sources": sources,
        "in_use": sum(source.in_use for source in sources),
        "watched": len(owners(actor, "soc.alert.see") - {actor.organisation_id}),
        "others": [s for s in sources if s.organisation.pk != actor.organisation_id],
        "narrowed": any(request.GET.get(key) for key in form.fields),
        "may_switch": may_anywhere(actor, "soc.rules.import"),
    }
    return render(request, "soc/rules.html", context)


@require_POST
def switch(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Switch a rule off or on."""
    rule = services.switch_rule(request.actor, public_id, enabled=request.POST.get("aan") == "1")
    done = _("“%(rule)s” staat weer aan.") if rule.enabled else _("“%(rule)s” is uitgezet en slaat niet meer aan.")
    messages.success(request, done % {"rule": rule.title})
    return redirect("soc:rules")
