"""The pages of the watch."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import Actor
from brandwacht.network.pages import Part, Place, Tab, tabs

PLACES = (
    Place(
        _("Meldingen"),
        (
            Part("list", _("Wachtrij"), "soc.alert.see"),
            Part("patterns", _("Patronen"), "soc.pattern.see"),
            Part("second", _("Tweede blik"), "soc.alert.see"),
        ),
    ),
    Part("shifts", _("Diensten"), "soc.shift"),
    Part("hunt", _("Zoeken in logs"), "soc.hunt"),
    Place(
        _("Detectie"),
        (
            Part("rules", _("Regels"), "soc.rules.see"),
            Part("rule-offs", _("Regels die uit staan"), "soc.rule-off.see"),
            Part("lists", _("Kenmerkenlijsten"), "soc.lists.see"),
            Part("exceptions", _("Uitzonderingen"), "soc.exception.see"),
            Part("noise", _("Ruis"), "soc.exception.see"),
            Part("coverage", _("Dekking"), "soc.rules.see"),
            Part("blind", _("Blinde vlekken"), "soc.sources.see"),
        ),
    ),
    Place(
        _("Bronnen"),
        (
            Part("logsources", _("Aangesloten bronnen"), "soc.sources.see"),
            Part("sources", _("Logbestanden"), "soc.sources.see"),
            Part("gaps", _("Wanneer niemand keek"), "soc.sources.see"),
            Part("store", _("Wat er bewaard wordt"), "soc.store.see"),
            Part("connect", _("Aansluiten"), "soc.connect.see"),
        ),
    ),
    Part("figures", _("Cijfers"), "soc.alert.see"),
)
"""The parts of the room: six places, in the order in which a shift needs them."""


def tabs_for(actor: Actor, current: str) -> list[Tab]:
    """The tabs of this person; ``current`` is the part that is shown."""
    return tabs(actor, "soc", PLACES, current)
