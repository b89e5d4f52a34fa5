"""The pages of products: the list, one version, writing it, and what is different from the version before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.engines.intel import PAP, TLP
from brandwacht.network import reports
from brandwacht.network.actor import Actor
from brandwacht.network.differences import differences
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter
from brandwacht.network.paging import page
from brandwacht.network.policy import decide, may_anywhere
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import demand, note_listing, note_use
from brandwacht.sharing.circle import read_circle
from brandwacht.sharing.forms.products import ProductFilter, ProductForm, initial_of
from brandwacht.sharing.models import CircleProduct, ProductKind, ProductState
from brandwacht.sharing.policies.advisories import SEE_ASSET
from brandwacht.sharing.policies.products import EXPORT_PRODUCT, SEE_PRODUCT, SEND_PRODUCT, WRITE_PRODUCT
from brandwacht.sharing.queries import products as queries
from brandwacht.sharing.reading_kinds import PRODUCT
from brandwacht.sharing.services import products as services
from brandwacht.sharing.services.reading import mark_read
from brandwacht.sharing.views.common import crumbs, sign_first, tabs_for
from brandwacht.sharing.views.measures import panel

MOST_BESIDE = 20
"""Pictures of others and own advisories below the list of products."""


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """Products of the circle, with pictures of others and own advisories below."""
    actor = request.actor
    enter(actor, SEE_PRODUCT)
    if (first := sign_first(actor)) is not None:
        return first
    form = ProductFilter(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    chosen = {key: value for key, value in said.items() if value}
    rows = queries.current(queries.products(actor))
    rows = rows.filter(**{key: chosen[key] for key in ("kind", "state") if key in chosen})
    if "q" in chosen:
        rows = queries.matching(rows, chosen["q"])
    part = page(request, rows, queries.ORDER, among=queries.products(actor))
    beside = [] if chosen or not part.first else list(queries.pictures(actor)[:MOST_BESIDE])
    advisories = [] if chosen or not part.first else list(queries.own_advisories(actor)[:MOST_BESIDE])
    note_listing(actor, SEE_PRODUCT, {each.organisation_id for each in (*part.rows, *beside, *advisories)})
    context = {
        "tabs": tabs_for(actor, "products"),
        "form": form,
        "rows": part.rows,
        "next_url": part.next_url,
        "pictures": beside,
        "advisories": advisories,
        "filtered": bool(chosen),
        "writes": may_anywhere(actor, WRITE_PRODUCT),
        "may_run": may_anywhere(actor, SEE_ASSET),
    }
    return render(request, "sharing/products/list.html", context)


@require_GET
@never_cache
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One version: what it says, for whom it is, and the versions beside it."""
    actor = request.actor
    product = queries.product(actor, public_id)
    note_use(actor, SEE_PRODUCT, product)
    mark_read(actor, product)
    versions = queries.versions(actor, product)
    writes = bool(decide(actor, WRITE_PRODUCT, product))
    context = {
        "crumbs": crumbs("products", product.name),
        "product": product,
        "versions": versions,
        "older": any(each.version < product.version for each in versions),
        "newer": next((each for each in versions if each.version > product.version), None),
        "pap": f"{product.permission.label}: {product.permission.what_is_allowed}",
        "pictures": list(queries.pictures(actor)[:MOST_BESIDE]) if product.kind == ProductKind.PICTURE else [],
        "panel": panel(actor, PRODUCT, product),
        "may": {
            "write": writes and product.state != ProductState.SENT,
            "settle": writes and product.state == ProductState.DRAFT,
            "send": bool(decide(actor, SEND_PRODUCT, product)) and product.state == ProductState.SETTLED,
            "renew": writes and versions[0].state == ProductState.SENT,
            "export": bool(decide(actor, EXPORT_PRODUCT, product)),
        },
    }
    return render(request, "sharing/products/detail.html", context)


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Write a product; it stays a concept until it is settled and sent."""
    enter(request.actor, WRITE_PRODUCT)
    initial = {"kind": ProductKind.TACTICAL, "tlp": TLP.AMBER.name, "pap": PAP.GREEN.name}
    return _edit(request, ProductForm(request.POST or None, initial=initial), None)


@require_http_methods(["GET", "POST"])
@never_cache
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Change a version that was not sent."""
    product = queries.product(request.actor, public_id)
    demand(request.actor, WRITE_PRODUCT, product)
    if product.state == ProductState.SENT:
        raise Refused(_("Dit is verzonden en verandert niet meer. Maak een nieuwe versie."))
    form = ProductForm(request.POST or None, initial=initial_of(product), parts=product.parts)
    return _edit(request, form, product)


def _edit(request: ActorRequest, form: ProductForm, product: CircleProduct | None) -> HttpResponse:
    actor = request.actor
    if request.method == "POST" and form.is_valid():
        try:
            text = form.text()
            saved = services.write(actor, text) if product is None else services.change(actor, product.public_id, text)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Het concept is opgeslagen. Nog niemand heeft het gekregen."))
            return redirect("sharing:product-edit" if "more" in request.POST else "sharing:product", saved.public_id)
    here = product.name if product else _("Nieuw product")
    context = {"crumbs": crumbs("products", here), "form": form, "product": product}
    return render(request, "sharing/products/edit.html", context, status=422 if form.is_bound else 200)


@require_POST
def settle(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """This is what will be sent."""
    services.settle(request.actor, public_id)
    messages.success(request, _("Het product is vastgesteld. Kijk nog één keer wie het krijgt, en verzend het."))
    return redirect("sharing:product-send", public_id)


@require_http_methods(["GET", "POST"])
@never_cache
def send(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Confirm who gets it; then send it, for good."""
    actor = request.actor
    product = queries.product(actor, public_id)
    demand(actor, SEND_PRODUCT, product)
    refused = ""
    if request.method == "POST":
        try:
            services.send(actor, public_id)
        except Refused as error:
            refused = error.message
        else:
            messages.success(request, _("Het product is verzonden. De leden krijgen bericht."))
            return redirect("sharing:product", public_id)
    context = {
        "crumbs": crumbs("products", product.name),
        "product": product,
        "refused": refused,
        "members": [each.full_name for each in read_circle(product.organisation_id, actor.now).members.values()],
        "possible": product.state == ProductState.SETTLED,
    }
    return render(request, "sharing/products/send.html", context, status=422 if refused else 200)


@require_POST
def renew(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A concept of the next version, beside the one that was sent."""
    made = services.next_version(request.actor, public_id)
    messages.success(
        request, _("Versie %(n)d staat klaar om te wijzigen. De vorige blijft zoals die is.") % {"n": made.version}
    )
    return redirect("sharing:product-edit", made.public_id)


@require_GET
@never_cache
def compare(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What is different from the version before."""
    actor = request.actor
    product = queries.product(actor, public_id)
    before = _before(actor, product)
    note_use(actor, SEE_PRODUCT, product, before)
    context: dict[str, Any] = {
        "crumbs": crumbs("products", product.name),
        "product": product,
        "before": before,
        "lines": differences(before.whole_text, product.whole_text),
    }
    return render(request, "sharing/products/differences.html", context)


def _before(actor: Actor, product: CircleProduct) -> CircleProduct:
    found = next((each for each in queries.versions(actor, product) if each.version < product.version), None)
    if found is None:
        raise NotFound
    return found


@require_GET
@never_cache
def as_pdf(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The PDF, with the label on every sheet."""
    product, content = services.export(request.actor, public_id)
    return reports.download(f"{product.organisation.code}-P{product.number}-v{product.version}", content)
