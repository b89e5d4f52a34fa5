"""How often and how badly: the odds that the worker computed with the weak spots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from brandwacht.network.models import Organisation
from brandwacht.network.requests import ActorRequest
from brandwacht.network.tables import csv_response
from brandwacht.riskmap import mapping
from brandwacht.riskmap.models import AnalysisKind
from brandwacht.riskmap.queries import planning as queries_planning
from brandwacht.riskmap.views.common import chosen_map, tabs_for
from brandwacht.riskmap.views.planning import standing
from brandwacht.riskmap.words.odds import curve, headline, rests, unrated
from brandwacht.riskmap.words.sentences import percent


@require_GET
def odds(request: ActorRequest) -> HttpResponse:
    """What a year may cost, and how long vital processes are expected to stand still."""
    actor = request.actor
    owner, maps = chosen_map(request)
    register = mapping.load(actor, owner.pk)
    context = standing(actor, owner, AnalysisKind.WEAK, register)
    done = context["done"]
    found: Mapping[str, Any] = (done.result.get("odds") or {}) if done else {}
    played = bool(found.get("runs"))
    context |= {
        "owner": owner,
        "maps": maps,
        "tabs": tabs_for(actor, "odds", owner),
        "size": len(register.network.nodes),
        "odds": found,
        "processes": [(row, percent(row["stops"])) for row in found.get("processes", [])],
        "told": headline(found) if played and found["processes"] else "",
        "unrated": unrated(found) if played else "",
        "rests": rests(found) if played else [],
        "curves": [curve(row) for row in found.get("curves", [])],
        "regions": _named(found.get("regions", [])),
    }
    return render(request, "riskmap/odds.html", context)


def _named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Regions by the name of their organisation, where there is one."""
    codes = [row["code"] for row in rows]
    names = dict(Organisation.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    return [row | {"name": names.get(row["code"], row["code"])} for row in rows]


@require_GET
def odds_csv(request: ActorRequest) -> HttpResponse:
    """The expected hours of every vital process as CSV."""
    owner, _maps = chosen_map(request)
    done, _other = queries_planning.latest(request.actor, owner.pk, AnalysisKind.WEAK)
    header = [_("sleutel"), _("naam"), _("regio"), _("uren stil per jaar"), _("uren haperend per jaar"),
              _("kans op stilstand per jaar"), _("uren stil eens in de tien jaar")]  # fmt: skip
    rows = (
        [r["key"], r["name"], r["region"], r["down"], r["degraded"], r["stops"], r["tenth"]]
        for r in ((done.result.get("odds") or {}).get("processes", []) if done else [])
    )
    return csv_response(_("kans-en-schade-%(code)s") % {"code": owner.code}, header, rows)
