"""What is hit, and what falls because of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from brandwacht.cert.models import Incident, IncidentAsset
from brandwacht.cert.services.story import log, still_open
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Node
from brandwacht.network.policy import Owner, decide
from brandwacht.network.usecase import use_case
from brandwacht.riskmap.services import run_cascade


def mark(incident: Incident, node: Node, state: str = "down", duration: int | None = None) -> None:
    """Write that a node is hit: how (``down`` or ``degraded``), and for how many minutes (default: its repair time)."""
    row = IncidentAsset.objects.filter(incident=incident, node=node).first() or IncidentAsset(
        organisation_id=incident.organisation_id, incident=incident, node=node
    )
    row.state, row.duration = state, node.repair if duration is None else duration
    row.save()


def keep(incident: Incident, node: Node) -> None:
    """Write that a node is hit, unless it is known already, however it was."""
    if not IncidentAsset.objects.filter(incident=incident, node=node).exists():
        mark(incident, node)


def run(actor: Actor, incident: Incident) -> None:
    """Run the cascade of what is hit. What can not be run is told in the story: an incident never waits for its map."""
    assets = list(IncidentAsset.objects.filter(incident=incident).select_related("node").order_by("node__key"))
    if not assets:
        return
    if not decide(actor, "riskmap.run", Owner(incident.organisation_id)):
        log(incident, actor, _("De gevolgen zijn nog niet doorgerekend: daarvoor is de rol CISO of adviseur nodig."))
        return
    outages = [{"node": a.node.key, "start": 0, "duration": a.duration, "state": a.state} for a in assets]
    title = _("Oefening %(number)s") if incident.exercise else _("Incident %(number)s")
    try:
        found = run_cascade(
            actor,
            incident.organisation_id,
            outages,
            title=title % {"number": incident.number},
            started_at=incident.known_at,
            incident_ref=incident.public_id,
        )
    except Refused as error:
        log(incident, actor, _("De gevolgen konden niet worden doorgerekend: %(why)s") % {"why": error.message})
    else:
        log(incident, actor, _("Gevolgen doorgerekend: %(headline)s") % {"headline": found.headline})


def add_assets(
    actor: Actor, incident_id: Any, nodes: Sequence[Node], *, state: str = "down", duration: int | None = None
) -> Incident:
    """More is hit than was known, or it is hit in another way: write it and run the cascade again."""
    with use_case(actor, "cert.incident.note") as case:
        incident = case.get(Incident, incident_id, see="cert.incident.see")
        still_open(incident)
        if not nodes:
            raise Refused(_("Kies ten minste één onderdeel uit het register."), "node1")
        for node in nodes:
            mark(incident, node, state, duration)
        names = ", ".join(node.name for node in nodes)
        case.audit(incident, {"geraakt": names, "hoe": state})
        told = _("Geraakt: %(names)s (hapert).") if state == "degraded" else _("Geraakt: %(names)s.")
        log(incident, actor, told % {"names": names})
        run(actor, incident)
    return incident


def remove_asset(actor: Actor, incident_id: Any, node_id: Any) -> Incident:
    """What was taken to be hit is not, after all: take it off and run the cascade again."""
    with use_case(actor, "cert.incident.note") as case:
        incident = case.get(Incident, incident_id, see="cert.incident.see")
        still_open(incident)
        row = IncidentAsset.objects.filter(incident=incident, node__public_id=node_id).select_related("node").first()
        if row is None:
            raise Refused(_("Dit staat al niet meer bij het incident."))
        name = row.node.name
        row.delete()
        case.audit(incident, {"niet geraakt": name})
        log(incident, actor, _("Toch niet geraakt: %(name)s.") % {"name": name})
        run(actor, incident)
    return incident
