"""The request as the pages of every room get it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest

from brandwacht.network.actor import Actor
from brandwacht.network.models import RoleAssignment, User


class ActorRequest(HttpRequest):
    """A request of somebody who is logged in and has a role: ``ActorMiddleware`` lets no other reach a room."""

    user: User
    actor: Actor
    assignments: Sequence[RoleAssignment]


def public_id_in(text: str) -> UUID | None:
    """The public id that stands in a field of an address; ``None`` when it is not one."""
    try:
        return UUID(text)
    except ValueError:
        return None
