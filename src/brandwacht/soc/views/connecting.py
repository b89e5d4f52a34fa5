"""The dossier of the connection: what the watch sees, the condition, sources, contacts, agreements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.models import Node, Organisation
from brandwacht.network.pages import enter
from brandwacht.network.policy import Owner, decide
from brandwacht.network.queries import nodes
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing
from brandwacht.soc.forms.shift import AgreementForm, ContactForm, DecisionForm, RefusalForm, SourceForm
from brandwacht.soc.queries import connecting as queries
from brandwacht.soc.services import connecting as service
from brandwacht.soc.views import tabs_for

NODES_OFFERED = 500


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """How far each organisation is; who has only one goes straight to its dossier."""
    actor = request.actor
    enter(actor, queries.SEE)
    rows = queries.standings(actor)
    if len(rows) == 1:
        return redirect("soc:dossier", rows[0].organisation.code)
    note_listing(actor, queries.SEE, {row.organisation.pk for row in rows})
    context = {"tabs": tabs_for(actor, "connect"), "rows": rows, "kinds": len(queries.source_kinds())}
    return render(request, "soc/connect.html", context)


@require_GET
def detail(request: ActorRequest, code: str) -> HttpResponse:
    """The dossier of one organisation."""
    enter(request.actor, queries.SEE)
    return _show(request, _organisation(request, code))


def _organisation(request: ActorRequest, code: str) -> Organisation:
    """The organisation of a dossier; the own one came with the request."""
    actor = request.actor
    own = (each.organisation for each in request.assignments if each.organisation_id == actor.organisation_id)
    return queries.organisation_of(actor, code, next(own, None))


def _show(
    request: ActorRequest, organisation: Organisation, failed: str = "", form: forms.Form | None = None
) -> HttpResponse:
    actor = request.actor
    note_listing(actor, queries.SEE, {organisation.pk})
    may_edit = bool(decide(actor, service.EDIT, Owner(organisation.pk)))
    # The register is long: it is read for who is about to choose from it.
    agreeing = may_edit and (failed == "agreement" or request.GET.get("nieuw") == "afspraak")
    dossier = queries.dossier(actor, organisation)

    def shown(name: str, make: Callable[[], forms.Form]) -> forms.Form:
        return form if form is not None and failed == name else make()

    context: dict[str, Any] = {
        "tabs": tabs_for(actor, "connect"),
        "organisation_shown": organisation,
        "dossier": dossier,
        "may_edit": may_edit,
        "may_refuse": bool(decide(actor, "soc.connect.refuse", Owner(organisation.pk))),
        "failed": failed,
        "agreeing": agreeing,
        "refusal_form": shown("refusal", lambda: RefusalForm(auto_id="refusal_%s")),
    }
    if may_edit:
        context |= {
            "decision_form": shown("decision", lambda: DecisionForm(auto_id="decision_%s")),
            "contact_form": shown(
                "contact", lambda: ContactForm(auto_id="contact_%s", initial={"position": len(dossier.contacts) + 1})
            ),
            "source_forms": {
                row.kind.key: SourceForm(
                    auto_id=f"{row.kind.key}_%s",
                    initial={"key": row.kind.key, "state": row.state, "note": row.said.note if row.said else ""},
                )
                for row in dossier.sources
            },
        }
    if agreeing:
        context["agreement_form"] = shown(
            "agreement", lambda: AgreementForm(auto_id="agreement_%s", nodes=_nodes(request, organisation))
        )
    return render(request, "soc/dossier.html", context, status=422 if failed else 200)


def _nodes(request: ActorRequest, organisation: Organisation) -> list[Node]:
    rows = nodes(request.actor).filter(organisation=organisation, confirmed=True).order_by("name")
    return list(rows[:NODES_OFFERED])


def _act(
    request: ActorRequest,
    code: str,
    name: str,
    make: Callable[[Organisation], forms.Form],
    do: Callable[[Organisation, dict[str, Any]], object],
    done: str,
) -> HttpResponse:
    """Run a use case from a form of the dossier; what is refused comes back with what was typed."""
    organisation = _organisation(request, code)
    form = make(organisation)
    if form.is_valid():
        try:
            do(organisation, form.cleaned_data)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, done)
            return _to(organisation, name)
    return _show(request, organisation, name, form)


def _to(organisation: Organisation, anchor: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('soc:dossier', args=[organisation.code])}#{anchor}")


def _recording(
    name: str, kind: type[forms.Form], record: Callable[..., object], done: Promise
) -> Callable[[ActorRequest, str], HttpResponse]:
    """The address of a form of the dossier of which the fields are what the use case ``record`` asks."""

    def view(request: ActorRequest, code: str) -> HttpResponse:
        return _act(
            request,
            code,
            name,
            lambda _o: kind(request.POST, auto_id=f"{name}_%s"),
            lambda organisation, data: record(request.actor, organisation, **data),
            str(done),
        )

    return require_POST(view)


decide_condition = _recording(
    "decision", DecisionForm, service.decide_condition, gettext_lazy("Het besluit is vastgelegd.")
)
"""The condition is met, or somebody decided otherwise for a while."""
refuse = _recording(
    "refusal", RefusalForm, service.refuse_help, gettext_lazy("Vastgelegd. De organisatie leest dit ook.")
)
"""Somebody decided to give no help."""
add_contact = _recording("contact", ContactForm, service.add_contact, gettext_lazy("Toegevoegd."))
"""Somebody to call."""


@require_POST
def drop_contact(request: ActorRequest, code: str, public_id: UUID) -> HttpResponse:
    """Somebody is off the list."""
    organisation = _organisation(request, code)
    service.drop_contact(request.actor, public_id)
    messages.success(request, _("Van de lijst gehaald."))
    return _to(organisation, "contact")


@require_POST
def set_source(request: ActorRequest, code: str) -> HttpResponse:
    """Where the connecting of a kind of source stands."""
    organisation = _organisation(request, code)
    form = SourceForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("Kies een stand uit de lijst, en houd de opmerking onder 200 tekens."))
        data = form.cleaned_data
        service.set_source(request.actor, organisation, data["key"], data["state"], data["note"])
    except Refused as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Bijgewerkt."))
    return _to(organisation, "bronnen")


@require_POST
def agree(request: ActorRequest, code: str) -> HttpResponse:
    """Who may isolate what."""
    return _act(
        request,
        code,
        "agreement",
        lambda o: AgreementForm(request.POST, auto_id="agreement_%s", nodes=_nodes(request, o)),
        lambda o, data: service.agree_isolation(
            request.actor, o, what=data["what"], who=data["who"], how=data["how"], node_id=data["node"] or None
        ),
        _("De afspraak is vastgelegd."),
    )


@require_POST
def drop_agreement(request: ActorRequest, code: str, public_id: UUID) -> HttpResponse:
    """An agreement no longer holds."""
    organisation = _organisation(request, code)
    service.drop_agreement(request.actor, public_id)
    messages.success(request, _("De afspraak is vervallen."))
    return _to(organisation, "agreement")
