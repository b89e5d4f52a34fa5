"""What governance shows on the pages of lower rooms."""

from __future__ import annotations

from typing import Any

from brandwacht.cert.models import Incident, IncidentState
from brandwacht.governance.board import decision_count
from brandwacht.governance.hats import hats_of
from brandwacht.governance.policy import SEE_POWERS, board_decision
from brandwacht.governance.powers import in_phase
from brandwacht.network.actor import Actor
from brandwacht.network.panels import PanelContent
from brandwacht.network.policy import may_anywhere
from brandwacht.network.roles import BOARDROOM


def who_may_what(actor: Actor, incident: Incident) -> PanelContent | None:
    """On an incident: who may do what in its phase, the reader's own hats first."""
    if not may_anywhere(actor, SEE_POWERS):
        return None
    found = in_phase(incident.scenario, incident.phase, hats_of(actor, incident.organisation_id))
    return PanelContent(
        "governance/_who_may_what.html", {"found": found, "over": incident.state == IncidentState.CLOSED}
    )


def asks_the_board(actor: Actor, _thing: Any) -> PanelContent | None:
    """On "Deze week" of who has a board role: how many things the board page puts to the board."""
    if not actor.roles & BOARDROOM or not board_decision(actor):
        return None
    count = decision_count(actor)
    return PanelContent("governance/_asks_the_board.html", {"count": count}) if count else None
