"""What the pages of every room share: the check at the door, and the parts of a room as tabs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def jumps(parts: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """The way to the parts of a long page, each given as (anchor, label), as the row of tabs takes them."""
    return [{"url": f"#{anchor}", "label": label} for anchor, label in parts]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a room: ``name`` is the name of its URL, ``action`` what one must be allowed to come in."""

    name: str
    label: str | Promise
    action: str


@dataclass(frozen=True, slots=True)
class Place:
    """Parts of a room that belong together: one tab, and within it a second row with its parts."""

    label: str | Promise
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of a room, as the component ``tabs`` shows it; ``within`` is the second row of a place."""

    label: str
    url: str
    active: bool
    within: tuple[Tab, ...] = ()


def tabs(actor: Actor, room: str, parts: Sequence[Part | Place], current: str) -> list[Tab]:
    """The parts of a room that the actor may see anything of; ``current`` names the one that is shown.

    A place leads to the first of its parts that the actor may see. With one such part it has no second row, and
    without any it is left out.
    """
    shown = []
    for each in parts:
        inner = each.parts if isinstance(each, Place) else (each,)
        row = tuple(
            Tab(str(part.label), reverse(f"{room}:{part.name}"), part.name == current)
            for part in inner
            if may_anywhere(actor, part.action)
        )
        if row:
            active = any(tab.active for tab in row)
            shown.append(Tab(str(each.label), row[0].url, active, row if len(row) > 1 else ()))
    return shown
