"""The parts of the register within the risk map, as tabs."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.network.actor import Actor
from brandwacht.network.pages import Part, Place, Tab, tabs

REGISTER = Place(
    gettext_lazy("Register"),
    (
        Part("register", gettext_lazy("Tabellen"), "register.see"),
        Part("suggestions", gettext_lazy("Landelijke lijst"), "register.edit"),
        Part("vital-lists", gettext_lazy("Vitale processen"), "riskmap.see"),
        Part("plans", gettext_lazy("Continuïteitsplannen"), "riskmap.see"),
        Part("partners", gettext_lazy("Partners"), "riskmap.partner"),
        Part("levers", gettext_lazy("Vragen en adviezen"), "riskmap.lever.see"),
    ),
)
_PARTS = (Part("map", gettext_lazy("Overzicht"), "riskmap.see"), REGISTER)


def tabs_for(actor: Actor, current: str) -> list[Tab]:
    """The tabs of this person; ``current`` is the part that is shown."""
    return tabs(actor, "riskmap", _PARTS, current)


def crumbs(*rest: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """The way back through the register of the risk map."""
    return [(_("Risicokaart"), reverse("riskmap:map")), (_("Register"), reverse("riskmap:register")), *rest]
