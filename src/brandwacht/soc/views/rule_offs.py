"""Rules that are off for one organisation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter
from brandwacht.network.paging import page
from brandwacht.network.policy import may_anywhere, owners
from brandwacht.network.requests import ActorRequest, public_id_in
from brandwacht.network.usecase import note_listing
from brandwacht.soc import queries, services
from brandwacht.soc.forms.content import RuleOffForm
from brandwacht.soc.models import SigmaRule
from brandwacht.soc.services.rule_off import Narrowing
from brandwacht.soc.views import tabs_for


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """What is off, and what was."""
    actor = request.actor
    enter(actor, "soc.rule-off.see")
    found = page(request, queries.rules_off(actor), ("-off_at", "-id"))
    note_listing(actor, "soc.rule-off.see", {row.organisation_id for row in found.rows})
    can_end = owners(actor, "soc.rule-off.set")
    context = {
        "tabs": tabs_for(actor, "rule-offs"),
        "rows": [
            (row, row.ended_at is None and row.until > actor.now, row.organisation_id in can_end) for row in found.rows
        ],
        "next_url": found.next_url,
        "may_add": may_anywhere(actor, "soc.rule-off.set"),
    }
    return render(request, "soc/rule_offs.html", context)


def _crumbs() -> list[tuple[str, str | None]]:
    return [
        (_("Waakzaam"), reverse("soc:list")),
        (_("Regels die uit staan"), reverse("soc:rule-offs")),
        (_("Zet een regel uit"), None),
    ]


def _own_rule(request: ActorRequest) -> SigmaRule | None:
    """The rule of the own organisation that the address names."""
    given = public_id_in(request.GET.get("regel", ""))
    if given is None or not may_anywhere(request.actor, "soc.rules.see"):
        return None
    return queries.rules(request.actor, queries.RuleFilter()).filter(public_id=given).first()


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Switch a rule off for one organisation."""
    actor = request.actor
    enter(actor, "soc.rule-off.set")
    organisations = queries.may_switch_off_at(actor)
    rule = _own_rule(request)
    code = request.POST.get("organisation") or request.GET.get("bij", "")
    chosen = next((o for o in organisations if o.code == code), organisations[0])
    rules = [] if rule else queries.rules_seen_at(actor, chosen.pk)
    kwargs: dict[str, Any] = {"organisations": organisations, "rules": rules, "own": rule is not None}
    if not rule:
        note_listing(actor, "soc.alert.see", {chosen.pk})
    start = {
        "organisation": chosen.code,
        "rule_id": rule.rule_id if rule else request.GET.get("kenmerk", ""),
        "until": actor.today + timedelta(days=30),
    }
    form = RuleOffForm(initial=start, **kwargs)
    if request.method == "POST":
        form = RuleOffForm(request.POST, **kwargs)
        if form.is_valid():
            data = form.cleaned_data
            try:
                row = services.set_rule_off(
                    actor,
                    form.owner_id(),
                    data["rule_id"],
                    reason=data["reason"],
                    until=data["until"],
                    narrowing=Narrowing(data["log"], data["source_key"]),
                )
            except Refused as error:
                add_refusal(form, error)
            else:
                done = _("“%(rule)s” staat uit bij %(who)s.") % {"rule": row.title, "who": chosen.full_name}
                messages.success(request, done)
                return redirect("soc:rule-offs")
    context = {"form": form, "rule": rule, "crumbs": _crumbs(), "chosen": chosen, "rules": rules}
    return render(request, "soc/rule_off_new.html", context, status=422 if form.errors else 200)


@require_POST
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The rule counts again."""
    try:
        row = services.end_rule_off(request.actor, public_id)
    except Refused as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("“%(rule)s” telt daar weer mee.") % {"rule": row.title})
    return redirect("soc:rule-offs")
