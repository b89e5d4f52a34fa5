"""What the circle shows on the pages of lower rooms."""

from __future__ import annotations

from typing import Any

from brandwacht.network.actor import Actor
from brandwacht.network.panels import PanelContent
from brandwacht.sharing import queries


def red_on_week(actor: Actor, _thing: Any) -> PanelContent | None:
    """On "Deze week": warnings with TLP:RED for this person; they are never among an organisation's actions."""
    waiting = queries.red_waiting(actor)
    return PanelContent("sharing/_red_waiting.html", {"waiting": waiting}) if waiting else None
