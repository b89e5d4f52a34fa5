"""Now: what runs, which processes it hits, and when the buffers end that still hold."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from brandwacht.network.models import Organisation
from brandwacht.network.requests import ActorRequest
from brandwacht.riskmap import mapping
from brandwacht.riskmap.cascades import live
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.views.common import chosen_map, tabs_for

MOST_RISKS = 60


@require_GET
def now(request: ActorRequest) -> HttpResponse:
    """What is going on at one owner."""
    actor = request.actor
    owner, maps = chosen_map(request)
    context = _standing(request, owner, mapping.load(actor, owner.pk))
    context |= {"owner": owner, "maps": maps, "tabs": tabs_for(actor, "now", owner)}
    return render(request, "riskmap/now.html", context)


@require_GET
def part(request: ActorRequest) -> HttpResponse:
    """The same part again, for a page that stays open; nothing (204) while it says what it said."""
    owner, _maps = chosen_map(request)
    context = _standing(request, owner, mapping.load(request.actor, owner.pk))
    if request.GET.get("was", "") == context["mark"]:
        return HttpResponse(status=204)
    return render(request, "riskmap/_now.html", context | {"owner": owner, "announce": context["summary"]})


def _standing(request: ActorRequest, owner: Organisation, register: Register) -> dict[str, Any]:
    found = live.now_on(request.actor, register, owner.pk)
    rows = live.risks(found) if found else []
    summary = _summary(found, rows)
    # What the part says, without what its countdowns say by themselves.
    said = [summary, *(each.number for each in (found.running if found else ())), *map(_mark, rows)]
    mark = hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]
    shown = [(row, register.places[row.key].public_id) for row in rows[:MOST_RISKS] if row.key in register.places]
    return {
        "live": found,
        "risks": shown,
        "left_out": max(0, len(rows) - MOST_RISKS),
        "summary": summary,
        "mark": mark,
        "part_url": f"{reverse('riskmap:now-part')}?organisatie={owner.code}&was={mark}",
    }


def _mark(row: live.Risk) -> str:
    return f"{row.key} {row.state} {row.then} {row.at}"


def _summary(found: live.Now | None, rows: list[live.Risk]) -> str:
    """What is going on, as one sentence."""
    if found is None:
        return _("Er loopt geen incident dat de kaart raakt.")
    n = len(found.running)
    told = ngettext("Er loopt %(n)d incident.", "Er lopen %(n)d incidenten.", n) % {"n": n}
    down = sum(row.state == "down" for row in rows)
    faltering = sum(row.state == "degraded" for row in rows)
    coming = sum(row.state in ("ok", "buffer") for row in rows)
    if down:
        told += " " + ngettext("%(n)d proces ligt stil.", "%(n)d processen liggen stil.", down) % {"n": down}
    if faltering:
        told += " " + ngettext("%(n)d proces hapert.", "%(n)d processen haperen.", faltering) % {"n": faltering}
    if coming:
        told += " " + (
            ngettext(
                "%(n)d proces werkt nog, maar loopt gevaar.", "%(n)d processen werken nog, maar lopen gevaar.", coming
            )
            % {"n": coming}
        )
    if not rows:
        told += " " + _("Volgens de kaart raakt dat op dit moment geen proces.")
    return told
