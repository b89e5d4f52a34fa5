"""How a correlation stands: what it holds, what it waits for, what it let go."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing
from brandwacht.soc import queries
from brandwacht.soc.forms.base import OwnerFilterForm
from brandwacht.soc.queries import correlations as reads
from brandwacht.soc.services.rule_text import explain
from brandwacht.soc.services.rulebook import revived_correlation


@require_GET
def standing(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One correlation: the open groups at one organisation, and what was let go at each."""
    actor = request.actor
    rule = queries.rule(actor, public_id)
    correlation = revived_correlation(rule)
    if correlation is None:
        return redirect("soc:rule", public_id)
    named = reads.titles_of(actor, correlation)
    titles = {rule_id: title for rule_id, (title, _pk) in named.items()}
    counts = reads.counters(actor, rule)
    form = OwnerFilterForm.read(request.GET, organisations=[row.organisation for row in counts])
    chosen = next((row for row in counts if row.organisation.pk == form.owner_id()), counts[0] if counts else None)
    note_listing(actor, reads.SEE, {row.organisation.pk for row in counts})
    context = {
        "rule": rule,
        "crumbs": [
            (_("Waakzaam"), reverse("soc:list")),
            (_("Detectieregels"), reverse("soc:rules")),
            (rule.title, reverse("soc:rule", args=[rule.public_id])),
            (_("Hoe het verband staat"), None),
        ],
        "explained": explain(correlation, titles),
        "counts": counts,
        "form": form,
        "chosen": chosen,
        "standing": reads.standing(actor, correlation, chosen.organisation.pk, titles) if chosen else reads.Standing(),
        "most": reads.GROUPS,
    }
    return render(request, "soc/correlation.html", context)
