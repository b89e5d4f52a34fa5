"""Pages of the exchange as OSCAL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.baseline.exchange import INCOMING, NEW, OTHER, REFUSED, SAME
from brandwacht.baseline.forms.frameworks import OscalForm
from brandwacht.baseline.models import FRAMEWORK, AnswerImport
from brandwacht.baseline.queries import exchange, frameworks
from brandwacht.baseline.services import exchange as services
from brandwacht.engines.norms import load_framework
from brandwacht.engines.norms.oscal import CATALOG, PLAN, PROFILE, RESULTS
from brandwacht.engines.norms.oscal.documents import MAX_BYTES
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.pages import require
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest


@dataclass(frozen=True, slots=True)
class Download:
    """A document that can go out: its ``word`` in the address, its kind, and what is in it."""

    word: str
    kind: str
    title: Promise
    holds: Promise


DOWNLOADS = (
    Download(
        "toepasselijkheid",
        PROFILE,
        gettext_lazy("Verklaring van toepasselijkheid"),
        gettext_lazy("Welke maatregelen gelden, en waarom de andere niet (profile)."),
    ),
    Download(
        "uitkomsten",
        RESULTS,
        gettext_lazy("Antwoorden"),
        gettext_lazy("Elk antwoord met de dagen waarop het bewijs telt, nooit het bewijs zelf (assessment-results)."),
    ),
    Download(
        "verbeterplan",
        PLAN,
        gettext_lazy("Verbeterplan"),
        gettext_lazy("De maatregelen met wie ze doet en wanneer (plan of action and milestones)."),
    ),
    Download(
        "catalogus",
        CATALOG,
        gettext_lazy("Catalogus"),
        gettext_lazy("De norm zelf: nummers, titels en onze vragen (catalog)."),
    ),
)


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
        "downloads": DOWNLOADS,
        "imports": [(row, _done(row)) for row in exchange.imports(actor)],
        "frameworks": [load_framework(key) for key in frameworks.ANSWERABLE],
        "may_import": _may(actor, exchange.IMPORT),
        "crumbs": _crumbs(_("Uitwisselen")),
    }
    return render(request, "baseline/frameworks/exchange.html", context, status=422 if form.errors else 200)


@require_GET
def export(request: ActorRequest, kind: str) -> HttpResponse:
    """One document as a download."""
    document = next((each for each in DOWNLOADS if each.word == kind), None)
    if document is None:
        raise NotFound
    framework = request.GET.get("kader", FRAMEWORK)
    content = services.export(request.actor, document.kind, framework)
    answer = HttpResponse(content, content_type="application/json")
    name = f"{kind}-{framework}-{request.actor.organisation_code}.oscal.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
def offered(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What an offered document says beside what is there now."""
    found = exchange.answer_import(request.actor, public_id)
    incoming = INCOMING[found.kind]
    compared = incoming.compare(request.actor, found)
    context = {
        "offered": found,
        "compared": compared,
        "words": incoming.words(found, compared),
        "new": compared.of(NEW),
        "other": compared.of(OTHER),
        "same": compared.of(SAME),
        "refused": compared.of(REFUSED),
        "done": _done(found),
        "taken": [line.name for line in compared.named(found.taken)],
        "crumbs": [*_crumbs(_("Uitwisselen"), reverse("baseline:exchange")), (found.filename, None)],
    }
    return render(request, "baseline/frameworks/import.html", context)


def _done(row: AnswerImport) -> str:
    """What was done with an offered document, and by whom."""
    if row.applied_at is None:
        said = {"day": _day(row.offered_at), "who": row.offered_by}
        return _("aangeboden op %(day)s door %(who)s, nog niets overgenomen") % said
    said = {"taken": INCOMING[row.kind].taken(len(row.taken)), "day": _day(row.applied_at), "who": row.applied_by}
    return _("%(taken)s op %(day)s door %(who)s") % said


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y")


@require_POST
def apply(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Take over what was ticked."""
    chosen = set(request.POST.getlist("vraag"))
    try:
        done = services.apply(request.actor, public_id, chosen, request.POST.get("seen", ""))
    except Refused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, INCOMING[done.kind].taken(len(done.taken)) + ".")
    return redirect("baseline:import", public_id)


def _may(actor: Actor, action: str) -> bool:
    return bool(decide(actor, action, Owner(actor.organisation_id)))


def _crumbs(last: str, url: str | None = None) -> list[tuple[str, str | None]]:
    return [(_("Andere kaders"), reverse("baseline:frameworks")), (last, url)]
