"""The pages of the watch."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import Actor
from brandwacht.network.pages import Part, Tab, tabs

PARTS = (
    Part("list", _("Meldingen"), "soc.alert.see"),
    Part("logsources", _("Bronnen"), "soc.sources.see"),
    Part("hunt", _("Zoeken in logs"), "soc.hunt"),
    Part("patterns", _("Patronen"), "soc.pattern.see"),
    Part("noise", _("Ruis"), "soc.exception.see"),
    Part("exceptions", _("Uitzonderingen"), "soc.exception.see"),
    Part("coverage", _("Dekking"), "soc.rules.see"),
    Part("sources", _("Logbestanden"), "soc.sources.see"),
    Part("rules", _("Detectieregels"), "soc.rules.see"),
    Part("lists", _("Kenmerkenlijsten"), "soc.lists.see"),
    Part("shifts", _("Diensten"), "soc.shift"),
    Part("second", _("Tweede blik"), "soc.alert.see"),
    Part("figures", _("Cijfers"), "soc.alert.see"),
    Part("connect", _("Aansluiten"), "soc.connect.see"),
)


def tabs_for(actor: Actor, current: str) -> list[Tab]:
    """The tabs of this person; ``current`` is the part that is shown."""
    return tabs(actor, "soc", PARTS, current)
