"""The rooms in the left navigation: each room registers its own entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from brandwacht.network.actor import Actor
from brandwacht.network.policy import may_anywhere


@dataclass(frozen=True, slots=True)
class Room:
    """A room: shown to those who may do at least one of ``actions``; ``count`` is what asks for the actor's action.

    ``space`` is the URL namespace of its pages where that is not its key: a second entry into the same room.
    """

    key: str
    label: str | Promise
    url_name: str
    order: int
    actions: tuple[str, ...]
    count: Callable[[Actor], int] | None = None
    count_label: str | Promise = ""
    space: str = ""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line of the navigation, ready for the template."""

    label: str
    url: str
    active: bool
    count: int | None
    count_label: str


_rooms: dict[str, Room] = {}


def register_room(room: Room) -> None:
    """Add a room to the navigation."""
    _rooms[room.key] = room


def room_label(key: str) -> str:
    """What the navigation calls a room; the key itself for a room that has no entry there."""
    room = _rooms.get(key)
    return str(room.label) if room else key


def navigation(actor: Actor, current: str) -> list[MenuItem]:
    """The rooms in which the actor has something to do; ``current`` is the URL namespace of the page."""
    items = []
    for room in sorted(_rooms.values(), key=lambda r: r.order):
        if any(may_anywhere(actor, action) for action in room.actions):
            count = room.count(actor) if room.count else None
            items.append(
                MenuItem(
                    str(room.label),
                    reverse(room.url_name),
                    (room.space or room.key) == current,
                    count or None,
                    str(room.count_label),
                )
            )
    return items
