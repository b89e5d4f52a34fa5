"""Noise: the rules that say most, what makes most of it, and the exception to propose."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from brandwacht.network.errors import NotFound
from brandwacht.network.models import Organisation
from brandwacht.network.pages import enter
from brandwacht.network.policy import Owner, decide, owners
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing
from brandwacht.soc import queries, services
from brandwacht.soc.forms.base import OwnerFilterForm
from brandwacht.soc.services import ExceptionDraft
from brandwacht.soc.views import tabs_for


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The noisiest rules of the last 30 days."""
    actor = request.actor
    enter(actor, "soc.exception.see")
    reach = owners(actor, "soc.exception.see")
    organisations = list(Organisation.objects.filter(pk__in=sorted(reach)).order_by("name"))
    form = OwnerFilterForm.read(request.GET, organisations=organisations)
    rows = queries.noisy_rules(actor, form.owner_id())
    note_listing(actor, "soc.exception.see", {row.organisation.pk for row in rows})
    context = {
        "tabs": tabs_for(actor, "noise"),
        "form": form,
        "rows": rows,
        "several": len(organisations) > 1,
        "tune": sum(row.tune for row in rows),
        "matches": sum(row.matches for row in rows),
        "narrowed": bool(request.GET.get("organisatie")),
    }
    return render(request, "soc/noise.html", context)


@require_GET
def detail(request: ActorRequest, code: str) -> HttpResponse:
    """One rule (``regel`` in the address) at one organisation."""
    actor = request.actor
    enter(actor, "soc.exception.see")
    organisation = Organisation.objects.filter(code=code, pk__in=owners(actor, "soc.exception.see")).first()
    if organisation is None:
        raise NotFound
    rule = queries.noisy_rule(actor, organisation.pk, request.GET.get("regel", ""))
    basis = queries.kept_matches(actor, organisation.pk, [rule.rule_id])
    made = queries.makers(actor, *basis)
    note_listing(actor, "soc.exception.see", {organisation.pk})
    proposal, shown, asset = made.proposal, None, None
    if proposal is not None:
        if proposal.asset is not None:
            asset = queries.asset_of(actor, organisation.pk, pk=proposal.asset)
        draft = ExceptionDraft(
            rule.title, rule.rule_id, asset=asset.public_id if asset else None, subject=proposal.subject,
            field=proposal.field, value=proposal.value,
        )  # fmt: skip
        shown = queries.preview(actor, services.row_of(organisation.pk, draft, actor.now), basis)
    context = {
        "rule": rule,
        "organisation": organisation,
        "foreign": organisation.pk != actor.organisation_id,
        "made": made,
        "proposal": proposal,
        "asset": asset,
        "preview": shown,
        "present": queries.proposed_for(actor, organisation.pk, rule.rule_id),
        "may_propose": bool(decide(actor, "soc.exception.propose", Owner(organisation.pk))),
        "new_url": f"{reverse('soc:exception-new', args=[code])}?{request.GET.urlencode()}",
        "crumbs": [(_("Waakzaam"), reverse("soc:list")), (_("Ruis"), reverse("soc:noise")), (rule.title, None)],
    }
    return render(request, "soc/noise_rule.html", context)
