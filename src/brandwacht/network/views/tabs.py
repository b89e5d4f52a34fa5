"""The parts of "Beheer": as tabs, those that the person may see, and as the way back from a page in one of them."""

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
    ("organisation", _("Organisatie"), "organisation.set"),
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


def crumbs(part: str, *further: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """The way from Beheer through one of its parts to the page that is shown."""
    label = next(label for name, label, _action in PARTS if name == part)
    return [(str(_("Beheer")), reverse("beheer:home")), (str(label), reverse(f"beheer:{part}")), *further]
