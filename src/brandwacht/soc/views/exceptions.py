"""Exceptions: the list, making one with a look at what it would have covered, deciding, and what it covered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.models import Organisation
from brandwacht.network.pages import enter
from brandwacht.network.paging import page
from brandwacht.network.policy import Owner, decide, owners
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import demand, note_listing, note_use
from brandwacht.soc import queries, services
from brandwacht.soc.forms.alerts import ReasonForm
from brandwacht.soc.forms.exceptions import RULE, TECHNIQUE, WHY, CoveredFilterForm, ExceptionFilterForm, ExceptionForm
from brandwacht.soc.models import AlertException, ExceptionState, How, Subject
from brandwacht.soc.services.exception_cases import others_who_approve
from brandwacht.soc.tuning import Candidate, best, narrowest
from brandwacht.soc.views import tabs_for
from brandwacht.soc.wording import technique

SAVE = "bewaar"


@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """The exceptions: what waits for a judgement, what works and until when, what it covered."""
    actor = request.actor
    enter(actor, "soc.exception.see")
    form = ExceptionFilterForm.read(request.GET)
    rows = queries.exceptions(actor, form.chosen("stand") or "", (form.chosen("tekst") or "").strip())
    found = page(request, rows, ("expires_at", "id"), among=queries.exceptions(actor))
    note_listing(actor, "soc.exception.see", {row.organisation_id for row in found.rows})
    context = {
        "tabs": tabs_for(actor, "exceptions"),
        "form": form,
        "rows": found.rows,
        "next_url": found.next_url,
        "several": len(owners(actor, "soc.exception.see")) > 1,
        "waiting": queries.exceptions(actor, "voorgesteld").count(),
        "working": queries.exceptions(actor, "werkt").count(),
        "narrowed": any(request.GET.get(key) for key in form.fields),
        "now": actor.now,
    }
    return render(request, "soc/exceptions.html", context)


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One exception: what it is, who decided, what it covered."""
    return _detail(request, queries.exception(request.actor, public_id))


def _detail(request: ActorRequest, row: AlertException, failed: str = "", form: Any = None) -> HttpResponse:
    actor = request.actor
    note_use(actor, "soc.exception.see", row)
    narrow = CoveredFilterForm.read(request.GET)
    found = page(
        request, queries.covered(actor, row, (narrow.chosen("waar") or "").strip()), ("-last_seen", "-id"), size=25
    )
    judging = row.state == ExceptionState.PROPOSED
    own = row.proposer_id is not None and row.proposer_id == actor.user_id
    context = {
        "row": row,
        "crumbs": [
            (_("Waakzaam"), reverse("soc:list")),
            (_("Uitzonderingen"), reverse("soc:exceptions")),
            (row.title, None),
        ],
        "works": row.state == ExceptionState.APPROVED and row.expires_at > actor.now,
        "judging": judging,
        "blocked": judging and own and others_who_approve(row.organisation_id, actor.user_id, actor.now),
        "alone": judging and own,
        "preview": queries.preview(actor, row) if judging else None,
        "may_approve": bool(decide(actor, "soc.exception.approve", row)),
        "may_end": row.state == ExceptionState.APPROVED and bool(decide(actor, "soc.exception.propose", row)),
        "covered": found.rows,
        "next_url": found.next_url,
        "narrow": narrow,
        "narrowed": bool(request.GET.get("waar")),
        "forms": {key: form if key == failed else ReasonForm(auto_id=f"{key}_%s") for key in ("reject", "end")},
        "failed_reject": failed == "reject",
        "failed_end": failed == "end",
        "row_now": actor.now,
    }
    return render(request, "soc/exception.html", context, status=422 if failed else 200)


@require_http_methods(["GET", "POST"])
def from_alert(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Make an exception of what an alert shows, with the narrowest proposal filled in."""
    alert = queries.alert(request.actor, public_id)
    demand(request.actor, "soc.exception.propose", alert)
    note_use(request.actor, "soc.exception.see", alert)
    rules = sorted(queries.alert_rules(request.actor, alert), key=lambda rule: (-rule.count, -rule.level))
    wanted = request.GET.get("regel", "")
    first = next((rule for rule in rules if rule.rule_id == wanted), rules[0] if rules else None)
    kept, _counted = (
        queries.kept_matches(request.actor, alert.organisation_id, [first.rule_id], alert=alert) if first else ([], [])
    )
    proposal = narrowest(queries.seen(kept))
    initial = _initial(proposal, first.rule_id if first else "", {alert.asset_id: str(alert.asset.public_id)})
    asset = {} if alert.entity_kind else {str(alert.asset.public_id): _("Alleen op %(name)s") % {"name": alert.asset}}
    crumbs = [(_("Waakzaam"), reverse("soc:list")), (alert.title, reverse("soc:detail", args=[alert.public_id]))]
    return _make(
        request,
        alert.organisation,
        {rule.rule_id: rule.title for rule in rules},
        {number: _("Elke regel over %(what)s") % {"what": technique(number)} for number in alert.attack},
        asset,
        initial,
        crumbs,
    )


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest, code: str) -> HttpResponse:
    """Make an exception for a rule that makes noise (``regel`` in the address) at an organisation."""
    actor = request.actor
    organisation = _organisation(request, code)
    demand(actor, "soc.exception.propose", Owner(organisation.pk))
    rule = queries.noisy_rule(actor, organisation.pk, request.GET.get("regel", ""))
    kept, counted = queries.kept_matches(actor, organisation.pk, [rule.rule_id])
    note_listing(actor, "soc.exception.see", {organisation.pk})
    nodes = {row.alert.asset_id: row.alert.asset for row in counted if not row.alert.entity_kind}
    known = {pk: str(node.public_id) for pk, node in nodes.items()}
    initial = _initial(best(queries.seen(kept)), rule.rule_id, known)
    assets = {str(node.public_id): _("Alleen op %(name)s") % {"name": node} for node in list(nodes.values())[:50]}
    crumbs = [
        (_("Waakzaam"), reverse("soc:list")),
        (_("Ruis"), reverse("soc:noise")),
        (rule.title, f"{reverse('soc:noise-rule', args=[code])}?{request.GET.urlencode()}"),
    ]
    return _make(request, organisation, {rule.rule_id: rule.title}, {}, assets, initial, crumbs)


@require_http_methods(["GET", "POST"])
def renew(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Propose an exception again that ends or ended; it is looked at and approved as a new one."""
    old = queries.exception(request.actor, public_id)
    demand(request.actor, "soc.exception.propose", old)
    note_use(request.actor, "soc.exception.see", old)
    asset = str(old.asset.public_id) if old.asset is not None else ""
    initial = {
        "about": f"{RULE}:{old.rule_id}" if old.rule_id else f"{TECHNIQUE}:{old.technique}",
        "asset": asset, "subject": old.subject, "field": old.field, "how": old.how, "value": old.value,
        "reason": old.reason, "owner_name": old.owner_name,
    }  # fmt: skip
    crumbs = [
        (_("Waakzaam"), reverse("soc:list")),
        (_("Uitzonderingen"), reverse("soc:exceptions")),
        (old.title, reverse("soc:exception", args=[old.public_id])),
    ]
    return _make(
        request,
        old.organisation,
        {old.rule_id: old.title} if old.rule_id else {},
        {old.technique: old.title} if old.technique else {},
        {asset: _("Alleen op %(name)s") % {"name": old.asset}} if asset else {},
        initial,
        crumbs,
        renews=old.public_id,
    )


def _make(
    request: ActorRequest,
    organisation: Organisation,
    rules: dict[str, str],
    techniques: dict[str, str],
    assets: dict[str, str],
    initial: Mapping[str, Any],
    crumbs: Sequence[tuple[str, str | None]],
    renews: Any = None,
) -> HttpResponse:
    """The form with its preview. Saving asks that the person looked at the preview of exactly this exception."""
    actor = request.actor
    choices: dict[str, Any] = {"rules": rules, "techniques": techniques, "assets": assets}
    sent = request.method == "POST"
    form = ExceptionForm(request.POST, **choices) if sent else ExceptionForm(initial=initial, **choices)
    shown: queries.Preview | None = None
    mark = ""
    scope = form if sent else ExceptionForm(_as_data(form), **choices)
    saving = sent and request.POST.get("doen") == SAVE
    whole = scope.is_valid()
    says_what = whole or (not saving and scope.says_what())
    if says_what or (saving and not set(scope.errors) - set(WHY)):
        try:
            draft = scope.draft()
            row = services.row_of(organisation.pk, draft, actor.now)
            mark = _mark(row)
            if saving and whole and scope.cleaned_data["looked"] == mark:
                made = services.propose(actor, organisation.pk, draft, renews=renews)
                messages.success(request, _("Voorgesteld. De uitzondering werkt zodra zij is goedgekeurd."))
                return redirect("soc:exception", made.public_id)
            shown = queries.preview(actor, row)
        except Refused as error:
            if sent:
                add_refusal(form, error)
                shown = queries.preview(actor, row) if mark else None
    if sent:
        form.data = {**request.POST.dict(), "looked": mark}
    else:
        form.initial = {**form.initial, "looked": mark}
    context = {
        "form": form,
        "organisation": organisation,
        "crumbs": [*crumbs, (_("Uitzondering"), None)],
        "preview": shown,
        "foreign": organisation.pk != actor.organisation_id,
        "may_save": bool(mark),
    }
    return render(request, "soc/exception_new.html", context, status=422 if sent and form.errors else 200)


def _as_data(form: ExceptionForm) -> dict[str, Any]:
    return {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}


def _mark(row: AlertException) -> str:
    """A fingerprint of what an exception covers."""
    parts = (row.rule_id, row.technique, row.asset_id, row.subject, row.field, row.how, row.value)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _initial(proposal: Candidate | None, rule_id: str, assets: Mapping[int, str]) -> dict[str, Any]:
    initial: dict[str, Any] = {"about": f"{RULE}:{rule_id}", "how": How.EXACT, "subject": Subject.NONE}
    if proposal is not None:
        initial["asset"] = assets.get(proposal.asset, "") if proposal.asset is not None else ""
        initial |= {"subject": proposal.subject, "field": proposal.field, "value": proposal.value}
    return initial


def _organisation(request: ActorRequest, code: str) -> Organisation:
    found = Organisation.objects.filter(code=code, pk__in=owners(request.actor, "soc.exception.see")).first()
    if found is None:
        raise NotFound
    return found


@require_POST
def approve(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Approve a proposal."""
    try:
        row = services.approve(request.actor, public_id)
    except Refused as error:
        messages.warning(request, error.message)
    else:
        done = _("Goedgekeurd. Vanaf nu geeft dit gedrag geen melding meer, tot de einddatum.")
        messages.success(request, done if not row.alone else done + " " + _("Er staat bij dat u dit alleen besloot."))
    return redirect("soc:exception", public_id)


@require_POST
def reject(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Reject a proposal, with the reason."""
    return _with_reason(request, public_id, "reject", services.reject, _("Afgewezen. De meldingen blijven komen."))


@require_POST
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """End an exception at once, with the reason."""
    return _with_reason(request, public_id, "end", services.end, _("Beëindigd. Dit gedrag geeft nu weer meldingen."))


def _with_reason(
    request: ActorRequest, public_id: UUID, key: str, service: Callable[..., object], done: str
) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id=f"{key}_%s")
    try:
        service(request.actor, public_id, request.POST.get("reason", "")[:1000])
    except Refused as error:
        if error.field is None:
            messages.warning(request, error.message)
            return redirect("soc:exception", public_id)
        form.errors[error.field] = form.error_class([error.message])
        return _detail(request, queries.exception(request.actor, public_id), key, form)
    messages.success(request, done)
    return redirect("soc:exception", public_id)
