"""The detection rules: the list, one rule, its switch and its history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from brandwacht.engines.detection import Correlation, Rule
from brandwacht.network.differences import differences
from brandwacht.network.errors import Refused
from brandwacht.network.pages import enter
from brandwacht.network.paging import chosen_order, page
from brandwacht.network.panels import panels_for
from brandwacht.network.policy import decide, may_anywhere, owners
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing
from brandwacht.soc import queries, services
from brandwacht.soc.forms.alerts import RuleFilterForm
from brandwacht.soc.forms.content import LookBackForm, SwitchForm
from brandwacht.soc.models import RuleKind, SigmaRule
from brandwacht.soc.queries.blindspots import sight_of, sources_of
from brandwacht.soc.queries.correlations import counters, titles_of
from brandwacht.soc.services.rule_text import Clause, blind_spot, explain, log_source
from brandwacht.soc.services.rulebook import revived, revived_correlation
from brandwacht.soc.services.stored import event_scan
from brandwacht.soc.views import tabs_for
from brandwacht.soc.wording import technique


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The rules of the actor's organisation, and whose rules watch over it."""
    actor = request.actor
    enter(actor, "soc.rules.see")
    form = RuleFilterForm.read(request.GET)
    sort = request.GET.get("sort", "")
    order = chosen_order(queries.RULE_SORTS, sort)
    every = queries.with_hits(actor, queries.rules(actor, queries.RuleFilter()), sort)
    narrowed = queries.with_hits(actor, queries.rules(actor, form.narrowing()), sort)
    found = page(request, narrowed, order, among=every)
    figures = queries.rule_figures(actor, [rule.rule_id for rule in found.rows], actor.now - queries.RECENT)
    others = owners(actor, "soc.alert.see") - {actor.organisation_id}
    note_listing(actor, "soc.alert.see", set(others) if figures else set())
    sources = queries.rule_sources(actor)
    context = {
        "tabs": tabs_for(actor, "rules"),
        "form": form,
        "rows": [(rule, figures.get(rule.rule_id)) for rule in found.rows],
        "next_url": found.next_url,
        "sources": sources,
        "in_use": sum(source.in_use for source in sources),
        "watched": len(others),
        "others": [s for s in sources if s.organisation.pk != actor.organisation_id],
        "narrowed": any(request.GET.get(key) for key in form.fields),
        "may_change": may_anywhere(actor, "soc.rules.import"),
    }
    return render(request, "soc/rules.html", context)


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One rule: what it says, how it did, where it counts."""
    return _detail(request, queries.rule(request.actor, public_id))


def _detail(
    request: ActorRequest,
    rule: SigmaRule,
    *,
    switch: SwitchForm | None = None,
    trial: LookBackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    compiled, together = revived(rule), revived_correlation(rule)
    basis = titles_of(actor, together) if together else {}
    recent = queries.rule_figures(actor, [rule.rule_id], actor.now - queries.RECENT).get(rule.rule_id)
    longer = queries.rule_figures(actor, [rule.rule_id], actor.now - queries.LONGER).get(rule.rule_id)
    others = set(owners(actor, "soc.alert.see")) - {actor.organisation_id}
    note_listing(actor, "soc.alert.see", others if longer else set())
    searchable = queries.reach_of_look_back(actor)
    context = {
        "rule": rule,
        "crumbs": [*_crumbs(), (rule.title, None)],
        "techniques": [technique(number) for number in rule.attack],
        "explained": _explained(compiled or together, basis),
        "together": together,
        "basis": list(basis.values()),
        "counts": counters(actor, rule) if together else [],
        "log_source": log_source(compiled) if compiled else "",
        "references": compiled.references if compiled else (),
        "blind_spot": blind_spot(compiled) if compiled else "",
        "sight": sight_of(actor, rule) if rule.usable and rule.kind != RuleKind.FILTER else None,
        "sources": sources_of(actor, compiled) if compiled else None,
        "recent": recent or queries.RuleFigures(),
        "longer": longer or queries.RuleFigures(),
        "latest": longer.latest if longer else queries.rule_latest(actor, rule.rule_id),
        "precision": queries.rule_precision(actor, rule.rule_id, actor.now - queries.LONGER),
        "offs": queries.off_for(actor, rule),
        "look_backs": queries.look_backs(actor, rule=rule),
        "panels": panels_for("soc.SigmaRule", actor, rule),
        "decision": decide(actor, "soc.rules.import", rule),
        "may_switch_off_at": may_anywhere(actor, "soc.rule-off.set"),
        "editable": "#" not in rule.name,
        "switch": switch or SwitchForm(),
        "trial": trial or LookBackForm(organisations=searchable, alerts=False),
        "trial_failed": trial is not None,
        "stores": event_scan() is not None,
    }
    return render(request, "soc/rule.html", context, status=status)


def _explained(rule: Rule | Correlation | None, basis: Mapping[str, tuple[str, Any]]) -> Clause | None:
    return explain(rule, {rule_id: title for rule_id, (title, _public_id) in basis.items()}) if rule else None


def _crumbs() -> list[tuple[str, str | None]]:
    return [(_("Waakzaam"), reverse("soc:list")), (_("Detectieregels"), reverse("soc:rules"))]


@require_POST
def switch(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Switch a rule off or on for everybody."""
    enabled = request.POST.get("aan") == "1"
    reason = request.POST.get("reason", "")[:300]
    try:
        rule = services.switch_rule(request.actor, public_id, enabled=enabled, reason=reason)
    except Refused as error:
        form = SwitchForm(request.POST)
        if error.field is None:
            messages.warning(request, error.message)
            return redirect("soc:rule", public_id)
        form.errors[error.field] = form.error_class([error.message])
        return _detail(request, queries.rule(request.actor, public_id), switch=form, status=422)
    done = _("“%(rule)s” staat weer aan.") if rule.enabled else _("“%(rule)s” is uitgezet en slaat niet meer aan.")
    messages.success(request, done % {"rule": rule.title})
    return redirect("soc:rule", public_id)


@require_POST
def trial(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Ask what the rule would have matched in the stored events."""
    rule = queries.rule(request.actor, public_id)
    form = LookBackForm(request.POST, organisations=queries.reach_of_look_back(request.actor), alerts=False)
    if not form.is_valid():
        return _detail(request, rule, trial=form, status=422)
    try:
        row = services.try_rule(request.actor, public_id, days=form.cleaned_data["days"], codes=form.codes())
    except Refused as error:
        messages.warning(request, error.message)
        return redirect("soc:rule", public_id)
    return redirect("soc:look-back", row.public_id)


@require_GET
def history(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The texts that a rule had, and what differs between two of them."""
    actor = request.actor
    rule = queries.rule(actor, public_id)
    versions = queries.rule_versions(actor, rule)
    new = _number(request.GET.get("naar"), rule.version)
    old = _number(request.GET.get("van"), versions[0].number if versions and new == rule.version else new - 1)
    compared = old >= 1 and bool(versions)
    lines: list[Any] = []
    if compared:
        lines = differences(queries.rule_text(actor, rule, old), queries.rule_text(actor, rule, new))
    context = {
        "rule": rule,
        "crumbs": [*_crumbs(), (rule.title, reverse("soc:rule", args=[rule.public_id])), (_("Geschiedenis"), None)],
        "versions": versions,
        "old": old,
        "new": new,
        "compared": compared,
        "lines": lines,
        "decision": decide(actor, "soc.rules.import", rule),
        "editable": "#" not in rule.name,
    }
    return render(request, "soc/rule_history.html", context)


def _number(text: str | None, usual: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 7 else usual


@require_POST
def restore(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Go back to a former text, as a new version."""
    try:
        rule = services.restore_rule(request.actor, public_id, _number(request.POST.get("nummer"), 0))
    except Refused as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("De regel heeft die tekst weer, als versie %(n)d.") % {"n": rule.version})
    return redirect("soc:rule-history", public_id)
