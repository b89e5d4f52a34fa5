"""The map of one owner and its nodes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from brandwacht.engines.cascade import Simulator, dependents
from brandwacht.network.errors import NotFound
from brandwacht.network.models import NodeKind, Organisation
from brandwacht.network.pages import jumps
from brandwacht.network.paging import chosen_order, page
from brandwacht.network.panels import panels_for
from brandwacht.network.policy import Owner, decide
from brandwacht.network.queries import CAP, capped_count
from brandwacht.network.requests import ActorRequest
from brandwacht.network.tables import csv_response
from brandwacht.network.usecase import note_use
from brandwacht.riskmap import mapping, queries
from brandwacht.riskmap.cascades import live
from brandwacht.riskmap.forms.maps import NodeFilterForm
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.pictures.cascade import timeline
from brandwacht.riskmap.pictures.drawing import draw
from brandwacht.riskmap.queries import NodeFilter
from brandwacht.riskmap.queries import planning as queries_planning
from brandwacht.riskmap.reckoning import findings, heaviest
from brandwacht.riskmap.reckoning.weights import weigh
from brandwacht.riskmap.register.road import road
from brandwacht.riskmap.views.common import chosen_map, crumbs, tabs_for

MOST_DEPENDENTS = 100
MOST_TOLD = 50


@require_GET
def risk_map(request: ActorRequest) -> HttpResponse:
    """The map of one owner: what is vital, what most hangs on, scenarios, and every node."""
    actor = request.actor
    owner, maps = chosen_map(request)
    register = mapping.load(actor, owner.pk)
    weights = weigh(register.network, register.vital)
    ranking = queries_planning.ranking_now(actor, register, owner.pk)
    points = heaviest.points(register, weights, queries_planning.scales_of(owner.pk), ranking)
    context: dict[str, Any] = {
        "owner": owner,
        "maps": maps,
        "tabs": tabs_for(actor, "map", owner),
        "register": register,
        "running": live.incidents(actor, {owner.pk}),
        "size": len(register.network.nodes),
        "vitals": findings.vitals(register, weights),
        "points": points,
        "jumps": _jumps(bool(points)),
        "scenarios": queries.scenarios(actor, owner.pk),
        "runs": queries.runs(actor, owner.pk)[:5],
        "may_run": decide(actor, "riskmap.run", Owner(owner.pk)),
        "may_edit": decide(actor, "register.edit", Owner(owner.pk)),
        "may_remove": decide(actor, "riskmap.scenario", Owner(owner.pk)),
        **_node_list(request, owner, register),
    }
    if points:
        context["finding"], found = findings.loss(register, points[0].key, Simulator(register.network), points[0].lasts)
        context["drawing"] = draw(found)
        context["rows"] = timeline(found, actor.now, actor.now, MOST_TOLD)
    return render(request, "riskmap/map.html", context)


def _jumps(weighed: bool) -> list[dict[str, str]]:
    """The way to the parts of a long page."""
    parts = [*([("zwaarst", _("Wat het zwaarst weegt"))] if weighed else []), ("scenarios", _("Scenario's")),
             ("vitaal", _("Vitale processen")), ("onderdelen", _("Onderdelen"))]  # fmt: skip
    return jumps(parts)


def _node_list(request: ActorRequest, owner: Organisation, register: Register) -> dict[str, Any]:
    form, narrow = _narrowed(request, register)
    rows = queries.listed_nodes(request.actor, owner.pk, narrow)
    among = queries.listed_nodes(request.actor, owner.pk, NodeFilter())
    found = page(request, rows, _order(request), among=among)
    whole = found.first and not found.next_url
    count = len(found.rows) if whole else capped_count(rows)
    own = owner.pk == request.actor.organisation_id
    return {
        "filter_form": form,
        "nodes": found.rows,
        "next_url": f"{found.next_url}#onderdelen" if found.next_url else "",
        "export_url": f"{reverse('riskmap:nodes-csv')}?{request.GET.urlencode()}",
        "road": road(request.actor) if whole and own else [],  # who has more than a page knows the way
        "count": f"{CAP}+" if count > CAP else str(count),
    }


def _order(request: ActorRequest) -> tuple[str, ...]:
    return chosen_order(queries.NODE_SORTS, request.GET.get("sort", ""))


def _narrowed(request: ActorRequest, register: Register) -> tuple[NodeFilterForm, NodeFilter]:
    sectors = sorted({node.sector for node in register.network.nodes if node.sector})
    form = NodeFilterForm(request.GET, sectors=sectors)
    form.is_valid()  # what does not fit is left out of the filter
    given = form.cleaned_data
    narrow = NodeFilter(
        text=given.get("tekst", ""),
        sector=given.get("sector", ""),
        kind=given.get("soort", ""),
        vital=given.get("vitaal", False),
    )
    return form, narrow


@require_GET
def nodes_csv(request: ActorRequest) -> HttpResponse:
    """Exactly the list of nodes that the filters show, as CSV."""
    owner, _maps = chosen_map(request)
    _form, narrow = _narrowed(request, mapping.load(request.actor, owner.pk))
    rows = queries.listed_nodes(request.actor, owner.pk, narrow).order_by(*_order(request))
    header = [_("sleutel"), _("naam"), _("soort"), _("sector"), _("vitaal"), _("eigenaar"), _("opstarttijd (minuten)"),
              _("hersteltijd (minuten)"), _("herkomst")]  # fmt: skip
    cells = (
        [n.key, n.name, n.get_kind_display(), n.sector, n.vital, n.owner_name, n.restart, n.repair, n.source]
        for n in rows.iterator(chunk_size=1000)
    )
    return csv_response(_("onderdelen-%(code)s") % {"code": owner.code}, header, cells)


@require_GET
def node(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One node: what it needs, what depends on it and when, and what other rooms know about it."""
    actor = request.actor
    found = queries.node(actor, public_id)
    note_use(actor, "riskmap.see", found)
    context: dict[str, Any] = {
        "node": found,
        "kind": NodeKind(found.kind).label,
        "panels": panels_for("network.Node", actor, found),
        "may_run": decide(actor, "riskmap.run", found),
        "owner": found.organisation,
        "names": [name.value for name in found.names.all()],
        "crumbs": crumbs(actor, found.organisation, found.name),
    }
    try:
        register = mapping.load(actor, found.organisation_id)
    except NotFound:  # let in to this node only
        return render(request, "riskmap/node.html", context)
    if found.key in register.network:
        network, places = register.network, register.places
        exposures = dependents(network, found.key)
        context |= {
            "finding": findings.loss(register, found.key, Simulator(network))[0],
            "needs": findings.needs_of(register, found.key),
            "dependents": [
                (
                    network.node(each.node),
                    places[each.node],
                    each,
                    [network.node(key).name for key in each.path[1:-1]],
                )
                for each in exposures[:MOST_DEPENDENTS]
            ],
            "dependents_left_out": max(0, len(exposures) - MOST_DEPENDENTS),
        }
    return render(request, "riskmap/node.html", context)
