"""The pages of the circle's own security advisories."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.engines.intel import PAP, TLP
from brandwacht.engines.intel.advisories import file_name
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter
from brandwacht.network.policy import decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import demand, note_use
from brandwacht.sharing.csaf import MEDIA, address_of
from brandwacht.sharing.forms.own_advisories import OwnAdvisoryForm, initial_of
from brandwacht.sharing.models import OwnAdvisory
from brandwacht.sharing.policies.products import EXPORT_OWN_ADVISORY, SEE_OWN_ADVISORY, WRITE_OWN_ADVISORY
from brandwacht.sharing.queries import products as queries
from brandwacht.sharing.services import own_advisories as services
from brandwacht.sharing.views.common import crumbs


@require_GET
@never_cache
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One advisory."""
    actor = request.actor
    row = queries.own_advisory(actor, public_id)
    note_use(actor, SEE_OWN_ADVISORY, row)
    public = row.marking is TLP.CLEAR and row.pap != PAP.RED.name and row.published_at is not None
    context = {
        "crumbs": crumbs("products", row.key),
        "advisory": row,
        "pap": f"{PAP[row.pap].label}: {PAP[row.pap].what_is_allowed}",
        "public_url": address_of(row) if public else "",
        "may": {
            "write": bool(decide(actor, WRITE_OWN_ADVISORY, row)),
            "export": bool(decide(actor, EXPORT_OWN_ADVISORY, row)),
        },
    }
    return render(request, "sharing/products/advisory.html", context)


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Write an advisory; it stays a concept until it is published."""
    enter(request.actor, WRITE_OWN_ADVISORY)
    initial = {"tlp": TLP.AMBER.name, "pap": PAP.CLEAR.name}
    return _edit(request, OwnAdvisoryForm(request.POST or None, initial=initial, published=False), None)


@require_http_methods(["GET", "POST"])
@never_cache
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Change a concept, or publish a newer version."""
    row = queries.own_advisory(request.actor, public_id)
    demand(request.actor, WRITE_OWN_ADVISORY, row)
    published = row.published_at is not None
    return _edit(request, OwnAdvisoryForm(request.POST or None, initial=initial_of(row), published=published), row)


def _edit(request: ActorRequest, form: OwnAdvisoryForm, row: OwnAdvisory | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            saved = (
                services.write(request.actor, form.text())
                if row is None
                else services.change(request.actor, row.public_id, form.text())
            )
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(
                request,
                _("De nieuwe versie is gepubliceerd.") if saved.published_at else _("Het concept is opgeslagen."),
            )
            return redirect("sharing:own-advisory", saved.public_id)
    published = row is not None and row.published_at is not None
    context = {
        "crumbs": crumbs("products", row.key if row else _("Nieuw beveiligingsadvies")),
        "form": form,
        "heading": _("Nieuwe versie van het advies") if published else _("Schrijf een beveiligingsadvies"),
        "explanation": _(
            "Over een zwakke plek in een product. Programma's halen het als CSAF (Common Security Advisory Framework)."
        ),
        "label": _("Publiceer de nieuwe versie") if published else _("Sla op"),
        "back": reverse("sharing:own-advisory", args=[row.public_id]) if row else reverse("sharing:products"),
    }
    return render(request, "sharing/products/form.html", context, status=422 if form.is_bound else 200)


@require_POST
def publish(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Publish a concept."""
    services.publish(request.actor, public_id)
    messages.success(request, _("Het advies is gepubliceerd."))
    return redirect("sharing:own-advisory", public_id)


@require_GET
@never_cache
def as_csaf(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The CSAF document as a file to keep."""
    row, content = services.export(request.actor, public_id)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(row.key)}"'}
    return HttpResponse(content, content_type=MEDIA, headers=headers)
