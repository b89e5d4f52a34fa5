"""Coverage: ATT&CK as a matrix of what the rules see, what was seen, and where nothing looks."""

from __future__ import annotations

from typing import Any, Final

import orjson
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from brandwacht.engines.detection import tactic_name
from brandwacht.network.pages import enter
from brandwacht.network.policy import may_anywhere
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing
from brandwacht.soc import queries
from brandwacht.soc.forms.base import OwnerFilterForm
from brandwacht.soc.matrix import draw
from brandwacht.soc.views import tabs_for

NAME: Final = "brandwacht-dekking.json"


@require_GET
def matrix(request: ActorRequest) -> HttpResponse:
    """The matrix with its table."""
    actor = request.actor
    enter(actor, "soc.rules.see")
    organisations = queries.owners_shown(actor)
    form = OwnerFilterForm.read(request.GET, organisations=organisations)
    found = queries.coverage(actor, form.owner_id())
    note_listing(actor, "soc.alert.see", _watched(request, form))
    context: dict[str, Any] = {
        "tabs": tabs_for(actor, "coverage"),
        "form": form,
        "several": len(organisations) > 1,
        "narrowed": bool(request.GET.get("organisatie")),
        "matrix": found,
        "picture": draw(found),
        "columns": [(tactic_name(tactic) or _("Tactiek niet bekend"), cells) for tactic, cells in found.columns],
        "seen": found.count("gezien"),
        "covered": sum(cell.able > 0 for cell in found.cells),
        "blind": found.count("blind"),
        "query": request.GET.urlencode(),
        "may_see_blind": may_anywhere(actor, "soc.sources.see"),
    }
    return render(request, "soc/coverage.html", context)


@require_GET
def navigator(request: ActorRequest) -> HttpResponse:
    """The matrix as a layer for the ATT&CK Navigator."""
    actor = request.actor
    enter(actor, "soc.rules.see")
    form = OwnerFilterForm.read(request.GET, organisations=queries.owners_shown(actor))
    note_listing(actor, "soc.alert.see", _watched(request, form))
    name = _("Dekking van Brandwacht op %(day)s") % {"day": actor.today.isoformat()}
    answer = HttpResponse(
        orjson.dumps(queries.layer(queries.coverage(actor, form.owner_id()), name), option=orjson.OPT_INDENT_2),
        content_type="application/json",
    )
    answer["Content-Disposition"] = f'attachment; filename="{NAME}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _watched(request: ActorRequest, form: OwnerFilterForm) -> set[int]:
    """The organisations whose matches are counted."""
    chosen = form.owner_id()
    return {chosen} if chosen is not None else {o.pk for o in queries.owners_shown(request.actor)}
