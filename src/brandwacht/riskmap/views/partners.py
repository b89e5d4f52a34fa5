"""The owner's side of partners: giving links, revoking them, and judging what came in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.forms import add_refusal, day_after
from brandwacht.network.pages import require
from brandwacht.network.paging import page
from brandwacht.network.requests import ActorRequest
from brandwacht.riskmap.forms.register import PartnerForm
from brandwacht.riskmap.models import PartnerProposal, ProposalState
from brandwacht.riskmap.register import partner_links, partner_part
from brandwacht.riskmap.register.partner_part import named
from brandwacht.riskmap.views.register_tabs import crumbs, tabs_for


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: ActorRequest) -> HttpResponse:
    """The links and what came in; a POST gives a link, whose address is on that answer only."""
    actor = request.actor
    require(actor, "riskmap.partner")
    form = PartnerForm(request.POST or None, owner_id=actor.organisation_id)
    made, address = None, ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made, token = partner_links.give(
                actor, data["partner"], data["email"], data["nodes"], day_after(data["until"])
            )
        except Refused as error:
            add_refusal(form, error)
        else:
            address = request.build_absolute_uri(reverse("riskmap:part-open", args=[token]))
            form = PartnerForm(owner_id=actor.organisation_id)
    waiting = partner_links.proposals(actor).filter(state=ProposalState.SENT)
    context = {
        "tabs": tabs_for(actor, "partners"),
        "page": page(request, partner_links.links(actor), ("-created_at", "-pk")),
        "waiting": waiting[:50],
        "decided": partner_links.proposals(actor).exclude(state=ProposalState.SENT)[:20],
        "form": form,
        "made": made,
        "address": address,
        "longest": actor.today + partner_links.LONGEST,
    }
    return render(request, "riskmap/partners.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """End a link now."""
    link = partner_links.revoke(request.actor, public_id)
    messages.success(request, _("De link van %(partner)s werkt niet meer.") % {"partner": link.partner})
    return redirect("riskmap:partners")


def _proposal(request: ActorRequest, public_id: UUID) -> PartnerProposal:
    found = partner_links.proposals(request.actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


@require_GET
def proposal(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What a partner proposes, line by line."""
    row = _proposal(request, public_id)
    partner = row.link.partner
    context = {
        "proposal": row,
        "lines": [(number, line, named(line), number in row.taken) for number, line in enumerate(row.lines)],
        "waits": row.state == ProposalState.SENT,
        "crumbs": crumbs((_("Partners"), reverse("riskmap:partners")), (partner, None)),
    }
    return render(request, "riskmap/proposal.html", context)


@require_POST
def judge(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Take over the chosen lines, or none with a reason."""
    _proposal(request, public_id)
    given = {int(text) for text in request.POST.getlist("regel") if text.isascii() and text.isdigit() and len(text) < 6}
    taken = given if request.POST.get("doe") != "niets" else set()
    try:
        row = partner_part.judge(request.actor, public_id, taken, request.POST.get("reden", ""))
    except Refused as error:
        messages.error(request, error.message)
        return redirect("riskmap:proposal", public_id)
    messages.success(request, _("Beoordeeld: %(state)s.") % {"state": row.get_state_display().lower()})
    return redirect("riskmap:partners")
