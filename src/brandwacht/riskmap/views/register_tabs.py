"""Where somebody is within the register of the risk map. It is always that of the own organisation."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.pages import Tab, tabs
from brandwacht.riskmap.views.common import PLACES


def tabs_for(actor: Actor, current: str) -> list[Tab]:
    """The tabs of this person; ``current`` is the part that is shown."""
    return tabs(actor, "riskmap", PLACES, current)


def crumbs(*rest: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """The way back through the register of the risk map."""
    return [(_("Risicokaart"), reverse("riskmap:map")), (_("Register"), reverse("riskmap:register")), *rest]
