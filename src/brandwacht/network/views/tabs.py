"""The parts of "Beheer", as tabs: those that the person may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import Actor
from brandwacht.network.policy import may_anywhere

PARTS = (
    ("people", _("Mensen"), "people.see"),
    ("grants", _("Mandaten"), "grant.see"),
    ("register", _("Register"), "register.see"),
    ("logbook", _("Logboek"), "audit.see"),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One part."""

    label: str
    url: str
    active: bool


def tabs_for(actor: Actor, current: str) -> list[Tab]:
    """The tabs of this person; ``current`` is the part that is shown."""
    return [
        Tab(str(label), reverse(f"beheer:{name}"), name == current)
        for name, label, action in PARTS
        if may_anywhere(actor, action)
    ]
