"""Two outcomes or scenarios beside each other."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_use
from brandwacht.riskmap import queries, services
from brandwacht.riskmap.cascades.compare import compare as compared
from brandwacht.riskmap.cascades.outcome import Outcome, from_json
from brandwacht.riskmap.models import CascadeRun, Scenario
from brandwacht.riskmap.views.common import chosen_map, tabs_for

MOST_RUNS = 50


@require_GET
def compare(request: ActorRequest) -> HttpResponse:
    """Choose two; a run as it was kept, a scenario as it would go on the map of now."""
    actor = request.actor
    owner, maps = chosen_map(request)
    names = [(f"{queries.SCENARIO}{each.public_id}", each.name) for each in queries.scenarios(actor, owner.pk)]
    runs = [(str(each.public_id), each.title, each.ran_at) for each in queries.runs(actor, owner.pk)[:MOST_RUNS]]
    chosen = [request.GET.get("links", ""), request.GET.get("rechts", "")]
    context: dict[str, Any] = {
        "owner": owner, "maps": maps, "tabs": tabs_for(actor, "compare", owner), "scenarios": names, "runs": runs,
        "left": chosen[0], "right": chosen[1],
    }  # fmt: skip
    if all(chosen):
        rows = [queries.run_or_scenario(actor, owner.pk, each) for each in chosen]
        note_use(actor, "riskmap.see", *rows)
        try:
            (a, left), (b, right) = (_outcome(actor, owner.pk, row) for row in rows)
        except Refused as error:
            context["refused"] = error.message
        else:
            found = compared(left, right)
            context |= {"found": found, "headlines": (a, b), "titles": tuple(str(row) for row in rows)}
            context["shorter"] = left.horizon != right.horizon
            context["groups"] = [
                (_("Alleen links geraakt"), found.only_left),
                (_("Alleen rechts geraakt"), found.only_right),
                (_("Bij beide geraakt, met verschil"), found.differing),
            ]
    return render(request, "riskmap/compare.html", context)


def _outcome(actor: Actor, owner_id: int, row: CascadeRun | Scenario) -> tuple[str, Outcome]:
    if isinstance(row, CascadeRun):
        return row.headline, from_json(row.result)
    return services.try_out(actor, owner_id, row.outages, row.horizon)
