"""What if: asking, the outcome, and the scenarios that are kept."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.forms import add_refusal
from brandwacht.network.models import Organisation
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.tables import csv_response
from brandwacht.network.usecase import note_use
from brandwacht.network.wording import listed
from brandwacht.riskmap import mapping, queries, services
from brandwacht.riskmap.cascades.outcome import from_json
from brandwacht.riskmap.forms.maps import KeepForm
from brandwacht.riskmap.forms.what_if import OutagesForm
from brandwacht.riskmap.pictures.cascade import picture, timeline
from brandwacht.riskmap.register.road import ahead
from brandwacht.riskmap.views.common import chosen_map, crumbs, tabs_for
from brandwacht.riskmap.words.borders import told
from brandwacht.riskmap.words.headline import extent

MOST_TRIED = 12
"""So many lines of the timeline stand beside the form."""


@require_http_methods(["GET", "HEAD", "POST"])
def what_if(request: ActorRequest) -> HttpResponse:
    """Choose what fails and for how long; the answer is a run."""
    actor = request.actor
    owner, maps, names = _asked(request)
    if request.method == "POST":
        form = OutagesForm(request.POST, nodes=names)
        if form.is_valid():
            outages = form.cleaned_data["outages"]
            try:
                run = services.run_cascade(
                    actor, owner.pk, outages, title=_title([names[each["node"]] for each in outages]),
                    started_at=actor.now, horizon=int(form.cleaned_data["horizon"]),
                )  # fmt: skip
            except Refused as error:
                add_refusal(form, error, {"nodes": "node1"})
            else:
                return redirect("riskmap:run", run.public_id)
    else:
        form = OutagesForm(nodes=names, **_from_address(request, owner))
    context = {"form": form, "owner": owner, "maps": maps, "names": names.items()}
    context["tabs"] = tabs_for(actor, "what-if", owner)
    return render(request, "riskmap/what_if.html", context, status=422 if form.errors else 200)


def _asked(request: ActorRequest) -> tuple[Organisation, list[Organisation], dict[str, str]]:
    """Whose map, which others there are, and the names of its nodes by key; ``Denied`` without the right to ask."""
    owner, maps = chosen_map(request)
    decision = decide(request.actor, "riskmap.run", Owner(owner.pk))
    if not decision:
        raise Denied(decision)
    rows = queries.listed_nodes(request.actor, owner.pk, queries.NodeFilter())
    return owner, maps, dict(rows.order_by("name").values_list("key", "name"))


def _from_address(request: ActorRequest, owner: Organisation) -> dict[str, Any]:
    """What the form starts with: the outages of a run or a scenario that is named, or the nodes that are."""
    run, scenario = request.GET.get("uitkomst", ""), request.GET.get("scenario", "")
    if run or scenario:
        row = queries.run_or_scenario(request.actor, owner.pk, run or f"{queries.SCENARIO}{scenario}")
        return {"outages": row.outages, "horizon": row.horizon}
    return {"outages": [{"node": key} for key in request.GET.getlist("onderdeel")]}


@require_POST
def try_out(request: ActorRequest) -> HttpResponse:
    """What would fall when, while somebody still fills in the form; nothing is kept. A part of a page."""
    owner, _maps, names = _asked(request)
    form = OutagesForm(request.POST, nodes=names)
    if not form.is_valid():
        return render(request, "riskmap/_try_out.html", {"errors": form.errors if form.data.get("node1") else {}})
    try:
        told, found = services.try_out(
            request.actor, owner.pk, form.cleaned_data["outages"], int(form.cleaned_data["horizon"])
        )
    except Refused as error:
        return render(request, "riskmap/_try_out.html", {"refused": error.message})
    rows = timeline(found, request.actor.now, request.actor.now, MOST_TRIED)
    left_out = sum(step.worse for step in found.steps) - len(rows)
    context = {"headline": told, "finding": extent(found), "rows": rows, "left_out": left_out}
    return render(request, "riskmap/_try_out.html", context)


def _title(names: list[str]) -> str:
    return _("Wat als: %(names)s") % {"names": listed(names)}


@require_GET
def run(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A run: the sentence, the picture, the timeline."""
    actor = request.actor
    found = queries.run(actor, public_id)
    note_use(actor, "riskmap.see", found)
    may_run = decide(actor, "riskmap.run", found)
    context: dict[str, Any] = {
        "run": found,
        "owner": found.organisation,
        "picture": picture(found, actor.now),
        "may_run": may_run,
        "may_keep": found.scenario is None and decide(actor, "riskmap.scenario", found),
        "keep_form": KeepForm(initial={"name": found.title.removeprefix(_("Wat als: "))}),
        "moved_on": _moved_on(request, found.organisation_id, found.map_fingerprint),
        "crumbs": crumbs(actor, found.organisation, found.title),
        "again_url": _again(found) if may_run else "",
        "border": told(found.result),
        "ahead": ahead(actor, request.path) if found.organisation_id == actor.organisation_id else None,
        "compare_url": f"{reverse('riskmap:compare')}?organisatie={found.organisation.code}&links={found.public_id}",
    }
    return render(request, "riskmap/run.html", context)


def _moved_on(request: ActorRequest, owner_id: int, fingerprint: str) -> bool:
    """Whether the register has changed since the run, in a way that may change the outcome."""
    try:
        return mapping.load(request.actor, owner_id).fingerprint != fingerprint
    except NotFound:
        return False


def _again(found: Any) -> str:
    return f"{reverse('riskmap:what-if')}?organisatie={found.organisation.code}&uitkomst={found.public_id}"


@require_GET
def run_csv(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The whole timeline of a run as CSV."""
    found = queries.run(request.actor, public_id)
    note_use(request.actor, "riskmap.see", found)
    header = [_("minuut"), _("wanneer"), _("tijdstip"), _("wat"), _("sector"), _("vitaal"), _("gevolg"), _("door wat"),
              _("afhankelijkheid"), _("tot")]  # fmt: skip
    rows = (
        [r.minute, r.when, r.clock, r.name, r.sector, r.vital, r.word, r.through, r.need, r.until]
        for r in timeline(from_json(found.result), found.started_at, request.actor.now)
    )
    return csv_response(found.title, header, rows)


@require_GET
def run_svg(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The picture of a run as an SVG file."""
    found = queries.run(request.actor, public_id)
    note_use(request.actor, "riskmap.see", found)
    shown = picture(found, request.actor.now)
    context = {"drawing": shown.drawing, "marker": shown.marker, "finding": found.headline, "file": True}
    response = HttpResponse(render_to_string("riskmap/_drawing.svg", context), content_type="image/svg+xml")
    response["Content-Disposition"] = f'attachment; filename="{shown.marker}.svg"'
    return response


@require_POST
def keep(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Keep what a run asked as a scenario."""
    form = KeepForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Geef het scenario een naam."))
    scenario = services.keep_as_scenario(request.actor, public_id, form.cleaned_data["name"])
    messages.success(request, _("Bewaard als scenario “%(name)s”.") % {"name": scenario.name})
    return redirect("riskmap:run", public_id)


@require_POST
def play_scenario(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Play a kept scenario on the map of today."""
    found = services.run_scenario(request.actor, public_id)
    return redirect("riskmap:run", found.public_id)


@require_POST
def remove_scenario(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Take a scenario off the list."""
    services.remove_scenario(request.actor, public_id)
    messages.success(request, _("Het scenario is weggehaald. De uitkomsten die ermee gemaakt zijn, blijven staan."))
    return HttpResponseRedirect(reverse("riskmap:map"))
