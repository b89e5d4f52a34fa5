"""The pages of the watch."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied
from brandwacht.network.policy import Owner, decide, may_anywhere


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of the room."""

    label: str
    url: str
    active: bool


def enter(actor: Actor, action: str) -> None:
    """Raise ``Denied`` with the policy's reason unless the actor may do this anywhere."""
    if not may_anywhere(actor, action):
        raise Denied(decide(actor, action, Owner(actor.organisation_id)))


def tabs(actor: Actor, active: str) -> list[Tab]:
    """The parts of the room that the actor may see."""
    parts = (
        ("list", _("Meldingen"), "soc.alert.see"),
        ("sources", _("Logbestanden"), "soc.sources.see"),
        ("rules", _("Detectieregels"), "soc.rules.see"),
    )
    return [
        Tab(label, reverse(f"soc:{name}"), name == active)
        for name, label, action in parts
        if may_anywhere(actor, action)
    ]
