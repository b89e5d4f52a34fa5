"""The rooms in the left navigation: each room registers its own entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise

from brandwacht.network.actor import Actor
from brandwacht.network.policy import may_anywhere
from brandwacht.network.queries import capped_counts


@dataclass(frozen=True, slots=True)
class Room:
    """A room: shown to those who may do at least one of ``actions``; ``waiting`` are the rows that ask
    for the actor's action, of which the number is shown; ``waiting_label`` says what they are.

    ``space`` is the URL namespace of its pages where that is not its key: a second entry into the same room.
    """

    key: str
    label: str | Promise
    url_name: str
    order: int
    actions: tuple[str, ...]
    waiting: Callable[[Actor], QuerySet[Any]] | None = None
    waiting_label: str | Promise = ""
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
    """The rooms in which the actor has something to do; ``current`` is the URL namespace of the page. One query."""
    shown = [room for room in sorted(_rooms.values(), key=lambda r: r.order) if _something_to_do(actor, room)]
    asking = {room.key: room.waiting(actor) for room in shown if room.waiting}
    counts = dict(zip(asking, capped_counts(*asking.values()), strict=True))
    return [
        MenuItem(
            str(room.label),
            reverse(room.url_name),
            (room.space or room.key) == current,
            counts.get(room.key) or None,
            str(room.waiting_label),
        )
        for room in shown
    ]


def _something_to_do(actor: Actor, room: Room) -> bool:
    return any(may_anywhere(actor, action) for action in room.actions)
