"""What the CERT shows on the pages of lower rooms."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.urls import reverse

from brandwacht.baseline.models import Measure
from brandwacht.baseline.panels import ControlRef
from brandwacht.cert import queries
from brandwacht.cert.forms import JoinForm, OpenFromAlertForm
from brandwacht.cert.models import Incident
from brandwacht.cert.services import known_since
from brandwacht.network.actor import Actor
from brandwacht.network.models import Node
from brandwacht.network.panels import PanelContent
from brandwacht.network.policy import Owner, decide, may_anywhere
from brandwacht.network.usecase import note_listing
from brandwacht.riskmap.cascades.live import MOST_INCIDENTS, LiveIncident
from brandwacht.soc.models import Alert
from brandwacht.soc.queries.work import escalations_of


def handed_over(actor: Actor, incident: Incident) -> PanelContent | None:
    """On an incident: the signed hand-overs of the alert that it came from, and who took them."""
    if not incident.alert_ref:
        return None
    found = escalations_of(actor, incident.alert_ref, incident.organisation_id)
    return PanelContent("cert/_handed_over.html", {"escalations": found}) if found else None


def alert_button(actor: Actor, alert: Alert) -> PanelContent | None:
    """On an alert: make an incident of it, or go to the incident that it became."""
    if alert.incident_ref:
        found = queries.incidents(actor).filter(public_id=alert.incident_ref).first()
        return PanelContent("cert/_alert_incident.html", {"incident": found}) if found else None
    if not decide(actor, "cert.incident.open", Owner(alert.organisation_id)):
        return None
    running = queries.to_join(actor, alert.organisation_id)
    note_listing(actor, queries.SEE, {each.organisation_id for each in running})
    form = OpenFromAlertForm.of(alert, known_since(actor, alert))
    join = JoinForm(running=running) if running else None
    return PanelContent("cert/_alert_open.html", {"alert": alert, "form": form, "join": join})


def incidents_of_node(actor: Actor, node: Node) -> PanelContent | None:
    """On a node of the register: the incidents in which it was hit."""
    if not may_anywhere(actor, queries.SEE):
        return None
    found = list(queries.of_node(actor, node.pk)[:10])
    return PanelContent("cert/_node_incidents.html", {"incidents": found}) if found else None


def running_now(actor: Actor, _thing: Any) -> PanelContent | None:
    """On "Deze week": the incidents that run, with the first legal clock."""
    if not may_anywhere(actor, queries.SEE):
        return None
    found = list(queries.with_first_deadline(queries.running(actor))[:3])
    note_listing(actor, queries.SEE, {each.organisation_id for each in found})
    return PanelContent("cert/_running.html", {"incidents": found, "actor": actor}) if found else None


def live_incidents(actor: Actor, owner_ids: Collection[int]) -> list[LiveIncident]:
    """For the risk map: the incidents that really run at these owners, without drills."""
    if not may_anywhere(actor, queries.SEE):
        return []
    found = list(queries.running(actor).filter(organisation_id__in=sorted(owner_ids))[:MOST_INCIDENTS])
    note_listing(actor, queries.SEE, {each.organisation_id for each in found})
    return [
        LiveIncident(
            ref=each.public_id, owner_id=each.organisation_id, number=each.number, title=each.title,
            url=reverse("cert:detail", args=[each.public_id]), severity=each.severity_key, since=each.known_at,
        )
        for each in found
    ]  # fmt: skip


def incidents_of_control(actor: Actor, control: ControlRef) -> PanelContent | None:
    """On a control of the basis: the latest incidents in which a technique was seen that it helps against."""
    if not may_anywhere(actor, queries.SEE):
        return None
    found = queries.with_techniques(actor, control.owner_id, control.techniques)
    return PanelContent("cert/_control_incidents.html", {"incidents": found}) if found else None


def incident_of_measure(actor: Actor, measure: Measure) -> PanelContent | None:
    """On a measure: the incident that it follows from."""
    if not measure.incident_ref:
        return None
    found = queries.incidents(actor).filter(public_id=measure.incident_ref).first()
    return PanelContent("cert/_measure_incident.html", {"incident": found}) if found else None
