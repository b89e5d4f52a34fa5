"""Writing a rule: checked while it is typed, tried on one event, kept as a version."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from brandwacht.engines.detection import Correlation, Rule
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import require
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import demand
from brandwacht.soc import queries, services
from brandwacht.soc.forms.content import RuleForm
from brandwacht.soc.models import SigmaRule
from brandwacht.soc.queries.blindspots import seen_everywhere
from brandwacht.soc.services.rule_edit import checked_for, may_edit
from brandwacht.soc.services.rule_text import (
    Checked,
    Tried,
    blind_spot,
    explain,
    log_source,
    read_event,
    try_on,
)

TOGETHER = "verband"
WORDS = {
    "source": "logsource",
    "detection": "detection",
    "modifiers": "|contains |startswith |endswith |all |re |cidr",
    "condition": "condition",
    "together": "correlation",
    "level": "level",
}
"""The words of Sigma that the explanation is about; they are not translated."""


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """A rule of our own."""
    require(request.actor, "soc.rules.import")
    form = RuleForm(
        initial={"text": services.template(request.actor, uuid4(), together=request.GET.get("soort") == TOGETHER)}
    )
    if request.method == "GET":
        return _page(request, form, None, checked=checked_for(request.actor, form.initial["text"]))
    form = RuleForm(request.POST)
    if request.POST.get("doen") != "bewaar":
        return _look(request, form, None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            rule = services.write_rule(request.actor, data["text"], data["why"], enabled=data["enabled"])
        except Refused as error:
            add_refusal(form, error)
        else:
            done = (
                _("De regel is bewaard en staat aan.") if rule.enabled else _("De regel is bewaard en staat nog uit.")
            )
            messages.success(request, done)
            return redirect("soc:rule", rule.public_id)
    return _page(request, form, None, checked=checked_for(request.actor, request.POST.get("text", "")), status=422)


@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Another text for a rule."""
    rule = queries.rule(request.actor, public_id)
    demand(request.actor, "soc.rules.import", rule)
    try:
        may_edit(rule)
    except Refused as error:
        messages.warning(request, error.message)
        return redirect("soc:rule", public_id)
    if request.method == "GET":
        form = RuleForm(initial={"text": rule.source, "seen": rule.version})
        return _page(request, form, rule, checked=checked_for(request.actor, rule.source))
    form = RuleForm(request.POST)
    if request.POST.get("doen") != "bewaar":
        return _look(request, form, rule)
    if form.is_valid():
        data = form.cleaned_data
        try:
            saved = services.change_rule(
                request.actor, public_id, data["text"], data["why"], seen=data["seen"] or rule.version
            )
        except Refused as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Bewaard als versie %(n)d.") % {"n": saved.version})
            return redirect("soc:rule", saved.public_id)
    return _page(request, form, rule, checked=checked_for(request.actor, request.POST.get("text", "")), status=422)


@require_POST
def checking(request: ActorRequest) -> HttpResponse:
    """What stands under the editor, renewed while somebody types."""
    require(request.actor, "soc.rules.import")
    return render(
        request,
        "soc/_rule_check.html",
        _checked(request.actor, checked_for(request.actor, request.POST.get("text", ""))),
    )


def _look(request: ActorRequest, form: RuleForm, rule: SigmaRule | None) -> HttpResponse:
    """Check the text, or try it on the event; nothing is kept."""
    text, event = request.POST.get("text", ""), request.POST.get("event", "")
    checked = checked_for(request.actor, text)
    tried, status = None, 200
    filled = RuleForm(initial={key: request.POST.get(key, "") for key in form.fields})
    if request.POST.get("doen") == "probeer" and checked.rule is not None:
        try:
            if isinstance(checked.rule, Correlation):
                raise Refused(
                    _("Een verband kijkt naar meer gebeurtenissen. Probeer de regels waar het op rust."), "event"
                )
            tried = try_on(checked.rule, read_event(event))
        except Refused as error:
            filled = RuleForm(request.POST)
            add_refusal(filled, error)
            status = 422
    return _page(request, filled, rule, checked=checked, tried=tried, status=status)


def _checked(actor: Actor, checked: Checked) -> dict[str, Any]:
    rule = checked.rule
    single = rule if isinstance(rule, Rule) else None
    return {
        "problems": checked.problems,
        "rule": rule,
        "explained": explain(rule, checked.rests_on) if rule else None,
        "log_source": log_source(single) if single else "",
        "blind_spot": blind_spot(single, seen_everywhere(actor)) if single else "",
    }


def _page(
    request: ActorRequest,
    form: RuleForm,
    rule: SigmaRule | None,
    *,
    checked: Checked,
    tried: Tried | None = None,
    status: int = 200,
) -> HttpResponse:
    if rule is None:
        form.fields["why"].widget = form.fields["seen"].widget
    else:
        form.fields["enabled"].widget = form.fields["seen"].widget
    form.fields["text"].widget.attrs |= {
        "hx-post": reverse("soc:rule-check"),
        "hx-trigger": "input changed delay:700ms",
        "hx-target": "#controle",
        "hx-swap": "innerHTML",
        "hx-params": "text",
    }
    here = reverse("soc:rule-edit", args=[rule.public_id]) if rule else reverse("soc:rule-new")
    crumbs: list[tuple[str, str | None]] = [
        (_("Waakzaam"), reverse("soc:list")),
        (_("Detectieregels"), reverse("soc:rules")),
    ]
    if rule:
        crumbs.append((rule.title, reverse("soc:rule", args=[rule.public_id])))
    crumbs.append((_("Wijzigen") if rule else _("Nieuwe regel"), None))
    context = {
        "words": WORDS,
        "together": TOGETHER,
        "form": form,
        "subject": rule,
        "here": here,
        "crumbs": crumbs,
        "tried": tried,
    } | {"check": _checked(request.actor, checked)}
    return render(request, "soc/rule_edit.html", context, status=status)
