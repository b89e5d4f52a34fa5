"""Pages of the exchange as OSCAL, and of the texts and the division that an organisation loads."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.baseline.forms.frameworks import GroupingForm, NormTextForm, OscalForm
from brandwacht.baseline.models import FRAMEWORK, AnswerImport
from brandwacht.baseline.queries import exchange, frameworks, loaded
from brandwacht.baseline.queries.plan_exchange import PLAN, compare_plan
from brandwacht.baseline.services import exchange as services
from brandwacht.baseline.services import norm_texts
from brandwacht.engines.norms import load_framework
from brandwacht.engines.norms.oscal import KINDS
from brandwacht.engines.norms.oscal.documents import MAX_BYTES
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.pages import require
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.services import sheets

SHORT = {"toepasselijkheid": KINDS[1], "uitkomsten": KINDS[2], "verbeterplan": KINDS[3], "catalogus": KINDS[0]}
"""The kinds of document by their word in an address."""


@require_http_methods(["GET", "POST"])
def overview(request: ActorRequest) -> HttpResponse:
    """What can go out and come in, and what came in before."""
    actor = request.actor
    require(actor, exchange.EXPORT)
    form = OscalForm()
    if request.method == "POST":
        form = OscalForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                offered = services.offer(actor, file.name, file.read(MAX_BYTES + 1))
            except Refused as error:
                form.add_error("file", error.message)
            else:
                return redirect("baseline:import", offered.public_id)
    context = {
        "form": form,
        "imports": exchange.imports(actor),
        "frameworks": [load_framework(key) for key in frameworks.ANSWERABLE],
        "may_import": _may(actor, exchange.IMPORT),
        "crumbs": _crumbs(_("Uitwisselen")),
    }
    return render(request, "baseline/frameworks/exchange.html", context, status=422 if form.errors else 200)


@require_GET
def export(request: ActorRequest, kind: str) -> HttpResponse:
    """One document as a download."""
    if kind not in SHORT:
        raise NotFound
    framework = request.GET.get("kader", FRAMEWORK)
    content = services.export(request.actor, SHORT[kind], framework)
    answer = HttpResponse(content, content_type="application/json")
    name = f"{kind}-{framework}-{request.actor.organisation_code}.oscal.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
def offered(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What an offered document says beside what is there now."""
    found = loaded.answer_import(request.actor, public_id)
    if found.kind == PLAN:
        return _offered_plan(request, found)
    compared = exchange.compare(request.actor, found)
    context = {
        "offered": found,
        "compared": compared,
        "norm": load_framework(found.framework),
        "new": compared.of(exchange.NEW),
        "other": compared.of(exchange.OTHER),
        "same": compared.of(exchange.SAME),
        "refused": compared.of(exchange.REFUSED),
        "answered": found.framework == FRAMEWORK,
        "crumbs": [*_crumbs(_("Uitwisselen"), reverse("baseline:exchange")), (found.filename, None)],
    }
    return render(request, "baseline/frameworks/import.html", context)


def _offered_plan(request: ActorRequest, found: AnswerImport) -> HttpResponse:
    compared = compare_plan(request.actor, found)
    context = {
        "offered": found,
        "compared": compared,
        "new": compared.of(exchange.NEW),
        "other": compared.of(exchange.OTHER),
        "same": compared.of(exchange.SAME),
        "refused": compared.of(exchange.REFUSED),
        "crumbs": [*_crumbs(_("Uitwisselen"), reverse("baseline:exchange")), (found.filename, None)],
    }
    return render(request, "baseline/frameworks/import_plan.html", context)


@require_POST
def apply(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Take over what was ticked."""
    try:
        done = services.apply(
            request.actor, public_id, set(request.POST.getlist("vraag")), request.POST.get("seen", "")
        )
    except Refused as error:
        messages.error(request, error.message)
    else:
        said = (
            ngettext("%(n)d maatregel is overgenomen.", "%(n)d maatregelen zijn overgenomen.", len(done.taken))
            if done.kind == PLAN
            else ngettext("%(n)d antwoord is overgenomen.", "%(n)d antwoorden zijn overgenomen.", len(done.taken))
        )
        messages.success(request, said % {"n": len(done.taken)})
    return redirect("baseline:import", public_id)


@require_http_methods(["GET", "POST"])
def texts(request: ActorRequest) -> HttpResponse:
    """What was loaded beside the norm; load more."""
    actor = request.actor
    require(actor, norm_texts.LOAD)
    text_form, grouping_form = NormTextForm(), GroupingForm()
    if request.method == "POST" and request.POST.get("doe") == "indeling":
        grouping_form = GroupingForm(request.POST, request.FILES)
        if _load_grouping(request, grouping_form):
            return redirect("baseline:texts")
    elif request.method == "POST":
        text_form = NormTextForm(request.POST, request.FILES)
        if _load_text(request, text_form):
            return redirect("baseline:texts")
    context = {
        "text_form": text_form,
        "grouping_form": grouping_form,
        "loaded": loaded.texts_by_norm(actor),
        "own": frameworks.own_grouping(actor),
        "crumbs": _crumbs(_("Tekst van de norm")),
    }
    status = 422 if text_form.errors or grouping_form.errors else 200
    return render(request, "baseline/frameworks/texts.html", context, status=status)


def _load_text(request: ActorRequest, form: NormTextForm) -> bool:
    if not form.is_valid():
        return False
    file = form.cleaned_data["file"]
    try:
        done = norm_texts.load_norm_text(request.actor, file.name, file.read(sheets.MAX_BYTES + 1))
    except Refused as error:
        form.add_error("file", error.message)
        return False
    said = {"n": done.texts, "norm": done.framework.title, "version": done.framework.version}
    messages.success(request, _("%(n)d teksten van de %(norm)s %(version)s zijn ingelezen.") % said)
    return True


def _load_grouping(request: ActorRequest, form: GroupingForm) -> bool:
    if not form.is_valid():
        return False
    file = form.cleaned_data["file"]
    try:
        own = norm_texts.load_grouping(request.actor, file.name, file.read(sheets.MAX_BYTES + 1))
    except Refused as error:
        form.add_error("file", error.message)
        return False
    messages.success(request, _("Uw indeling is ingelezen: %(n)d vragen.") % {"n": len(own.rows)})
    return True


@require_POST
def remove_texts(request: ActorRequest, key: str) -> HttpResponse:
    """Remove the loaded text of one norm."""
    count = norm_texts.remove_norm_text(request.actor, key)
    messages.success(request, _("%(n)d teksten zijn verwijderd.") % {"n": count})
    return redirect("baseline:texts")


@require_POST
def remove_grouping(request: ActorRequest) -> HttpResponse:
    """Go back to our own division."""
    norm_texts.remove_grouping(request.actor)
    messages.success(request, _("De indeling van Brandwacht geldt weer."))
    return redirect("baseline:texts")


def _may(actor: Actor, action: str) -> bool:
    return bool(decide(actor, action, Owner(actor.organisation_id)))


def _crumbs(last: str, url: str | None = None) -> list[tuple[str, str | None]]:
    return [(_("Andere kaders"), reverse("baseline:frameworks")), (last, url)]
