"""Adding a decision of the circle's owner; they are shown on the page of the circle."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter
from brandwacht.network.requests import ActorRequest
from brandwacht.sharing.forms.own_advisories import DecisionForm
from brandwacht.sharing.policies.products import ADD_DECISION
from brandwacht.sharing.queries import products as queries
from brandwacht.sharing.services.decisions import add_decision
from brandwacht.sharing.views.common import crumbs

LONGEST_CHOICE = 80


@require_http_methods(["GET", "POST"])
def add(request: ActorRequest) -> HttpResponse:
    """Write down what the owner decided."""
    actor = request.actor
    enter(actor, ADD_DECISION)
    standing = [each for each in queries.decisions(actor)[:100] if not hasattr(each, "replaced_by")]
    earlier = [(str(each.public_id), f"{each.on:%d-%m-%Y}: {each.decision[:LONGEST_CHOICE]}") for each in standing]
    form = DecisionForm(request.POST or None, earlier=earlier, initial={"on": actor.today})
    if request.method == "POST" and form.is_valid():
        try:
            add_decision(actor, **form.cleaned_data)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Het besluit staat bij de kring en blijft daar staan."))
            return redirect("sharing:circle")
    context = {
        "crumbs": crumbs("circle", _("Besluit van de eigenaar")),
        "form": form,
        "heading": _("Leg een besluit van de eigenaar vast"),
        "explanation": _("De kring is van het Veiligheidsberaad. Wat dat besluit, geldt voor alle leden."),
        "label": _("Leg vast"),
        "back": reverse("sharing:circle"),
    }
    return render(request, "sharing/products/form.html", context, status=422 if form.is_bound else 200)
