"""Pages about evidence: add a piece, look at one, take its document along, withdraw it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.baseline import queries, services
from brandwacht.baseline.documents import MAX_BYTES
from brandwacht.baseline.forms.evidence import EvidenceForm, WithdrawForm
from brandwacht.baseline.queries.controls import find_control
from brandwacht.baseline.views.controls import see
from brandwacht.network.attachments import attachment
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import demand, note_use


@require_http_methods(["GET", "POST"])
def add(request: ActorRequest, number: str) -> HttpResponse:
    """Add evidence to a control."""
    actor = request.actor
    see(actor)
    demand(actor, "baseline.evidence.add", Owner(actor.organisation_id))
    control = find_control(number)
    form = EvidenceForm(request.POST, request.FILES) if request.method == "POST" else EvidenceForm()
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        file = given.pop("file")
        if file:
            given |= {"filename": file.name or "", "content": file.read(MAX_BYTES + 1)}
        try:
            made = services.add_evidence(actor, number, **given)
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Het bewijs ‘%(title)s’ is toegevoegd.") % {"title": made.title})
            return redirect("baseline:control", number)
    context = {"form": form, "control": control, "crumbs": _crumbs(number, _("Bewijs toevoegen"))}
    return render(request, "baseline/evidence/form.html", context, status=422 if form.errors else 200)


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One piece of evidence."""
    see(request.actor)
    return _page(request, public_id, WithdrawForm())


def _page(request: ActorRequest, public_id: UUID, form: WithdrawForm, status: int = 200) -> HttpResponse:
    actor = request.actor
    piece = queries.evidence(actor, public_id)
    note_use(actor, queries.SEE, piece)
    context: dict[str, Any] = {
        "piece": piece,
        "standing": queries.evidence_state(piece, actor.today),
        "control": find_control(piece.control),
        "form": form,
        "may_check": decide(actor, "baseline.evidence.check", piece),
        "may_open": decide(actor, "baseline.evidence.open", piece),
        "crumbs": _crumbs(piece.control, piece.title),
    }
    return render(request, "baseline/evidence/detail.html", context, status=status)


@require_GET
@never_cache
def document(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The attached document: always to keep, never to show in the browser."""
    piece, content = services.open_document(request.actor, public_id)
    return attachment(content, piece.filename, piece.media_type, plain=f"bewijs-{piece.control}")


@require_POST
def seen(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Note that the person looked at this evidence."""
    services.mark_seen(request.actor, public_id)
    messages.success(request, _("Vastgelegd dat u dit bewijs heeft bekeken."))
    return redirect("baseline:evidence", public_id)


@require_POST
def withdraw(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Let this evidence count no longer."""
    see(request.actor)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        piece = services.withdraw_evidence(request.actor, public_id, form.cleaned_data["why"])
        messages.success(request, _("Het bewijs ‘%(title)s’ telt niet meer.") % {"title": piece.title})
        return redirect("baseline:control", piece.control)
    return _page(request, public_id, form, status=422)


def _crumbs(number: str, here: str) -> list[tuple[str, str | None]]:
    return [
        (_("Basis op orde"), reverse("baseline:list")),
        (number, reverse("baseline:control", args=[number])),
        (here, None),
    ]
