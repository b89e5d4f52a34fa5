"""What the pages of every room share: the check at the door, and the parts of a room as tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied
from brandwacht.network.policy import Owner, decide, may_anywhere


def require(actor: Actor, action: str) -> None:
    """Raise ``Denied`` with the policy's reason unless the actor may do this at the own organisation."""
    decision = decide(actor, action, Owner(actor.organisation_id))
    if not decision:
        raise Denied(decision)


def enter(actor: Actor, action: str) -> None:
    """Raise ``Denied`` with the policy's reason unless the actor may do this anywhere."""
    if not may_anywhere(actor, action):
        raise Denied(decide(actor, action, Owner(actor.organisation_id)))


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a room: ``name`` is the name of its URL, ``action`` what one must be allowed to come in."""

    name: str
    label: str | Promise
    action: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of a room, as the component ``tabs`` shows it."""

    label: str
    url: str
    active: bool


def tabs(actor: Actor, room: str, parts: Sequence[Part], current: str) -> list[Tab]:
    """The parts of a room that the actor may see anything of; ``current`` names the one that is shown."""
    return [
        Tab(str(part.label), reverse(f"{room}:{part.name}"), part.name == current)
        for part in parts
        if may_anywhere(actor, part.action)
    ]
