"""Looking back: how far it is, and what was found."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from brandwacht.network.errors import Refused
from brandwacht.network.policy import decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_use
from brandwacht.soc import queries, services
from brandwacht.soc.charts import day_bars
from brandwacht.soc.models import LookBack, LookState

HOSTS = 25
BUSY = (LookState.WAITING, LookState.RUNNING)


@require_GET
def detail(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What a look back found so far."""
    actor = request.actor
    row = queries.look_back(actor, public_id)
    results = queries.look_back_results(actor, row)
    note_use(actor, "soc.look-back", *results)
    days: Counter[str] = Counter()
    hosts: list[tuple[str, str, int]] = []
    for result in results:
        days.update(result.days)
        hosts += ((result.organisation.name, host, number) for host, number in result.hosts.items())
    hosts.sort(key=lambda found: (-found[2], found[0], found[1]))
    bars = day_bars(days, row.since, row.until)
    context = {
        "row": row,
        "busy": row.state in BUSY,
        "results": results,
        "matches": sum(result.matches for result in results),
        "filed": sum(result.filed for result in results),
        "hosts": hosts[:HOSTS],
        "hosts_more": max(0, len(hosts) - HOSTS),
        "host_count": len(hosts),
        "bars": bars,
        "days": [bar for bar in bars if bar.number],
        "examples": [(result.organisation, _example(shown)) for result in results for shown in result.examples],
        "several": len(row.owner_codes) > 1,
        "hidden": len(set(row.owner_codes) - {result.organisation.code for result in results}) if row.events else 0,
        "decision": decide(actor, "soc.rules.import", row),
        "crumbs": _crumbs(row),
    }
    return render(request, "soc/look_back.html", context)


def _example(shown: dict[str, Any]) -> dict[str, Any]:
    return shown | {"time": parse_datetime(shown["time"])}


def _crumbs(row: LookBack) -> list[tuple[str, str | None]]:
    if row.rule is not None:
        part = (_("Detectieregels"), reverse("soc:rules"))
        thing = (row.title, reverse("soc:rule", args=[row.rule.public_id]))
    else:
        part = (_("Kenmerkenlijsten"), reverse("soc:lists"))
        thing = (row.title, reverse("soc:list-of", args=[row.indicators.public_id]) if row.indicators else "")
    return [(_("Waakzaam"), reverse("soc:list")), part, thing, (_("Terugkijken"), None)]


@require_GET
def progress(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """How far it is, asked for while it runs; the page is loaded again when it is over."""
    row = queries.look_back(request.actor, public_id)
    answer = render(request, "soc/_look_back_progress.html", {"row": row, "busy": row.state in BUSY})
    if row.state not in BUSY:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def stop(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Ask it to stop."""
    try:
        services.stop_look_back(request.actor, public_id)
    except Refused as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Het zoeken stopt zo. Wat is gevonden, blijft staan."))
    return redirect("soc:look-back", public_id)
