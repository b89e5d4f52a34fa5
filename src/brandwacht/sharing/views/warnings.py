"""The pages of the circle."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.engines.intel import TLP
from brandwacht.network.errors import Denied, Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import enter
from brandwacht.network.paging import chosen_order, page
from brandwacht.network.panels import panels_for
from brandwacht.network.policy import decide, may_anywhere
from brandwacht.network.requests import ActorRequest, public_id_in
from brandwacht.network.usecase import note_listing, note_use
from brandwacht.sharing import queries, services, stix
from brandwacht.sharing.circle import Circle, circle_for, circle_of, delivery
from brandwacht.sharing.conditions import WRITE
from brandwacht.sharing.forms.warnings import AnswerForm, FilterForm, WarningForm, WithdrawForm, initial_of
from brandwacht.sharing.limits import mildest
from brandwacht.sharing.models import CircleWarning, ReceiptAnswer, WarningState
from brandwacht.sharing.policies.advisories import SEE_NOTICE
from brandwacht.sharing.policy import ANSWER, EXPORT, SEE, SEND, WITHDRAW
from brandwacht.sharing.reading_kinds import WARNING
from brandwacht.sharing.services.reading import mark_read
from brandwacht.sharing.views.common import counted, crumbs, listed_form, refuse_listed, sign_first, tabs_for
from brandwacht.sharing.views.measures import panel


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The warnings, newest first."""
    actor = request.actor
    if not may_anywhere(actor, SEE) and may_anywhere(actor, SEE_NOTICE):
        return redirect("sharing:notices")  # who sits in no circle has notices only
    enter(actor, SEE)
    if (first := sign_first(actor)) is not None:
        return first
    answers, writes = may_anywhere(actor, ANSWER), may_anywhere(actor, WRITE)
    form = FilterForm(request.GET, answers=answers)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.warnings(actor)
    if chosen.get("waiting"):
        rows = rows.filter(pk__in=queries.unanswered(actor).values("pk"))
    rows = rows.filter(**{key: chosen[key] for key in ("tlp", "state") if chosen.get(key)})
    if chosen.get("q"):
        rows = queries.matching(rows, chosen["q"])
    told = queries.with_my_answer(actor, rows) if answers else rows
    order = chosen_order(queries.SORTS, request.GET.get("sort", ""))
    part = page(request, told, order, among=queries.warnings(actor))
    found = part.rows
    note_listing(actor, SEE, {each.organisation_id for each in found})
    tallies = queries.tallies(actor, found) if writes else {}
    context = counted(part, rows) | {
        "form": form,
        "rows": [{"warning": each, "mine": _answer_label(each), "tally": tallies.get(each.pk)} for each in found],
        "waiting": queries.unanswered_count(actor),
        "answers": answers,
        "writes": writes,
        "filtered": any(chosen.values()),
        "tabs": tabs_for(actor, "list"),
    }
    return render(request, "sharing/list.html", context)


def _crumbs(here: str) -> list[tuple[str, str | None]]:
    return crumbs("list", here)


def _answer_label(warning: CircleWarning) -> str:
    given = getattr(warning, "my_answer", None)
    return str(ReceiptAnswer(given).label) if given else ""


@require_GET
@never_cache
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One warning: what it says, who may read it, and what the members answered."""
    warning = queries.warning(request.actor, public_id)
    note_use(request.actor, SEE, warning)
    mark_read(request.actor, warning)
    return _show(request, warning)


def _show(
    request: ActorRequest,
    warning: CircleWarning,
    status: int = 200,
    answer_form: AnswerForm | None = None,
    withdraw_form: WithdrawForm | None = None,
) -> HttpResponse:
    actor = request.actor
    may = {
        key: bool(decide(actor, action, warning))
        for key, action in {
            "answer": ANSWER, "export": EXPORT, "write": WRITE, "send": SEND, "withdraw": WITHDRAW
        }.items()
    }  # fmt: skip
    receipts = list(queries.receipts(actor, [warning])) if warning.state != WarningState.DRAFT else []
    mine = next((each for each in receipts if each.member_id == actor.organisation_id), None)
    context = {
        "crumbs": _crumbs(warning.name),
        "warning": warning,
        "may": may,
        "mine": mine,
        "receipts": receipts if may["write"] else [],
        "tally": [(label, sum(r.answer == key for r in receipts)) for key, label in ReceiptAnswer.choices],
        "readers": [reader.user.name for reader in warning.readers.all()] if warning.marking is TLP.RED else [],
        "answer_form": answer_form or AnswerForm(initial={"answer": mine.answer if mine else None}),
        "withdraw_form": withdraw_form or WithdrawForm(),
        "panel": panel(actor, WARNING, warning),
        "panels": panels_for("sharing.CircleWarning", actor, warning),
    }
    return render(request, "sharing/detail.html", context, status=status)


@require_POST
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A member answers."""
    form = AnswerForm(request.POST)
    if form.is_valid():
        services.answer(request.actor, public_id, form.cleaned_data["answer"])
        messages.success(request, _("Uw antwoord is vastgelegd. De afzender ziet het; andere leden niet."))
        return redirect("sharing:detail", public_id)
    return _show(request, queries.warning(request.actor, public_id), 422, answer_form=form)


@require_POST
def withdraw(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A warning no longer holds."""
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            services.withdraw(request.actor, public_id, form.cleaned_data["reason"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("De waarschuwing is ingetrokken. De lezers krijgen daarvan bericht."))
            return redirect("sharing:detail", public_id)
    return _show(request, queries.warning(request.actor, public_id), 422, withdraw_form=form)


@require_GET
@never_cache
def as_stix(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The warning as a STIX 2.1 bundle to import in a threat-intelligence platform."""
    warning, content = services.export(request.actor, public_id)
    return stix.download(warning, content)


def _prefilled(request: ActorRequest) -> dict[str, Any]:
    incident = public_id_in(request.GET.get("incident", ""))
    initial: dict[str, Any] = {"tlp": TLP.strictest(TLP.AMBER, mildest(incident) or TLP.AMBER).name}
    initial |= {key: request.GET[key][:500] for key in ("title", "techniques") if key in request.GET}
    return initial | {"incident": incident}


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Write a warning; it stays a draft until somebody sends it."""
    actor = request.actor
    enter(actor, WRITE)
    circle = circle_of(actor, circle_for(actor, WRITE).pk)
    if request.method == "GET":
        return _edit(request, _form(request, circle, initial=_prefilled(request)))
    form = _form(request, circle, data=request.POST)
    if form.is_valid():
        try:
            warning = services.draft(actor, **form.content(), incident_ref=form.cleaned_data["incident"])
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Het concept is opgeslagen. Nog niemand heeft het gekregen."))
            return redirect("sharing:detail", warning.public_id)
    return _edit(request, form)


def _edit(request: ActorRequest, form: WarningForm, warning: CircleWarning | None = None) -> HttpResponse:
    here = warning.name if warning else _("Nieuwe waarschuwing")
    context = {"crumbs": _crumbs(here), "form": form, "warning": warning}
    return render(request, "sharing/edit.html", context, status=422 if form.is_bound else 200)


def _form(request: ActorRequest, circle: Circle, **kwargs: Any) -> WarningForm:
    return WarningForm(circle=circle, user_id=request.actor.user_id, **kwargs)


@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Change a draft."""
    actor = request.actor
    warning = queries.warning(actor, public_id)
    circle = circle_of(actor, warning.organisation_id)
    if warning.state != WarningState.DRAFT:
        raise Refused(_("Deze waarschuwing is al verzonden. Trek die in en schrijf een nieuwe."))
    if request.method == "GET":
        return _edit(request, _form(request, circle, initial=initial_of(warning)), warning)
    form = _form(request, circle, data=request.POST)
    if form.is_valid():
        try:
            services.change_draft(actor, public_id, **form.content())
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Het concept is gewijzigd."))
            return redirect("sharing:detail", public_id)
    return _edit(request, form, warning)


@require_http_methods(["GET", "POST"])
def send(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Confirm: exactly who gets the warning; then send it."""
    actor = request.actor
    warning = queries.warning(actor, public_id)
    decision = decide(actor, SEND, warning)
    if not decision:
        raise Denied(decision)
    refused, listed = "", listed_form(request, warning)
    if request.method == "POST" and (listed is None or listed.is_valid()):
        try:
            choices = listed.choices() if listed else {}
            services.send(actor, public_id, fingerprint=request.POST.get("fingerprint", "?"), listed=choices)
        except Refused as error:
            refused = refuse_listed(listed, error)
        else:
            messages.success(request, _("De waarschuwing is verzonden. De leden krijgen bericht."))
            return redirect("sharing:detail", public_id)
    to = delivery(circle_of(actor, warning.organisation_id), warning, actor.user_id)
    context = {
        "crumbs": _crumbs(warning.name),
        "warning": warning,
        "to": to,
        "refused": refused,
        "named": warning.marking is TLP.RED,
        "possible": warning.state == WarningState.DRAFT and bool(to.persons or warning.marking is not TLP.RED),
        "listed": listed,
    }
    wrong = refused or (listed is not None and listed.errors)
    return render(request, "sharing/send.html", context, status=422 if wrong else 200)
