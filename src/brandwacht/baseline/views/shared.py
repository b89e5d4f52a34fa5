"""Pages about shared measures: the list, one measure with its versions, and what the own organisation adopted."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.baseline.forms.shared import AdoptForm, PublishForm, ReviseForm, SharedFilterForm
from brandwacht.baseline.models import Measure, SharedMeasure
from brandwacht.baseline.queries import shared as queries
from brandwacht.baseline.queries.controls import find_control
from brandwacht.baseline.queries.measures import colleagues
from brandwacht.baseline.services import shared as services
from brandwacht.baseline.views.controls import tabs_for
from brandwacht.network.actor import Actor
from brandwacht.network.differences import differences
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import require
from brandwacht.network.paging import page
from brandwacht.network.panels import PanelContent
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import demand, note_listing, note_use


def _crumbs(shared: SharedMeasure | None, *rest: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    way: list[tuple[str, str | None]] = [(_("Basis op orde"), reverse("baseline:list")),
                                         (_("Gedeelde maatregelen"), reverse("baseline:shared-list"))]  # fmt: skip
    if shared is not None:
        way.append((shared.title, reverse("baseline:shared", args=[shared.public_id]) if rest else None))
    return [*way, *rest]


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """What is published, filtered, and what the own organisation adopted of it."""
    actor = request.actor
    require(actor, queries.SHARED_SEE)
    form = SharedFilterForm(request.GET)
    form.is_valid()  # a filter that is not understood is left out; the form says so
    said = form.cleaned_data
    rows = queries.narrowed(
        queries.published(actor), theme=said.get("theme", ""), control=said.get("control", ""), text=said.get("q", "")
    )
    found = page(request, rows, queries.NEWEST, among=queries.published(actor))
    note_listing(actor, queries.SHARED_SEE, {row.organisation_id for row in found.rows})
    adopted = queries.adopted(actor, list(queries.adoptions(actor)))
    context = {
        "tabs": tabs_for(actor, "shared-list"),
        "rows": found.rows,
        "next_url": found.next_url,
        "form": form,
        "adopted": adopted,
        "taken": {each.adoption.shared_ref for each in adopted},
        "newer": sum(each.newer for each in adopted),
        "may_publish": decide(actor, "baseline.shared.publish", Owner(actor.organisation_id)),
        "own_id": actor.organisation_id,
    }
    return render(request, "baseline/shared/list.html", context)


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One published measure: its text, its versions, how many adopted it."""
    actor = request.actor
    require(actor, queries.SHARED_SEE)
    shared = queries.shared(actor, public_id)
    note_use(actor, queries.SHARED_SEE, shared)
    own = shared.organisation_id == actor.organisation_id
    versions = queries.versions(shared)
    context = {
        "shared": shared,
        "control": find_control(shared.control),
        "newest": versions[0],
        "versions": versions,
        "names": queries.adopter_names(shared),
        "adoption": queries.adoptions(actor).filter(shared_ref=public_id).first(),
        "may_change": own and decide(actor, "baseline.shared.publish", shared) and shared.withdrawn_at is None,
        "may_adopt": not own and decide(actor, "baseline.shared.adopt", shared),
        "crumbs": _crumbs(shared),
    }
    return render(request, "baseline/shared/shared.html", context)


@require_http_methods(["GET", "POST"])
def publish(request: ActorRequest) -> HttpResponse:
    """Publish a measure."""
    actor = request.actor
    require(actor, "baseline.shared.publish")
    form = PublishForm(request.POST or None, initial={"control": request.GET.get("control", "")})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.publish(actor, **form.cleaned_data)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("De maatregel is gepubliceerd. Andere regio's en het NIPV zien haar nu."))
            return redirect("baseline:shared", made.public_id)
    context = {"form": form, "shared": None, "crumbs": _crumbs(None, (_("Publiceer een maatregel"), None))}
    return render(request, "baseline/shared/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def revise(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Publish a newer version."""
    actor = request.actor
    shared = queries.shared(actor, public_id)
    demand(actor, "baseline.shared.publish", shared)
    newest = queries.newest(shared)
    form = ReviseForm(request.POST or None, initial={"title": newest.title, "text": newest.text})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.revise(actor, public_id, **form.cleaned_data)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Versie %(n)d is gepubliceerd.") % {"n": made.version})
            return redirect("baseline:shared", public_id)
    context = {"form": form, "shared": shared, "crumbs": _crumbs(shared, (_("Nieuwe versie"), None))}
    return render(request, "baseline/shared/form.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Take a measure back."""
    services.withdraw(request.actor, public_id)
    messages.success(request, _("De maatregel is ingetrokken. Wie haar overnam, houdt de eigen maatregel."))
    return redirect("baseline:shared", public_id)


@require_http_methods(["GET", "POST"])
def adopt(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Make it a measure of the own organisation."""
    actor = request.actor
    require(actor, queries.SHARED_SEE)
    shared = queries.shared(actor, public_id)
    demand(actor, "baseline.shared.adopt", shared)
    form = AdoptForm(
        request.POST or None, colleagues=colleagues(actor), initial={"due": actor.today + timedelta(days=90)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            adoption = services.adopt(actor, public_id, **form.said)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("U heeft de maatregel overgenomen."))
            return redirect("baseline:measure", adoption.measure.public_id)
    context = {"form": form, "shared": shared, "crumbs": _crumbs(shared, (_("Overnemen"), None))}
    return render(request, "baseline/shared/adopt.html", context, status=422 if form.errors else 200)


@require_GET
def adoption(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What was adopted beside what is published now."""
    actor = request.actor
    row = queries.adoption(actor, public_id)
    each = queries.adopted(actor, [row])[0]
    later = [v for v in queries.versions(each.now) if v.number > row.version] if each.now else []
    if each.now:
        note_use(actor, queries.SHARED_SEE, each.now)
    context = {
        "adoption": row,
        "now": each.now,
        "later": later,
        "lines": differences(row.text, later[0].text) if later else [],
        "own_changed": row.measure.description != row.text,
        "left": bool(later) and not each.newer,
        "may_keep": decide(actor, "baseline.adoption.keep", row),
        "crumbs": _crumbs(None, (row.title, None)),
    }
    return render(request, "baseline/shared/adoption.html", context)


@require_POST
def choose(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Take the newer version over, leave it, or show the own name or not."""
    match request.POST.get("choice", ""):
        case "overnemen":
            services.take_over(request.actor, public_id)
            messages.success(request, _("De nieuwe versie staat in uw maatregel."))
        case "laten":
            services.pass_over(request.actor, public_id)
            messages.success(request, _("U houdt uw versie. U hoort het als er weer een nieuwe is."))
        case "naam":
            services.show_name(request.actor, public_id, True)
            messages.success(request, _("Anderen zien nu dat u deze maatregel overnam."))
        case _zonder:
            services.show_name(request.actor, public_id, False)
            messages.success(request, _("Uw naam staat er niet meer bij."))
    return redirect("baseline:adoption", public_id)


def origin(actor: Actor, measure: Measure) -> PanelContent | None:
    """The panel on the page of an own measure that says from whom it was adopted."""
    row = queries.adoptions(actor).filter(measure=measure).first()
    if row is None:
        return None
    each = queries.adopted(actor, [row])[0]
    return PanelContent("baseline/shared/_origin.html", {"adoption": row, "newer": each.newer})
