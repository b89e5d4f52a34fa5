"""The parts of "Beheer": as tabs, those that the person may see, and as the way back from a page in one of them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import Actor
from brandwacht.network.pages import Part, Tab, tabs

PARTS = (
    Part("people", _("Mensen"), "people.see"),
    Part("grants", _("Mandaten"), "grant.see"),
    Part("register", _("Register"), "register.see"),
    Part("organisation", _("Organisatie"), "organisation.set"),
    Part("logbook", _("Logboek"), "audit.see"),
)


def tabs_for(actor: Actor, current: str) -> list[Tab]:
    """The tabs of this person; ``current`` is the part that is shown."""
    return tabs(actor, "beheer", PARTS, current)


def crumbs(part: str, *further: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """The way from Beheer through one of its parts to the page that is shown."""
    label = next(each.label for each in PARTS if each.name == part)
    return [(str(_("Beheer")), reverse("beheer:home")), (str(label), reverse(f"beheer:{part}")), *further]
