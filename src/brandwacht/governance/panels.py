"""What governance shows on the pages of lower rooms."""

from __future__ import annotations

from brandwacht.cert.models import Incident
from brandwacht.governance.hats import hats_of
from brandwacht.governance.policy import SEE_POWERS
from brandwacht.governance.powers import in_phase
from brandwacht.network.actor import Actor
from brandwacht.network.panels import PanelContent
from brandwacht.network.policy import may_anywhere


def who_may_what(actor: Actor, incident: Incident) -> PanelContent | None:
    """On an incident: who may do what in its phase, the reader's own hats first."""
    if not may_anywhere(actor, SEE_POWERS):
        return None
    found = in_phase(incident.scenario, incident.phase, hats_of(actor, incident.organisation_id))
    return PanelContent("governance/_who_may_what.html", {"found": found})
