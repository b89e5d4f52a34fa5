"""Threat pictures: the first draft of our own, and those of others beside it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from brandwacht.baseline.documents import MAX_BYTES
from brandwacht.engines.intel import PAP, TLP
from brandwacht.network.attachments import attachment
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter
from brandwacht.network.policy import decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_use
from brandwacht.sharing.forms.products import PeriodForm, PictureForm
from brandwacht.sharing.models import ProductKind
from brandwacht.sharing.policies.products import ADD_PICTURE, EXPORT_PICTURE, SEE_PICTURE, SEE_PRODUCT, WRITE_PRODUCT
from brandwacht.sharing.queries import products as queries
from brandwacht.sharing.services import pictures as services
from brandwacht.sharing.services import products as product_services
from brandwacht.sharing.views.common import crumbs

TWO_YEARS = timedelta(days=730)


@require_http_methods(["GET", "POST"])
def draft(request: ActorRequest) -> HttpResponse:
    """Begin a threat picture over a period; people go on with it as with any product."""
    actor = request.actor
    enter(actor, WRITE_PRODUCT)
    form = PeriodForm(request.POST or None, initial={"first": actor.today - TWO_YEARS, "last": actor.today})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.draft_picture(actor, form.cleaned_data["first"], form.cleaned_data["last"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Het eerste concept staat klaar. De cijfers zijn geteld; de duiding is aan u."))
            return redirect("sharing:product-edit", made.public_id)
    context = {
        "crumbs": crumbs("products", _("Dreigingsbeeld")),
        "form": form,
        "heading": _("Begin een dreigingsbeeld"),
        "explanation": _("Brandwacht telt wat leden meldden: per drie, nooit hun woorden. U schrijft verder."),
        "label": _("Maak het eerste concept"),
        "back": reverse("sharing:products"),
    }
    return render(request, "sharing/products/form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def add(request: ActorRequest) -> HttpResponse:
    """Keep the picture of another party."""
    actor = request.actor
    enter(actor, ADD_PICTURE)
    initial = {"tlp": TLP.AMBER_STRICT.name, "pap": PAP.AMBER.name}
    form = PictureForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        file = said.pop("file")
        try:
            made = product_services.add_picture(
                actor, **said, content=file.read(MAX_BYTES + 1) if file else None, filename=file.name if file else ""
            )
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Het beeld staat erbij, met het label dat u koos."))
            return redirect("sharing:picture", made.public_id)
    context = {
        "crumbs": crumbs("products", _("Beeld van een ander")),
        "form": form,
        "heading": _("Voeg een beeld van een ander toe"),
        "explanation": _(
            "Zoals dat van de IBD (Informatiebeveiligingsdienst voor gemeenten). Het blijft zoals het kwam."
        ),
        "label": _("Voeg toe"),
        "back": reverse("sharing:products"),
    }
    return render(request, "sharing/products/form.html", context, status=422 if form.is_bound else 200)


@require_GET
@never_cache
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One picture of another party, with our own newest one beside it."""
    actor = request.actor
    picture = queries.picture(actor, public_id)
    note_use(actor, SEE_PICTURE, picture)
    ours = queries.current(queries.products(actor)).filter(kind=ProductKind.PICTURE).first()
    if ours is not None:
        note_use(actor, SEE_PRODUCT, ours)
    context = {
        "crumbs": crumbs("products", picture.title),
        "picture": picture,
        "ours": ours,
        "may_export": bool(decide(actor, EXPORT_PICTURE, picture)),
    }
    return render(request, "sharing/products/picture.html", context)


@require_GET
@never_cache
def document(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The document as it came."""
    picture = product_services.open_picture(request.actor, public_id)
    return attachment(bytes(picture.content), picture.filename, picture.media_type, plain="dreigingsbeeld")
