"""Content on its way in: offered, read by a worker, shown, taken over."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network.differences import differences
from brandwacht.network.errors import Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.pages import require
from brandwacht.network.paging import page
from brandwacht.network.requests import ActorRequest
from brandwacht.soc import queries, services
from brandwacht.soc.forms.content import RuleUploadForm
from brandwacht.soc.models import ContentImport, ContentKind, ImportState
from brandwacht.soc.services import rule_taking
from brandwacht.soc.services.watchlists import kinds_in_dutch
from brandwacht.soc.views import tabs_for

BUSY = (ImportState.RUNNING, ImportState.TAKING)
DIFFERENCES = 20
"""Rules with an own text of which the difference is shown; the choice is there for all of them."""


@require_http_methods(["GET", "POST"])
def upload(request: ActorRequest) -> HttpResponse:
    """Offer a zip with rules."""
    require(request.actor, "soc.rules.import")
    form = RuleUploadForm()
    if request.method == "POST":
        form = RuleUploadForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                row = services.offer_rules(request.actor, file.name, file.chunks(), form.cleaned_data["collection"])
            except Refused as error:
                add_refusal(form, error)
            else:
                return redirect("soc:content", row.public_id)
    found = page(request, queries.content_imports(request.actor, ContentKind.RULES), ("-offered_at", "-id"), size=10)
    context = {
        "form": form,
        "tabs": tabs_for(request.actor, "rules"),
        "imports": found.rows,
        "next_url": found.next_url,
        "crumbs": _crumbs(ContentKind.RULES, _("Inlezen")),
    }
    return render(request, "soc/content_upload.html", context, status=422 if form.errors else 200)


def _crumbs(kind: str, last: str) -> list[tuple[str, str | None]]:
    place = (
        (_("Detectieregels"), reverse("soc:rules"))
        if kind == ContentKind.RULES
        else (_("Kenmerkenlijsten"), reverse("soc:lists"))
    )
    return [(_("Waakzaam"), reverse("soc:list")), place, (last, None)]


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What taking this over would do, or how it ended."""
    return _detail(request, queries.content_import(request.actor, public_id))


def _detail(request: ActorRequest, row: ContentImport) -> HttpResponse:
    outcome = row.outcome
    context = _standing(row) | {
        "outcome": outcome,
        "rules": row.kind == ContentKind.RULES,
        "ready": row.state == ImportState.READY,
        "crumbs": _crumbs(row.kind, row.name),
        "own": _own(request, outcome.get("own", [])) if row.state == ImportState.READY else [],
        "kinds": kinds_in_dutch(outcome.get("counts", {})) if row.kind == ContentKind.INDICATORS else [],
    }
    return render(request, "soc/content.html", context)


def _own(request: ActorRequest, rules: list[dict[str, str]]) -> list[tuple[dict[str, str], list[object] | None]]:
    """The rules that ask for a choice, with the difference between the own and the delivered text."""
    shown = [rule["id"] for rule in rules[:DIFFERENCES]]
    texts = queries.rule_texts(request.actor, shown)
    return [
        (rule, list(differences(texts[rule["id"]], rule["theirs"])) if rule["id"] in texts else None) for rule in rules
    ]


def _standing(row: ContentImport) -> dict[str, object]:
    """How far the work on it is, for a page that asks again as long as it goes on."""
    done, total = rule_taking.standing(row) if row.state == ImportState.TAKING else (row.done, row.total)
    return {"row": row, "busy": row.state in BUSY, "done": done, "total": total}


@require_GET
def progress(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """How far the work is, asked for while it goes on; the page is loaded again when it is over."""
    row = queries.content_import(request.actor, public_id)
    answer = render(request, "soc/_content_progress.html", _standing(row))
    if row.state not in BUSY:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def apply(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Take it over, whole."""
    row = queries.content_import(request.actor, public_id)
    try:
        if row.kind == ContentKind.INDICATORS:
            made = services.apply_list(request.actor, public_id)
            messages.success(request, _("“%(name)s” bewaakt nu.") % {"name": made.name})
            return redirect("soc:list-of", made.public_id)
        take = dict.fromkeys(request.POST.getlist("neem"), True)
        missing_off = request.POST.get("verdwenen") == "uit"
        rule_taking.decide(request.actor, public_id, take=take, missing_off=missing_off)
    except Refused as error:
        messages.warning(request, error.message)
    return redirect("soc:content", public_id)


@require_POST
def drop(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Stop reading, or put it aside."""
    try:
        row = services.drop_import(request.actor, public_id)
    except Refused as error:
        messages.warning(request, error.message)
    else:
        if row.state == ImportState.TAKING:
            messages.info(request, _("Het verwerken wordt gestopt. Deze pagina zegt of dat op tijd was."))
        else:
            messages.success(request, _("Gestopt. Er is niets veranderd."))
    return redirect("soc:content", public_id)
